// The resilience of a protocol: how many nodes it needs in order to bear f faults, and faults of which kind.

/** Kinds of resilience that have a name, with what they mean. */
export const resilienceKinds = {
  /** n >= 3f+1, of which f may be Byzantine: PBFT, and whoever else needs two quorums to share a correct replica. */
  byzantine: { nodes: (faults: number) => 3 * faults + 1, against: "byzantine" },
  /** n >= 2f+1, of which f may crash: Paxos, Raft. */
  crash: { nodes: (faults: number) => 2 * faults + 1, against: "crash" },
  /** n >= 5f+1, of which f may be Byzantine: protocols that decide after a single round of votes. */
  "fast-byzantine": { nodes: (faults: number) => 5 * faults + 1, against: "byzantine" },
} as const satisfies { readonly [Kind in Extract<Resilience, string>]: object };

/**
 * What a protocol promises to bear: a kind, or how many nodes it needs for f faults. `against` says of what kind these faults are
 * (default: `byzantine`); whoever bears crashes alone promises nothing where somebody lies.
 *
 * ```ts
 * const raft: Resilience = "crash";
 * const minimmit: Resilience = { nodes: (f) => 5 * f + 1 };
 * ```
 */
export type Resilience =
  | "byzantine"
  | "crash"
  | "fast-byzantine"
  | {
      /** How many nodes it needs to bear so many faults. */
      nodes(faults: number): number;
      /** Of which kind these faults are. */
      readonly against?: "byzantine" | "crash";
    };
