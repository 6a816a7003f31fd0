// Two-phase commit, abstractly (Gray and Lamport, "Consensus on transaction commit", 2006): a published model whose
// exact state counts are known. What a node may do of its own accord is a timer that is set as long as it is enabled.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Effect,
  type Json,
  NodeId,
  type Outcomes,
  type Protocol,
  replicaIds,
  SetOf,
} from "../../src/protocol/index.js";

const Message = Schema.Literals(["prepared", "commit", "abort"]);
type Message = typeof Message.Type;
type Timer = "prepare" | "commit" | "abort";

/** The coordinator, `r0`; the other replicas are the resource managers. */
const coordinatorId = "r0";

const Coordinator = Schema.Struct({
  phase: Schema.Literals(["init", "committed", "aborted"]),
  prepared: SetOf(NodeId),
});
type Coordinator = typeof Coordinator.Type;

const coordinator: Behaviour<Coordinator, Message, Timer> = {
  state: Coordinator,
  init: () => one({ phase: "init", prepared: [] }, [{ kind: "set-timer", timer: "abort" }]),
  step: ({ config }, state, input) => {
    if (input.kind === "timer")
      return input.timer === "commit"
        ? one({ ...state, phase: "committed" }, [
            { kind: "cancel-timer", timer: "abort" },
            { kind: "broadcast", message: "commit" },
          ])
        : one({ ...state, phase: "aborted" }, [
            { kind: "cancel-timer", timer: "commit" },
            { kind: "broadcast", message: "abort" },
          ]);
    if (input.kind !== "message" || state.phase !== "init" || state.prepared.includes(input.from))
      return one(state, []);
    const prepared = [...state.prepared, input.from];
    const isReady = prepared.length === config.replicas - 1;
    return one({ ...state, prepared }, isReady ? [{ kind: "set-timer", timer: "commit" }] : []);
  },
  stable: () => null,
};

const Manager = Schema.Literals(["working", "prepared", "committed", "aborted"]);
type Manager = typeof Manager.Type;

const stopWorking: readonly Effect<Message, Timer>[] = [
  { kind: "cancel-timer", timer: "prepare" },
  { kind: "cancel-timer", timer: "abort" },
];

const manager: Behaviour<Manager, Message, Timer> = {
  state: Manager,
  init: () =>
    one("working", [
      { kind: "set-timer", timer: "prepare" },
      { kind: "set-timer", timer: "abort" },
    ]),
  step: (_context, state, input) => {
    if (input.kind === "request") return one(state, []);
    if (input.kind === "message")
      return one(input.message === "commit" ? "committed" : "aborted", stopWorking);
    if (input.timer === "abort") return one("aborted", stopWorking);
    return one("prepared", [...stopWorking, { kind: "send", to: coordinatorId, message: "prepared" }]);
  },
  stable: () => null,
};

function one<S>(state: S, effects: readonly Effect<Message, Timer>[]): Outcomes<S, Message, Timer> {
  return [{ state, effects, events: [] }];
}

/** Two-phase commit with `config.replicas - 1` resource managers. */
export const twoPhaseCommit: Protocol<Json, Json> = {
  name: "two-phase-commit",
  summary: "a coordinator and its resource managers agree to commit or to abort",
  message: Message as unknown as Protocol<Json, Json>["message"],
  nodes: (config) =>
    replicaIds(config).map((id) => ({
      id,
      role: "replica" as const,
      behaviour: (id === coordinatorId ? coordinator : manager) as Behaviour<unknown, Json>,
    })),
  interchangeable: (config) => [replicaIds(config).filter((id) => id !== coordinatorId)],
  requests: () => [],
  digest: () => "",
};
