// The state counts of larger published specifications, as TLC reports them (tlaplus/Examples; Konnov's comparison of model checkers).

import test from "ava";
import reliableBroadcast from "../../examples/reliable-broadcast.js";
import { search } from "../../src/explore/search.js";
import { alone, flexiblePaxos, readersWriters } from "../support/published-specs.js";

for (const [name, protocol, states, depth] of [
  ["one round of reliable broadcast with a Byzantine process", reliableBroadcast, 14_424, 6], // published as 7: there the initial states have depth 1
  ["three readers and writers", readersWriters(3), 21_527, 12],
  ["flexible Paxos with 2 acceptors", flexiblePaxos(2), 36_953, 18],
  ["flexible Paxos with 3 acceptors", flexiblePaxos(3), 362_361, 24],
] as const)
  test.serial(`${name}: ${states} states`, async (t) => {
    t.timeout(600_000);
    const found = await search(alone(protocol), { reduction: "none" });
    t.deepEqual([found.states, found.frontier, found.depth], [states, 0, depth]);
  });
