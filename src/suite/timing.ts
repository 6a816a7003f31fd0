// Completes the timing of a request: with defaults, and with the bound that the protocol's own proof gives.

import type { Entry } from "../catalogue/index.js";
import { calling, UserError } from "../model/errors.js";
import { type Timing, type TimingRequest, timedNetworks, timedProperty } from "../model/timed/timing.js";
import { defaultTiming, realTiming } from "../parameters/timing.js";
import type { Config, ServiceBound } from "../protocol/index.js";
import type { FuzzRequest } from "./request.js";

/** A complete timing, and the last view that may be needed; null if it is unknown.  */
export interface PlannedTiming {
  readonly timing: Timing;
  readonly views: number | null;
}

/**
 * The timing that is asked for.
 *
 * @throws {UserError} `bad-option` if the protocol has no figure for k, and none is given; and for what
 * cannot be timed.
 */
export function planTiming(entry: Entry, config: Config, asked: TimingRequest): PlannedTiming {
  const { gstMs, deltaMs, timeoutMs } = { ...(entry.isReal ? realTiming : defaultTiming), ...asked };
  const bound = calling("protocol-threw", `servedWithin() of ${entry.name}`, (): ServiceBound | null => {
    const timeliness = { gst: gstMs, delta: deltaMs, timeout: timeoutMs };
    return entry.protocol.servedWithin?.(config, timeliness) ?? null;
  });
  const withinDeltas = asked.withinDeltas ?? (bound ? Math.ceil(bound.within / deltaMs) : null);
  if (withinDeltas === null)
    throw new UserError(
      "bad-option",
      `${entry.name} has no figure for how soon clients are served in such a run: give one in Deltas, as in --within 100.`,
    );
  return { timing: { gstMs, deltaMs, timeoutMs, withinDeltas }, views: bound?.views ?? null };
}

/** @throws {UserError} `bad-option` for what cannot be timed. */
export function refuseTimed(entry: Entry, request: FuzzRequest, hasClients: boolean): void {
  const { network = "async", crashes = 0, clients, properties } = request;
  const refuse = (why: string): never => {
    throw new UserError("bad-option", `Timed runs are about when clients are served: ${why}.`);
  };
  if (!hasClients) refuse(`${entry.name} has no client nodes`);
  if (clients === false) refuse("--clients no leaves them out");
  if (!timedNetworks.includes(network))
    refuse(
      `what the network does to messages is said by --gst and --delta, so there are the networks ${timedNetworks.join(", ")}, and not ${network}`,
    );
  if (entry.isReal && network === "async")
    refuse("a class has to be given each message once: use --network fifo or once");
  if (crashes > 0) refuse("crashes have no times yet, so --crashes cannot be combined with them");
  const eventually = entry.properties.filter(
    ({ name, kind }) => kind === "eventually" && properties?.includes(name),
  );
  const other = eventually.find(({ name }) => name !== timedProperty);
  if (other) refuse(`${other.name} says nothing of that; use ${timedProperty}`);
  if (properties && eventually.length === 0)
    refuse(`the property ${timedProperty} has to be among those named`);
}
