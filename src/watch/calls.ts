// Which of the user's functions is being called now: what a thread that watches this one reads, by the debugger's protocol, when
// nothing has come back for seconds (see cli/supervisor.ts). So it costs an assignment where it is said, and words are made only then.

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
