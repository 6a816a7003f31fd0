// Predicates on states, and events that no property hears: every search finds what the naive one does, which looks at
// the states, and hears the events, of the plain system.

import test from "ava";
import fc from "fast-check";
import reliableBroadcast from "../../examples/reliable-broadcast.js";
import { search } from "../../src/explore/search.js";
import { invariant, type Json, type Property, pairInvariant } from "../../src/protocol/index.js";
import { compare } from "../support/compare.js";
import { alone } from "../support/published-specs.js";
import { everythingSeen, randomModels, settingOf } from "../support/random-protocol.js";

type State = { readonly at: number; readonly seen: readonly string[] };

const runs = { seed: 20261129, numRuns: 40 };
const maxStates = 1500;

/** Everything that it has ever seen of states, and no event: the finest observation of this view of states. */
const everyView = (name: string, sees: (state: State) => Json | undefined): Property => ({
  ...everythingSeen,
  name,
  hears: () => false,
  looks: (state) => sees(state as State),
});

const places = everyView("places", ({ at }) => at);
const much = everyView("much", ({ at, seen }) => (at === 0 ? undefined : seen.length > 1));

/** Of the events it hears the one that is named x. */
const hearsX: Property = {
  ...everythingSeen,
  name: "hears-x",
  hears: (event) => event.kind === "custom" && event.name === "x",
};

const apart = pairInvariant<State, number>(
  "apart",
  (a, b) => (a.state === 0 || b.state === 0 ? null : a.state !== b.state || a.state !== 3),
  { sees: ({ at }) => at },
);
const together = invariant(
  "together",
  (nodes) => (nodes.every(({ state }) => state.at === 2) ? `${nodes.length} nodes are at 2` : true),
  { sees: ({ at, seen }: State) => ({ at, seen: [...seen].sort() }) }, // the naive search keeps sets in any order
);

const cases: { readonly [name: string]: readonly Property[] } = {
  "what is seen of states": [places],
  "two views of states, one of them of few": [places, much],
  "one event among many": [hearsX],
  "one event among many, and views": [hearsX, much],
  "an invariant of pairs": [apart],
  "an invariant of whole states, with another beside it": [together, apart],
};

for (const [name, properties] of Object.entries(cases))
  test(`fast, reduced and naive search agree on ${name}, of random protocols`, async (t) => {
    let [compared, violated] = [0, 0];
    await fc.assert(
      fc.asyncProperty(randomModels, async (model) => {
        const setting = settingOf(model, properties);
        const small = await search(setting, { reduction: "none", maxStates });
        fc.pre(small.frontier === 0 || small.verdict === "violated");
        const [found, expected] = await compare(setting);
        compared++;
        if (small.verdict === "violated") violated++;
        t.deepEqual(found, expected);
      }),
      runs,
    );
    t.is(compared, runs.numRuns);
    if (properties.includes(apart)) t.true(violated > 3, `${violated} violated`);
  });

test("one round of reliable broadcast with a Byzantine process has the published 14,424 states", async (t) => {
  const found = await search(alone(reliableBroadcast), { reduction: "none" });
  t.deepEqual([found.states, found.frontier, found.depth], [14_424, 0, 6]); // published as 7: there the initial states have depth 1
});
