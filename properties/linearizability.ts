// Linearizability (safety): to its clients the service looks like one log that takes one request at a time.

import { clientIds, hearing, monitor, type Property } from "../src/protocol/index.js";

/** One request and its answer. Times count invocations and answers. */
type Operation = {
  readonly request: string;
  readonly invoked: number;
  readonly accepted: number | null;
  readonly result: string | null;
};

type Seen = { readonly now: number; readonly operations: readonly Operation[] };

/**
 * What a result says about its operation: its position in the log, or for a read the position right before
 * it.
 */
interface Place {
  readonly position: number;
  readonly isRead: boolean;
}

/**
 * Some order of all requests explains every answer: each request stands between its invocation and its
 * answer, and the log answers an operation with its position (`A@1`) and a read with its length (`read@1`).
 * (Herlihy and Wing, TOPLAS 1990; OSDI'99, section 4.5.1: "linearizability".) Nobody observes what Byzantine
 * clients ask for, so with such clients any position may be theirs.
 */
export const linearizability: Property = {
  name: "linearizability",
  summary: "clients see one log, to which each request was appended between its invocation and its answer",
  kind: "always",
  observes: "clients",
  appliesTo: ({ requests, operations = 1 }) => requests * operations > 1,
  exercise: "two requests must have been answered",
  hears: hearing("invoked", "accepted"),
  monitor: ({ config, correct }) => {
    const mayHaveGaps = clientIds(config).some((client) => !correct.includes(client));
    return monitor<Seen>({
      init: { now: 0, operations: [] },
      on: (state, _by, event) => {
        if (event.kind === "invoked")
          return {
            now: state.now + 1,
            operations: [
              ...state.operations,
              { request: event.request, invoked: state.now, accepted: null, result: null },
            ],
          };
        if (event.kind !== "accepted") return state;
        const operations = state.operations.map((operation) =>
          operation.request === event.request
            ? { ...operation, accepted: state.now, result: String(event.result) }
            : operation,
        );
        return { now: state.now + 1, operations };
      },
      verdict: ({ operations }) => (offence(operations, mayHaveGaps) === null ? "holds" : "violated"),
      exercised: ({ operations }) => Math.max(0, operations.filter(isAnswered).length - 1),
      explain: ({ operations }) => offence(operations, mayHaveGaps) ?? "the history is linearizable",
    });
  },
};

type Answered = Operation & { readonly accepted: number; readonly result: string };

function isAnswered(operation: Operation): operation is Answered {
  return operation.accepted !== null;
}

function placeOf({ request, result }: Answered): Place | null {
  const operation = request.split(":").at(-1)!;
  const [name, position] = result.split("@");
  if (name !== operation || !/^\d+$/.test(position ?? "")) return null;
  return { position: Number(position), isRead: operation === "read" };
}

/** Results name positions, so only one order is possible; requests without an answer may fill its gaps. */
function offence(operations: readonly Operation[], mayHaveGaps: boolean): string | null {
  const answered = operations.filter(isAnswered);
  const placed = answered.flatMap((operation) => {
    const place = placeOf(operation);
    return place ? [{ ...operation, ...place }] : [];
  });
  if (placed.length < answered.length) {
    const wrong = answered.find((operation) => placeOf(operation) === null)!;
    return `${wrong.request} was answered ${JSON.stringify(wrong.result)}, which is no answer to it`;
  }
  for (const a of placed)
    for (const b of placed) {
      if (a === b) continue;
      if (!a.isRead && !b.isRead && a.position === b.position && a.request < b.request)
        return `${a.request} and ${b.request} were both answered that they are number ${a.position}`;
      const isLater = a.position > b.position || (a.position === b.position && a.isRead && !b.isRead);
      if (a.accepted < b.invoked && isLater)
        return `${a.request} was answered ${a.result} before ${b.request} was made, which got ${b.result}`;
    }
  if (mayHaveGaps) return null;
  return unfilledGap(operations, placed);
}

/**
 * A position below an answered one that no request can have taken. Unanswered requests fill gaps in the order
 * of their invocations.
 */
function unfilledGap(operations: readonly Operation[], placed: readonly (Answered & Place)[]): string | null {
  const pending = operations
    .filter((one) => !isAnswered(one) && !one.request.endsWith(":read"))
    .sort((a, b) => a.invoked - b.invoked);
  const taken = new Set(placed.filter(({ isRead }) => !isRead).map(({ position }) => position));
  const highest = Math.max(0, ...placed.map(({ position }) => position));
  for (let position = 1; position <= highest; position++) {
    if (taken.has(position)) continue;
    const above = placed.filter((other) => other.position >= position);
    const first = above.reduce((a, b) => (b.accepted < a.accepted ? b : a));
    const filler = pending.shift();
    if (!filler || filler.invoked > first.accepted)
      return `${first.request} was answered ${first.result}, but nothing that had been asked can be number ${position}`;
  }
  return null;
}
