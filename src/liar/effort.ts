// How much the generic liar tries.

/** How much is rehearsed. The same everywhere, so that the alphabet is. */
export interface Effort {
  /** Rounds at most; they end once nothing new has come up in two of them. Default: 8. */
  readonly rounds?: number;
  /** Runs in each round. Default: 24. */
  readonly runs?: number;
  /** States of correct nodes that are looked into. Default: 400. */
  readonly stands?: number;
  /** Of states that differ only in the names of nodes as many as these are looked into. Default: 1. */
  readonly alike?: number;
  /** Drafts of messages that are tried on one state. Default: 4,000. */
  readonly draftsEach?: number;
  /** Drafts that are tried in all. Default: 100,000. */
  readonly drafts?: number;
  /** Messages of one type that are said: those made up least, the shortest first. Default: 64; 16 where not all drafts could be tried. */
  readonly ofEachType?: number;
  /** Runs of `step` that compare a node that has counted a vote with one that has not. Default: 200,000. */
  readonly comparisons?: number;
}
