// Dead messages: with them and without, the same is observed at the same depth; and a behaviour that calls a message dead
// to which it still listens is found out.

import test from "ava";
import * as Schema from "effect/Schema";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import { UserError } from "../../src/model/errors.js";
import type { Setting } from "../../src/model/setting.js";
import {
  type Adversary,
  type Behaviour,
  type Config,
  type Json,
  type NodeSpec,
  type Protocol,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/replay.js";
import { deadMessagesOfRandomProtocols, observed } from "../support/dead-messages.js";
import { naiveSearch } from "../support/naive.js";
import { everythingSeen } from "../support/random-protocol.js";
import { pbftMutant, pbftSetting, withClient } from "../support/settings.js";
import { seen, type Toy, to, toyProtocol, toySetting } from "../support/toy.js";
import { neverBoth } from "../support/toy-properties.js";

const views01 = { bounds: { views: 1 } };
const cases: readonly (readonly [string, Setting, Reduction, kept: number, dropped: number])[] = [
  ["lying voter r2, views 0-1", pbftSetting("lying-voter", "r2", views01), "visible-steps", 5868, 2877],
  [
    "equivocating primary r0, views 0-1",
    pbftSetting("equivocating-primary", "r0", views01),
    "visible-steps",
    3930,
    1540,
  ],
  ["arbitrary r0, view 0", pbftSetting("arbitrary", "r0"), "visible-steps", 145, 145],
  ["silent r2, views 0-1", pbftSetting("silent", "r2", views01), "none", 10916, 7442],
  [
    "equivocating primary r0, views 0-1",
    pbftSetting("equivocating-primary", "r0", views01),
    "none",
    41141,
    16585,
  ],
];

for (const [name, setting, reduction, kept, dropped] of cases)
  test(`${name}, ${reduction}: without dead messages the same is observed in fewer states`, async (t) => {
    const all = await observed(setting, reduction, false);
    const fewer = await observed(setting, reduction, true);
    t.deepEqual([all.states, fewer.states], [kept, dropped]);
    t.deepEqual([all.deadMessages, fewer.deadMessages], [false, true]);
    t.is(fewer.verdict, all.verdict);
    t.deepEqual(fewer.observations, all.observations);
  });

test("dead messages and symmetry go together", async (t) => {
  const setting = pbftSetting("lying-voter", "r2", views01);
  const one = await observed(setting, "visible-steps", true);
  const both = await observed(setting, "visible-steps", true, true);
  t.deepEqual([both.verdict, both.symmetry, both.deadMessages], ["holds", 2, true]);
  t.is(both.depth, one.depth);
  t.true(both.states < one.states && both.states * 2 >= one.states);
});

for (const [flaw, adversary, byzantine, views] of [
  ["quorum-2f", "equivocating-primary", "r0", 0],
  ["votes-ignore-digest", "equivocating-primary", "r0", 0],
  ["duplicate-votes-count", "lying-voter", "r2", 1],
  ["view-change-forgets", "silent", "r3", 1],
] as const)
  for (const reduction of ["none", "visible-steps"] as const)
    if (reduction === "visible-steps" || views === 0)
      test(`${flaw}, ${reduction}: as short a counterexample, which replays`, async (t) => {
        const setting = pbftSetting(adversary, byzantine, {
          protocol: pbftMutant(flaw),
          bounds: { views },
        });
        const all = await observed(setting, reduction, false);
        const fewer = await observed(setting, reduction, true);
        t.deepEqual([fewer.verdict, fewer.depth], [all.verdict, all.depth]);
        t.is(fewer.verdict, "violated");
        t.is(replayIn(setting, fewer.counterexample!.property, fewer.counterexample!).outcome, "reproduced");
      });

// Of more of them: dead-messages.long.ts.
deadMessagesOfRandomProtocols(50, { none: [7, 2], "visible-steps": [3, 2] });

for (const reduction of ["visible-steps", "dominance"] as const)
  test(`${reduction}: the way to a violation on which a dead message is sent again is found`, async (t) => {
    // r0 says m once more when r1, to which it is dead by then, tells it to go: only where m was forgotten does anybody else notice.
    const { protocol, ...rest } = toySetting(
      {
        init: ({ self }) => {
          const says = { kind: "send", to: "r1", message: "m" } as const;
          return to(0, self === "r0" ? [says, { kind: "set-timer", timer: "u" }] : []);
        },
        step: ({ self }, state, input) => {
          const word = input.kind === "message" ? input.message : input.kind;
          if (self === "r1" && state === 0 && word === "m")
            return to(1, [{ kind: "send", to: "r0", message: "go" }], [seen("x")]);
          if (self === "r0" && state === 0 && word === "go")
            return to(1, [{ kind: "send", to: "r1", message: "m" }]);
          return to(state, [], self === "r0" && state === 1 && word === "timer" ? [seen("y")] : []);
        },
      },
      { properties: [neverBoth("x", "y")] },
    );
    const isDead: Behaviour<Json, Json>["isDead"] = (_, state) => state === 1;
    const nodes = (config: Config): readonly NodeSpec<Json>[] =>
      protocol.nodes(config).map((node) => ({ ...node, behaviour: { ...node.behaviour, isDead } }));
    const setting: Setting = { ...rest, protocol: { ...protocol, nodes } };
    for (const deadMessages of [false, true]) {
      const { verdict, counterexample, depth } = await search(setting, { reduction, deadMessages });
      t.deepEqual([verdict, counterexample?.actions.length, depth], ["violated", 3, deadMessages ? 3 : 2]);
      t.is(replayIn(setting, counterexample!.property, counterexample!).outcome, "reproduced");
    }
  });

/** PBFT whose replicas call whatever `isDead` says dead. */
function claiming(isDead: NonNullable<Behaviour<Json, Json>["isDead"]>): Setting {
  const setting = pbftSetting("silent", "r3");
  const { protocol } = setting;
  const nodes = (config: Setting["config"]): NodeSpec<Json>[] =>
    protocol.nodes(config).map((spec) => ({ ...spec, behaviour: { ...spec.behaviour, isDead } }));
  return { ...setting, protocol: { ...protocol, nodes } };
}

function tagOf(message: unknown): string {
  return (message as { body: { tag: string } }).body.tag;
}

test("a message is called dead and still has an effect: refused, with the message", async (t) => {
  const setting = claiming((_, __, { message }) => tagOf(message) === "commit");
  const error = await t.throwsAsync(search(setting, { deadMessages: true }), { instanceOf: UserError });
  t.regex(
    error.message,
    /^isDead\(\) of r\d takes a message for dead and reacts to it all the same: .*"commit"/,
  );
});

test("a message is called dead and a step later no longer: refused, with the message", async (t) => {
  // Nobody reacts to a prepare as long as the slot is open: so far that is true of the primary's own.
  const setting = claiming(
    (_, state, { message }) =>
      tagOf(message) === "pre-prepare" &&
      (state as { pending: Json[]; log: { phase: string }[] }).log[0]?.phase === "pre-prepared",
  );
  const error = await t.throwsAsync(search(setting, { deadMessages: true }), { instanceOf: UserError });
  t.regex(
    error.message,
    /^isDead\(\) of r\d takes a message for dead and says so no longer a step later: .*"pre-prepare"/,
  );
});

test("what is dead for those to whom it was sent, a Byzantine node that learns nothing from it still passes on to others", async (t) => {
  const Word = SignedOf(Schema.Struct({ tag: Schema.Literal("word") }));
  const word = sign("r0", { tag: "word" }) as unknown as Json;
  const toy: Toy = {
    message: Word as unknown as Protocol<Json, Json>["message"],
    init: ({ self }) =>
      to(
        0,
        self === "r0" ? ["r1", "r2"].map((node) => ({ kind: "send", to: node, message: word }) as const) : [],
      ),
    step: ({ self }, state, input) =>
      to(state, [], self === "r3" && input.kind === "message" ? [seen("heard")] : []),
  };
  const { protocol, ...rest } = toySetting(toy, {
    config: { replicas: 4, faults: 1, requests: 0, slots: 0, clients: false },
    byzantine: ["r2"],
    properties: [everythingSeen],
  });
  const isDead: NonNullable<Behaviour<Json, Json>["isDead"]> = ({ self }) => self !== "r3";
  const nodes = (config: Config): NodeSpec<Json>[] =>
    protocol.nodes(config).map((spec) => ({ ...spec, behaviour: { ...spec.behaviour, isDead } }));
  for (const speaks of [true, false])
    for (const reduction of ["none", "visible-steps"] as const) {
      const adversary: Adversary<Json> = {
        ...{ name: "relay", summary: "passes on what it hears", strength: 1 },
        ...{ forwards: true, speaks, canMove: () => true, observes: () => false, moves: () => [] },
      };
      const setting: Setting = { ...rest, adversary, protocol: { ...protocol, nodes } };
      const all = await observed(setting, reduction, false);
      const fewer = await observed(setting, reduction, true);
      t.is(all.observations.length, 2);
      t.deepEqual([fewer.deadMessages, fewer.observations], [true, all.observations]);
    }
});

for (const [why, setting, reason] of [
  [
    "liveness",
    pbftSetting("silent", "r3", { config: withClient, properties: [clientsAreServed] }),
    "liveness properties are checked with every message kept",
  ],
  [
    "crashes",
    pbftSetting("silent", "r3", { bounds: { views: 0, crashes: 1 } }),
    "a node that restarts may listen to old messages again",
  ],
  ["other networks", pbftSetting("silent", "r3", { network: "once" }), "on once messages are used up anyway"],
] as const)
  test(`not used with ${why}, and the result says why`, async (t) => {
    const result = await search(setting, { deadMessages: true, maxStates: 1000 });
    t.false(result.deadMessages);
    t.deepEqual(result.refused, [{ reduction: "dead-messages", reason }]);
  });

test("leaves no checkpoint", async (t) => {
  const checkpoint = { file: "never-written", setting: null };
  await t.throwsAsync(search(pbftSetting("silent", "r3"), { deadMessages: true, resume: true, checkpoint }), {
    instanceOf: UserError,
    message: /^A search without dead messages leaves no checkpoint/,
  });
});

/** r1 says something to r2 alone, to which it is dead; r3 would listen to it, or to what r0 can say once it knows it. */
function saidToAnother(forwards: boolean): Setting {
  const said = sign("r1", "m");
  const protocol = toyProtocol({
    init: ({ self }) => to(0, self === "r1" ? [{ kind: "send", to: "r2", message: said as never }] : []),
    step: ({ self }, state, input) => {
      const body = input.kind === "message" ? (input.message as { body?: Json }).body : null;
      const isListening = self === "r3" && state === 0 && (body === "m" || body === "go");
      return isListening ? to(1, [], [seen("x"), seen("y")]) : to(state);
    },
  });
  const isDead: Behaviour<Json, Json>["isDead"] = ({ self }, state) => self !== "r3" || state === 1;
  const nodes = (config: Config): readonly NodeSpec<Json>[] =>
    protocol.nodes(config).map((node) => ({ ...node, behaviour: { ...node.behaviour, isDead } }));
  return toySetting(
    {},
    {
      protocol: { ...protocol, nodes },
      config: { replicas: 4, faults: 1, requests: 0, slots: 0, clients: false },
      byzantine: ["r0"],
      adversary: {
        ...{ name: "listener", summary: "for a test", strength: 1, forwards, speaks: true },
        canMove: () => true,
        observes: () => true,
        moves: (_, knowledge) =>
          !forwards && knowledge.canShow(said) ? [sign("r0", "go") as unknown as Json] : [],
      },
      properties: [neverBoth("x", "y")],
    },
  );
}

for (const forwards of [true, false])
  for (const reduction of ["none", "visible-steps"] as const)
    test(`${reduction}: what is dead to its receiver is kept for Byzantine nodes that ${forwards ? "pass it on" : "learn from it"}`, async (t) => {
      const setting = saidToAnother(forwards);
      t.is(naiveSearch(setting).violation?.property, "never-both");
      t.is((await search(setting, { reduction, deadMessages: true })).verdict, "violated");
    });
