// Work in pieces: a generator that yields wherever it may be left, to be gone on with later.

/** Does it all, and gives the result. */
export function finished<T>(work: Iterator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
