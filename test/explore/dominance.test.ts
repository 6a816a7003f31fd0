// What dominance may leave out, and what it must not. (Against the plain search on everything that is small enough: see
// differential.test.ts and mutants.long.ts.)

import test from "ava";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import type { Effect, Json } from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/replay.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverBoth } from "../support/toy-properties.js";

const send = (receiver: string, message: string): Effect<Json> => ({ kind: "send", to: receiver, message });

/** What r1 does, in each state, on each word of r0: the next state, and what it sends to r2; r2 shows what it hears. */
type Words = {
  readonly [state: string]: { readonly [word: string]: readonly [next: string, tells?: string] };
};

function telling(table: Words): Setting {
  return toySetting(
    {
      init: ({ self }) => to("start", self === "r0" ? [send("r1", "a"), send("r1", "b")] : []),
      step: ({ self }, state, input) => {
        if (input.kind !== "message") return to(state);
        if (self === "r2") return to(state, [], [seen(String(input.message))]);
        const [next, tells] = table[String(state)]?.[String(input.message)] ?? [];
        return next === undefined ? to(state) : to(next, tells === undefined ? [] : [send("r2", tells)]);
      },
    },
    { config: { replicas: 3, faults: 0, requests: 0, slots: 0, clients: false }, bounds: { views: 0 } },
  );
}

async function observed(setting: Setting, reduction: Reduction) {
  const observations = new Set<string>();
  const { states } = await search(setting, {
    reduction,
    onObservation: (monitors) => observations.add(JSON.stringify(monitors)),
  });
  return { states, observations: [...observations].sort() };
}

test("a node that ends in the same state with less sent is left out", async (t) => {
  // It may leave at once, or tell first and then leave: to leave at once is at most that.
  const setting = telling({
    start: { a: ["told", "x"], b: ["left", "y"] },
    told: { b: ["left", "y"] },
  });
  const watched = { ...setting, properties: [neverBoth("x", "never")] };
  const [visible, dominant] = [
    await observed(watched, "visible-steps"),
    await observed(watched, "dominance"),
  ];
  t.deepEqual(dominant.observations, visible.observations);
  t.deepEqual([visible.states, dominant.states], [9, 7]);
});

test("two ways out that each go beyond the other are both followed to the end", async (t) => {
  // The last word decides the state, and both words together send more than either: each single step is dominated by
  // two steps that begin with the other one. Were they merely left out, nothing would be left.
  const setting = telling({
    start: { a: ["A", "x"], b: ["B", "y"] },
    A: { b: ["B", "y"] },
    B: { a: ["A", "x"] },
  });
  const watched = { ...setting, properties: [neverBoth("x", "never")] };
  const [plain, dominant] = [await observed(watched, "none"), await observed(watched, "dominance")];
  t.deepEqual(dominant.observations, plain.observations);
  t.is(
    (await search({ ...setting, properties: [neverBoth("x", "y")] }, { reduction: "dominance" })).verdict,
    "violated",
  );
});

test("more sent does not stand for another state", async (t) => {
  const setting = telling({ start: { a: ["told", "x"], b: ["left", "y"] }, told: {}, left: {} });
  const watched = { ...setting, properties: [neverBoth("x", "y")] };
  t.is((await search(watched, { reduction: "dominance" })).verdict, "holds");
  t.deepEqual(
    (await observed(watched, "dominance")).observations,
    (await observed(watched, "none")).observations,
  );
});

test("a way out that shows something else does not stand for it, however much more it sends", async (t) => {
  // To the same state: by "a" it shows x, by "b" it shows y and tells r2, which shows z. Never x and then z.
  const setting = toySetting(
    {
      init: ({ self }) => to("start", self === "r0" ? [send("r1", "a"), send("r1", "b")] : []),
      step: ({ self }, state, input) => {
        if (input.kind !== "message") return to(state);
        if (self === "r2") return to(state, [], [seen("z")]);
        if (self === "r0" || state !== "start") return to(state);
        return input.message === "a"
          ? to("left", [], [seen("x")])
          : to("left", [send("r2", "news")], [seen("y")]);
      },
    },
    {
      config: { replicas: 3, faults: 0, requests: 0, slots: 0, clients: false },
      bounds: { views: 0 },
      properties: [neverBoth("x", "z")],
    },
  );
  for (const reduction of ["none", "visible-steps", "dominance"] as const)
    t.is((await search(setting, { reduction })).verdict, "holds", reduction);
});

test("what is violated is looked for once more, so that its counterexample is a shortest one", async (t) => {
  const setting = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });
  const [visible, dominant] = [
    await search(setting, { reduction: "visible-steps" }),
    await search(setting, { reduction: "dominance" }),
  ];
  t.deepEqual(dominant.counterexample, visible.counterexample);
  t.is(dominant.reduction, "visible-steps");
  t.deepEqual(dominant.caveats, visible.caveats);
});

test("what is violated is reported with its path even where there is no time to look for a shorter one", async (t) => {
  const setting = pbftSetting("silent", "r3", {
    protocol: pbftMutant("view-change-forgets"),
    bounds: { views: 1 },
  });
  const result = await search(setting, { reduction: "dominance", maxStates: 1200 }); // visible steps need more
  t.deepEqual([result.reduction, result.verdict], ["dominance", "violated"]);
  t.is(
    result.caveats.at(-1)?.text,
    "the counterexample need not be a shortest one: the search for that, with visible steps, has reached a limit",
  );
  t.is(replayIn(setting, "agreement", result.counterexample!).outcome, "reproduced");
});

test("what is violated is reported even where the search for a shorter one comes to an error", async (t) => {
  const protocol = pbftMutant("quorum-2f");
  let [begun, most] = [0, Number.POSITIVE_INFINITY];
  const setting = pbftSetting("equivocating-primary", "r0", {
    protocol: {
      ...protocol,
      nodes: (config) =>
        protocol.nodes(config).map((node) => {
          const init: typeof node.behaviour.init = (...how) => {
            if (++begun > most) throw new Error("late");
            return node.behaviour.init(...how);
          };
          return { ...node, behaviour: { ...node.behaviour, init } };
        }),
    },
  });
  t.is((await search(setting, { reduction: "dominance" })).reduction, "visible-steps");
  [begun, most] = [0, begun / 2];
  const { verdict, reduction, caveats, counterexample } = await search(setting, { reduction: "dominance" });
  t.deepEqual([verdict, reduction], ["violated", "dominance"]);
  t.regex(
    caveats.at(-1)!.text,
    /^the counterexample need not be a shortest one: .*, ended with an error: .*"late"/,
  );
  most = Number.POSITIVE_INFINITY;
  t.is(replayIn(setting, "agreement", counterexample!).outcome, "reproduced");
});

test("liveness and crashes refuse it, with the reason", async (t) => {
  const setting = telling({});
  const live = await search({ ...setting, properties: [eventually("x")] }, { reduction: "dominance" });
  const crashing = await search({ ...setting, bounds: { views: 0, crashes: 1 } }, { reduction: "dominance" });
  for (const { reduction, refused } of [live, crashing])
    t.deepEqual([reduction, refused.map((one) => one.reduction)], ["visible-steps", ["dominance"]]);
});

for (const [place, states] of [
  ["r0", 9187],
  ["r1", 4588],
  ["r2", 4526],
] as const)
  test(`views 0-1 with arbitrary ${place} have ${states} states, and the observations of visible steps`, async (t) => {
    const setting = pbftSetting("arbitrary", place, { bounds: { views: 1 } });
    const dominant = await observed(setting, "dominance");
    t.is(dominant.states, states);
    t.deepEqual(dominant.observations, (await observed(setting, "visible-steps")).observations);
  });

test("it goes together with symmetry: a quarter of the states with r0 Byzantine, and nothing refused", async (t) => {
  const setting = pbftSetting("arbitrary", "r0", { bounds: { views: 1 } });
  const { states, symmetry, refused } = await search(setting, { reduction: "dominance", symmetry: true });
  t.deepEqual([states, symmetry, refused], [2398, 4, []]);
});
