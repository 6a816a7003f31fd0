// The length of a violating run, in words. A lasso has two lengths: of the stem, and of the loop.

/**
 * The length of a run.
 *
 * ```ts
 * violatedText(4) // => "violated in 4 actions"
 * violatedText(0, 4) // => "violated: a loop of 4 actions after 0"
 * ```
 * @param loop how many actions can be repeated for ever once `actions` have happened; 0: there is no loop.
 */
export function violatedText(actions: number, loop = 0): string {
  return loop === 0 ? `violated in ${actionsText(actions)}` : `violated: ${loopText(actions, loop)}`;
}

/** As in "4 actions", or "a loop of 4 actions after 0". */
export function lengthText(actions: number, loop = 0): string {
  return loop === 0 ? actionsText(actions) : loopText(actions, loop);
}

function loopText(actions: number, loop: number): string {
  return `a loop of ${actionsText(loop)} after ${actions}`;
}

function actionsText(count: number): string {
  return `${count} action${count === 1 ? "" : "s"}`;
}
