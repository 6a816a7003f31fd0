// What coins-and-crashes.test.ts does of few random protocols, of many.

import test from "ava";
import {
  crashingNodes,
  crashingProtocols,
  lossyNetworks,
  partedNetworks,
} from "../support/crashes-against-naive.js";

test("two nodes that toss, choose, crash and recover", async (t) => {
  t.deepEqual(await crashingNodes(t, 120), {
    "always holds": 6,
    "always holds because of chance": 3,
    "always lasso": 17,
    "always stuck": 20,
    "always stuck because of a crash": 3,
    "maybe holds": 14,
    "maybe holds because of chance": 7,
    "maybe lasso": 10,
    "maybe stuck": 22,
    "maybe stuck because of a crash": 3,
  });
});

test("random protocols that toss, crash and recover, on every network", async (t) => {
  t.deepEqual(await crashingProtocols(t, 150), { lasso: 5, outside: 17, stuck: 58 });
});

test("random protocols on networks that reorder within a window, lose without end, or keep what they have delivered", async (t) => {
  t.deepEqual(await lossyNetworks(t, 72), {
    duplicating: 10,
    lossy: 7,
    "lossy-fifo": 7,
    "lossy-fifo:1": 7,
    "reordering:2": 5,
    "reordering:3": 6,
  });
});

test("random protocols on networks that part replicas both ways, one way, and with a bridge", async (t) => {
  t.deepEqual(await partedNetworks(t, 162), {
    "bridge-partitions": 3,
    "bridge-partitions:1": 5,
    "bridge-partitions:2": 4,
    lasso: 3,
    "one-way-partitions": 7,
    "one-way-partitions:1": 4,
    "one-way-partitions:2": 5,
    outside: 8,
    partitions: 2,
    "partitions:1": 5,
    "partitions:2": 5,
    stuck: 50,
  });
});
