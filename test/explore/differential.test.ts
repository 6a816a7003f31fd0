// The fast search against the naive one: same states, same transitions, same verdict, same shortest length. And the
// reduced search against both: same verdict, and exactly the same observations.

import test from "ava";
import fc from "fast-check";
import { agreement } from "../../properties/agreement.js";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { validity } from "../../properties/validity.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { invariant, type Json, type Property, pairInvariant } from "../../src/protocol/index.js";
import { compare } from "../support/compare.js";
import {
  everythingSeen,
  randomModels,
  reluctantModels,
  settingOf,
  slotAgreement,
} from "../support/random-protocol.js";
import {
  fourReplicas,
  pbftMutant,
  pbftSetting,
  twoPhaseCommitSetting,
  withClient,
} from "../support/settings.js";
import { eventually } from "../support/toy-properties.js";

const oneRequest = { ...fourReplicas, requests: 1 };
const viewChange = { bounds: { views: 1 } };
const served = { config: withClient, properties: [clientsAreServed], ...viewChange };

const authenticated = { ...oneRequest, authentication: "authenticators" } as const;
const settings: { readonly [name: string]: Setting } = {
  "two-phase commit with 3 resource managers": twoPhaseCommitSetting(3),
  "silent r3": pbftSetting("silent", "r3"),
  "silent r0 in views 0-1": pbftSetting("silent", "r0", viewChange),
  "equivocating primary r0": pbftSetting("equivocating-primary", "r0", { config: oneRequest }),
  "equivocating primary misplaced at r2": pbftSetting("equivocating-primary", "r2"),
  "lying primary r0": pbftSetting("lying-voter", "r0"),
  "lying voter r1": pbftSetting("lying-voter", "r1", { config: oneRequest }),
  "arbitrary r0": pbftSetting("arbitrary", "r0", { config: oneRequest }),
  "arbitrary r1 with authenticators": pbftSetting("arbitrary", "r1", { config: authenticated }),
  "a Byzantine client and the silent r3": pbftSetting("byzantine-client", "c0", {
    config: withClient,
    byzantine: ["c0", "r3"],
    properties: [agreement],
  }),
  "lying primary r0 and a client": pbftSetting("lying-voter", "r0", {
    config: withClient,
    properties: [validity],
  }),
  "silent r0 in views 0-1 and a client": pbftSetting("silent", "r0", {
    config: withClient,
    properties: [validity],
    ...viewChange,
  }),
  "silent r0 in views 0-1 and a client that is served": pbftSetting("silent", "r0", served),
  "silent r0 in views 0-1 and a client that is never served (primary-forever)": pbftSetting("silent", "r0", {
    ...served,
    protocol: pbftMutant("primary-forever"),
  }),
  "equivocating primary r0 (quorum-2f)": pbftSetting("equivocating-primary", "r0", {
    protocol: pbftMutant("quorum-2f"),
  }),
  "arbitrary r0 and a client (reply-without-quorum)": pbftSetting("arbitrary", "r0", {
    protocol: pbftMutant("reply-without-quorum"),
    config: withClient,
    properties: [validity],
  }),
};

for (const [name, setting] of Object.entries(settings))
  test(`fast, reduced and naive search agree on ${name}`, async (t) => {
    const [found, expected] = await compare(setting);
    t.deepEqual(found, expected);
  });

const runs = { seed: 20250715, numRuns: 40 };
/** Few random models are larger, and those say little more. */
const maxStates = 1500;

function agreeOnRandomProtocols(
  name: string,
  properties: readonly Property[],
  numRuns = runs.numRuns,
  { models = randomModels, seed = runs.seed } = {},
): void {
  test(`fast, reduced and naive search agree on ${name} of random protocols`, async (t) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const setting = settingOf(model, properties);
        const small = await search(setting, { reduction: "none", maxStates });
        fc.pre(small.frontier === 0 || small.verdict === "violated");
        const [found, expected] = await compare(setting);
        compared++;
        t.deepEqual(found, expected);
      }),
      { seed, numRuns },
    );
    t.is(compared, numRuns);
  });
}

agreeOnRandomProtocols("everything seen", [everythingSeen]);
agreeOnRandomProtocols("agreement", [slotAgreement]);
agreeOnRandomProtocols("agreement, with everything seen beside it,", [everythingSeen, slotAgreement]);
agreeOnRandomProtocols("an event that must come", [eventually("x")]);
agreeOnRandomProtocols(
  "an event that must come, of nodes that may stay as they are,",
  [eventually("x")],
  25,
  {
    models: reluctantModels,
    seed: 4,
  },
);

// Predicates on states, and events that no property hears: the naive search looks at the states, and hears the events, of the plain system.

type State = { readonly at: number; readonly seen: readonly string[] };

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

agreeOnRandomProtocols("two views of states, one of them of few states,", [places, much], 8);
agreeOnRandomProtocols("one event among many", [hearsX], 8);
agreeOnRandomProtocols("one event among many, and views of states,", [hearsX, much], 8);
agreeOnRandomProtocols("an invariant of pairs", [apart], 8);
agreeOnRandomProtocols("an invariant of whole states, with another beside it,", [together, apart], 8);
