// Records which of the user's functions is being called. The thread that watches this one reads it by the debugger's protocol when the call does
// not return for seconds (see cli/supervisor.ts). So a call costs one assignment; words are made only when they are read.

import { beat, setBusy } from "./shared.js";

/** In words whose function is called, and with what. */
export type Call = (() => string) | null;

let now: Call = null;

/** What the watching thread evaluates. Its answer is null if no function of the user's is being called. */
export const askForCall = "globalThis.turncoatCall?.() ?? null";

/** A user's module may bring a copy of its own of this code; a call is under way in one of them. */
const { turncoatCall: otherCopy } = globalThis as { turncoatCall?: () => string | null };

Object.defineProperty(globalThis, "turncoatCall", {
  value: () => now?.() ?? otherCopy?.() ?? null,
  configurable: true,
});

/** Says what is called from now on; null: nothing. Returns what was before. */
export function calls(what: Call): Call {
  const before = now;
  now = what;
  setBusy(what !== null);
  beat();
  return before;
}
