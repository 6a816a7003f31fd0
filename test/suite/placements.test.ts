import test from "ava";
import type { Config } from "../../src/protocol/index.js";
import { pbft } from "../../src/protocols/pbft/index.js";
import { placements } from "../../src/suite/placements.js";

function config(replicas: number, faults: number): Config {
  return { replicas, faults, requests: 2, slots: 1, clients: false };
}

for (const [views, expected] of [
  [0, [["r0"], ["r1"]]],
  [1, [["r0"], ["r1"], ["r2"]]],
  [2, [["r0"], ["r1"], ["r2"], ["r3"]]],
  [3, [["r0"], ["r1"], ["r2"], ["r3"]]],
] as const) {
  test(`with four replicas and views 0-${views}, one replica stands for all that lead no view`, (t) => {
    t.deepEqual(placements(pbft(), config(4, 1), views, 1), expected as unknown as string[][]);
  });
}

test("two of seven: every choice of primaries, filled up with replicas that lead no view", (t) => {
  t.deepEqual(placements(pbft(), config(7, 2), 0, 2), [
    ["r0", "r1"],
    ["r1", "r2"],
  ]);
  t.deepEqual(placements(pbft(), config(7, 2), 1, 2), [
    ["r0", "r1"],
    ["r0", "r2"],
    ["r1", "r2"],
    ["r2", "r3"],
  ]);
});

test("where every replica leads a view, every choice is a placement of its own", (t) => {
  const all = placements(pbft(), config(7, 2), 6, 2);
  t.is(all.length, 21);
  t.is(new Set(all.map(String)).size, 21);
});

test("too few other replicas leave out the choices that cannot be filled up", (t) => {
  t.deepEqual(placements(pbft(), config(4, 1), 2, 2), [
    ["r0", "r1"],
    ["r0", "r2"],
    ["r0", "r3"],
    ["r1", "r2"],
    ["r1", "r3"],
    ["r2", "r3"],
  ]);
});

test("without a primary nothing is known to be interchangeable", (t) => {
  t.deepEqual(placements({}, config(4, 1), 1, 1), [["r0"], ["r1"], ["r2"], ["r3"]]);
});

test("a protocol with nodes of its own has them placed: those of the usual names, or all replicas if there are none", (t) => {
  const having = (...ids: string[]) => ({
    nodes: () =>
      ids.map((id) => ({
        id,
        role: id.startsWith("c") ? ("client" as const) : ("replica" as const),
        behaviour: null as never,
      })),
  });
  t.deepEqual(placements(having("r0", "r1", "r2", "coin"), config(4, 1), 0, 1), [["r0"], ["r1"], ["r2"]]);
  t.deepEqual(placements(having("alice", "bob", "c0"), config(4, 1), 0, 1), [["alice"], ["bob"]]);
});

test("nobody can sit in one way only", (t) => {
  t.deepEqual(placements(pbft(), config(4, 1), 1, 0), [[]]);
});
