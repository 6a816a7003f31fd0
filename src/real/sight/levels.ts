// The levels of sight: how far into objects a snapshot looks. See seeing.ts.

/** How far into objects the state is seen. */
export type Sight = "graph" | "closures" | "everything";

export const sights: readonly Sight[] = ["graph", "closures", "everything"];
