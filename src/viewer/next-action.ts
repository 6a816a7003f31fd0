// The type of a possible next action, as the server of the live page sends it.

/** One action to choose. */
export interface NextAction {
  readonly key: string;
  readonly line: string;
  readonly effects: readonly string[];
  /** What it violates; null if nothing. */
  readonly breaks: string | null;
  /** How many further actions have the same effect. */
  readonly others: number;
}

/** What can happen to one node by itself, by the adversary, or on the network. */
export interface NextGroup {
  readonly name: string;
  readonly actions: readonly NextAction[];
  /** How many more there are. */
  readonly more: number;
}
