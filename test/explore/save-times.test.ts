// When a search is saved, and how much time is kept for the last time.

import test from "ava";
import { SaveTimes } from "../../src/explore/save-times.js";

test("it is saved every so many seconds, but not with more than a tenth of the time", (t) => {
  const times = new SaveTimes(60);
  t.deepEqual([times.isDue(59), times.isDue(60)], [false, true]);
  times.saved(1_000_000, 60, performance.now() - 9_000);
  t.deepEqual([times.isDue(149), times.isDue(151)], [false, true]);
});

test("before it was measured, saving twelve and a half million states is expected to take a second; then as long as it took", (t) => {
  const times = new SaveTimes();
  t.is(times.expectedSeconds(12_500_000), 1);
  t.is(times.expectedSeconds(0), 0);
  times.saved(1_000_000, 60, performance.now() - 2_000);
  const expected = times.expectedSeconds(2_000_000);
  t.true(expected >= 4 && expected < 5, `${expected}`);
});

test("a quick save of few states does not make the next seem slow, nor free", (t) => {
  const times = new SaveTimes();
  times.saved(10, 1, performance.now() - 50);
  const expected = times.expectedSeconds(1_000_000);
  t.true(expected >= 0.08 && expected < 1.5, `${expected}`);
});
