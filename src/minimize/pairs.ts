// Removes pairs of actions. Two actions may be useless together although neither can be removed alone, such
// as a detour of two steps. It takes n(n-1)/2 tests, so it is for short lists.

import type { Test } from "./ddmin.js";

/** The list without some two of its items, if it still has the effect; otherwise null. */
export function withoutSomePair<T>(items: readonly T[], test: Test<T>): readonly T[] | null {
  for (let first = 0; first < items.length; first++) {
    for (let second = first + 1; second < items.length; second++) {
      const found = test(items.filter((_, index) => index !== first && index !== second));
      if (found) return found;
    }
  }
  return null;
}
