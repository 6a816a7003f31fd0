// Totality (liveness): all correct replicas execute something at a slot, or none does.

import { atSlot, hearing, monitor, type Property, replicaIds } from "../src/protocol/index.js";

type Executed = { readonly [slot: string]: readonly string[] };

/**
 * If some correct replica executes a request at a slot, every correct one eventually executes one there.
 * (Bracha, 1987; Cachin, Guerraoui and Rodrigues, "Introduction to reliable and secure distributed
 * programming", 2011, module 3.12, BRB5.) That it is the same request is `agreement`; that anybody ever
 * executes anything is not claimed.
 */
export const totality: Property = {
  name: "totality",
  summary: "if one correct replica executes something at a slot, every correct one eventually does",
  kind: "eventually",
  observes: "replicas",
  servesAll: false,
  exercise: ({ slots }) =>
    `every correct replica must have executed a request${slots === null ? "" : ` at one ${slots.one}`}`,
  hears: hearing("executed"),
  monitor: (facts) => {
    const correct = facts.correct.filter((id) => replicaIds(facts.config).includes(id));
    return monitor<Executed>({
      init: {},
      on: (state, by, event) => {
        if (event.kind !== "executed" || !correct.includes(by)) return state;
        const known = state[event.slot] ?? [];
        return known.includes(by) ? state : { ...state, [event.slot]: [...known, by].sort() };
      },
      verdict: (state) => (incomplete(state, correct) === null ? "holds" : "pending"),
      exercised: (state) => Object.values(state).filter(({ length }) => length === correct.length).length,
      explain: (state) => {
        const slot = incomplete(state, correct);
        if (slot === null) return "what one has executed, all have";
        const left = correct.filter((id) => !state[slot]!.includes(id));
        return `${state[slot]![0]} executed something${atSlot(facts.vocabulary, slot)}, and ${left[0]} never does`;
      },
    });
  },
};

function incomplete(state: Executed, correct: readonly string[]): string | null {
  return Object.keys(state).find((slot) => state[slot]!.length < correct.length) ?? null;
}
