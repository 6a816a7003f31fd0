// The steps of components in one array: put down, put down anew, and moved together once much of the array is given up.

import test from "ava";
import fc from "fast-check";
import { StepTable, stepStride } from "../../src/explore/step-table.js";

function stepsAt(table: StepTable, component: number): number[] {
  const place = table.placeOf(component);
  return place < 0 ? [] : [...table.items.subarray(table.first(place), table.end(place))];
}

test("what was put down last for a component is what stands there", (t) => {
  const puts = fc.array(fc.tuple(fc.nat(3000), fc.array(fc.nat(9), { maxLength: 4 })), { maxLength: 40 });
  fc.assert(
    fc.property(puts, (all) => {
      const [table, plain] = [new StepTable(), new Map<number, number[]>()];
      for (const [component, inputs] of all) {
        const steps = inputs.flatMap((input) => [input, input + 1, -1]);
        const place = table.put(component, inputs.length, 7, steps);
        t.is(place, table.placeOf(component));
        t.deepEqual([table.triedAt(place), table.relevantAt(place)], [inputs.length, 7]);
        plain.set(component, steps);
      }
      for (const [component, steps] of plain) t.deepEqual(stepsAt(table, component), steps);
      t.is(table.placeOf(3001), -1);
      t.is(table.placeOf(100_000), -1);
    }),
  );
});

test("an array of which much is given up is made shorter, and nothing is lost", (t) => {
  const table = new StepTable();
  const steps = (component: number, round: number) =>
    Array.from({ length: 50 * stepStride }, (_, index) => component * 1000 + round * 100 + index);
  const [components, rounds] = [500, 30];
  for (let round = 0; round < rounds; round++)
    for (let component = 0; component < components; component++)
      table.put(component, round, 0, steps(component, round));
  const put = components * rounds * 50 * stepStride;
  t.true(put > 2 ** 21);
  t.true(table.items.length <= 2 ** 21, `${table.items.length} integers`);
  for (let component = 0; component < components; component++) {
    t.deepEqual(stepsAt(table, component), steps(component, rounds - 1));
    t.is(table.triedAt(table.placeOf(component)), rounds - 1);
  }
});

test("steps that are all there are for more inputs stay where they are", (t) => {
  const table = new StepTable();
  const place = table.put(5, 2, 1, [1, 2, 3]);
  table.setTried(place, 9);
  t.deepEqual([table.placeOf(5), table.triedAt(place), stepsAt(table, 5)], [place, 9, [1, 2, 3]]);
});
