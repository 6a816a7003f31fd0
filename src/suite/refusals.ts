// Requests that are refused before anything runs: they would answer another question than the one that was asked.

import { builtinProperties, type Entry } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { refusalOf } from "../model/setting.js";
import { standing } from "../parameters/asking.js";
import { flag } from "../parameters/parameter.js";
import { pbftParameters } from "../parameters/pbft.js";
import type { Config, Property, Words } from "../protocol/index.js";
import { needsRoom } from "./chosen.js";
import type { FuzzRequest } from "./request.js";

/** A parameter that the protocol does not understand would change nothing, and say that it did. */
export function refuseForeign({ name, protocol }: Entry, request: FuzzRequest): void {
  const { parameters: own } = protocol;
  if (own === undefined) return; // nobody has said
  const foreign = Object.keys(standing(pbftParameters, "config", request)).find((one) => !(one in own));
  if (foreign !== undefined)
    throw new UserError(
      "bad-option",
      `${name} has no parameter ${foreign}: leave out ${flag(pbftParameters[foreign as keyof typeof pbftParameters].option ?? foreign)}.`,
    );
}

/** What a protocol says it does not have cannot be asked for. */
export function refuseAbsent({ name }: Entry, words: Words, { views = 0, slots = 1 }: FuzzRequest): void {
  for (const [what, asked] of [
    ["views", views > 0],
    ["slots", slots > 1],
  ] as const)
    if (asked && words[what] === null)
      throw new UserError("bad-option", `${name} has no ${what}: leave out --${what}.`);
}

/** @throws {UserError} `bad-option`: where timers fire at any moment the clients of a class would ask for ever. */
export function refuseRealClients({ name }: Entry, { clients, properties = [] }: FuzzRequest): void {
  const watching = builtinProperties.find(
    (one) => one.observes === "clients" && properties.includes(one.name),
  );
  if (clients !== true && !watching) return;
  throw new UserError(
    "bad-option",
    `The clients of a class are nodes of timed runs only: ${watching ? `ask when they are served by turncoat fuzz ${name} --gst 1s --within 500` : "leave out --clients yes"}.`,
  );
}

/** Parameters that the protocol refuses, and requests that cannot all be served. */
export function refuseInapplicable(
  entry: Entry,
  config: Config,
  properties: readonly Property[],
  { slots }: Words,
): void {
  const refusal = refusalOf(entry.protocol, config);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  if (slots !== null && properties.some(needsRoom) && config.slots < config.requests)
    throw new UserError(
      "bad-option",
      `${config.requests} requests do not fit into fewer ${slots.many} (${config.slots}), so some client can never be served: use --${slots.many} ${config.requests}.`,
    );
}
