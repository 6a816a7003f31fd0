// Decides when a search is saved: from time to time, using at most a tenth of the time; and how long before its limit of time a search
// has to end so that it can still be saved.

/** How often, if nobody says otherwise. */
const defaultEverySeconds = 60;

/** How long it takes to save a state, in seconds, until it was measured: 20 bytes, at 250 MB a second. */
const guessedSecondsPerState = 8e-8;

/** Decides when to save next. */
export class SaveTimes {
  readonly #everySeconds: number;
  /** After how many seconds of searching it was saved last, and how long that took. */
  #savedAt = 0;
  #saveSeconds = 0;
  #secondsPerState = guessedSecondsPerState;

  constructor(everySeconds = defaultEverySeconds) {
    this.#everySeconds = everySeconds;
  }

  /** Whether it is time, after so many seconds of searching. */
  isDue(seconds: number): boolean {
    return seconds - this.#savedAt >= Math.max(this.#everySeconds, 10 * this.#saveSeconds);
  }

  /** How many seconds it will take to save so many states, as far as is known. */
  expectedSeconds(states: number): number {
    return states * this.#secondsPerState;
  }

  /**
   * So many states were saved: that is over after so many seconds of searching, and has begun at `startedAt`
   * (see `performance.now`).
   */
  saved(states: number, seconds: number, startedAt: number): void {
    this.#savedAt = seconds;
    this.#saveSeconds = (performance.now() - startedAt) / 1000;
    this.#secondsPerState = Math.max(guessedSecondsPerState, this.#saveSeconds / Math.max(states, 100_000));
  }
}
