// Linearizability of any service (safety): what clients are answered is what a sequential object would have answered, in some order.

import { linearize, type Operation, type SequentialObject, whyNot } from "../src/linearizability/index.js";
import {
  type Digest,
  type Event,
  hearing,
  type Json,
  monitor,
  type Property,
} from "../src/protocol/index.js";

/** What clients use. */
export interface Service {
  /** The object that the service is to be: `register`, `map`, `queue`, `set` or `log` of `turncoat/properties`, or one of yours. */
  readonly object: SequentialObject;
  /** Its value at the beginning (default: null). */
  readonly initial?: Json;
  /** The operation that a request asks for; the digest is what `digest()` of the protocol makes of the request. */
  readonly operationOf: (request: Digest) => { readonly name: string; readonly input: Json };
}

/** What clients were seen to do: an operation, as JSON. */
type Seen = { readonly now: number; readonly operations: readonly Asked[] };
type Asked = { readonly [field in keyof Operation]: Operation[field] } & { readonly request: Digest };

/**
 * A property: every answer is explained by some order of all operations, each between its call and its answer. Clients show `invoked`
 * when they ask and `accepted`, with the result, when they are answered. It is put to the test only by an operation that is called after
 * another was answered: of those that overlap any may come first. Client nodes have their requests from the start, so one that shows
 * `invoked` at once overlaps with all: set a timer on the request, and ask when it fires.
 *
 * ```ts
 * const property = linearizable({
 *   object: register,
 *   initial: 0,
 *   operationOf: (request) => (request === "read" ? { name: "read", input: null } : { name: "write", input: Number(request) }),
 * });
 * property.name // => "linearizable-register"
 * ```
 */
export function linearizable({ object, initial = null, operationOf }: Service): Property {
  const judged = (operations: readonly Operation[]) => linearize(operations, object, initial);
  return {
    name: `linearizable-${object.name}`,
    summary: `clients see one ${object.name}: each operation takes effect between its call and its answer`,
    kind: "always",
    observes: "clients",
    exercise:
      "an operation must have been called after another was answered (clients have their requests from the start: one that is to call later asks when its timer fires)",
    hears: hearing("invoked", "accepted"),
    monitor: () =>
      monitor<Seen>({
        init: { now: 0, operations: [] },
        on: ({ now, operations }, by, event) => {
          if (event.kind === "invoked") {
            const asked = { process: by, request: event.request, ...operationOf(event.request) };
            const call = { ...asked, output: null, called: now, returned: null, line: null };
            return { now: now + 1, operations: [...operations, call] };
          }
          if (event.kind !== "accepted") return { now, operations };
          return { now: now + 1, operations: operations.map((one) => answered(one, event, now)) };
        },
        verdict: ({ operations }) => (judged(operations).isLinearizable === false ? "violated" : "holds"),
        exercised: ({ operations }) => operations.filter((one) => isLater(one, operations)).length,
        explain: ({ operations }) => {
          const lines = whyNot(judged(operations));
          return lines.length > 0 ? inOneLine(lines) : "the history is linearizable";
        },
      }),
  };
}

/** What stands in lines below each other, without a full stop at the end: whoever prints it ends the sentence. */
function inOneLine(lines: readonly string[]): string {
  const parts = lines.map((line, index) => {
    const isOrdered = line.startsWith(" ");
    return `${line.trim()}${isOrdered ? (lines[index + 1]?.startsWith(" ") ? ";" : ".") : ""}`;
  });
  return parts.join(" ").replace(/\.$/, "");
}

/** Whether an operation was answered, and called when another had been answered. Those that were all called before may be in any order. */
function isLater({ called, returned }: Asked, operations: readonly Asked[]): boolean {
  return returned !== null && operations.some((other) => other.returned !== null && other.returned < called);
}

/** The operation, if it is the one that is answered, with its answer. */
function answered(one: Asked, { request, result }: Extract<Event, { kind: "accepted" }>, now: number): Asked {
  const isAsked = one.request === request && one.returned === null;
  return isAsked ? { ...one, output: result, returned: now } : one;
}
