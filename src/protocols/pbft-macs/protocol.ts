// PBFT without signatures as a `Protocol`: PBFT with other replicas and messages.

import { pbftMacsParameters } from "../../parameters/pbft.js";
import { clientIds, type Protocol, replicaIds, type Signed } from "../../protocol/index.js";
import { client } from "../pbft/client.js";
import type { Request } from "../pbft/messages.js";
import { pbft } from "../pbft/protocol.js";
import { Message } from "./messages.js";
import { replica } from "./replica.js";
import { type MacRules, macRules } from "./rules.js";

/**
 * PBFT with MACs instead of signatures between replicas, with the given rules.
 *
 * ```ts
 * pbftMacs({ ...macRules, acksNeeded: () => 0 }, "pbft-macs/my-mutant", "waits for no acks").name // => "pbft-macs/my-mutant"
 * ```
 */
export function pbftMacs(
  rules: MacRules = macRules,
  name = "pbft-macs",
  summary = "PBFT without signatures (Castro's thesis, section 3.2): view changes with acks and a decision procedure",
): Protocol<Message, Signed<Request>> {
  const { servedWithin: _, ...like } = pbft(rules, name, summary);
  return {
    ...like,
    message: Message,
    parameters: pbftMacsParameters,
    nodes: (config) => [
      ...replicaIds(config).map((id) => ({
        id,
        role: "replica" as const,
        behaviour: replica(rules) as never,
      })),
      ...(config.clients ? clientIds(config) : []).map((id) => ({
        id,
        role: "client" as const,
        behaviour: client(rules) as never,
      })),
    ],
  };
}
