// A uniform protocol: every replica runs the same behaviour, there are no client nodes, and a request is a plain value that is
// its own digest. All small protocols are of this kind; what differs between them is named in `protocol.ts` of each.

import { type NodeSpec, type Protocol, replicaIds } from "../protocol/index.js";
import { valuesOf } from "./reactions.js";

/** What a uniform protocol has to say; any other part of a protocol may be given too, and replaces what is the default here. */
export interface UniformParts<Message> extends Partial<Protocol<Message, string>> {
  readonly name: string;
  readonly summary: string;
  readonly message: Protocol<Message, string>["message"];
  /** What each replica runs. */
  readonly behaviour: NodeSpec<Message>["behaviour"];
}

/**
 * The protocol of these parts. Defaults: the replicas of the configuration, the values "A", "B", ... as requests, no views.
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
    parameters: {}, // those of every protocol are all that small protocols have
    ...parts,
  };
}
