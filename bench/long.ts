// Rate and memory over time in a space of over 50 million states: two-phase commit with 10 resource managers,
// plain search, one worker. `npm run bench:long` (two to three minutes, 3 GB).

import { search } from "../src/explore/search.js";
import { grouped } from "../src/report/numbers.js";
import { twoPhaseCommitSetting } from "../test/support/settings.js";
import { benchArguments } from "./arguments.js";

benchArguments();

const everySeconds = 10;
let [shownAt, statesBefore, secondsBefore, longestPause, lastCall] = [0, 0, 0, 0, performance.now()];

console.log("| seconds | states | states/s since then | memory, MB |");
console.log("|---|---|---|---|");
const result = await search(twoPhaseCommitSetting(10), {
  reduction: "none",
  maxMemoryBytes: 12 * 2 ** 30,
  onProgress: ({ states, seconds, memoryBytes }) => {
    longestPause = Math.max(longestPause, performance.now() - lastCall);
    lastCall = performance.now();
    if (seconds - shownAt < everySeconds) return;
    const rate = (states - statesBefore) / (seconds - secondsBefore);
    console.log(
      `| ${seconds.toFixed(0)} | ${grouped(states)} | ${grouped(Math.round(rate))} | ${Math.round(memoryBytes / 1e6)} |`,
    );
    [shownAt, statesBefore, secondsBefore] = [seconds, states, seconds];
  },
});
console.log(
  `\n${grouped(result.states)} states, ${result.seconds.toFixed(0)} s, ${result.bytesPerState} bytes/state, ` +
    `peak ${Math.round(result.peakMemoryBytes / 1e6)} MB; never longer than ${longestPause.toFixed(0)} ms without a sign of life`,
);
