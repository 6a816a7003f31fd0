// Crash vectors (Michael, Ports, Sharma and Szekeres, Recovering Shared Objects Without Stable Storage, DISC 2017). A replica that has
// crashed does not know what it had promised; those that helped it to come back know that it was away. So whoever says what it
// has also says how often which replica has come back, and what somebody had said before a crash is recognized.

import type { Crashes } from "./state.js";

/** How often a replica has come back. */
export function crashesOf(crashes: Crashes, node: string): number {
  return crashes.find((one) => one.node === node)?.count ?? 0;
}

/** What two vectors know together. */
export function merged(one: Crashes, other: Crashes): Crashes {
  const newer = other.filter(({ node, count }) => count > crashesOf(one, node));
  return [...one.filter(({ node }) => crashesOf(newer, node) === 0), ...newer];
}
