// PBFT as a `Protocol`: its nodes, its requests, its primaries, and when its liveness is guaranteed.

import { pbftParameters } from "../../parameters/pbft.js";
import { type Config, clientIds, type Protocol, replicaIds, type Signed } from "../../protocol/index.js";
import { client } from "./client.js";
import { Message, type Request } from "./messages.js";
import { primaryOf } from "./quorums.js";
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
 * Too few slots, where these are bounded. One request never runs out of slots. With R requests (a Byzantine client has one more than
 * it should) a correct primary takes at most R slots; one that begins a later view takes R-1 above those that
 * already have certificates, and fills the gaps below with null requests. A Byzantine primary may fill them
 * all.
 */
function stalls(
  config: Config,
  { byzantine, views, unbounded = false }: Parameters<NonNullable<Protocol["stalls"]>>[1],
): string | null {
  if (unbounded) return null;
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
