// What is kept from state to state against what is looked up anew: all transitions of states that are taken in any order, with what is counted
// about them.

import test from "ava";
import fc from "fast-check";
import { agreement } from "../../properties/agreement.js";
import { emptyList } from "../../src/model/inputs.js";
import { causeAt, eventsAt, multiplicityAt, reactionStride } from "../../src/model/reactions.js";
import type { Setting } from "../../src/model/setting.js";
import { Successors } from "../../src/model/successors.js";
import { TransitionSystem } from "../../src/model/system.js";
import { IntList } from "../../src/model/tables.js";
import { type Adversary, type Json, type RunFacts, sign } from "../../src/protocol/index.js";
import { Abandoned, watched } from "../../src/watch/clock.js";
import { whileTimeFlies } from "../support/abandoning.js";
import {
  everythingSeen,
  mortalSettingOf,
  randomModels,
  safetySettingOf,
} from "../support/random-protocol.js";
import { pbftSetting, twoPhaseCommitSetting } from "../support/settings.js";
import { seen, type Toy, to, toySetting } from "../support/toy.js";

/** The transitions of a state as text, in no order, and the totals: each list of inputs is looked up. */
function lookedUp(system: TransitionSystem, vector: Int32Array): string {
  const lists = new IntList();
  const { reactions, observations, nodes } = system;
  const observation = vector[nodes.length]!;
  const found: string[] = [];
  let [transitions, obligatory, decisions] = [0, 0, 0];
  for (const to of nodes.keys()) {
    system.inputs(vector, 0, to, lists);
    for (const list of [...lists.items.subarray(0, lists.length)]) {
      if (list === emptyList) continue;
      const offset = reactions.of(to, vector[to]!, list);
      const arena = reactions.array(to);
      for (let entry = 0; entry < arena[offset]!; entry++) {
        const at = offset + 1 + entry * reactionStride;
        const [next, events, multiplicity] = [arena[at]!, arena[at + eventsAt]!, arena[at + multiplicityAt]!];
        const after = observations.after(observation, to, events);
        if (next === vector[to] && after === observation && events !== 0) continue;
        found.push([to, next, after, multiplicity, arena[at + causeAt]!].join());
        transitions += multiplicity;
        if (reactions.isObligatory(to, list)) obligatory += multiplicity;
        if (observations.executes(events)) decisions += multiplicity;
      }
    }
  }
  return [...found.sort(), transitions, obligatory, decisions].join(" ");
}

function kept(out: Successors): string {
  const found = Array.from({ length: out.length }, (_, index) =>
    [
      out.node(index),
      out.component(index),
      out.observation(index),
      out.multiplicity(index),
      out.cause(index),
    ].join(),
  );
  return [...found.sort(), out.transitions, out.obligatory, out.decisions].join(" ");
}

/** All states, or so many of them, of a system in which nothing has been asked from another. */
function statesOf(system: TransitionSystem, most: number): Int32Array[] {
  const found = new Map(system.initial().map(({ vector }) => [vector.join(), vector] as const));
  const out = new Successors();
  for (const vector of found.values()) {
    if (found.size >= most) break;
    system.successors(vector, 0, out);
    for (let index = 0; index < out.length; index++) {
      const next = vector.slice();
      out.writeTo(index, next);
      if (!found.has(next.join())) found.set(next.join(), next);
    }
  }
  return [...found.values()];
}

/** How many states of a setting were compared, each after a random other one. */
function compared(setting: Setting, most: number, isRight: (kept: string, lookedUp: string) => void): number {
  const system = new TransitionSystem(setting);
  const states = statesOf(system, most);
  const out = new Successors();
  let random = 7;
  for (const [index, vector] of states.entries()) {
    random = (Math.imul(random, 1664525) + 1013904223) | 0;
    for (const one of [vector, states[(random >>> 8) % states.length]!, states[Math.max(0, index - 1)]!]) {
      system.successors(one, 0, out);
      isRight(kept(out), lookedUp(system, one));
    }
  }
  return states.length;
}

for (const [name, setting, states] of [
  ["two-phase commit, 4 managers", twoPhaseCommitSetting(4, { properties: [agreement] }), 1568],
  ["PBFT, arbitrary at r0", pbftSetting("arbitrary", "r0"), 625],
  ["PBFT, arbitrary at r1, views 0-1", pbftSetting("arbitrary", "r1", { bounds: { views: 1 } }), 2000],
  [
    "PBFT, equivocating primary",
    pbftSetting("equivocating-primary", "r0", { properties: [agreement, everythingSeen] }),
    2000,
  ],
  ["PBFT, silent r3, with a crash", pbftSetting("silent", "r3", { bounds: { views: 0, crashes: 1 } }), 2000],
] as const)
  test(`${name}: what is kept is what would be looked up`, (t) => {
    const found = compared(setting, states, (a, b) => a !== b && t.is(a, b));
    t.true(found >= Math.min(states, 600), `${found}`);
  });

for (const [name, settingFor] of [
  ["an adversary or none", safetySettingOf],
  ["crashes", (model) => mortalSettingOf(model, [everythingSeen])],
] as const satisfies readonly (readonly [string, typeof safetySettingOf])[])
  test(`random protocols, ${name}: what is kept is what would be looked up`, (t) => {
    let found = 0;
    fc.assert(
      fc.property(randomModels, (model) => {
        found += compared(settingFor(model), 150, (a, b) => a !== b && t.is(a, b));
      }),
      { seed: 5, numRuns: 60 },
    );
    t.true(found > 1000, `${found}`);
  });

test("what the adversary learns from a message to itself alone changes what others can receive", (t) => {
  const adversary: Adversary<Json> = {
    ...{ name: "telling", summary: "passes a secret on", strength: 1, forwards: false, speaks: true },
    canMove: () => true,
    observes: () => true,
    moves: (_, knowledge) => [
      "hello",
      ...[sign("r0", "one"), sign("r1", "two")]
        .filter((secret) => knowledge.canShow(secret))
        .map(({ body }) => body),
    ],
  };
  const secrets: { readonly [node: string]: string } = { r0: "one", r1: "two" };
  const toy: Toy = {
    init: () => to(["start"], [{ kind: "set-timer", timer: "t" }]),
    step: ({ self }, state, input) => {
      if (input.kind === "message")
        return to([...new Set([...(state as string[]), input.message as string])].sort());
      return to(
        [...(state as string[]), "told"],
        [{ kind: "send", to: "r2", message: sign(self, secrets[self]!) as never }],
      );
    },
  };
  const config = { replicas: 3, faults: 1, requests: 0, slots: 0, clients: false };
  const setting = toySetting(toy, { adversary, byzantine: ["r2"], config });
  t.true(compared(setting, 500, (a, b) => t.is(a, b)) > 20);
});

test.serial("work that is abandoned before any step leaves nothing behind that is not so", async (t) => {
  const setting = pbftSetting("arbitrary", "r1", { bounds: { views: 1 } });
  const states = statesOf(new TransitionSystem(setting), 1500);
  const system = new TransitionSystem(setting);
  const out = new Successors();
  let abandoned = 0;
  await whileTimeFlies(3, () => {
    // The same steps are asked for in the same order: so components have the same numbers.
    const found = states.slice(0, system.initial().length);
    const known = new Set(found.map(String));
    for (const vector of found) {
      if (found.length >= 1500) break;
      for (let patience = 0; !expanded(system, vector, out, patience); patience++) abandoned++;
      for (let index = 0; index < out.length; index++) {
        const next = vector.slice();
        out.writeTo(index, next);
        if (known.has(`${next}`)) continue;
        known.add(`${next}`);
        found.push(next);
      }
      const whole = kept(out);
      if (whole !== lookedUp(system, vector)) t.is(whole, lookedUp(system, vector));
    }
    t.deepEqual(found, states);
  });
  t.true(abandoned > 100, `${abandoned}`);
});

test("a property that throws once leaves no step out of what is asked for again", (t) => {
  let left = 1;
  const throwing = {
    ...everythingSeen,
    monitor: (facts: RunFacts) => {
      const monitor = everythingSeen.monitor(facts);
      const on: typeof monitor.on = (...told) => {
        if (left-- > 0) throw new Error("once");
        return monitor.on(...told);
      };
      return { ...monitor, on };
    },
  };
  const toy: Toy = {
    init: () => to(0, [{ kind: "set-timer", timer: "t" }]),
    step: () => to(1, [], [seen("fired")]),
  };
  const system = new TransitionSystem(toySetting(toy, { properties: [throwing] }));
  const out = new Successors();
  const { vector } = system.initial()[0]!;
  t.throws(() => system.successors(vector, 0, out), { message: /once/ });
  system.successors(vector, 0, out);
  t.is(out.length, 2);
  t.is(kept(out), lookedUp(system, vector));
});

/** Whether the transitions were found before the expansion had been asked about its time so often. */
function expanded(system: TransitionSystem, vector: Int32Array, out: Successors, patience: number): boolean {
  let asked = 0;
  try {
    watched(
      () => ++asked > patience,
      () => system.successors(vector, 0, out),
    );
    return true;
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    return false;
  }
}
