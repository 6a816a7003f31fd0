// Small protocols that live by what is on their disks: an election of at most one leader per term, and a log of one entry that survives
// its leader. Each step that promises something writes first and answers when the disk has synced; the mutants do not.
//
// A disk is a content that was written and one that is synced. `sync` is a timer that stands for the disk's answer: it fires in every view.

import * as Schema from "effect/Schema";
import type { Setting } from "../../src/model/setting.js";
import type {
  Behaviour,
  Effect,
  Event,
  Json,
  Outcomes,
  Property,
  Protocol,
} from "../../src/protocol/index.js";
import { monitor, replicaIds } from "../../src/protocol/index.js";

/** When an answer is sent that rests on what was written. */
export type Order = "synced first" | "sent first" | "not stored";

type Content = { readonly term: number; readonly value: string | null };
type Timer = "sync" | "start";
type Message = { readonly kind: string; readonly value: string | null };

interface State {
  readonly written: Content;
  readonly synced: Content;
  /** What is to be sent, and to whom, when the disk has synced. */
  readonly answers: readonly { readonly to: string; readonly message: Message }[];
  /** Volatile: who has answered this node. */
  readonly heard: readonly string[];
}

const anyJson = Schema.Unknown as unknown as Schema.Schema<State>;
const nothing: Content = { term: 0, value: null };
const fresh: State = { written: nothing, synced: nothing, answers: [], heard: [] };

function same(state: State): Outcomes<State, Message, Timer> {
  return [{ state, effects: [], events: [] }];
}

/** Writes, and answers in the order that the form says. */
function store(
  order: Order,
  state: State,
  written: Content,
  to: string,
  message: Message,
): Outcomes<State, Message, Timer> {
  const sync: Effect<Message, Timer> = { kind: "set-timer", timer: "sync" };
  if (order === "synced first") {
    const answers = [...state.answers, { to, message }];
    return [{ state: { ...state, written, answers }, effects: [sync], events: [] }];
  }
  return [{ state: { ...state, written }, effects: [{ kind: "send", to, message }, sync], events: [] }];
}

function synced(state: State): Outcomes<State, Message, Timer> {
  const effects = state.answers.map(({ to, message }) => ({ kind: "send" as const, to, message }));
  return [{ state: { ...state, synced: state.written, answers: [] }, effects, events: [] }];
}

type Reactions = Pick<Behaviour<State, Message, Timer>, "step">;

function protocol(
  name: string,
  starts: readonly string[],
  order: Order,
  { step }: Reactions,
): Protocol<Json, Json> {
  const behaviour: Behaviour<State, Message, Timer, Json, Content> = {
    state: anyJson,
    init: ({ self }, from) => {
      const content = from.kind === "restart" ? from.stable : nothing;
      const effects: Effect<Message, Timer>[] =
        from.kind === "start" && starts.includes(self) ? [{ kind: "set-timer", timer: "start" }] : [];
      return [{ state: { ...fresh, written: content, synced: content }, effects, events: [] }];
    },
    step: (context, state, input) =>
      input.kind === "timer" && input.timer === "sync" ? synced(state) : step(context, state, input),
    stable: ({ written }) => (order === "not stored" ? nothing : written),
    unsynced: ({ synced }) => [synced],
    completions: ["sync"],
  };
  return {
    name,
    summary: "a protocol for a test",
    message: anyJson as never,
    nodes: (config) =>
      replicaIds(config).map((id) => ({ id, role: "replica" as const, behaviour: behaviour as never })),
    requests: () => [],
    digest: String,
  };
}

/** r0 and r1 both want to lead term 1; each node votes for one of them. A candidate leads with the votes of both others. */
function election(order: Order): Protocol<Json, Json> {
  return protocol("election", ["r0", "r1"], order, {
    step: ({ self }, state, input) => {
      if (input.kind === "timer")
        return [
          {
            state,
            effects: [{ kind: "send", to: "r2", message: { kind: "vote?", value: self } }],
            events: [],
          },
        ];
      if (input.kind !== "message") return same(state);
      const { kind, value } = input.message;
      if (kind === "vote?") {
        if (state.written.value !== null) return same(state);
        return store(order, state, { term: 1, value }, input.from, { kind: "vote", value });
      }
      if (state.heard.includes(input.from)) return same(state);
      const elected: Event = { kind: "custom", name: "elected", data: self };
      return [{ state: { ...state, heard: [input.from] }, effects: [], events: [elected] }];
    },
  });
}

/**
 * r0 appends "A" and has it committed once r2 has acknowledged it. r1 takes over: it asks r2, which from then on refuses r0, and commits what r2 has, or
 * else "B".
 */
function replicatedLog(order: Order): Protocol<Json, Json> {
  const commit = (request: string): Event => ({
    kind: "executed",
    slot: 1,
    position: 1,
    request,
    result: null,
  });
  return protocol("replicated-log", ["r0", "r1"], order, {
    step: ({ self }, state, input) => {
      if (input.kind === "timer") {
        const message: Message =
          self === "r0" ? { kind: "append", value: "A" } : { kind: "take over", value: null };
        return [{ state, effects: [{ kind: "send", to: "r2", message }], events: [] }];
      }
      if (input.kind !== "message" || state.heard.includes(input.from)) return same(state);
      const { kind, value } = input.message;
      if (kind === "append") {
        if (state.written.term > 0 || state.written.value !== null) return same(state);
        return store(order, state, { term: 0, value }, "r0", { kind: "acknowledged", value });
      }
      if (kind === "take over") {
        if (state.written.term > 0) return same(state);
        const written = { ...state.written, term: 1 };
        return store(order, state, written, "r1", { kind: "log", value: written.value });
      }
      const events = [commit(value ?? "B")];
      return [{ state: { ...state, heard: [input.from] }, effects: [], events }];
    },
  });
}

/** No two nodes are elected (in the one term that there is). */
export const oneLeader: Property = {
  name: "one-leader",
  summary: "no two nodes are elected",
  kind: "always",
  observes: "both",
  exercise: "a node must have been elected",
  monitor: () =>
    monitor<readonly string[]>({
      init: [],
      on: (leaders, by, event) =>
        event.kind !== "custom" || leaders.includes(by) ? leaders : [...leaders, by].sort(),
      verdict: (leaders) => (leaders.length > 1 ? "violated" : "holds"),
      exercised: (leaders) => leaders.length,
      explain: (leaders) => `${leaders.join(" and ")} are elected`,
    }),
};

const protocols = { election, "replicated-log": replicatedLog } as const;

/** One of them among three replicas, any of which may crash once and come back. */
export function durableSetting(
  name: keyof typeof protocols,
  order: Order,
  bounds: Omit<Setting["bounds"], "views">,
  properties: Setting["properties"],
): Setting {
  return {
    protocol: protocols[name](order),
    config: { replicas: 3, faults: 0, requests: 0, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0, ...bounds },
    properties,
  };
}
