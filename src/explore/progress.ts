// What a search tells while it runs.

/** How far a search has come. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly seconds: number;
  readonly memoryBytes: number;
}
