// A search that was cut short never says that a property holds; it says which limit was reached.

import test from "ava";
import { type SearchOptions, search } from "../../src/explore/search.js";
import { residentBytes } from "../../src/verdict/resident-memory.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";

const setting = pbftSetting("equivocating-primary", "r0");

const limits: readonly (readonly [limit: string, options: SearchOptions, reason: string])[] = [
  ["states", { maxStates: 1000 }, "the limit of 1000 states was reached"],
  ["depth", { maxDepth: 3 }, "the depth limit of 3 was reached"],
  ["time", { maxSeconds: 0 }, "the limit of 0 seconds was reached"],
  ["memory", { maxMemoryBytes: 2 ** 20 }, "the limit of 1 MiB of memory was reached"],
];

for (const [limit, options, reason] of limits)
  test(`a search that reaches its limit of ${limit} is inconclusive and says so`, async (t) => {
    const result = await search({ ...setting, bounds: { views: 1 } }, { reduction: "none", ...options });
    t.is(result.verdict, "inconclusive");
    t.is(result.reason, reason);
    t.true(result.frontier > 0);
    t.deepEqual(
      result.properties.map((property) => property.verdict),
      ["inconclusive", "inconclusive"],
    );
  });

test("a search ends as soon as it has found as many states as it may", async (t) => {
  const { states } = await search(setting, { reduction: "none", maxStates: 300 });
  t.true(states >= 300 && states < 400, `${states} states`);
});

test("a depth limit below the length of the shortest violation hides it, and one at that length does not", async (t) => {
  const verdicts = [];
  const flawed = { ...setting, protocol: pbftMutant("quorum-2f") };
  for (const maxDepth of [3, 4]) {
    const { verdict } = await search(flawed, { reduction: "none", maxDepth });
    verdicts.push(verdict);
  }
  t.deepEqual(verdicts, ["inconclusive", "violated"]);
});

test("a depth limit beyond the last level cuts nothing", async (t) => {
  const { depth } = await search(setting, { reduction: "none" });
  t.is((await search(setting, { reduction: "none", maxDepth: depth })).verdict, "inconclusive");
  t.is((await search(setting, { reduction: "none", maxDepth: depth + 1 })).verdict, "holds");
});

test("an interrupted search is inconclusive and says that it was interrupted", async (t) => {
  const control = new AbortController();
  const options = { reduction: "none", signal: control.signal, onProgress: () => control.abort() } as const;
  const result = await search({ ...setting, bounds: { views: 1 } }, options);
  t.is(result.verdict, "inconclusive");
  t.is(result.reason, "the search was interrupted");
  t.true(result.interrupted);
});

test("progress is reported with what has been found so far", async (t) => {
  const states: number[] = [];
  const onProgress = (progress: { readonly states: number }) => states.push(progress.states);
  const result = await search(setting, { reduction: "none", onProgress });
  t.is(states.at(-1), result.states);
});

test("memory is asked for once in 20 ms, and at once after the clock was set back", (t) => {
  const [rss, now] = [process.memoryUsage.rss, Date.now];
  t.teardown(() => {
    [process.memoryUsage.rss, Date.now] = [rss, now];
  });
  let [asked, nowMs] = [0, 1e15];
  process.memoryUsage.rss = () => ++asked;
  Date.now = () => nowMs;
  const answers = [0, 19, 1, 19, -1000, 0].map((passedMs) => {
    nowMs += passedMs;
    return residentBytes();
  });
  t.deepEqual(answers, [1, 1, 2, 2, 3, 3]);
});
