// State that is hidden in any of these ways is seen or detected; state in sight never raises a false alarm.

import test from "ava";
import { UserError } from "../../src/index.js";
import { clean, leaks } from "./leaks.js";
import { check, realFile } from "./support.js";

/** One replica; A and C count, B tells the count. What has been told is in sight. */
const withReplica = (counter: string) => `
import { EventEmitter } from "node:events";
${counter}
const make = (io) => {
  const counter = new Counter();
  const done = [];
  return { roots: { counter, done }, request: async (value) => {
    if (done.includes(value)) return;
    if (value === "B") { io.event("count", await counter.get()); done.push(value); }
    else if (value === "A") counter.up();
    else { counter.up(); done.push(value); }
  } };
};`;

const options = {
  replicas: 1,
  requests: ["A", "B", "C"],
  requestCount: 3,
  views: 0,
  properties: ["agreement"],
};
const few = { maxDepth: 6 };

/** Something in sight counts how often A was asked, so the space is cut at a depth. */
async function outcome(t: Parameters<typeof realFile>[0], counter: string): Promise<string> {
  try {
    const { states } = await check(await realFile(t, withReplica(counter), options), {}, few);
    return `${states} states`;
  } catch (error) {
    if (error instanceof UserError && /has hidden state/.test(error.message)) return "detected";
    throw error;
  }
}

const inSight = "10 states";

for (const [where, counter] of Object.entries(leaks))
  test(`hidden in ${where}: seen or detected`, async (t) => {
    const found = await outcome(t, counter);
    t.true(["detected", inSight].includes(found), found);
  });

for (const [where, counter] of Object.entries(clean))
  test(`in sight in ${where}: no false alarm`, async (t) => {
    t.is(await outcome(t, counter), inSight);
  });
