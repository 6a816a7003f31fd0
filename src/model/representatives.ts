// Representatives: of equivalent states the search stores one.

/** Finds the representative of a state. */
export interface Representatives {
  /** Puts the state that stands for it in the place of a state. */
  canonicalize(vector: Int32Array): void;
  /** Checks whatever it has relied on since the last time. @throws if that was wrong. */
  check(): void;
}

/** The representative of the representative; null if there is nothing to do. */
export function oneAfterTheOther(all: readonly (Representatives | null)[]): Representatives | null {
  const used = all.filter((one) => one !== null);
  if (used.length === 0) return null;
  return {
    canonicalize: (vector) => {
      for (const one of used) one.canonicalize(vector);
    },
    check: () => {
      for (const one of used) one.check();
    },
  };
}
