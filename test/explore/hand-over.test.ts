// When several threads take a search over: with states enough, unless many of them need a search inside a node.

import test from "ava";
import type { Reductions } from "../../src/explore/reductions.js";
import type { SearchOptions } from "../../src/explore/search-options.js";
import { HandOver } from "../../src/explore/workers/hand-over.js";
import { TransitionSystem } from "../../src/model/system.js";
import { pbftSetting } from "../support/settings.js";

const source = { description: {} } as never;
const system = new TransitionSystem(pbftSetting("silent", "r3"));

/** After levels of so many states each, and so many searches inside nodes in each. */
function isDue(
  levels: readonly (readonly [states: number, searches: number])[],
  options: SearchOptions,
  reduction = "visible-steps",
): boolean {
  const visible = { searches: 0 };
  const reductions = { reduction, expansion: { visible }, representatives: null } as unknown as Reductions;
  const handOver = new HandOver(system, options, reductions, null);
  let expanded = 0;
  for (const [states, searches] of levels) {
    expanded += states;
    visible.searches += searches;
    handOver.levelEnds(expanded);
    handOver.levelEnds(expanded); // it may be asked twice
  }
  return handOver.isDue(expanded, 1);
}

const two: SearchOptions = { workers: { count: 2, source } };

test("with 400,000 states threads take over, unless one state of ten needed a search inside a node lately", (t) => {
  t.false(
    isDue(
      [
        [100_000, 0],
        [299_999, 0],
      ],
      two,
    ),
  );
  t.true(
    isDue(
      [
        [100_000, 0],
        [300_000, 0],
      ],
      two,
    ),
  );
  t.true(
    isDue(
      [
        [100_000, 90_000],
        [300_000, 29_999],
      ],
      two,
    ),
  );
  t.false(
    isDue(
      [
        [100_000, 0],
        [300_000, 30_000],
      ],
      two,
    ),
  );
});

test("the first level of a search that is resumed tells nothing", (t) => {
  t.false(isDue([[5_000_000, 0]], two));
  t.true(
    isDue(
      [
        [5_000_000, 0],
        [10, 0],
      ],
      two,
    ),
  );
});

test("whoever gives the number of states has the threads then", (t) => {
  const from: SearchOptions = { workers: { count: 2, source, from: 1000 } };
  t.true(
    isDue(
      [
        [500, 0],
        [600, 600],
      ],
      from,
    ),
  );
  t.false(
    isDue(
      [
        [500, 0],
        [400, 0],
      ],
      from,
    ),
  );
});

test("one thread makes what several would count otherwise, or could not explain", (t) => {
  const levels = [
    [500_000, 0],
    [500_000, 0],
  ] as const;
  t.true(isDue(levels, two));
  t.false(isDue(levels, { workers: { count: 1, source } }));
  t.false(isDue(levels, {}));
  t.false(isDue(levels, two, "sleep-sets"));
  t.false(isDue(levels, { ...two, explain: true }));
  t.false(isDue(levels, { ...two, maxViolations: 2 }));
  t.false(isDue(levels, { ...two, pastViolations: true }));
});
