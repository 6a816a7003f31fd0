// One thing to check: a protocol with its parameters, who is Byzantine and how, the network, the bounds,
// and the properties. A setting is complete: together with the version of Turncoat it determines every
// result.

import type { BoundsFields } from "../parameters/search.js";
import {
  type Adversary,
  type Config,
  clientIds,
  type Json,
  type NodeId,
  type NodeSpec,
  type Noun,
  type Property,
  type Protocol,
  wordsOf,
} from "../protocol/index.js";
import { bearsOnlyCrashes, nodesNeeded, nodesText } from "./contract.js";
import { calling, UserError } from "./errors.js";
import { textOf } from "./json-problem.js";
import { deepFreeze } from "./plain-json.js";
import { digestProblem, nodesProblem, requestsProblem, tooFewRequests } from "./protocol-problem.js";
import type { Timing } from "./timed/timing.js";

/** How far a run looks: the parameters that stand among the bounds. Printed with every verdict. */
export interface Bounds extends BoundsFields {}

/** What a crash takes away: see the option `--losing`. Default: `volatile`. */
export type Losing = NonNullable<Bounds["losing"]>;

/** What becomes of a replica that has crashed: see the option `--recovery`. Default: `maybe`. */
export type Recovery = NonNullable<Bounds["recovery"]>;

/**
 * A protocol with all that a run of it needs; see the file comment. It keeps the types of the protocol's messages and requests, so that an adversary
 * of another protocol does not compile.
 *
 * ```ts
 * const setting: Setting<Message, string> = {
 *   protocol, // a Protocol<Message, string>
 *   config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
 *   byzantine: ["r0"],
 *   adversary: liar, // an Adversary<Message>
 *   network: "async",
 *   bounds: { views: 0 },
 *   properties: [agreement],
 * };
 * ```
 */
export interface Setting<Message = Json, Request = Json> {
  readonly protocol: Protocol<Message, Request>;
  readonly config: Config;
  /** The replicas that the adversary controls, sorted. */
  readonly byzantine: readonly NodeId[];
  /** How they misbehave; null if there are none. */
  readonly adversary: Adversary<Message> | null;
  /**
   * The network by name: `async`, `once`, `once:keep`, `fifo`, `lossy:K`, `duplicating:K`, `partitions:K`; `turncoat
   * list` explains them.
   */
  readonly network: string;
  readonly bounds: Bounds;
  readonly properties: readonly Property[];
  /**
   * For timed runs: what is assumed of time. The model itself knows no clock, so a timed run is one of the
   * untimed model, in which what happens happens at certain times. Default: none.
   */
  readonly timing?: Timing;
}

/**
 * The same setting for our own code, to which every message and request is JSON: it reads the protocol's
 * schema where the author reads types.
 */
export function asJson<Message, Request>(setting: Setting<Message, Request>): Setting {
  return setting as unknown as Setting;
}

/** The protocol's nodes, requests and digests: calls into the user's code, whose errors are named. */
export function nodesOf(protocol: Protocol<Json, Json>, config: Config): readonly NodeSpec<Json>[] {
  const name = `nodes() of ${protocol.name}`;
  const nodes = calling("protocol-threw", name, () => protocol.nodes(config));
  const again = calling("protocol-threw", name, () => protocol.nodes(config));
  refuse(name, nodesProblem(nodes, again));
  return nodes;
}

/** Why the protocol refuses these parameters, or null. See {@link nodesOf}. */
export function refusalOf(protocol: Protocol<Json, Json>, config: Config): string | null {
  const name = `refuses() of ${protocol.name}`;
  const refusal: unknown = calling("protocol-threw", name, () => protocol.refuses?.(config) ?? null);
  if (refusal === null || typeof refusal === "string") return refusal;
  throw new UserError(
    "protocol-malformed",
    `${name} must give a reason, or null; it gave ${textOf(refusal)}.`,
  );
}

/** See {@link nodesOf}. @throws {UserError} `bad-option` if there are fewer than are asked for. */
export function requestsOf(
  protocol: Pick<Protocol<Json, Json>, "name" | "requests" | "digest">,
  config: Config,
): readonly Json[] {
  const requests = allRequestsOf(protocol, config);
  const tooFew = tooFewRequests(protocol.name, config, requests);
  if (tooFew !== null) throw new UserError("bad-option", tooFew);
  return requests;
}

/** However many there are: see {@link requestsOf}. */
export function allRequestsOf(
  protocol: Pick<Protocol<Json, Json>, "name" | "requests" | "digest">,
  config: Config,
): readonly Json[] {
  const name = `requests() of ${protocol.name}`;
  const requests = calling("protocol-threw", name, () => protocol.requests(config));
  refuse(
    name,
    requestsProblem(
      requests,
      calling("protocol-threw", name, () => protocol.requests(config)),
    ),
  );
  const frozen = requests.map((request) => deepFreeze(structuredClone(request)));
  const byDigest = new Map<string, Json>();
  for (const request of frozen) {
    const digest = digestOf(protocol, request);
    const other = byDigest.get(digest);
    if (other !== undefined)
      refuse(
        `digest() of ${protocol.name}`,
        `gave ${JSON.stringify(digest)} for ${textOf(other)} and for ${textOf(request)}: different requests need different names`,
      );
    byDigest.set(digest, request);
  }
  return frozen;
}

/** See {@link nodesOf}. */
export function digestOf(protocol: Pick<Protocol<Json, Json>, "name" | "digest">, request: Json): string {
  const name = `digest() of ${protocol.name}`;
  const digest = calling("protocol-threw", name, () => protocol.digest(request));
  const again = calling("protocol-threw", name, () => protocol.digest(request));
  refuse(name, digestProblem(request, digest, again));
  return digest;
}

function refuse(name: string, problem: string | null): void {
  if (problem !== null) throw new UserError("protocol-malformed", `${name} ${problem}.`);
}

/**
 * Whether the setting is one for which the protocol promises anything: as many replicas as its resilience asks for (default: n >= 3f+1),
 * and at most f of them Byzantine or crashing for good. (One that recovers with what it had stored has broken no promise.) A protocol
 * that bears crashes alone promises nothing where a Byzantine node lies.
 *
 * ```ts
 * insideContract(setting) // => true
 * insideContract({ ...setting, byzantine: ["r0", "r1"] }) // => false
 * ```
 */
export function insideContract({
  protocol,
  config,
  byzantine,
  adversary,
  bounds,
}: Pick<Setting, "protocol" | "config" | "byzantine" | "adversary" | "bounds">): boolean {
  const { replicas, faults } = config;
  const faulty = byzantine.filter((id) => !clientIds(config).includes(id)); // of clients any number may be
  return (
    faulty.length + crashesForGood(bounds) <= faults &&
    replicas >= nodesNeeded(protocol, faults) &&
    !(byzantine.length > 0 && lies(adversary) && bearsOnlyCrashes(protocol))
  );
}

/** Whether a node of this adversary does anything that one which is slow, or stops for good, would not. */
function lies(adversary: Setting["adversary"]): boolean {
  if (adversary === null) return false;
  const { copies = 1, forgets = false, says } = adversary.stepFaults ?? {};
  return adversary.speaks || copies > 1 || forgets || says !== undefined;
}

/** How many replicas may crash and stay down. */
export function crashesForGood({ crashes = 0, recovery }: Bounds): number {
  return recovery === "always" ? 0 : crashes;
}

/** Whether the run must show that something eventually happens. */
export function checksLiveness(setting: Setting): boolean {
  return setting.properties.some((property) => property.kind === "eventually");
}

/** Why a liveness property has no verdict in timed runs of this setting, or null. */
export function timedLivenessIsOutside(setting: Setting): string | null {
  if (!insideContract(setting))
    return `more than f replicas are faulty${bearsOnlyCrashes(setting.protocol) ? ", or some lie" : ""} (or ${nodesText(setting.protocol, setting.config.faults).replace(">=", "<")}), so nobody is promised to be served`;
  return stallsIn(setting);
}

/**
 * Why the protocol itself promises nothing with these parameters where these replicas crash for good, or
 * null.
 */
export function stallsIn(setting: Setting, crashed: readonly NodeId[] = []): string | null {
  const { protocol, config, bounds, adversary } = setting;
  const byzantine = [...setting.byzantine, ...crashed].sort();
  const owes = adversary?.stepFaults?.owes ?? false;
  const deceives = adversary !== null && !owes && (adversary.speaks || adversary.stepFaults !== undefined);
  return whyItStalls(protocol, config, { byzantine, crashed, views: bounds.views, deceives });
}

/** What `Protocol.stalls` says; null: nothing. */
export function whyItStalls(
  protocol: Protocol,
  config: Config,
  run: Parameters<NonNullable<Protocol["stalls"]>>[1],
): string | null {
  return calling(
    "protocol-threw",
    `stalls() of ${protocol.name}`,
    () => protocol.stalls?.(config, run) ?? null,
  );
}

/**
 * Why a liveness property has no verdict here, or null: the protocol does not promise it with these
 * parameters; or the primary of the last view, in which timers no longer fire, is Byzantine. One view more
 * covers such a placement.
 */
export function livenessIsOutside(setting: Setting): string | null {
  const { protocol, config, bounds, byzantine, adversary } = setting;
  const stalls = stallsIn(setting);
  if (stalls !== null) return stalls;
  const primary = calling("protocol-threw", `primary() of ${protocol.name}`, () =>
    protocol.primary?.(config, bounds.views),
  );
  if (primary === undefined || !byzantine.includes(primary)) return null;
  if (adversary?.stepFaults?.owes) return null; // in the last view it does what a correct primary does
  const { one, many } = viewNoun(protocol);
  return `the primary of the last ${one}, ${primary}, is Byzantine; use --${many} ${bounds.views + 1}`;
}

/** What a protocol calls its views; one that says it has none has the usual words where it has one after all. */
export function viewNoun({ vocabulary }: Pick<Protocol, "vocabulary">): Noun {
  return wordsOf(vocabulary).views ?? wordsOf().views!;
}
