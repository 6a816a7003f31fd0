// Numbers for lists of integers, against numbers for their texts.

import test from "ava";
import fc from "fast-check";
import { Numbering } from "../../src/model/intern.js";
import { SharedTuples, Tuples } from "../../src/model/tuples.js";

const list = fc.array(fc.oneof(fc.nat(3), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), {
  maxLength: 6,
});

test("lists are numbered as their texts are, in the order in which they come", (t) => {
  let [fresh, again] = [0, 0];
  fc.assert(
    fc.property(fc.array(list, { minLength: 50, maxLength: 100 }), (lists) => {
      const tuples = new Tuples();
      const numbering = new Numbering();
      for (const items of lists) {
        const { id, isNew } = numbering.id(items.join());
        t.is(tuples.find(items), isNew ? -1 : id);
        t.is(tuples.id(items), id);
        t.deepEqual(tuples.list(id), items);
        if (isNew) fresh++;
        else again++;
      }
      t.is(tuples.size, numbering.size);
    }),
    { seed: 3, numRuns: 100 },
  );
  t.true(fresh > 1_000 && again > 300, `${fresh} new, ${again} known`);
});

test("only so many items of a longer array count", (t) => {
  const tuples = new Tuples();
  t.is(tuples.add([1, 2, 3], 2), 0);
  t.is(tuples.find([1, 2]), 0);
  t.is(tuples.find([1, 2, 4], 2), 0);
  t.is(tuples.find([1, 2, 3]), -1);
});

test("what one thread has numbered has the same number in another, and is made there", (t) => {
  const made: (readonly number[])[] = [];
  const [one, other] = [new SharedTuples(() => {}), new SharedTuples((items) => made.push(items))];
  for (const items of [[], [3], [1, 2], [-1]]) one.id(items);
  other.id([]);
  for (const text of one.texts()) other.deserialize(text);
  t.deepEqual(made, [[3], [1, 2], [-1]]);
  t.deepEqual(
    [[], [3], [1, 2], [-1]].map((items) => other.id(items)),
    [0, 1, 2, 3],
  );
  t.throws(() => other.deserialize("3"), {
    message: /^threads disagree: 3 has the number 1 in one and 4 in others$/,
  });
});

test("what comes in from others while a list is being numbered comes before it", (t) => {
  const tuples = new SharedTuples(() => {});
  const log: string[] = [];
  tuples.share((text, isKnown) => {
    if (log.length === 0) {
      log.push("7", "8,9");
      for (const entry of log) tuples.deserialize(entry);
    }
    if (isKnown()) return false;
    log.push(text);
    return true;
  });
  t.is(tuples.id([8, 9]), 1); // another thread was first
  t.is(tuples.id([5]), 2);
  t.deepEqual(log, ["7", "8,9", "5"]);
  t.deepEqual([...tuples.texts()], log);
});
