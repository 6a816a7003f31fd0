// The resident memory of this process. To ask for it takes up to half a millisecond, and a small search or campaign takes two: so it is asked for
// at most fifty times a second, whoever asks.

/** So old may an answer be, in milliseconds. */
const keptMs = 20;

let bytes = 0;
let askedAtMs = Number.NEGATIVE_INFINITY;

/** Bytes of this process that are in memory now, or were up to 20 ms ago. */
export function residentBytes(): number {
  const nowMs = Date.now();
  // A clock that was set back makes no answer last.
  if (Math.abs(nowMs - askedAtMs) >= keptMs) {
    bytes = process.memoryUsage.rss();
    askedAtMs = nowMs;
  }
  return bytes;
}
