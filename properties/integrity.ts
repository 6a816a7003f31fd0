// Integrity (safety): every request is executed at most once.

import { atSlot, hearing, monitor, type Property, wordsOf } from "../src/protocol/index.js";

type Seen = {
  readonly [replica: string]: {
    /** The executed slots; `3.1` is the second request of slot 3. */
    readonly slots: readonly string[];
    readonly requests: { readonly [request: string]: true };
    /** Whether an executed slot or request has committed again. */
    readonly offeredAgain: boolean;
    readonly offence: string | null;
  };
};

/**
 * A correct replica executes no slot twice and no request twice (OSDI'99, section 4.1: "exactly-once
 * semantics"); entries that the protocol made itself may come again. It is tested when an executed slot or request commits once more (a custom event
 * `committed-again`): when a new view re-runs it, or when it was assigned two slots.
 */
export const integrity: Property = {
  name: "integrity",
  summary: "no correct replica executes a slot or a request twice",
  kind: "always",
  observes: "both",
  // With clients it is tested only if one makes several requests, so that an old one can come again.
  appliesTo: ({ clients, operations = 1 }) => !clients || operations > 1,
  exercise: ({ slots }) =>
    `${slots === null ? "what" : `a ${slots.one} that`} a correct replica has executed must have committed there once more`,
  hears: hearing("executed", "committed-again"),
  monitor: ({ correct, vocabulary }) => {
    const { slots } = wordsOf(vocabulary);
    return monitor<Seen>({
      init: Object.fromEntries(
        correct.map((replica) => [replica, { slots: [], requests: {}, offeredAgain: false, offence: null }]),
      ),
      on: (state, by, event) => {
        const mine = state[by];
        if (!mine) return state;
        if (event.kind === "custom" && event.name === "committed-again")
          return mine.offeredAgain ? state : { ...state, [by]: { ...mine, offeredAgain: true } };
        if (event.kind !== "executed") return state;
        const { slot, request, own } = event;
        const place = event.index ? `${slot}.${event.index}` : String(slot);
        const twice = mine.slots.includes(place)
          ? `${by} executed ${slots === null ? "" : `${slots.one} ${slot} `}twice (${request} the second time)`
          : mine.requests[request] && !own
            ? `${by} executed ${request} twice (the second time${atSlot(vocabulary, slot)})`
            : null;
        const places = [...new Set([...mine.slots, place])].sort();
        const requests = own ? mine.requests : { ...mine.requests, [request]: true as const };
        return { ...state, [by]: { ...mine, slots: places, requests, offence: mine.offence ?? twice } };
      },
      verdict: (state) => (offences(state).length === 0 ? "holds" : "violated"),
      exercised: (state) => Object.values(state).filter((mine) => mine.offeredAgain || mine.offence).length,
      explain: (state) => offences(state)[0] ?? "nothing was executed twice",
    });
  },
};

function offences(state: Seen): string[] {
  return Object.values(state).flatMap((mine) => (mine.offence === null ? [] : [mine.offence]));
}
