// Searching past violations: the states are those of the same search with a property that is never violated, every property has the verdict that
// it has alone, and each counterexample that is listed replays.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import { type Json, monitor, type Property } from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/index.js";
import { naively } from "../support/against-naive.js";
import { observationText } from "../support/naive.js";
import { everythingSeen, randomModels, settingOf, slotAgreement } from "../support/random-protocol.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverBoth } from "../support/toy-properties.js";

/** The same property, which remembers the same and is violated by nothing. */
function muted(property: Property): Property {
  return {
    ...property,
    monitor: (facts) => ({ ...property.monitor(facts), verdict: () => "holds" }),
  };
}

/** A second property that is often violated: no node executes anything at slot 2. */
const noSecondSlot: Property = {
  ...slotAgreement,
  name: "no-second-slot",
  monitor: () =>
    monitor<boolean>({
      init: false,
      on: (isBroken, _by, event) => isBroken || (event.kind === "executed" && event.slot === 2),
      verdict: (isBroken) => (isBroken ? "violated" : "holds"),
      exercised: () => 1,
      explain: () => "slot 2 was used",
    }),
};

const reductions = ["none", "sleep-sets", "visible-steps"] as const;

async function past(setting: Setting, reduction: Reduction, maxViolations?: number) {
  const observations: (readonly Json[])[] = [];
  const result = await search(setting, {
    ...{ reduction, pastViolations: true, onObservation: (states) => observations.push(states) },
    ...(maxViolations !== undefined && { maxViolations }),
  });
  return { result, observations };
}

for (const reduction of reductions)
  test(`all states are counted, as if nothing were violated (${reduction})`, async (t) => {
    const properties = [slotAgreement, noSecondSlot, everythingSeen];
    let violated = 0;
    await fc.assert(
      fc.asyncProperty(randomModels, async (model) => {
        const setting = settingOf(model, properties);
        const silent = settingOf(model, properties.map(muted));
        const naive = naively(silent, 300);
        if (naive === null) return;
        const { result, observations } = await past(setting, reduction, 2);
        const expected = await search(silent, { reduction });
        t.deepEqual([result.states, result.depth, result.frontier], [expected.states, expected.depth, 0]);
        // Of steps that commute one may be a violation by itself: sleep sets keep both orders then.
        if (reduction !== "sleep-sets") t.is(result.transitions, expected.transitions);
        if (reduction === "none")
          t.deepEqual([result.states, result.transitions], [naive.states, naive.transitions]);
        t.deepEqual(observations.map(observationText).sort(), [...naive.observations].sort());
        // A property is violated exactly if one of the observations, which the naive search has as well, violates it.
        const facts = { config: setting.config, correct: [], issued: [] };
        for (const [index, property] of properties.entries()) {
          const judge = property.monitor(facts);
          const isViolated = observations.some((states) => judge.verdict(states[index]!) === "violated");
          t.is(result.properties[index]!.verdict === "violated", isViolated, property.name);
          if (isViolated) violated++;
        }
        for (const one of result.counterexamples)
          t.is(replayIn(setting, one.property, one).outcome, "reproduced");
      }),
      { seed: 18, numRuns: 30 },
    );
    t.true(violated > 10, `${violated}`);
  });

test("what is owed in the end has the verdict that it has alone, also behind a violation", async (t) => {
  const served: Property = { ...eventually("x"), name: "slot-1-executed" };
  const slotOne: Property = {
    ...served,
    monitor: () =>
      monitor<boolean>({
        init: false,
        on: (isSeen, _by, event) => isSeen || (event.kind === "executed" && event.slot === 1),
        verdict: (isSeen) => (isSeen ? "holds" : "pending"),
        exercised: () => 1,
        explain: () => "slot 1 is empty",
      }),
  };
  const verdicts = { violated: 0, both: 0 };
  for (const reduction of ["none", "visible-steps"] as const)
    await fc.assert(
      fc.asyncProperty(randomModels, async (model) => {
        const together = settingOf(model, [noSecondSlot, slotOne]);
        if (naively(settingOf(model, [muted(noSecondSlot), muted(slotOne)]), 200) === null) return;
        const alone = await search(settingOf(model, [slotOne]), { reduction: "none" });
        const { result } = await past(together, reduction);
        const [safety, liveness] = result.properties;
        t.is(liveness!.verdict, alone.verdict === "vacuous" ? liveness!.verdict : alone.verdict);
        if (liveness!.verdict !== "violated") return;
        verdicts.violated++;
        if (safety!.verdict === "violated") verdicts.both++;
        for (const one of result.counterexamples)
          t.is(replayIn(together, one.property, one).outcome, "reproduced");
      }),
      { seed: 7, numRuns: 20 },
    );
  t.true(verdicts.violated > 10 && verdicts.both > 2, JSON.stringify(verdicts));
});

test("a violation hides neither another one behind it nor one that is beyond the number asked for", async (t) => {
  const setting = toySetting(
    {
      init: ({ self }) =>
        to(
          "start",
          self === "r0" ? ["a", "b", "c"].map((message) => ({ kind: "send", to: "r1", message })) : [],
        ),
      step: (_context, state, input) =>
        input.kind === "message"
          ? to(`${state} ${input.message}`, [], [seen(String(input.message))])
          : to(state),
    },
    {
      network: "once",
      properties: [neverBoth("a", "a"), { ...neverBoth("a", "b"), name: "other" }, eventually("d")],
    },
  );
  const { verdict, properties } = await search(setting, { reduction: "none" });
  t.is(verdict, "violated");
  t.deepEqual(
    properties.map((one) => one.verdict),
    ["violated", "inconclusive", "inconclusive"],
  );
  const { result } = await past(setting, "none", 1);
  t.deepEqual(
    result.counterexamples.map(({ property, actions }) => [property, actions.length]),
    [
      ["never-both", 1],
      ["other", 2],
      ["eventually-d", 3],
    ],
  );
  t.is(result.states, 16); // the orders of up to three messages
  t.deepEqual(result.past, { violating: 11, complete: false }); // there may be more: only one was asked for
});

test("of a mutant of PBFT all causes are listed, and dominance gives way", async (t) => {
  const setting = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });
  const { result } = await past(setting, "none");
  const silent = { ...setting, properties: setting.properties.map(muted) };
  const all = await search(silent, { reduction: "none" });
  t.deepEqual([result.states, result.transitions], [all.states, all.transitions]);
  t.deepEqual(
    result.counterexamples.map(({ actions }) => actions.length),
    [4, 5],
  );
  t.true(result.past!.complete);
  const { result: asked } = await past(setting, "dominance");
  t.is(asked.reduction, "visible-steps");
  t.deepEqual(
    asked.refused.map(({ reduction }) => reduction),
    ["dominance"],
  );
});

test("a search that is cut does not say that other properties hold", async (t) => {
  const properties = [
    (await import("../../properties/agreement.js")).agreement,
    (await import("../../properties/validity.js")).validity,
  ];
  const setting = pbftSetting("equivocating-primary", "r0", {
    protocol: pbftMutant("quorum-2f"),
    properties,
  });
  const result = await search(setting, { reduction: "none", pastViolations: true, maxStates: 100 });
  t.deepEqual(
    result.properties.map(({ verdict }) => verdict),
    ["violated", "inconclusive"],
  );
  t.false(result.past!.complete);
});
