// The simulator's parts, each for itself.

import test from "ava";
import { EventQueue } from "../../src/model/timed/event-queue.js";
import { type Delay, samplerOf } from "../../src/simulate/delay.js";
import { sizeOf } from "../../src/simulate/message-size.js";
import { latencyMs } from "../../src/simulate/percentiles.js";
import { placed } from "../../src/simulate/placement.js";
import { purpose, randomFor } from "../../src/simulate/random.js";
import { wanDelay, wanPresets } from "../../src/simulate/wan.js";

test("events come in the order of time, and of scheduling where times are equal", (t) => {
  const random = randomFor(1, purpose.delay);
  const queue = new EventQueue<number>();
  const expected = Array.from({ length: 5000 }, (_, index) => ({ time: random.below(100), index }));
  for (const { time, index } of expected) queue.add(time, index, index);
  expected.sort((a, b) => a.time - b.time || a.index - b.index);
  for (const { time, index } of expected) {
    t.true(queue.next());
    if (queue.time !== time || queue.what !== index || queue.node !== index)
      t.fail(`expected ${index} at ${time}`);
  }
  t.false(queue.next());
  t.is(queue.size, 0);
});

test("a queue that is filled and emptied by turns keeps its order", (t) => {
  const random = randomFor(2, purpose.delay);
  const queue = new EventQueue<null>();
  let [now, taken] = [0, 0];
  for (let i = 0; i < 2000; i++) queue.add(random.below(50), i, null);
  while (queue.next()) {
    if (queue.time < now) t.fail("time went back");
    now = queue.time;
    if (++taken < 20_000 && random.float() < 0.9) queue.add(now + random.below(50), 0, null);
  }
  t.true(taken > 2000);
});

const distributions: readonly [Delay, least: number, mean: number, most: number][] = [
  [{ kind: "constant", ms: 3 }, 3, 3, 3],
  [{ kind: "uniform", minMs: 5, maxMs: 35 }, 5, 20, 35],
  [{ kind: "normal", meanMs: 20, deviationMs: 5 }, 0, 20, 45],
  [{ kind: "log-normal", medianMs: 20, sigma: 0.3 }, 4, 20 * Math.exp(0.045), 90],
];
for (const [delay, least, mean, most] of distributions)
  test(`delays that are ${delay.kind} have the mean and the bounds that they should`, (t) => {
    const sampler = samplerOf(delay, randomFor(3, purpose.delay));
    const drawn = Array.from({ length: 20_000 }, () => sampler(0, 1));
    t.true(drawn.every(Number.isInteger));
    t.true(Math.min(...drawn) >= 1000 * least && Math.max(...drawn) <= 1000 * most);
    const average = drawn.reduce((a, b) => a + b) / drawn.length / 1000;
    t.true(Math.abs(average - mean) < 0.2, `${average}`);
  });

test("a matrix gives each pair of regions its own delay, and nodes beyond the last region start again", (t) => {
  const oneWayMs = [
    [1, 20],
    [30, 2],
  ];
  const sampler = samplerOf({ kind: "matrix", regions: ["a", "b"], oneWayMs, sigma: 0 }, randomFor(1, 1));
  t.deepEqual([sampler(0, 1), sampler(1, 0), sampler(2, 3), sampler(1, 3)], [20_000, 30_000, 20_000, 2000]);
});

for (const preset of wanPresets)
  test(`the round-trip times of ${preset.name} are complete, and nearly the same both ways`, (t) => {
    const { oneWayMs } = wanDelay(preset);
    t.is(oneWayMs.length, preset.regions.length);
    for (const [from, row] of preset.roundTripMs.entries()) {
      t.is(row.length, preset.regions.length);
      for (const [to, ms] of row.entries())
        t.true(Math.abs(ms - preset.roundTripMs[to]![from]!) <= 5, `${from}-${to}`);
    }
    t.is(oneWayMs[0]![1]! + oneWayMs[0]![1]!, preset.roundTripMs[0]![1]!);
  });

test("percentiles are latencies that occurred", (t) => {
  t.deepEqual(latencyMs([1000, 2000, 4000]), { p50: 2, p95: 4, p99: 4, mean: 2.333, max: 4 });
  const hundred = Array.from({ length: 100 }, (_, index) => 1000 * (100 - index));
  t.deepEqual(latencyMs(hundred), { p50: 50, p95: 95, p99: 99, mean: 50.5, max: 100 });
  t.is(latencyMs([]), null);
});

test("a message is as long as its contents and its signatures", (t) => {
  t.is(sizeOf({ tag: "signed", signer: "r0", body: 7 }), 71);
  const vote = { tag: "prepare", slot: 12 };
  t.is(sizeOf(vote), JSON.stringify(vote).length);
  t.is(sizeOf({ tag: "certificate", vote, atLeast: 3, among: [] }), sizeOf(vote) + 3 * 70);
});

test("so many Byzantine replicas: the first, the last, or a sample that depends on the seed alone", (t) => {
  const ids = ["r0", "r1", "r2", "r3", "r4", "r5", "r6"];
  t.deepEqual(placed({ count: 2, which: "first" }, ids, 1), ["r0", "r1"]);
  t.deepEqual(placed({ count: 2, which: "last" }, ids, 1), ["r5", "r6"]);
  t.deepEqual(placed(["r4", "r1"], ids, 1), ["r1", "r4"]);
  const counts = new Map(ids.map((id) => [id, 0]));
  for (let seed = 0; seed < 7000; seed++) {
    const drawn = placed({ count: 2, which: "any" }, ids, seed);
    t.is(new Set(drawn).size, 2);
    for (const id of drawn) counts.set(id, counts.get(id)! + 1);
  }
  for (const [id, count] of counts) t.true(Math.abs(count - 2000) < 150, `${id}: ${count}`);
  t.throws(() => placed({ count: 8, which: "any" }, ids, 1), { message: /there are 7/ });
  t.throws(() => placed(["r9"], ids, 1), { message: /no replica r9/ });
});

test("different purposes of one seed have different randomness", (t) => {
  const drawn = Object.values(purpose).map((what) => randomFor(1, what).float());
  t.is(new Set(drawn).size, drawn.length);
  t.is(randomFor(1, 1).float(), randomFor(1, 1).float());
});
