// Linearizability of the register that clients see (Herlihy and Wing, "Linearizability", 1990). The history
// is part of the state, in the form in which the published number of states counts it.

import { hearing, monitor, type Property } from "../../protocol/index.js";
import type { Invocation } from "./client.js";

/**
 * An operation on the register, and how many operations of each other client were complete when it was
 * invoked.
 */
type Operation = Invocation & {
  readonly after: { readonly [client: string]: number };
  /** The result of a completed get. */
  readonly returned: string | null;
};
type History = {
  readonly [client: string]: { readonly done: readonly Operation[]; readonly open: readonly Operation[] };
};

/** Some order of the history respects real time and explains every result. */
export const linearizable: Property = {
  name: "linearizable",
  summary: "what clients put and get could have happened on one register, in real-time order",
  kind: "always",
  observes: "clients",
  exercise: "no get has returned",
  hears: hearing("invoke", "return"),
  monitor: ({ correct }) =>
    monitor<History>({
      init: Object.fromEntries(
        correct.filter((id) => id.startsWith("c")).map((id) => [id, { done: [], open: [] }]),
      ),
      on: (history, by, event) => {
        if (event.kind !== "custom") return history;
        const own = history[by]!;
        if (event.name === "return") {
          const done = [...own.done, { ...own.open[0]!, returned: event.data as string | null }];
          return { ...history, [by]: { done, open: [] } };
        }
        const others = Object.entries(history).filter(([id, { done }]) => id !== by && done.length > 0);
        const after = Object.fromEntries(others.map(([id, { done }]) => [id, done.length]));
        const { operation, value } = event.data as Invocation;
        return { ...history, [by]: { ...own, open: [{ operation, value, after, returned: null }] } };
      },
      verdict: (history) => (hasOrder(history) ? "holds" : "violated"),
      exercised: (history) =>
        Object.values(history).flatMap(({ done }) => done.filter(({ operation }) => operation === "get"))
          .length,
      explain: (history) => `no order explains what the clients saw: ${JSON.stringify(history)}`,
    }),
};

/**
 * Tries every order: appends one more operation of some client, whose predecessors are all placed; an open
 * one may be omitted.
 */
function hasOrder(history: History): boolean {
  const clients = Object.keys(history);
  const go = (placed: { readonly [client: string]: number }, register: string | null): boolean => {
    if (clients.every((id) => placed[id]! >= history[id]!.done.length)) return true;
    return clients.some((id) => {
      const { done, open } = history[id]!;
      const index = placed[id]!;
      const next = [...done, ...open][index];
      if (!next || Object.entries(next.after).some(([other, count]) => placed[other]! < count)) return false;
      const isDone = index < done.length;
      if (next.operation === "get" && isDone && next.returned !== register) return false;
      return go({ ...placed, [id]: index + 1 }, next.operation === "put" ? next.value : register);
    });
  };
  return go(Object.fromEntries(clients.map((id) => [id, 0])), null);
}
