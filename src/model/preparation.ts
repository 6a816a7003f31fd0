// What an adversary has to work out before it can move, done in slices: between two of them the event loop runs, so that an interrupt is heard.

import { calling } from "./errors.js";
import { checksLiveness, type Setting } from "./setting.js";

/** How long a slice is, in milliseconds. */
const sliceMs = 50;

/**
 * Lets the adversary of a setting get ready. After each slice `goesOn` is told in words how far it is; once it says false, the rest is left
 * to whoever asks for moves first. Gives whether it is ready.
 *
 * @throws {UserError} `adversary-threw`.
 */
export async function prepare(setting: Setting, goesOn: (at: string) => boolean): Promise<boolean> {
  const { adversary, byzantine, config, bounds } = setting;
  if (!adversary?.prepares || byzantine.length === 0) return true;
  const situation = { byzantine, config, views: bounds.views, beyond: checksLiveness(setting) };
  const asked = <T>(call: () => T): T =>
    calling("adversary-threw", `prepares() of the adversary ${adversary.name}`, call);
  const pieces = asked(() => adversary.prepares!(situation)[Symbol.iterator]());
  let sliceEnd = performance.now() + sliceMs;
  for (;;) {
    const { done, value: at } = asked(() => pieces.next());
    if (done) return true;
    if (performance.now() < sliceEnd) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (!goesOn(asked(at))) return false;
    sliceEnd = performance.now() + sliceMs;
  }
}
