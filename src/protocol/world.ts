// A specification in the style of TLA+ as a protocol: one node, whose state is that of the whole specification,
// and a next-state relation, each step of which is an outcome of one timer that is always set. For published
// specifications, whose counts of states check a search, and for designs in which nobody sends messages yet.

import * as Schema from "effect/Schema";
import type { Behaviour, Effect, Protocol, Step } from "./behaviour.js";
import type { Json } from "./schema.js";

/** A specification: its variables, how it begins, and what may happen next. */
export interface World<State> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /** All variables: their schema. Small states are fast ones; a number with a few bits for each variable is the fastest. */
  readonly state: Schema.Schema<State>;
  /** The initial states (`Init`). */
  readonly initial: readonly State[];
  /**
   * All states that may be the next one (`Next`), each as often as you like; none where nothing can happen. By the name of
   * the action that leads there, for traces, or just the states.
   */
  readonly next: (state: State) => readonly State[] | { readonly [action: string]: readonly State[] };
}

const messages = Schema.Struct({ tag: Schema.Literal("none") });
type None = typeof messages.Type;
const again: readonly Effect<None, "next">[] = [{ kind: "set-timer", timer: "next" }];

/**
 * The specification as a protocol, which is checked with one replica and no Byzantine one, without reductions. Its properties are
 * predicates on the state of that replica: see `invariant`. A module exports them beside it, as `properties`.
 *
 * ```ts
 * const clock = world({ name: "clock", summary: "an hour clock", state: Schema.Number, initial: [1], next: (hour) => [(hour % 12) + 1] });
 * clock.name // => "clock"
 * ```
 */
export function world<State>(specification: World<State>): Protocol<None, string> {
  const { name, summary, state, initial, next } = specification;
  const outcome = (label: string, to: State): Step<State, None, "next"> => ({
    label,
    state: to,
    effects: again,
    events: [],
  });
  const behaviour: Behaviour<State, None, "next", string, Json> = {
    state,
    completions: ["next"],
    init: () => initial.map((one, index) => outcome(`start ${index + 1}`, one)),
    step: (_, now, { kind }) => {
      const all = kind === "timer" ? next(now) : [];
      const steps = isList(all)
        ? all.map((to, index) => outcome(label(index), to))
        : Object.entries(all).flatMap(([action, states]) =>
            states.map((to, index) => outcome(states.length > 1 ? `${action} ${index + 1}` : action, to)),
          );
      return steps.length > 0 ? steps : [{ state: now, effects: again, events: [] }];
    },
    stable: (kept) => kept as Json,
  };
  return {
    name,
    summary,
    message: messages,
    vocabulary: { views: null, slots: null },
    isSpecification: true,
    nodes: () => [{ id: "r0", role: "replica", behaviour }],
    requests: () => [],
    digest: String,
    refuses: ({ replicas }) =>
      replicas === 1 ? null : `${name} is one node that stands for all: use --replicas 1 --faults 0.`,
  };
}

function isList<T>(all: readonly T[] | { readonly [action: string]: readonly T[] }): all is readonly T[] {
  return Array.isArray(all);
}

/** Made once: they are asked for at every state. */
const labels: string[] = [];
function label(index: number): string {
  labels[index] ??= `step ${index + 1}`;
  return labels[index];
}
