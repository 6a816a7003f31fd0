// A uniform protocol: every replica runs the same behaviour, clients are no nodes, and a request is a plain
// value that is its own digest. All small protocols are uniform; each `protocol.ts` names what differs.

import { type NodeSpec, type Protocol, replicaIds } from "../protocol/index.js";
import { valuesOf } from "./reactions.js";

/**
 * The parts of a uniform protocol. Any other part of a protocol may be given too, and replaces the default.
 */
export interface UniformParts<Message> extends Partial<Protocol<Message, string>> {
  readonly name: string;
  readonly summary: string;
  readonly message: Protocol<Message, string>["message"];
  /** What each replica runs. */
  readonly behaviour: NodeSpec<Message>["behaviour"];
}

/**
 * The protocol of these parts. Defaults: the replicas of the configuration, the values "A", "B", ... as
 * requests, all of which are to be executed, no views.
 *
 * ```ts
 * uniform({ name: "vote", summary: "a majority vote", message: Message, behaviour: replica });
 * ```
 */
export function uniform<Message>({ behaviour, ...parts }: UniformParts<Message>): Protocol<Message, string> {
  return {
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: valuesOf,
    digest: (value) => value,
    promises: "all-execute",
    parameters: {}, // those of every protocol are all that small protocols have
    ...parts,
  };
}
