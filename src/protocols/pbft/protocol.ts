// PBFT as a `Protocol`: its nodes, its requests, its primaries, and when its liveness is guaranteed.

import { pbftParameters } from "../../parameters/pbft.js";
import {
  type Config,
  clientIds,
  type Protocol,
  type ReplicaStanding,
  replicaIds,
  type Signed,
} from "../../protocol/index.js";
import { client } from "./client.js";
import { Message, type Request } from "./messages.js";
import { primaryOf, quorumSize } from "./quorums.js";
import { replica } from "./replica.js";
import { digestOf, requestOf, requestsOf } from "./requests.js";
import { pbftRules, type Rules } from "./rules.js";
import { serviceBound } from "./service-bound.js";

/**
 * Practical Byzantine fault tolerance with the given rules.
 *
 * ```ts
 * const mutant = pbft({ ...pbftRules, joinsView: () => true }, "pbft/my-mutant", "joins on one view-change");
 * mutant.name // => "pbft/my-mutant"
 * ```
 */
export function pbft(
  rules: Rules = pbftRules,
  name = "pbft",
  summary = "Practical Byzantine Fault Tolerance (Castro and Liskov, OSDI'99): normal case and view change",
): Protocol<Message, Signed<Request>> {
  return {
    name,
    summary,
    promises: "all-execute",
    message: Message,
    parameters: pbftParameters,
    nodes: (config) => [
      ...replicaIds(config).map((id) => ({ id, role: "replica" as const, behaviour: replica(rules) })),
      ...(config.clients ? clientIds(config) : []).map((id) => ({
        id,
        role: "client" as const,
        behaviour: client(rules),
      })),
    ],
    requests: requestsOf,
    request: requestOf,
    digest: digestOf,
    primary: primaryOf,
    nullRequests: true,
    stalls,
    servedWithin: serviceBound,
    refuses: ({ replicas, faults }: Config) => {
      if (replicas < 4)
        return `PBFT needs at least 4 replicas to tolerate one fault; ${replicas} were asked for.`;
      if (faults < 1) return "PBFT with f = 0 tolerates nothing; use at least 1 fault.";
      return null;
    },
  };
}

/**
 * A run without bounds: a replica may stay behind. Otherwise, too few slots. One request never runs out of slots. With R requests (a Byzantine client has one more than
 * it should) a correct primary takes at most R slots; one that begins a later view takes R-1 above those that
 * already have certificates, and fills the gaps below with null requests. A Byzantine primary may fill them
 * all.
 */
function stalls(
  config: Config,
  { byzantine, views, unbounded = false, standing = [] }: Parameters<NonNullable<Protocol["stalls"]>>[1],
): string | null {
  if (unbounded) return leftBehind(config, standing);
  const { slots } = config;
  const twins = clientIds(config).filter((id) => byzantine.includes(id)).length;
  const requests = config.requests * (config.operations ?? 1) + twins;
  const needed = requests + views * (requests - 1);
  const isLedByCorrect = Array.from({ length: views + 1 }, (_, view) => primaryOf(config, view)).every(
    (primary) => !byzantine.includes(primary),
  );
  if (requests <= 1 || (isLedByCorrect && slots >= needed)) return null;
  return (
    `view changes can fill the ${slots} slots within the bounds with null and repeated requests: liveness is promised for one ` +
    `request, or with correct primaries and ${needed} slots`
  );
}

/**
 * Whoever asks for a later view takes no prepares and commits any more (OSDI'99, section 4.4). If the others have executed everything, they need no
 * view change, and f+1 have to ask before they join. So those who ask get what they miss with a stable checkpoint, or not at all.
 */
function leftBehind(config: Config, standing: readonly ReplicaStanding[]): string | null {
  const last = Math.max(0, ...standing.map(({ executed }) => executed));
  const behind = standing.filter(({ executed }) => executed < last);
  if (behind.length === 0 || behind.some((one) => isFetchable(config, standing, one))) return null;
  const [are, them] = behind.length === 1 ? ["is", "it"] : ["are", "them"];
  return (
    `${behind.map(({ node }) => node).join(", ")} left a view before its messages had come, and ${are} alone in a later one until the next stable ` +
    `checkpoint (at most f replicas may be; clients are served without ${them})`
  );
}

/** Whether a replica lacks something below a checkpoint that a quorum has reached. */
function isFetchable(
  config: Config,
  standing: readonly ReplicaStanding[],
  { executed }: ReplicaStanding,
): boolean {
  const { checkpointInterval } = config;
  if (checkpointInterval === undefined) return false;
  const next = checkpointInterval * (Math.floor(executed / checkpointInterval) + 1);
  return standing.filter((one) => one.executed >= next).length >= quorumSize(config);
}
