// The kinds of events of a run, by number.

/** The kinds of events; a kind's number is its index. */
export const kinds = [
  "deliver",
  "inject",
  "relay",
  "timer",
  "crash",
  "restart",
  "lose",
  "duplicate",
  "cut",
  "heal",
] as const;
export type EventKind = (typeof kinds)[number];
