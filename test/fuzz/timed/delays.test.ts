// How long messages take: whatever is drawn, never longer than the network may.

import test from "ava";
import fc from "fast-check";
import { Dice } from "../../../src/fuzz/dice.js";
import { Delays } from "../../../src/fuzz/world/timed/delays.js";
import { inMicros } from "../../../src/model/timed/timing.js";
import { timing } from "../../support/settings.js";

const times = inMicros(timing);
const { gst, delta } = times;

test("a message that is sent at s arrives between s and max(s, GST) + Delta", (t) => {
  const moment = fc.oneof(fc.nat(2 * gst), fc.constantFrom(0, gst - 1, gst, gst + 1));
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -1, max: 4 }), fc.nat(4), moment, (seed, from, to, now) => {
      const at = new Delays(new Dice(seed), times, 5).arrival(from, to, now);
      t.true(Number.isInteger(at));
      t.true(at >= now && at <= Math.max(now, gst) + delta, `${at}`);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("both extremes are drawn: at once and as late as can be, before GST and after it", (t) => {
  const drawn = (now: number) =>
    new Set(
      Array.from({ length: 500 }, (_, seed) => new Delays(new Dice(seed), times, 5).arrival(0, 1, now) - now),
    );
  const [before, after] = [drawn(0), drawn(gst)];
  for (const extreme of [0, delta, gst + delta]) t.true(before.has(extreme), `${extreme}`);
  for (const extreme of [0, delta]) t.true(after.has(extreme), `${extreme}`);
  t.is(Math.max(...before), gst + delta);
  t.is(Math.max(...after), delta);
});
