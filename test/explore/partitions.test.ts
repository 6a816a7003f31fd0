// Networks that part replicas: which cuts there are, what a cut takes, and what a trace says of it.

import test from "ava";
import * as Schema from "effect/Schema";
import { agreement } from "../../properties/agreement.js";
import { search } from "../../src/explore/search.js";
import { defineProtocol, reply } from "../../src/index.js";
import { minimize } from "../../src/minimize/index.js";
import { type PartitionShape, Partitions } from "../../src/model/partitions.js";
import type { Setting } from "../../src/model/setting.js";
import { noPaint } from "../../src/render/paint.js";
import { renderReplay } from "../../src/render/render.js";
import { replayIn } from "../../src/trace/replay.js";

const ids = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);

for (const [shape, counts] of [
  ["both-ways", [0, 0, 1, 3, 7, 15]],
  ["one-way", [0, 0, 2, 6, 14, 30]],
  ["bridge", [0, 0, 0, 3, 12, 35]],
] as readonly [PartitionShape, number[]][])
  test(`so many cuts are ${shape}, by the number of replicas, and each has a number of its own`, (t) => {
    const all = counts.map((_, n) => new Partitions(shape, ids(n), [...Array(n).keys()]));
    t.deepEqual(
      all.map(({ cuts }) => cuts.length),
      counts,
    );
    for (const partitions of all)
      t.deepEqual(
        partitions.cuts.map((cut) => partitions.numberOf(cut)),
        partitions.cuts.map((_, index) => index + 1),
      );
  });

test("too many replicas to part them are an error that says so", (t) => {
  t.is(new Partitions("both-ways", ids(10), [...Array(10).keys()]).cuts.length, 511);
  t.throws(() => new Partitions("both-ways", ids(11), [...Array(11).keys()]), {
    message: /^11 correct replicas can be parted in more than 1000 ways; use fewer --replicas/,
  });
});

const copyNext = (entry: number) =>
  reply({ done: entry })
    .setTimer("next")
    .broadcast({ tag: "copy" as const, entry })
    .executed({ slot: entry, request: `e${entry}` });

/** A primary copies numbered entries to backups, which do not look at the numbers. */
const copies = defineProtocol({
  name: "copies",
  summary: "a primary copies numbered entries to backups, which do not look at the numbers",
  resilience: "crash",
  messages: { copy: { entry: Schema.Number } },
  state: { done: Schema.Number },
  initial: { done: 0 },
  requests: ["e1", "e2", "e3"],
  onStart: ({ self }, state) => (self === "r0" ? reply(state).setTimer("next") : state),
  onTimer: { next: ({ config }, state) => (state.done < config.slots ? copyNext(state.done + 1) : state) },
  on: {
    copy: (_, { done }, { message: { entry } }) =>
      reply({ done: done + 1 }).executed({ slot: done + 1, request: `e${entry}` }),
  },
});

function settingOn(network: string, slots = 2): Setting {
  return {
    protocol: copies as unknown as Setting["protocol"],
    config: { replicas: 3, faults: 1, requests: 2, slots, clients: false },
    byzantine: [],
    adversary: null,
    network,
    bounds: { views: 0 },
    properties: [agreement],
  };
}

test("a log with a gap: on ordered links it needs a cut, and one is enough, of whatever shape", async (t) => {
  const found: { [network: string]: readonly [string, number, number] } = {};
  for (const network of [
    "fifo",
    "partitions:2",
    "one-way-partitions:2",
    "bridge-partitions:2",
    "partitions",
  ]) {
    const { verdict, states, depth } = await search(settingOn(network));
    found[network] = [verdict, states, depth];
  }
  t.deepEqual(found, {
    fifo: ["holds", 23, 7],
    "partitions:2": ["violated", 115, 5],
    "one-way-partitions:2": ["violated", 197, 5],
    "bridge-partitions:2": ["violated", 119, 5],
    partitions: ["violated", 91, 5],
  });
});

test("a trace tells what a cut takes and whom it keeps from whom, and is as short when it is minimized", async (t) => {
  const setting = settingOn("partitions:2");
  const action = (at: string) => ({ kind: "timer" as const, node: at, timer: "next" });
  const cut = { sides: [["r0"], ["r1", "r2"]] as const };
  const actions = [
    action("r0"),
    { kind: "cut" as const, ...cut },
    { kind: "heal" as const, ...cut },
    { kind: "cut" as const, sides: [["r0", "r1"], ["r2"]] as const },
    action("r0"),
    { kind: "deliver" as const, from: "r0", to: "r1", message: { tag: "copy", entry: 2 } },
  ];
  const result = replayIn(setting, "agreement", { start: {}, actions });
  t.is(result.outcome, "reproduced");
  t.deepEqual(renderReplay(result, noPaint).slice(3, -2), [
    "  1  r0  timer next fires",
    "        r0 executes e1 at slot 1, as its request number 1",
    "        r0 sends to all replicas: copy entry 1",
    "        r0 sets timer next",
    "  2  the network is cut between r0 and r1, r2",
    "        lost on its way from r0 to r1: copy entry 1",
    "        lost on its way from r0 to r2: copy entry 1",
    "  3  the network heals between r0 and r1, r2",
    "  4  the network is cut between r0, r1 and r2",
    "  5  r0  timer next fires",
    "        r0 executes e2 at slot 2, as its request number 2",
    "        r0 sends to all replicas: copy entry 2  (lost on its way to r2: cut off)",
    "        r0 sets timer next",
    "  6  r0 → r1  copy entry 2",
    "        r1 executes e2 at slot 1, as its request number 1",
  ]);
  const smaller = await minimize(setting, { property: "agreement", start: {}, actions });
  t.deepEqual([smaller.setting.network, smaller.counterexample.actions.length], ["partitions:1", 5]);
  const impossible = [
    { kind: "heal" as const, ...cut },
    { kind: "cut" as const, sides: [["r0"], ["r0"]] as const },
  ];
  for (const action of impossible)
    t.is(replayIn(setting, "agreement", { start: {}, actions: [action] }).outcome, "diverged");
});

test("more faults than a place of a packed state has had room for", async (t) => {
  const setting = { ...settingOn("lossy-fifo:17", 17), properties: [] };
  const { verdict, states } = await search({
    ...setting,
    config: { ...setting.config, replicas: 2, faults: 0 },
  });
  // Of k entries sent so many are done and so many are lost; and at the end the timer may have fired once more.
  t.deepEqual([verdict, states], ["vacuous", 1140 + 171]);
});
