// News: what all machines of a campaign are told at once.

/** A failure as it is told to everybody at once. */
export interface FailureNews {
  readonly part: number;
  readonly block: number;
  readonly run: number;
  readonly path: string;
  readonly property: string;
  readonly actions: number;
  readonly by: string;
  /** When it was found, by the clock of the machine that has found it. */
  readonly atMs: number;
}

/** A search that has not come out as expected, as it is told to everybody at once. */
export interface RunNews {
  /** Its number, counted through all suites. */
  readonly run: number;
  /** Or "fault". */
  readonly verdict: string;
  readonly by: string;
}

/** What is told to all machines. */
export type News =
  | { readonly failure: FailureNews }
  | { readonly unexpected: RunNews }
  | { readonly stopped: true };
