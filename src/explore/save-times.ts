// Decides when a search is saved: from time to time, using at most a tenth of the time.

/** How often, if nobody says otherwise. */
const defaultEverySeconds = 60;

/** Decides when to save next. */
export class SaveTimes {
  readonly #everySeconds: number;
  /** After how many seconds of searching it was saved last, and how long that took. */
  #savedAt = 0;
  #saveSeconds = 0;

  constructor(everySeconds = defaultEverySeconds) {
    this.#everySeconds = everySeconds;
  }

  /** Whether it is time, after so many seconds of searching. */
  isDue(seconds: number): boolean {
    return seconds - this.#savedAt >= Math.max(this.#everySeconds, 10 * this.#saveSeconds);
  }

  /**
   * It was saved: that is over after so many seconds of searching, and has begun at `startedAt` (see
   * `performance.now`).
   */
  saved(seconds: number, startedAt: number): void {
    this.#savedAt = seconds;
    this.#saveSeconds = (performance.now() - startedAt) / 1000;
  }
}
