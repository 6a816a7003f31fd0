// Backtracking over choices: a function that chooses is run again and again, until each sequence of choices has been made once. What is
// not looked at is not chosen, so a function that returns early stands for all values of what it has left unread.

/** The choices of one run, which repeat those of an earlier one up to some point. */
export class Choices {
  readonly #script: number[] = [];
  readonly #counts: number[] = [];
  #at = 0;
  #isClosed = false;

  /** A number below `count`: 0 first. */
  choose(count: number): number {
    if (count <= 1 || this.#isClosed) return 0;
    const at = this.#at++;
    if (at === this.#script.length) {
      this.#script.push(0);
      this.#counts.push(count);
    }
    return this.#script[at]!;
  }

  /** One of these. @throws {RangeError} if there are none. */
  of<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("there is nothing to choose from");
    return items[this.choose(items.length)]!;
  }

  /** From now on the first of everything is chosen. */
  close(): void {
    this.#isClosed = true;
  }

  /** Goes on to the next sequence of choices; false if there is none. */
  next(): boolean {
    this.#script.length = this.#at;
    this.#counts.length = this.#at;
    this.#at = 0;
    this.#isClosed = false;
    while (this.#script.length > 0) {
      const last = this.#script.length - 1;
      if (this.#script[last]! + 1 < this.#counts[last]!) {
        this.#script[last]!++;
        return true;
      }
      this.#script.pop();
      this.#counts.pop();
    }
    return false;
  }
}

/** Runs a function with every sequence of choices, but at most `limit` times; false if that were not all. */
export function withAllChoices(limit: number, run: (choices: Choices) => void): boolean {
  const choices = new Choices();
  for (let count = 0; count < limit; count++) {
    run(choices);
    if (!choices.next()) return true;
  }
  return false;
}
