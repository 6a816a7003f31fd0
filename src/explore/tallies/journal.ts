// An undo log for what a search inside one node learns about tallies. Such a search may be abandoned, and is
// then made again from its beginning. It has to evaluate the same steps in the same order as one that was not
// abandoned, since local states and messages are numbered in that order, and macro-steps are chosen in the
// order of their numbers. So what an abandoned search has learned is taken back.

import { Abandoned } from "../../watch/clock.js";

/** An undo log: see the file comment. */
export class Journal {
  #log: (() => void)[] | null = null;

  /** To be called with each change; `takeBack` makes it undone. */
  changed(takeBack: () => void): void {
    this.#log?.push(takeBack);
  }

  /** Does some work. If it is abandoned, its changes are taken back, the last one first. */
  during<T>(work: () => T): T {
    const log: (() => void)[] = [];
    this.#log = log;
    try {
      return work();
    } catch (error) {
      if (error instanceof Abandoned) for (const takeBack of log.reverse()) takeBack();
      throw error;
    } finally {
      this.#log = null;
    }
  }
}
