// A bundled script, and how far into its objects is seen.

/** How far into objects the state is seen. */
export type Sight = "graph" | "closures" | "everything";

/** A script that leaves `turncoatInside` in the realm in which it runs. */
export interface Bundle {
  readonly code: string;
  /** Its source map, as JSON. */
  readonly map: string;
  /** How far into objects its state is seen. Default: `graph`. */
  readonly sight?: Sight;
  /** By line of the code (from 1): what was added to it for sight, at which column (from 0), in their order. */
  readonly added?: ReadonlyMap<number, readonly { readonly at: number; readonly length: number }[]>;
  /** Directory of the file; positions in sources are relative to it. */
  readonly directory: string;
  /** SHA-256 of the code. */
  readonly digest: string;
  /** The files that are in it, but ours. */
  readonly inputs: readonly string[];
}
