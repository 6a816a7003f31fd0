// Random outcomes: liveness with probability 1. Verdicts are compared with the naive search, which finds them as nested fixpoints.
// Of more random tables and protocols: chance.long.ts.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { replayIn } from "../../src/trace/replay.js";
import { type Cell, machine } from "../support/coin-machine.js";
import { outcome, randomProtocols, randomTables } from "../support/coins-against-naive.js";

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
  t.deepEqual(await randomTables(t, 40), { holds: 7, stuck: 5, lasso: 28, becauseOfChance: 4 });
});

test("random protocols with coins go round exactly where the naive search says so", async (t) => {
  t.deepEqual(await randomProtocols(t, 50), {
    "async holds": 2,
    "async lasso": 6,
    "async outside": 7,
    "async stuck": 18,
    "because of chance": 2,
    "once holds": 1,
    "once lasso": 2,
    "once outside": 4,
    "once stuck": 20,
  });
});
