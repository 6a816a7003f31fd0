// What a second thread gains: two-phase commit with 9 resource managers (10,340,352 states), plain search,
// with one worker and with two, twice in turn. `npm run bench:workers`. Run it on two idle cores only.

import { search } from "../src/explore/search.js";
import { twoPhaseCommitSetting } from "../test/support/settings.js";
import { benchArguments } from "./arguments.js";

benchArguments();

const managers = 9;
const module = new URL("../test/support/settings.js", import.meta.url).href;
const source = { module, name: "twoPhaseCommitSetting", args: [managers] };

for (let round = 1; round <= 2; round++) {
  const seconds: number[] = [];
  for (const count of [1, 2]) {
    const before = process.cpuUsage();
    const result = await search(twoPhaseCommitSetting(managers), {
      reduction: "none",
      workers: { count, source, from: 100_000 },
    });
    const { user, system } = process.cpuUsage(before);
    seconds.push(result.seconds);
    console.log(
      `${count} worker${count === 1 ? " " : "s"}: ${result.states} states, ${result.seconds.toFixed(1)} s, ` +
        `${((user + system) / 1e6).toFixed(1)} CPU s, ${result.bytesPerState} bytes/state`,
    );
  }
  console.log(`two workers are ${(seconds[0]! / seconds[1]!).toFixed(2)} times as fast as one`);
}
