// What an adversary has to work out before it can move, done in slices: between two of them the event loop runs, so that an interrupt is heard.

import { checksLiveness, type Setting } from "./setting.js";

/** How long a slice is, in milliseconds. */
const sliceMs = 50;

/**
 * Lets the adversary of a setting get ready. After each slice `goesOn` is told in words how far it is; once it says false, the rest is left
 * to whoever asks for moves first.
 */
export async function prepare(setting: Setting, goesOn: (at: string) => boolean): Promise<void> {
  const { adversary, byzantine, config, bounds } = setting;
  if (!adversary?.prepares || byzantine.length === 0) return;
  const situation = { byzantine, config, views: bounds.views, beyond: checksLiveness(setting) };
  let sliceEnd = performance.now() + sliceMs;
  for (const at of adversary.prepares(situation)) {
    if (performance.now() < sliceEnd) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (!goesOn(at())) return;
    sliceEnd = performance.now() + sliceMs;
  }
}
