// What a line of a history says: an event, or a whole operation with its times.

import type { Json } from "../protocol/index.js";

/** What a process did: it called an operation, or learned what became of it. */
export interface HistoryEvent {
  readonly line: number;
  readonly process: string;
  /** `ok`: it took effect; `fail`: it did not; `info`: nobody knows. */
  readonly type: "invoke" | "ok" | "fail" | "info";
  /** The name of the operation. */
  readonly name: string;
  readonly value: Json;
}

/** A whole operation. Its `return` is null if it never returned. */
export interface Whole {
  readonly process: string;
  readonly name: string;
  readonly value: Json;
  readonly output: Json;
  readonly call: number;
  readonly return: number | null;
}
