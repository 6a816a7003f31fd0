// Validity (safety): replicas execute only what clients have asked for, and clients accept only what correct
// replicas have answered. An entry that the protocol made itself (`own`) is no client's request.

import { type Event, hearing, type Json, monitor, type Property } from "../src/protocol/index.js";

import { isOfByzantineClient } from "./whose.js";

/** A set of texts. */
type Texts = { readonly [text: string]: true };

type Seen = {
  /** Requests that clients have issued. */
  readonly issued: Texts;
  /** Executed requests with the result, as correct replicas computed it. */
  readonly answered: Texts;
  readonly accepted: Texts;
  readonly executions: number;
  /** The first offence, in words. */
  readonly offence: string | null;
};

/**
 * Only requests that a client has issued are executed (a Byzantine client may issue anything in its own
 * name), and a client accepts only a result that a correct replica computed.
 */
export const validity: Property = {
  name: "validity",
  summary: "only what clients asked for is executed; clients accept only results of correct replicas",
  kind: "always",
  observes: "both",
  exercise:
    "a correct replica must have executed a request (and, where clients are nodes, a client accepted a result)",
  hears: hearing("invoked", "executed", "accepted", "answered"),
  part: (event) => (event.kind === "custom" ? (answerIn(event)?.request ?? null) : event.request),
  monitor: (facts) =>
    monitor<Seen>({
      init: {
        issued: facts.issued.reduce(add, {}),
        answered: {},
        accepted: {},
        executions: 0,
        offence: null,
      },
      on: (state, by, event) => {
        switch (event.kind) {
          case "invoked":
            return { ...state, issued: add(state.issued, event.request) };
          case "executed": {
            if (event.own) return state;
            const { request } = event;
            const isIssued = state.issued[request] || isOfByzantineClient(facts, request);
            const offence = isIssued ? null : `${by} executed ${request}, which no client asked for`;
            const answered = add(state.answered, answerText(event));
            return { ...state, answered, executions: 1, offence: state.offence ?? offence };
          }
          case "accepted": {
            const answer = answerText(event);
            const what = `${by} accepted the result ${JSON.stringify(event.result)} for ${event.request}`;
            const offence = state.answered[answer] ? null : `${what}, which no correct replica gave`;
            return { ...state, accepted: add(state.accepted, answer), offence: state.offence ?? offence };
          }
          case "custom": {
            const said = answerIn(event);
            return said === null ? state : { ...state, answered: add(state.answered, said.answer) };
          }
          default:
            return state;
        }
      },
      verdict: (state) => (state.offence === null ? "holds" : "violated"),
      exercised: (state) => (facts.config.clients ? Object.keys(state.accepted).length : state.executions),
      explain: (state) => state.offence ?? "a client asked for everything that was executed",
    }),
};

function add(texts: Texts, text: string): Texts {
  return texts[text] ? texts : { ...texts, [text]: true };
}

/** An answer given before the request is executed for good: a custom event `answered`. */
function answerIn({ name, data }: Extract<Event, { kind: "custom" }>) {
  if (name !== "answered") return null;
  const { request, result } = data as { readonly request: string; readonly result: Json };
  return { request, answer: answerText({ request, result }) };
}

function answerText({ request, result }: { readonly request: string; readonly result?: Json }): string {
  return `${request} -> ${JSON.stringify(result)}`;
}
