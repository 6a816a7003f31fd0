// Delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE 2002,
// figure 5): reduces a list that has some effect to a 1-minimal one, from which no single item can be removed
// without losing the effect. It removes large parts first, so a long list with a short cause takes few tests.

/**
 * Tests a list for the effect: returns the list, or null. A test that knows that some items did not
 * contribute may return a shorter list (in the same order) that has the effect.
 */
export type Test<T> = (candidate: readonly T[]) => readonly T[] | null;

/**
 * A 1-minimal sub-list (in order) of `items`, which must have the effect itself. `test` must be
 * deterministic.
 *
 * ```ts
 * ddmin([1, 2, 3, 4, 5], (list) => (list.includes(2) && list.includes(5) ? list : null)) // => [2, 5]
 * ```
 */
export function ddmin<T>(items: readonly T[], test: Test<T>): readonly T[] {
  let current = items;
  let parts = 2;
  while (current.length > 0) {
    parts = Math.min(parts, current.length);
    const chunks = split(current, parts);
    const found = firstChunk(chunks, test) ?? firstComplement(chunks, test);
    if (found) {
      current = found.items;
      parts = found.parts;
    } else if (parts === current.length) return current;
    else parts *= 2;
  }
  return current;
}

interface Found<T> {
  readonly items: readonly T[];
  /** Into how many parts the smaller list is divided next. */
  readonly parts: number;
}

/** "Reduce to subset." */
function firstChunk<T>(chunks: readonly (readonly T[])[], test: Test<T>): Found<T> | null {
  if (chunks.length === 1) return null; // the only chunk is the whole list
  for (const chunk of chunks) {
    const items = test(chunk);
    if (items) return { items, parts: 2 };
  }
  return null;
}

/** "Reduce to complement." Of two chunks each is the other's complement, and was tested. */
function firstComplement<T>(chunks: readonly (readonly T[])[], test: Test<T>): Found<T> | null {
  if (chunks.length === 2) return null;
  for (const index of chunks.keys()) {
    const items = test(chunks.flatMap((chunk, other) => (other === index ? [] : chunk)));
    if (items) return { items, parts: Math.max(chunks.length - 1, 2) };
  }
  return null;
}

/** Cuts a list into `parts` pieces of nearly equal length. */
function split<T>(items: readonly T[], parts: number): (readonly T[])[] {
  return Array.from({ length: parts }, (_, index) =>
    items.slice(Math.floor((index * items.length) / parts), Math.floor(((index + 1) * items.length) / parts)),
  );
}
