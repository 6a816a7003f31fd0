import test from "ava";
import { mixed } from "../../src/fuzz/dice.js";
import { DistinctSample } from "../../src/fuzz/sample.js";

/** A sample of the numbers from `first` to below `end`. */
function sampleOf(first: number, end: number): DistinctSample {
  const sample = new DistinctSample();
  for (let item = first; item < end; item++) sample.add(mixed(item, 1), mixed(item, 2));
  return sample;
}

test("few are counted exactly, repetitions once", (t) => {
  const sample = sampleOf(0, 10_000);
  for (let item = 0; item < 10_000; item += 3) sample.add(mixed(item, 1), mixed(item, 2));
  t.is(sample.size, 10_000);
  t.false(sample.isEstimate);
});

test("many are estimated, within half a percent", (t) => {
  const sample = sampleOf(0, 3_000_000);
  t.true(sample.isEstimate);
  t.true(Math.abs(sample.size - 3_000_000) < 15_000, `${sample.size}`);
});

test("samples of parts, merged in any order, are the sample of the whole", (t) => {
  const whole = sampleOf(0, 1_200_000).sorted();
  // The parts overlap.
  const parts = [0, 1, 2].map((part) => sampleOf(part * 350_000, part * 350_000 + 500_000).serialized());
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
  ]) {
    const merged = new DistinctSample();
    for (const part of order) merged.merge(parts[part]!);
    t.deepEqual(merged.sorted(), whole);
  }
});

test("a part that begins with the level of the sample to which it is added makes no difference", (t) => {
  const [merged, plain] = [new DistinctSample(), new DistinctSample()];
  const levels: number[] = [];
  for (let part = 0; part < 4; part++) {
    const sample = new DistinctSample(merged.level);
    levels.push(sample.level);
    for (let item = part * 600_000; item < (part + 1) * 600_000; item++)
      sample.add(mixed(item, 1), mixed(item, 2));
    merged.merge(sample.serialized());
    plain.merge(sampleOf(part * 600_000, (part + 1) * 600_000).serialized());
  }
  t.deepEqual(levels, [0, 1, 2, 2]);
  t.deepEqual(merged.sorted(), plain.sorted());
});

test("a hash of all zeros counts", (t) => {
  const sample = new DistinctSample();
  sample.add(0, 0);
  sample.add(0, 0);
  t.is(sample.size, 1);
});
