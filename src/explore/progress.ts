// The progress that a search reports while it runs.

/** How far a search has come. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  /** The search inside one node that is under way, if it is a long one. */
  readonly local?: LocalProgress;
  /** What the adversary is still working out, in words: before the first state is expanded. */
  readonly preparing?: string;
}

/** How far the search inside one node has come, from one of its states. */
export interface LocalProgress {
  readonly node: string;
  readonly states: number;
}
