// What chance.test.ts does of few random tables and protocols, of many.

import test from "ava";
import { randomProtocols, randomTables } from "../support/coins-against-naive.js";

test("random tables of coins and choices", async (t) => {
  t.deepEqual(await randomTables(t, 600), { holds: 76, stuck: 85, lasso: 439, becauseOfChance: 45 });
});

test("random protocols with coins go round exactly where the naive search says so", async (t) => {
  t.deepEqual(await randomProtocols(t, 140), {
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
