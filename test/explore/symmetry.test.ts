// Symmetry: true orbits (published numbers, whatever the order of exploration), the same verdicts and the same observations
// up to names as without it, and a refusal, with the reason, wherever a protocol, an adversary or a property tells names apart.

import test from "ava";
import * as Schema from "effect/Schema";
import { agreement } from "../../properties/agreement.js";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { integrity } from "../../properties/integrity.js";
import { validity } from "../../properties/validity.js";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { nodesOf, type Setting } from "../../src/model/setting.js";
import { interchangeable, renamings } from "../../src/model/symmetry/group.js";
import { elementsOf } from "../../src/model/symmetry/images.js";
import { Renaming, wordsBetween } from "../../src/model/symmetry/renaming.js";
import { Sorting } from "../../src/model/symmetry/sorting.js";
import {
  type Behaviour,
  type Input,
  type Json,
  monitor,
  type NodeId,
  type Property,
  type Step,
} from "../../src/protocol/index.js";
import { plan } from "../../src/suite/plan.js";
import { replayIn } from "../../src/trace/replay.js";
import { observationText } from "../support/naive.js";
import { everythingSeen } from "../support/random-protocol.js";
import { pbftMutant, pbftSetting, twoPhaseCommitSetting, withClient } from "../support/settings.js";
import { observed, symmetryOfPartedProtocols, symmetryOfRandomProtocols } from "../support/symmetry.js";
import { type Toy, to, toySetting } from "../support/toy.js";

for (const [managers, states, orbits, order] of [
  [2, 56, 34, 2],
  [3, 288, 80, 6],
  [5, 8832, 314, 120],
  [6, 50_816, 553, 720],
] as const)
  test(`two-phase commit with ${managers} resource managers has ${orbits} orbits`, async (t) => {
    const setting = twoPhaseCommitSetting(managers);
    t.is((await search(setting, { reduction: "none" })).states, states);
    const result = await search(setting, { reduction: "none", symmetry: true });
    t.is(result.states, orbits);
    t.is(result.symmetry, order);
    t.deepEqual(result.refused, []);
  });

test("renamings that differ by exchanges that change nothing are tried once, and none is left out", (t) => {
  const setting = twoPhaseCommitSetting(4);
  const ids = nodesOf(setting.protocol, setting.config).map(({ id }) => id);
  const elements = elementsOf(renamings(setting), ids);
  const sets = interchangeable(setting).map((set) => set.map((id) => ids.indexOf(id)));
  const ties = new Sorting(elements, sets).ties(
    ids.map((id) => (sets[0]!.includes(ids.indexOf(id)) ? 0 : 1)),
  );
  t.is(ties.exchanges.length, 3);
  const identity = ids.map((_, node) => node);
  const tried = [24, 12, 12, 4, 12, 6, 4, 1]; // 24 / the order of what the exchanges of the bits generate
  for (const [fixed, count] of tried.entries()) {
    const changing = ties.exchanges.filter((_, index) => (fixed & (1 << index)) !== 0);
    const nothing = [identity]; // what these generate
    for (const one of nothing)
      for (const { imageOf } of changing) {
        const next = one.map((node) => imageOf[node]!);
        if (!nothing.some((other) => String(other) === String(next))) nothing.push(next);
      }
    const all = [identity, ...ties.others(fixed).map(({ imageOf }) => imageOf)];
    t.is(all.length, count);
    const products = all.flatMap((last) => nothing.map((first) => String(first.map((node) => last[node]!))));
    t.is(products.length, 24);
    t.is(new Set(products).size, 24);
  }
});

/** The orbits of the texts of observations, each as its least member. */
function upToNames(observations: readonly string[], groups: readonly (readonly string[][])[]): string[] {
  const renamings = groups.reduce<Map<string, string>[]>(
    (all, rows) =>
      all.flatMap((words) => [
        words,
        new Map([
          ...words,
          ...rows[0]!.map((word, i): [string, string] => [word, rows[1]![i]!]),
          ...rows[1]!.map((word, i): [string, string] => [word, rows[0]![i]!]),
        ]),
      ]),
    [new Map()],
  );
  const orbit = (text: string) =>
    renamings.map((words) => observationText(new Renaming(words).apply(JSON.parse(text) as Json[])));
  return [...new Set(observations.map((text) => orbit(text).sort()[0]!))].sort();
}

const requests = [
  ["c0", "A"],
  ["c1", "B"],
];

const cases: readonly (readonly [name: string, setting: Setting, order: number, groups: string[][][]])[] = [
  ["arbitrary r0, view 0", pbftSetting("arbitrary", "r0"), 12, []],
  [
    "arbitrary r1, view 0",
    pbftSetting("arbitrary", "r1", { properties: [agreement, validity, integrity] }),
    4,
    [requests, [["r2"], ["r3"]]],
  ],
  [
    "lying voter r0, views 0-1",
    pbftSetting("lying-voter", "r0", { bounds: { views: 1 } }),
    4,
    [requests, [["r2"], ["r3"]]],
  ],
  ["silent r2, views 0-1", pbftSetting("silent", "r2", { bounds: { views: 1 } }), 2, [requests]],
];

for (const [name, setting, order, groups] of cases)
  for (const reduction of ["none", "visible-steps"] as const)
    test(`${name}, ${reduction}: with symmetry the same is observed, up to names, in fewer states`, async (t) => {
      const plain = await observed(setting, reduction, false);
      const symmetric = await observed(setting, reduction, true);
      t.deepEqual(symmetric.refused, []);
      t.is(symmetric.symmetry, order);
      t.is(symmetric.verdict, plain.verdict);
      t.is(symmetric.depth, plain.depth);
      t.true(symmetric.states < plain.states);
      t.true(
        symmetric.states * order >= plain.states,
        "an orbit has no more states than there are renamings",
      );
      if (groups.length > 0)
        t.deepEqual(upToNames(symmetric.observations, groups), upToNames(plain.observations, groups));
    });

// Of more of them: symmetry.long.ts.
symmetryOfRandomProtocols(60, { compared: 45, violated: 1, refused: 15 });
symmetryOfPartedProtocols(90, {
  "bridge-partitions holds": 3,
  "bridge-partitions vacuous": 9,
  "bridge-partitions violated": 1,
  "one-way-partitions holds": 10,
  "one-way-partitions vacuous": 7,
  "partitions holds": 13,
  "partitions vacuous": 6,
  "partitions violated": 1,
});

for (const [flaw, byzantine, views] of [
  ["quorum-2f", "r0", 0],
  ["votes-ignore-digest", "r0", 0],
  ["view-change-forgets", "r0", 1],
] as const)
  test(`${flaw}: the counterexample is as short with symmetry, and replays`, async (t) => {
    const setting = pbftSetting("arbitrary", byzantine, {
      protocol: pbftMutant(flaw),
      bounds: { views },
      properties: [agreement],
    });
    const plain = await search(setting);
    const symmetric = await search(setting, { symmetry: true });
    t.true(symmetric.symmetry > 1);
    t.is(symmetric.verdict, "violated");
    t.is(symmetric.depth, plain.depth);
    t.is(replayIn(setting, "agreement", symmetric.counterexample!).outcome, "reproduced");
  });

test("a network with inboxes has orbits, too", async (t) => {
  const setting = pbftSetting("silent", "r3", { network: "once", properties: [agreement] });
  const plain = await search(setting);
  const symmetric = await search(setting, { symmetry: true });
  t.deepEqual(symmetric.refused, []);
  t.is(symmetric.symmetry, 4);
  t.is(symmetric.verdict, plain.verdict);
  t.true(symmetric.states < plain.states && symmetric.states * 4 >= plain.states);
});

test("it is refused with liveness, which it does not keep", async (t) => {
  const setting = pbftSetting("silent", "r3", { config: withClient, properties: [clientsAreServed] });
  const result = await search(setting, { symmetry: true });
  t.is(result.symmetry, 1);
  t.is(
    result.refused[0]?.reason,
    "liveness properties are checked without symmetry, which does not keep fairness",
  );
  t.is(result.verdict, (await search(setting)).verdict);
});

/** Two-phase commit in which one manager does something else than the others: as a rule would that looks at the name. */
function withFavourite(favourite: string): Setting {
  const setting = twoPhaseCommitSetting(3);
  const { protocol } = setting;
  return {
    ...setting,
    protocol: {
      ...protocol,
      nodes: (config) =>
        protocol.nodes(config).map((spec) => {
          const behaviour = spec.behaviour as Behaviour<Json, Json>;
          const step: typeof behaviour.step = (context, state, input) =>
            behaviour
              .step(context, state, input)
              .map((one: Step<Json, Json>) =>
                context.self === favourite && input.kind === "timer" && input.timer === "prepare"
                  ? { ...one, state: "aborted" }
                  : one,
              );
          return { ...spec, behaviour: { ...behaviour, step } };
        }),
    },
  };
}

test("a protocol that treats one replica differently is refused, with the input that shows it", async (t) => {
  const result = await search(withFavourite("r2"), { reduction: "none", symmetry: true });
  t.is(result.symmetry, 1);
  t.regex(
    result.refused[0]!.reason,
    /^r\d and r\d react differently, names aside, to \{"kind":"timer","timer":"prepare"\}$/,
  );
  t.is(result.states, (await search(withFavourite("r2"), { reduction: "none" })).states);
});

type Outcome = Step<Json, Json>;
const told = (name: string): Outcome["events"] => [{ kind: "custom", name, data: null }];
const both: Outcome = {
  state: 1,
  effects: [{ kind: "send", to: "r2" as NodeId, message: "done" }],
  events: told("done"),
};
const favours: { readonly [part: string]: Outcome } = {
  "its state": { ...both, state: 2 },
  "what it sends": {
    ...both,
    effects: both.effects.with(0, { ...both.effects[0]!, message: "DONE" } as never),
  },
  "whom it sends it to": {
    ...both,
    effects: both.effects.with(0, { ...both.effects[0]!, to: "r3" } as never),
  },
  "that it sends": { ...both, effects: [] },
  "its timer": { ...both, effects: [...both.effects, { kind: "set-timer", timer: "late" }] },
  "what it shows": { ...both, events: told("DONE") },
  "that it shows something": { ...both, events: [] },
  "that it does something": { state: 0, effects: [], events: [] },
};
for (const [part, other] of [["nothing", both] as const, ...Object.entries(favours)])
  test(`a step that differs in ${part}, names aside, is ${other === both ? "not " : ""}refused`, async (t) => {
    const outcomesOf = (self: string, input: Input<Json>, state: Json): Outcome[] => {
      if (state !== 0 || input.kind !== "timer" || input.timer !== "go")
        return [{ state, effects: [], events: [] }];
      return [self === "r1" ? other : both];
    };
    const toy: Toy = {
      init: ({ self }) => to(0, self < "r2" ? [{ kind: "set-timer", timer: "go" }] : []),
      step: ({ self }, state, input) => outcomesOf(self, input, state),
    };
    const config = { replicas: 4, faults: 0, requests: 0, slots: 0, clients: false };
    const setting = toySetting(toy, { config, properties: [everythingSeen] });
    const protocol = { ...setting.protocol, interchangeable: () => [["r0", "r1"]] };
    const { refused } = await search({ ...setting, protocol }, { reduction: "none", symmetry: true });
    const reasons = refused.map(({ reason }) => reason.replace(/^r[01] and r[01]/, "they"));
    const reason = 'they react differently, names aside, to {"kind":"timer","timer":"go"}';
    t.deepEqual(reasons, other === both ? [] : [reason]);
  });

test("where names do not fit the schema in each other's place it is refused: no node has returned that", async (t) => {
  const reasonsOf = async (setting: Setting) => {
    const { refused, states } = await search(setting, { symmetry: true });
    t.is(states, (await search(setting)).states);
    return refused.map(({ reason }) => reason);
  };
  const exchangeable = (toy: Toy) => {
    const setting = toySetting(toy, { properties: [agreement] });
    return { ...setting, protocol: { ...setting.protocol, interchangeable: () => [["r0", "r1"]] } };
  };
  const names: Toy = { state: Schema.Literal("r0") as never, init: () => to("r0") };
  t.deepEqual(await reasonsOf(exchangeable(names)), [
    'a state of r1 does not fit the schema of r0: the value itself: expected "r0", found "r1"',
  ]);
  const says: Toy = {
    message: Schema.Literal("r0") as never,
    init: () => to(0, [{ kind: "broadcast", message: "r0" }]),
  };
  t.deepEqual(await reasonsOf(exchangeable(says)), [
    'a message with other names does not fit the protocol\'s schema: "r1"',
  ]);
  // The notary is a replica, too, and leads no view.
  const asked = { adversaries: ["silent"], byzantine: ["r5"], views: 0, properties: ["agreement"] };
  const [run] = plan(await findProtocol("minimmit"), { protocol: "minimmit", ...asked });
  t.deepEqual(await reasonsOf(await settingFrom(run!.description)), [
    "a state of notary does not fit the schema of r4: .view: expected a finite number, found undefined",
  ]);
});

test("a property that looks at one replica only is refused", async (t) => {
  const favourite: Property = {
    ...agreement,
    name: "favourite",
    monitor: () =>
      monitor<number>({
        init: 0,
        on: (count, by, event) => (by === "r3" && event.kind === "executed" ? 1 : count),
        verdict: () => "holds",
        exercised: (count) => count,
        explain: () => "",
      }),
  };
  const result = await search(pbftSetting("arbitrary", "r0", { properties: [favourite] }), {
    symmetry: true,
  });
  t.is(result.symmetry, 1);
  t.regex(result.refused[0]!.reason, /^a property tells names apart after /);
});

test("a property that tells names apart once it is violated is refused before anybody looks for the way there", async (t) => {
  const description = {
    ...{ protocol: "raft/votes-twice", byzantine: [], adversary: null, network: "async" },
    config: { replicas: 3, faults: 0, requests: 1, slots: 1, clients: false },
    bounds: { views: 1, crashes: 1, recovery: "always" as const },
    properties: ["election-safety"],
  };
  const setting = await settingFrom(description);
  const symmetric = await search(setting, { reduction: "visible-steps", symmetry: true });
  t.deepEqual(
    [symmetric.verdict, symmetric.counterexample!.actions.length, symmetric.refused],
    ["violated", 6, []],
  );
  // The same, with the servers of a term in the order of their names.
  const inOrder: Property = {
    ...setting.properties[0]!,
    monitor: () =>
      monitor<readonly string[]>({
        init: [],
        on: (leaders, by, event) =>
          event.kind === "custom" && event.name === "leader"
            ? [...new Set([...leaders, by])].sort()
            : leaders,
        verdict: (leaders) => (leaders.length > 1 ? "violated" : "holds"),
        exercised: (leaders) => leaders.length,
        explain: (leaders) => leaders.join(),
      }),
  };
  const ordered = await search(
    { ...setting, properties: [inOrder] },
    { reduction: "visible-steps", symmetry: true },
  );
  t.deepEqual(
    [ordered.verdict, ordered.counterexample!.actions.length, ordered.refused.length],
    ["violated", 6, 1],
  );
});

test("an adversary that speaks of one request only is refused", async (t) => {
  const setting = pbftSetting("arbitrary", "r0", { properties: [agreement] });
  const adversary = {
    ...setting.adversary!,
    name: "partial",
    moves: (...args: Parameters<NonNullable<Setting["adversary"]>["moves"]>) =>
      setting.adversary!.moves(...args).filter((message) => !JSON.stringify(message).includes("B")),
  };
  const result = await search({ ...setting, adversary }, { symmetry: true });
  t.is(result.symmetry, 1);
  t.regex(result.refused[0]!.reason, /^the adversary partial tells names apart/);
});

test("an adversary that remembers what one replica says only is refused", async (t) => {
  const setting = pbftSetting("arbitrary", "r0", { properties: [agreement] });
  const adversary = {
    ...setting.adversary!,
    name: "forgetful",
    observes: ({ signer }: { readonly signer: string }) => signer !== "r2",
  };
  const result = await search({ ...setting, adversary }, { symmetry: true });
  t.is(result.symmetry, 1);
  t.regex(result.refused[0]!.reason, /^the adversary forgetful remembers by names: /);
});

test("a view that depends on names is refused", async (t) => {
  const setting = twoPhaseCommitSetting(3);
  const { protocol } = setting;
  const nodes: typeof protocol.nodes = (config) =>
    protocol.nodes(config).map((spec) => ({
      ...spec,
      behaviour: {
        ...spec.behaviour,
        view: (state: Json) => (spec.id === "r2" && state === "prepared" ? 1 : 0),
      },
    }));
  const odd = { ...setting, bounds: { views: 1 }, protocol: { ...protocol, nodes } };
  const result = await search(odd, { reduction: "none", symmetry: true });
  t.is(result.symmetry, 1);
  t.regex(result.refused[0]!.reason, /^view\(\) of r\d tells names apart$/);
});

test("words are renamed wherever they stand, and only whole", (t) => {
  const renaming = new Renaming(
    new Map([
      ["c0", "c1"],
      ["c1", "c0"],
    ]),
  );
  t.deepEqual(renaming.apply({ c0: ["c0:1:A", "c01", 3, null], x: { c1: "c1" } }), {
    c1: ["c1:1:A", "c01", 3, null],
    x: { c0: "c0" },
  });
  t.throws(() => new Renaming(new Map([["a", "b"]])), { message: "a renaming must be a bijection" });
});

test("two values differ in words, or otherwise", (t) => {
  t.deepEqual(
    [...wordsBetween(["c0", "c0:1"], ["c1", "c1:1"])!],
    [
      ["c0", "c1"],
      ["1", "1"],
    ],
  );
  t.is(wordsBetween(["a", "a"], ["a", "b"]), null);
  t.is(wordsBetween(["a"], ["a", "b"]), null);
});
