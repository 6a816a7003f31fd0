// Coins together with crashes and recovery: what chance decides, what the scheduler chooses, who comes back with what is on its
// disk and who is owed nothing because it stays down. Against the naive search, with exact counts of what came out. Of more random protocols:
// coins-and-crashes.long.ts.

import test from "ava";
import {
  crashingNodes,
  crashingProtocols,
  lossyNetworks,
  partedNetworks,
} from "../support/crashes-against-naive.js";

test("two nodes that toss, choose, crash and recover", async (t) => {
  t.deepEqual(await crashingNodes(t, 40), {
    "always holds": 1,
    "always holds because of chance": 1,
    "always lasso": 5,
    "always stuck": 8,
    "always stuck because of a crash": 1,
    "maybe holds": 6,
    "maybe holds because of chance": 3,
    "maybe lasso": 3,
    "maybe stuck": 7,
    "maybe stuck because of a crash": 2,
  });
});

test("random protocols that toss, crash and recover, on every network", async (t) => {
  t.deepEqual(await crashingProtocols(t, 30), { lasso: 1, outside: 6, stuck: 7 });
});

test("random protocols on networks that reorder within a window, lose without end, or keep what they have delivered", async (t) => {
  t.deepEqual(await lossyNetworks(t, 18), {
    duplicating: 2,
    lossy: 2,
    "lossy-fifo": 2,
    "lossy-fifo:1": 2,
    "reordering:2": 1,
    "reordering:3": 1,
  });
});

test("random protocols on networks that part replicas both ways, one way, and with a bridge", async (t) => {
  t.deepEqual(await partedNetworks(t, 72), {
    "bridge-partitions": 2,
    "bridge-partitions:1": 2,
    "bridge-partitions:2": 2,
    lasso: 1,
    "one-way-partitions": 4,
    "one-way-partitions:1": 1,
    "one-way-partitions:2": 3,
    outside: 3,
    "partitions:1": 2,
    "partitions:2": 2,
    stuck: 23,
  });
});
