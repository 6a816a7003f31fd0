// Two-phase commit, abstractly (Gray and Lamport, "Consensus on transaction commit", 2006): a published model
// with known exact state counts. A spontaneous action of a node is a timer that is set while the action is
// enabled. Crash faults only. If the coordinator stops for good, prepared managers wait for ever. A node that
// restarts continues from its log: it forces a promise or a decision to disk before it sends it (Gray, "Notes
// on data base operating systems", 1978).

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Config,
  type Effect,
  type Json,
  NodeId,
  type Outcomes,
  type Protocol,
  replicaIds,
  SetOf,
} from "../../protocol/index.js";
import { decided, reaction } from "../reactions.js";

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

const Manager = Schema.Literals(["working", "prepared", "committed", "aborted"]);
type Manager = typeof Manager.Type;

export interface Rules {
  /** Whether the coordinator may commit with this many managers prepared: only if all are. */
  readonly mayCommit: (config: Config, prepared: number) => boolean;
  /** Whether a prepared manager may still abort by itself: no, it has promised to commit. */
  readonly abortsPrepared: () => boolean;
}

export const twoPhaseCommitRules: Rules = {
  mayCommit: (config, prepared) => prepared === config.replicas - 1,
  abortsPrepared: () => false,
};

function coordinator(rules: Rules): Behaviour<Coordinator, Message, Timer, Json, Coordinator> {
  const isReady = (config: Config, prepared: readonly NodeId[]) => rules.mayCommit(config, prepared.length);
  return {
    state: Coordinator,
    init: ({ config }, from) => {
      const state = from.kind === "start" ? { phase: "init" as const, prepared: [] } : from.stable;
      if (state.phase !== "init") return one(state, []);
      const mayCommit = from.kind === "restart" && isReady(config, state.prepared);
      return one(state, [
        { kind: "set-timer", timer: "abort" },
        ...(mayCommit ? [{ kind: "set-timer" as const, timer: "commit" as const }] : []),
      ]);
    },
    step: ({ config }, state, input) => {
      if (input.kind === "timer")
        return input.timer === "commit"
          ? decide({ ...state, phase: "committed" }, "commit", "abort")
          : decide({ ...state, phase: "aborted" }, "abort", "commit");
      if (input.kind !== "message" || state.phase !== "init" || state.prepared.includes(input.from))
        return one(state, []);
      const prepared = [...state.prepared, input.from];
      const commits: Effect<Message, Timer>[] = [{ kind: "set-timer", timer: "commit" }];
      return one({ ...state, prepared }, isReady(config, prepared) ? commits : []);
    },
    stable: (state) => state,
  };
}

/** The coordinator's decision; cancels the other one. */
function decide(state: Coordinator, message: "commit" | "abort", other: Timer) {
  const effects: Effect<Message, Timer>[] = [
    { kind: "cancel-timer", timer: other },
    { kind: "broadcast", message },
  ];
  return [reaction(state, effects, [decided(message)])];
}

const stopWorking: readonly Effect<Message, Timer>[] = [
  { kind: "cancel-timer", timer: "prepare" },
  { kind: "cancel-timer", timer: "abort" },
];

function manager(rules: Rules): Behaviour<Manager, Message, Timer, Json, Manager> {
  const prepared = rules.abortsPrepared() ? stopWorking.slice(0, 1) : stopWorking;
  const mayPrepare: Effect<Message, Timer> = { kind: "set-timer", timer: "prepare" };
  const mayAbort: Effect<Message, Timer> = { kind: "set-timer", timer: "abort" };
  return {
    state: Manager,
    init: (_context, from) => {
      const state = from.kind === "start" ? "working" : from.stable;
      if (state === "working") return one(state, [mayPrepare, mayAbort]);
      return one(state, state === "prepared" && rules.abortsPrepared() ? [mayAbort] : []);
    },
    step: (_context, state, input) => {
      if (input.kind === "request") return one(state, []);
      if (input.kind === "message") return end(state, input.message === "commit" ? "committed" : "aborted");
      if (input.timer === "abort") return end(state, "aborted");
      return one("prepared", [...prepared, { kind: "send", to: coordinatorId, message: "prepared" }]);
    },
    stable: (state) => state,
  };
}

/** A manager's final state, which it reports once. */
function end(before: Manager, state: "committed" | "aborted"): Outcomes<Manager, Message, Timer> {
  const isNews = before !== state;
  return [reaction(state, stopWorking, isNews ? [decided(state === "committed" ? "commit" : "abort")] : [])];
}

function one<S>(state: S, effects: readonly Effect<Message, Timer>[]): Outcomes<S, Message, Timer> {
  return [reaction(state, effects)];
}

/** Two-phase commit with `config.replicas - 1` resource managers. */
export function twoPhaseCommit(
  rules = twoPhaseCommitRules,
  name = "two-phase-commit",
  summary = "a coordinator and its resource managers agree to commit or to abort",
): Protocol<Json, Json> {
  const behaviours = { coordinator: coordinator(rules), manager: manager(rules) };
  return {
    name,
    summary,
    message: Message as unknown as Protocol<Json, Json>["message"],
    resilience: "crash",
    parameters: {},
    nodes: (config) =>
      replicaIds(config).map((id) => ({
        id,
        role: "replica" as const,
        behaviour: behaviours[id === coordinatorId ? "coordinator" : "manager"] as Behaviour<unknown, Json>,
      })),
    stalls: (_config, { crashed }) =>
      crashed.includes(coordinatorId)
        ? `if ${coordinatorId}, the coordinator, stops, whoever is prepared waits for ever`
        : null,
    interchangeable: (config) => [replicaIds(config).filter((id) => id !== coordinatorId)],
    requests: () => [],
    digest: () => "",
  };
}
