// What comes of a replica that hides its state: the number of states, or that it is detected.

import type { ExecutionContext } from "ava";
import { UserError } from "../../src/index.js";
import { check, realFile } from "./support.js";

/** One replica; A and C count, B tells the count. What has been told is in sight. */
export const withReplica = (counter: string) => `
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

export const leakOptions = {
  replicas: 1,
  requests: ["A", "B", "C"],
  requestCount: 3,
  views: 0,
  properties: ["agreement"],
};
/** Something in sight counts how often A was asked, so the space is cut at a depth. */
export const few = { maxDepth: 6 };

/** Checks a class `Counter`. */
export async function outcome(t: ExecutionContext, counter: string, see = "graph"): Promise<string> {
  try {
    const file = await realFile(t, withReplica(counter), { ...leakOptions, see });
    const { states } = await check(file, {}, few);
    return `${states} states`;
  } catch (error) {
    if (error instanceof UserError && /has hidden state/.test(error.message)) return "detected";
    throw error;
  }
}
