// What the reduction by visible steps may leave out, and what it must not. (Against the plain search on everything that
// is small enough: see differential.test.ts.)

import test from "ava";
import { LocalSearch } from "../../src/explore/local-search.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { IntList } from "../../src/model/tables.js";
import type { Effect, Json } from "../../src/protocol/index.js";
import { everythingSeen } from "../support/random-protocol.js";
import { pbftSetting } from "../support/settings.js";
import { observed, uncounted } from "../support/tallies.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverBoth } from "../support/toy-properties.js";

/** What r1 does, in each state, on each word that r0 has sent: the next state, and the event that it shows. */
type Words = {
  readonly [state: string]: { readonly [word: string]: readonly [next: string, event?: string] };
};

const words = ["count", "show", "ask"];

function listening(table: Words): Setting {
  const send = (message: string): Effect<Json> => ({ kind: "send", to: "r1", message });
  return toySetting(
    {
      init: ({ self }) => to("start", self === "r0" ? words.map(send) : []),
      step: (_context, state, input) => {
        const [next, event] =
          (input.kind === "message" && table[String(state)]?.[String(input.message)]) || [];
        return next === undefined ? to(state) : to(next, [], event === undefined ? [] : [seen(event)]);
      },
    },
    { properties: [neverBoth("bad", "bad")] },
  );
}

async function visibleStates(table: Words): Promise<number> {
  const setting = listening(table);
  const reduced = await search(setting, { reduction: "visible-steps" });
  const plain = await search(setting, { reduction: "none" });
  if (reduced.verdict !== plain.verdict) throw new Error(`${reduced.verdict}, but plain: ${plain.verdict}`);
  return reduced.states;
}

const violated = async (table: Words) =>
  (await search(listening(table), { reduction: "visible-steps" })).verdict === "violated";

test("deliveries that show nothing are no states of their own", async (t) => {
  t.is(
    await visibleStates({ start: { count: ["one"] }, one: { count: ["two"] }, two: { show: ["end", "x"] } }),
    2,
  );
});

test("of two outcomes that look the same, one from which the other can still be reached stands for both", async (t) => {
  const joined: Words = {
    start: { count: ["counted"], show: ["shown", "x"] },
    counted: { show: ["shown and counted", "x"] },
    shown: { count: ["shown and counted"] },
  };
  t.is(await visibleStates(joined), 2);
});

test("an outcome from which the other cannot be reached does not stand for it", async (t) => {
  const divided: Words = {
    start: { count: ["counted"], show: ["shown", "x"] },
    counted: { show: ["shown and counted", "x"] },
    shown: { count: ["elsewhere"] },
    "shown and counted": { ask: ["end", "bad"] },
  };
  t.true(await violated(divided));
});

test("an outcome does not stand for one that shows something else", async (t) => {
  const different: Words = {
    start: { count: ["counted"], show: ["shown", "x"] },
    counted: { show: ["shown and counted", "bad"] },
    shown: { count: ["shown and counted"] },
  };
  t.true(await violated(different));
});

test("what was sent before and is sent again is no news: such a step is silent", async (t) => {
  const send = (message: string, recipient: string): Effect<Json> => ({
    kind: "send",
    to: recipient,
    message,
  });
  const next: { readonly [step: string]: string } = { "start,count": "sent", "sent,ask": "sent again" };
  const setting = toySetting(
    {
      init: ({ self }) => to("start", self === "r0" ? words.map((word) => send(word, "r1")) : []),
      step: ({ self }, state, input) => {
        if (self === "r0" || input.kind !== "message") return to(state);
        if (state === "sent again" && input.message === "show") return to("end", [], [seen("x")]);
        const after = next[`${state},${input.message}`];
        return after === undefined ? to(state) : to(after, [send("news", "r0")]);
      },
    },
    { properties: [neverBoth("bad", "bad")] },
  );
  const statesWith = async (reduction: "none" | "visible-steps" | "dominance") =>
    (await search(setting, { reduction })).states;
  t.is(await statesWith("none"), 4);
  t.is(await statesWith("visible-steps"), 3); // start, sent, end
  t.is(await statesWith("dominance"), 3);
});

test("a silent delivery that takes away what could be shown before is a choice", async (t) => {
  const disabling: Words = { start: { count: ["deaf"], show: ["end", "bad"] }, deaf: {} };
  t.true(await violated(disabling));
});

test("silent deliveries that go round in a circle come to an end", async (t) => {
  const circle: Words = {
    start: { count: ["there"] },
    there: { ask: ["start"], show: ["end", "x"], count: ["further"] },
    further: { ask: ["there"], count: ["start"] },
    end: { count: ["start"] },
  };
  t.is(await visibleStates(circle), 2);
});

test("a silent delivery that disables the goal leads to a stuck state, which is found although nothing visible happened", async (t) => {
  const setting = listening({ start: { count: ["deaf"], show: ["end", "x"] } });
  const live = { ...setting, properties: [eventually("x")] };
  const { verdict, counterexample, reduction } = await search(live, { reduction: "visible-steps" });
  t.deepEqual([verdict, reduction, counterexample?.actions.length], ["violated", "visible-steps", 1]);
});

test("PBFT with a silent first primary and two views has 44 states with it", async (t) => {
  const setting = pbftSetting("silent", "r0", { bounds: { views: 1 } });
  const { states, verdict } = await search(setting, { reduction: "visible-steps" });
  t.deepEqual([states, verdict], [44, "holds"]);
});

test("a message that shows only what nobody hears does not make the next one look as if it had a single outcome", (t) => {
  const choose = ["left", "right"].map((label) => ({ state: label, label, effects: [], events: [] }));
  const system = new TransitionSystem(
    toySetting(
      {
        init: ({ self }) =>
          to("start", self === "r0" ? words.map((message) => ({ kind: "send", to: "r1", message })) : []),
        step: (_context, state, { kind, message }: { kind: string; message?: Json }) => {
          if (kind !== "message" || state !== "start") return to(state);
          if (message === "count") return to("counted");
          return message === "ask" ? choose : to(state, [], [seen("unheard")]);
        },
      },
      { properties: [{ ...neverBoth("bad", "bad"), hears: () => false }] },
    ),
  );
  const { vector } = system.initial()[0]!;
  const lists = new IntList();
  system.inputs(vector, 0, 1, lists);
  const local = new LocalSearch(system, 1);
  const found = Array.from(lists.items.subarray(0, lists.length)).flatMap((list) => local.inputsOf(list));
  const inputs = [...new Set(found)].flatMap((input) => {
    const { message } = local.describe(input) as { readonly message?: string };
    return message === undefined ? [] : [[message, input] as const];
  });
  const effects = new Map(inputs.map(([message, input]) => [message, local.effectsOf(vector[1]!, input)]));
  t.deepEqual([...effects.keys()].sort(), ["ask", "count", "show"]);
  t.is(effects.get("show"), -1);
  t.true(local.hasOneOutcome(effects.get("count")!));
  t.false(local.hasOneOutcome(effects.get("ask")!));
});

test("of two inputs that come together, each of which matters at another place, neither is taken for without effect", async (t) => {
  // r1 counts x at once. r0 says a and b, or a alone; a does something where x was not counted yet, b where it was.
  const setting = toySetting(
    {
      init: ({ self }) => {
        if (self === "r1") return to("start");
        const effects: Effect<Json>[] =
          self === "r2"
            ? [{ kind: "send", to: "r1", message: "x" }]
            : ["t", "u"].map((timer) => ({ kind: "set-timer", timer }));
        return to("start", effects);
      },
      step: (_, state, input) => {
        if (input.kind === "timer") {
          const words = input.timer === "t" ? ["a", "b"] : ["a"];
          const effects = words.map((message) => ({ kind: "send", to: "r1", message }) as const);
          return to(state, effects, [seen(input.timer)]);
        }
        const word = input.kind === "message" ? input.message : null;
        if (state === "start" && word === "x") return to("counted");
        if (state === "start" && word === "a") return to("asked");
        if (state === "counted" && word === "b") return to("counted", [], [seen("b")]);
        return to(state);
      },
    },
    {
      config: { replicas: 3, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [everythingSeen],
    },
  );
  for (const reduction of ["visible-steps", "dominance"] as const)
    for (const tallies of ["never", "always"] as const)
      t.deepEqual(
        uncounted(await observed(setting, { reduction, tallies })),
        uncounted(await observed(setting, { reduction: "none" })),
      );
});
