// Single-decree Paxos with clients that put a value and then get it. Crash faults only. Meant for the network
// `once:keep`, on which its number of states is a published figure:
//
//   turncoat check paxos --replicas 3 --faults 0 --requests 2 --property linearizable --adversary none --network once:keep

import { type Config, type Protocol, replicaIds } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import { client, firstServer } from "./client.js";
import { Message } from "./messages.js";
import { paxosRules } from "./rules.js";
import { server } from "./server.js";

/** Paxos with these rules. */
export function paxos(
  rules = paxosRules,
  name = "paxos",
  summary = "single-decree Paxos with clients that put and get",
): Protocol<Message, string> {
  const behaviour = server(rules);
  return {
    name,
    summary,
    vocabulary: { views: null, slots: null }, // ballots are the servers' own, and one value is decided
    resilience: "crash",
    message: Message,
    parameters: {},
    nodes: (config) => [
      ...replicaIds(config).map((id) => ({ id, role: "replica" as const, behaviour })),
      ...Array.from({ length: config.clients ? config.requests : 0 }, (_, index) => ({
        id: `c${index}`,
        role: "client" as const,
        behaviour: client,
      })),
    ],
    requests: valuesOf,
    stalls,
    digest: (value) => value,
  };
}

/** Clients ask one server each, and servers propose once. */
function stalls(
  config: Config,
  { byzantine }: Parameters<NonNullable<Protocol["stalls"]>>[1],
): string | null {
  if (!config.clients) return null;
  if (config.requests > 1) return "a proposer that another one outranks does not try again";
  const server = firstServer(config);
  return byzantine.includes(server)
    ? `the client asks ${server} alone to propose its value, and ${server} is faulty`
    : null;
}
