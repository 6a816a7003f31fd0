// A lease server, r0, that signs a lease for one of the others and sends it to nobody else. The flaw: the lease does not say
// whom it is for, so whoever is shown it takes it to be his. Nobody ever lies here; but somebody passes it on.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Json,
  type NodeId,
  type Outcomes,
  type Protocol,
  replicaIds,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";

const Message = SignedOf(
  Schema.Struct({ tag: Schema.Literal("lease"), holder: Schema.NullOr(Schema.String) }),
);
type Message = typeof Message.Type;

/** Whether one has given the lease away, or has got it. */
const State = Schema.Boolean;

const server = "r0";

/** `names`: whether a lease says whom it is for, which mends the flaw. The last replica asks for none. */
export function leases(names: boolean): Protocol<Json, Json> {
  const behaviour: Behaviour<boolean, Message> = {
    state: State,
    init: () => [{ state: false, effects: [], events: [] }],
    step: ({ self, config }, done, input): Outcomes<boolean, Message> => {
      if (input.kind === "request" && self === server && !done)
        return replicaIds(config)
          .slice(1, -1)
          .map((to) => lease(to));
      const isLease = input.kind === "message" && input.from === server && self !== server && !done;
      if (!isLease || (input.message.body.holder ?? self) !== self)
        return [{ state: done, effects: [], events: [] }];
      const event = { kind: "executed", slot: 1, position: 1, request: self, result: null } as const;
      return [{ state: true, effects: [], events: [event] }];
    },
    stable: (done) => done,
  };

  function lease(to: NodeId) {
    const message = sign(server, { tag: "lease" as const, holder: names ? to : null });
    return { label: to, state: true, effects: [{ kind: "send" as const, to, message }], events: [] };
  }

  return {
    name: names ? "leases" : "leases/unnamed",
    summary: "a server gives a lease to one of the others",
    message: Message as unknown as Protocol<Json, Json>["message"],
    nodes: (config) =>
      replicaIds(config).map((id) => ({
        id,
        role: "replica" as const,
        behaviour: behaviour as unknown as Behaviour<unknown, Json>,
      })),
    requests: ({ requests }) => ["a lease"].slice(0, requests),
    digest: String,
  };
}
