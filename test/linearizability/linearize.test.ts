// The search for an order against all permutations, on random histories; and answers that are known.

import test from "ava";
import fc from "fast-check";
import {
  linearize,
  log,
  map,
  type Operation,
  queue,
  register,
  type SequentialObject,
  set,
  whyNot,
} from "../../src/linearizability/index.js";
import type { Json } from "../../src/protocol/index.js";

/** By its definition: some permutation of what returned and of some of the rest keeps to real time and to the object. */
function isLinearizable(operations: readonly Operation[], object: SequentialObject, initial: Json): boolean {
  const extend = (state: Json, rest: readonly Operation[]): boolean => {
    if (rest.every(({ returned }) => returned === null)) return true;
    return rest.some((next) => {
      if (rest.some((other) => other !== next && other.returned !== null && other.returned < next.called))
        return false;
      const { name, input, output, returned } = next;
      const after = object.step(state, { name, input, output: returned === null ? undefined : output });
      return (
        after !== undefined &&
        extend(
          after,
          rest.filter((other) => other !== next),
        )
      );
    });
  };
  return extend(object.init(initial), operations);
}

const small = fc.integer({ min: 0, max: 2 });
const call = (name: string, input: fc.Arbitrary<Json>, output: fc.Arbitrary<Json>) =>
  fc.record({ name: fc.constant(name), input, output });
const none = fc.constant(null);

/** Calls with arguments and answers that may be right. */
const callsOf: { readonly [object: string]: fc.Arbitrary<{ name: string; input: Json; output: Json }> } = {
  register: fc.oneof(
    call("write", small, none),
    call("read", none, small),
    call("cas", fc.tuple(small, small), none),
  ),
  map: fc.oneof(
    call("write", fc.tuple(fc.constantFrom("x", "y"), small), none),
    fc.record({ key: fc.constantFrom("x", "y"), value: small }).map(({ key, value }) => ({
      ...{ name: "read", input: [key, null], output: [key, value] },
    })),
  ),
  queue: fc.oneof(call("enqueue", small, none), call("dequeue", none, fc.option(small))),
  set: fc.oneof(call("add", small, none), call("read", none, fc.uniqueArray(small))),
  log: fc.oneof(
    call("append", small, fc.integer({ min: 1, max: 3 })),
    call("read", none, fc.array(small, { maxLength: 3 })),
  ),
};

/** Up to six operations: the places of their calls and returns are drawn, and some never return. */
function historiesOf(object: string): fc.Arbitrary<readonly Operation[]> {
  const one = fc.record({
    ...{
      call: callsOf[object]!,
      from: fc.nat(999),
      length: fc.nat(400),
      isLost: fc.nat(5).map((n) => n === 0),
    },
  });
  return fc.array(one, { minLength: 1, maxLength: 6 }).map((drawn) =>
    drawn.map(({ call: { name, input, output }, from, length, isLost }, index) => ({
      ...{ process: String(index), name, input, output, line: null },
      called: from + index / 100,
      returned: isLost ? null : from + length + 0.005 + index / 100,
    })),
  );
}

const objects: readonly (readonly [SequentialObject, linearizable: number])[] = [
  [register, 758],
  [map, 863],
  [queue as unknown as SequentialObject, 778],
  [set as unknown as SequentialObject, 555],
  [log as unknown as SequentialObject, 299],
];

for (const [object, linearizable] of objects)
  test(`${object.name}: of 2,000 random histories the same are linearizable as by permutations`, (t) => {
    const initial = object === register || object === map ? 0 : null;
    let count = 0;
    for (const history of fc.sample(historiesOf(object.name), { seed: 5, numRuns: 2_000 })) {
      const keys = object.part ? ['"x"', '"y"'] : [undefined];
      const parts = keys.map((key) => history.filter((one) => object.part?.(one) === key));
      const expected = parts.every((part) => isLinearizable(part, object, initial));
      const found = linearize(history, object, initial);
      t.is(found.isLinearizable, expected, JSON.stringify(history));
      if (expected) count++;
      else t.true(whyNot(found).length >= 3);
    }
    t.is(count, linearizable);
  });

const at = { process: "0", line: null };

test("a stale read has no place, and what is after the longest order is told", (t) => {
  const write = { ...at, name: "write", input: 1, output: null, called: 1, returned: 2 };
  const read = { ...at, name: "read", input: null, output: 0, called: 3, returned: 4 };
  const found = linearize([write, read], register, 0);
  t.is(found.isLinearizable, false);
  t.deepEqual([found.order, found.stuck, found.state], [[write], read, 1]);
  t.deepEqual(whyNot(found), [
    "No order explains process 0: read, answered 0.",
    "The longest order that is possible has 1 operation:",
    "  process 0: write 1",
    "After it the object is 1.",
  ]);
});

test("a write that never returned may take effect late, or never", (t) => {
  const lost = { ...at, name: "write", input: 1, output: null, called: 0, returned: null };
  const read = (process: string, output: Json, called: number) => ({
    ...{ process, line: null, name: "read", input: null, output, called, returned: called + 1 },
  });
  t.is(linearize([lost, read("1", 0, 2), read("1", 1, 4)], register, 0).isLinearizable, true);
  t.is(linearize([lost, read("1", 0, 2)], register, 0).isLinearizable, true);
  t.is(linearize([lost, read("1", 1, 2), read("1", 0, 4)], register, 0).isLinearizable, false);
});

test("a limit leaves it open", (t) => {
  const writes = Array.from({ length: 12 }, (_, value) => ({
    ...{
      process: String(value),
      line: null,
      name: "write",
      input: value,
      output: null,
      called: value,
      returned: 100 + value,
    },
  }));
  const read = { ...at, name: "read", input: null, output: 99, called: 200, returned: 201 };
  t.is(linearize([...writes, read], register, 0, { maxSteps: 50 }).isLinearizable, null);
  t.is(linearize([...writes, read], register, 0).isLinearizable, false);
});

test("a long history with a call that never returned takes a step or two for each operation", (t) => {
  const lost = { ...at, process: "lost", name: "write", input: -1, output: null, called: -1, returned: null };
  const pairs = Array.from({ length: 5_000 }, (_, pair): Operation[] => [
    {
      ...at,
      process: "0",
      name: "write",
      input: pair,
      output: null,
      called: 4 * pair,
      returned: 4 * pair + 2,
    },
    {
      ...at,
      process: "1",
      name: "read",
      input: null,
      output: pair,
      called: 4 * pair + 1,
      returned: 4 * pair + 3,
    },
  ]).flat();
  const { isLinearizable, steps } = linearize([lost, ...pairs], register, 0);
  t.deepEqual([isLinearizable, steps], [true, 10_001]);
});
