// Numbers that several threads have in common. A file of its own: what classes bring into their realm must not bring in more.

/** Two threads must not number anything differently. */
export function checkNumber(expected: number, found: number, what: string): void {
  if (found !== expected)
    throw new Error(`threads disagree: ${what} has the number ${found} in one and ${expected} in others`);
}
