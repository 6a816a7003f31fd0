// What can be ordered, as text: a client's request is its name, the null request a dash. A recovery request is signed by the co-processor of
// the replica that recovers, with its counter, so nobody else can make it and it counts once.

import type { Config } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";

export const nullRequest = "-";

/** The recovery request of a replica with its bound H_M. */
export function recoveryRequest(of: string, bound: number): string {
  return `recovery of ${of} (${bound})`;
}

/** H_M in a recovery request; null for anything else. */
export function boundIn(value: string): number | null {
  const found = /^recovery of r\d+ \((\d+)\)$/.exec(value);
  return found ? Number(found[1]) : null;
}

/** Whether a client has signed it. */
export function isRequest(config: Pick<Config, "requests">, value: string): boolean {
  return valuesOf(config).includes(value);
}

/** Whether a backup may accept it. */
export function isAuthentic(config: Pick<Config, "requests">, value: string): boolean {
  return value === nullRequest || boundIn(value) !== null || isRequest(config, value);
}

/** The client requests that a history has executed, each once, with their slots. */
export function executions(
  config: Pick<Config, "requests">,
  history: readonly string[],
): readonly { readonly request: string; readonly slot: number; readonly position: number }[] {
  return history
    .map((request, index) => ({ request, slot: index + 1 }))
    .filter(({ request, slot }) => isRequest(config, request) && history.indexOf(request) === slot - 1)
    .map((execution, index) => ({ ...execution, position: index + 1 }));
}

/** The slot at which a history has executed a recovery request; 0 if it has none. */
export function recoverySlot(history: readonly string[]): number {
  return history.findIndex((value) => boundIn(value) !== null) + 1;
}
