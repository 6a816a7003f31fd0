// A test that the fast, the reduced and the naive search agree on random protocols, and what properties see of these: of states, and of
// events that nobody else hears. The naive search looks at the states, and hears the events, of the plain system.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import { invariant, type Json, type Property, pairInvariant } from "../../src/protocol/index.js";
import { compare } from "./compare.js";
import {
  everythingSeen,
  randomModels,
  reluctantModels,
  settingOf,
  slotAgreement,
} from "./random-protocol.js";
import { eventually } from "./toy-properties.js";

const defaultSeed = 20250715;
/** Few random models are larger, and those say little more. */
const maxStates = 1500;

/** Makes the test. `models`: of which kind, by default all; `violated`: how many of them must violate something, at least. */
export function agreeOnRandomProtocols(
  name: string,
  properties: readonly Property[],
  numRuns: number,
  { models = randomModels, seed = defaultSeed, violated = 0 } = {},
): void {
  test(`fast, reduced and naive search agree on ${name} of random protocols`, async (t) => {
    let [compared, bad] = [0, 0];
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const setting = settingOf(model, properties);
        const small = await search(setting, { reduction: "none", maxStates });
        fc.pre(small.frontier === 0 || small.verdict === "violated");
        const [found, expected] = await compare(setting);
        compared++;
        if (small.verdict === "violated") bad++;
        t.deepEqual(found, expected);
      }),
      { seed, numRuns },
    );
    t.is(compared, numRuns);
    t.true(bad >= violated, `${bad} violated`);
  });
}

type State = { readonly at: number; readonly seen: readonly string[] };

/** Everything that it has ever seen of states, and no event: the finest observation of this view of states. */
const everyView = (name: string, sees: (state: State) => Json | undefined): Property => ({
  ...everythingSeen,
  name,
  hears: () => false,
  looks: (state) => sees(state as State),
});

export const places = everyView("places", ({ at }) => at);
export const much = everyView("much", ({ at, seen }) => (at === 0 ? undefined : seen.length > 1));

/** Of the events it hears the one that is named x. */
export const hearsX: Property = {
  ...everythingSeen,
  name: "hears-x",
  hears: (event) => event.kind === "custom" && event.name === "x",
};

export const apart = pairInvariant<State, number>(
  "apart",
  (a, b) => (a.state === 0 || b.state === 0 ? null : a.state !== b.state || a.state !== 3),
  { sees: ({ at }) => at },
);
export const together = invariant(
  "together",
  (nodes) => (nodes.every(({ state }) => state.at === 2) ? `${nodes.length} nodes are at 2` : true),
  { sees: ({ at, seen }: State) => ({ at, seen: [...seen].sort() }) }, // the naive search keeps sets in any order
);

/** The tests of all kinds of properties, with so many protocols each; `idle`: of nodes that may stay as they are. */
export function agreeOnAllKinds({ usual, idle }: { readonly usual: number; readonly idle: number }): void {
  agreeOnRandomProtocols("everything seen", [everythingSeen], usual);
  agreeOnRandomProtocols("agreement", [slotAgreement], usual, { violated: 1 });
  agreeOnRandomProtocols(
    "agreement, with everything seen beside it,",
    [everythingSeen, slotAgreement],
    usual,
    { violated: 1 },
  );
  agreeOnRandomProtocols("an event that must come", [eventually("x")], usual, { violated: 12 });
  agreeOnRandomProtocols(
    "an event that must come, of nodes that may stay as they are,",
    [eventually("x")],
    idle,
    {
      models: reluctantModels,
      seed: 4,
      violated: 9,
    },
  );
  agreeOnRandomProtocols("two views of states, one of them of few states,", [places, much], 8);
  agreeOnRandomProtocols("one event among many", [hearsX], 8);
  agreeOnRandomProtocols("one event among many, and views of states,", [hearsX, much], 8);
  agreeOnRandomProtocols("an invariant of pairs", [apart], 8);
  agreeOnRandomProtocols("an invariant of whole states, with another beside it,", [together, apart], 8, {
    violated: 1,
  });
}
