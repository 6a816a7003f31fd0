// Random outcomes: liveness with probability 1. Verdicts are compared with the naive search, which finds them as nested fixpoints.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { replayIn } from "../../src/trace/replay.js";
import { compareWith, counted, endOf, naively } from "../support/against-naive.js";
import { type Cell, machine, tables, withoutChance } from "../support/coin-machine.js";
import { naiveSearch } from "../support/naive.js";
import { coinModels, restless, settingOf, withoutCoins } from "../support/random-protocol.js";
import { eventually } from "../support/toy-properties.js";

/** Larger random models say little more. */
const maxStates = 150;

/** Verdict, length of stem and loop, and whether it replays; all searches have to agree. */
async function outcome(setting: Setting) {
  const { violation, lasso } = naiveSearch(setting);
  const { verdict, counterexample } = await search(setting, { reduction: "none" });
  const reduced = await search(setting, { reduction: "visible-steps" });
  const found = [verdict, reduced.verdict, counterexample?.loop !== undefined];
  const isViolated = violation !== null || lasso !== null;
  const expected = isViolated ? "violated" : "holds";
  if (JSON.stringify(found) !== JSON.stringify([expected, expected, lasso !== null]))
    throw new Error(`${found}, not ${expected}`);
  if (counterexample === null) return [verdict];
  const { actions, loop = [], property } = counterexample;
  return [verdict, actions.length, loop.length, replayIn(setting, property, counterexample).outcome];
}

test("a coin that is tossed until heads falls holds, whatever the node remembers", async (t) => {
  t.deepEqual(await outcome(machine({ start: { toss: [["?end", "x"], "?start"] } })), ["holds"]);
  const remembers = (random: string) =>
    machine({
      start: { toss: [[`${random}end`, "x"], `${random}odd`] },
      odd: { toss: [[`${random}end`, "x"], `${random}start`] },
    });
  t.deepEqual(await outcome(remembers("?")), ["holds"]);
  t.deepEqual(await outcome(remembers("")), ["violated", 0, 2, "reproduced"]);
});

test("what is not marked as random can be chosen for ever, even where it changes nothing", async (t) => {
  const same = machine({ start: { toss: [["end", "x"], "start"] } });
  t.deepEqual(await outcome(same), ["violated", 0, 1, "reproduced"]);
  t.regex(
    (await search(same)).counterexample!.explanation,
    /^the last 1 actions can go on for ever, and .*; the scheduler chooses what is not marked as random: r0 takes "start"$/,
  );
  // Where the other side is random, the scheduler does not have to toss; where all that is left is a toss, it has to.
  t.deepEqual(await outcome(machine({ start: { toss: [["?end", "x"], "start"] } })), [
    ...["violated", 0, 1, "reproduced"],
  ]);
  t.deepEqual(await outcome(machine({ start: { toss: [["end", "x"], "?start"] } })), ["holds"]);
});

test("one outcome that changes nothing is no action, and several are none either", async (t) => {
  t.deepEqual(await outcome(machine({ start: { toss: ["start"], end: [["end", "x"]] } })), ["holds"]);
  const several = machine({ start: { toss: ["start", "!start"], end: [["end", "x"]] } });
  t.deepEqual(await outcome(several), ["holds"]);
});

test("whoever may idle in one state of a circle neglects nothing on it", async (t) => {
  const circle = (toss: Cell) =>
    machine({ start: { on: ["there"], toss: [["end", "x"]] }, there: { on: ["start"], toss } });
  t.deepEqual(await outcome(circle([["end", "x"]])), ["holds"]);
  t.deepEqual(await outcome(circle([["end", "x"], "there"])), ["violated", 0, 3, "reproduced"]);
});

test("a loop of choices that change nothing has one of each, or is not believed", async (t) => {
  const setting = machine({ start: { a: [["end", "x"], "start"], b: [["end", "x"], "start"] } });
  t.deepEqual(await outcome(setting), ["violated", 0, 2, "reproduced"]);
  const timer = (name: string, choice: string) => ({
    kind: "timer" as const,
    node: "r0",
    timer: name,
    choice,
  });
  const replayed = (random: string, ...loop: ReturnType<typeof timer>[]) =>
    replayIn(machine({ start: { a: [["end", "x"], `${random}start`] } }), "eventually-x", {
      ...{ start: {}, actions: [], loop },
    }).outcome;
  t.is(replayed("", timer("a", "start")), "reproduced");
  t.is(replayed("?", timer("a", "?start")), "diverged");
});

test("a scheduler that sees how a coin has fallen can undo it for ever", async (t) => {
  const setting = machine({
    start: { toss: ["?heads", "?tails"] },
    heads: { undo: ["start"] },
    tails: { undo: ["start"] },
  });
  t.deepEqual(await outcome(setting), ["violated", 0, 4, "reproduced"]); // both sides are on the loop
});

test("a toss of which one side leads out of the circle does not stay, and is not taken for an obligation either", async (t) => {
  // `toss` is possible all along; `on` alone would neglect it.
  const setting = machine({
    start: { on: ["there"], toss: ["?there", ["?end", "x"]] },
    there: { on: ["start"], toss: ["?start", ["?end", "x"]] },
  });
  t.deepEqual(await outcome(setting), ["holds"]);
});

test("where the toss is impossible now and then, the scheduler does without it", async (t) => {
  const setting = machine({
    start: { on: ["there"], toss: ["?there", ["?end", "x"]] },
    there: { on: ["start"] },
  });
  t.deepEqual(await outcome(setting), ["violated", 0, 2, "reproduced"]);
});

test("a component from which every toss leads out, some of them only after others are taken away", async (t) => {
  const setting = machine({
    start: { toss: ["?a", "?b"] },
    a: { toss: ["?start", "?b"] },
    b: { toss: ["?a", "?c"] },
    c: { toss: ["?b", "?d"] },
    d: { toss: ["?c", ["?end", "x"]] },
  });
  t.deepEqual(await outcome(setting), ["holds"]);
});

test("several tosses in a row: what is fair to each outcome may still miss the goal, chance does not", async (t) => {
  // Heads twice in a row. A schedule heads, tails, heads, tails, ... is strongly fair to each outcome of each state.
  const setting = machine({
    start: { toss: ["?once", "?tails"] },
    tails: { toss: ["?once", "?start"] },
    once: { toss: [["?end", "x"], "?start"] },
  });
  t.deepEqual(await outcome(setting), ["holds"]);
});

test("of a mixture, the scheduler takes what is not random, or tosses", async (t) => {
  const mixed = machine({
    start: { go: ["?there", ["?end", "x"], "round"] },
    round: { go: ["start"] },
    there: { go: ["start"] },
  });
  t.deepEqual(await outcome(mixed), ["violated", 0, 2, "reproduced"]);
  const loop = (await search(mixed)).counterexample!;
  t.regex(loop.explanation, /the scheduler chooses what is not marked as random: r0 takes "round"/);
});

test("a loop from which a toss leads away is not believed", async (t) => {
  const setting = machine({ start: { toss: ["?there", ["?end", "x"]] }, there: { toss: ["?start"] } });
  const timer = (choice: string) => ({ kind: "timer" as const, node: "r0", timer: "toss", choice });
  const trace = { start: {}, actions: [], loop: [timer("?there"), timer("?start")] };
  t.is(replayIn(setting, "eventually-x", trace).outcome, "holds now");
});

test("random tables of coins and choices", async (t) => {
  const verdicts = { holds: 0, stuck: 0, lasso: 0, becauseOfChance: 0 };
  for (const table of fc.sample(tables, { seed: 5, numRuns: 600 })) {
    const [verdict, , loop, replayed = "reproduced"] = await outcome(machine(table));
    t.is(replayed, "reproduced", JSON.stringify(table));
    verdicts[verdict === "holds" ? "holds" : loop === 0 ? "stuck" : "lasso"]++;
    if (verdict !== "holds") continue;
    const { violation, lasso } = naiveSearch(machine(withoutChance(table)));
    if (violation || lasso) verdicts.becauseOfChance++;
  }
  t.deepEqual(verdicts, { holds: 76, stuck: 85, lasso: 439, becauseOfChance: 45 });
});

test("random protocols with coins go round exactly where the naive search says so", async (t) => {
  const ends: string[] = [];
  for (const model of fc.sample(coinModels, { seed: 11, numRuns: 140 }).map(restless)) {
    for (const network of ["async", "once"]) {
      const setting = { ...settingOf(model, [eventually("x")]), network };
      const small = await search(setting, { reduction: "none", maxStates });
      const isCut = small.frontier > 0 && small.verdict !== "violated";
      const naive = isCut ? null : naively(setting, maxStates);
      if (naive === null) continue;
      for (const reduction of network === "async"
        ? (["none", "visible-steps"] as const)
        : (["none"] as const)) {
        const { found, expected } = await compareWith(naive, setting, reduction);
        t.deepEqual(found, expected, `${network} ${reduction} ${JSON.stringify(model)}`);
      }
      ends.push(`${network} ${endOf(naive)}`);
      if (endOf(naive) !== "holds") continue;
      const chosen = { ...settingOf(withoutCoins(model), [eventually("x")]), network };
      if (naively(chosen)?.lasso) ends.push("because of chance");
    }
  }
  t.deepEqual(counted(ends), {
    "async holds": 11,
    "async lasso": 16,
    "async outside": 15,
    "async stuck": 55,
    "because of chance": 10,
    "once holds": 2,
    "once lasso": 4,
    "once outside": 10,
    "once stuck": 53,
  });
});
