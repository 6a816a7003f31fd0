// The expansion of a state may be abandoned before any step that is evaluated, and is then made again: on networks with inboxes, too, no
// delivery may be lost by that. All kinds of searches: abandoned.long.ts.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { whileTimeFlies } from "../support/abandoning.js";
import { pbftSetting } from "../support/settings.js";

for (const network of ["fifo", "lossy:1"])
  test.serial(`${network}: no delivery is lost when an expansion is abandoned`, async (t) => {
    const setting = pbftSetting("equivocating-primary", "r0", { network });
    const found = async () => {
      const { verdict, states, transitions, depth } = await search(setting, { maxDepth: 6 });
      return { verdict, states, transitions, depth };
    };
    const calm = await found();
    t.true(calm.states > 100);
    t.deepEqual(await whileTimeFlies(1, found), calm);
  });
