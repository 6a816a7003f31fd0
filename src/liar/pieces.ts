// Work in pieces: a generator that yields wherever it may be left, to be gone on with later.

/** Does as much as there is time for, and gives the result; null where `isOver` has ended it. */
export function finishedInTime<T>(work: Iterator<unknown, T>, isOver: () => boolean): T | null {
  for (;;) {
    if (isOver()) return null;
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does it all, and gives the result. */
export function finished<T>(work: Iterator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
