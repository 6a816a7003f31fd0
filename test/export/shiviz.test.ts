// ShiViz logs: read as ShiViz reads them, with the expression in the first line, and checked for what it asks of clocks.

import test from "ava";
import { exporterNamed } from "../../src/export/index.js";
import { kinds, traceNamed } from "./traces.js";

const { write } = exporterNamed("shiviz");

interface LogEvent {
  readonly event: string;
  readonly host: string;
  readonly clock: { readonly [host: string]: number };
}

/** Reads a file as ShiViz does: the first line is the expression, the second separates executions, the rest is the log. */
function read(text: string): { events: LogEvent[]; rest: string } {
  const [pattern = "", delimiter, ...log] = text.split("\n");
  if (delimiter !== "") throw new Error("a delimiter where there is one execution");
  const events: LogEvent[] = [];
  const rest = log.join("\n").replaceAll(new RegExp(pattern, "gm"), (...match) => {
    const { event, host, clock } = match.at(-1) as { event: string; host: string; clock: string };
    events.push({ event, host, clock: JSON.parse(clock) });
    return "";
  });
  return { events, rest };
}

for (const [name, actions, loop, make] of kinds)
  test(`"${name}": every line is read, and the clocks are those of one execution`, async (t) => {
    const { result, ...others } = await make();
    const { events, rest } = read(write({ result, ...others }));
    t.is(rest.trim(), "", "nothing is left over");
    const lies = result.steps.filter(({ action }) => ["inject", "relay"].includes(action.kind)).length;
    t.is(events.length, result.starts.length + actions + loop + lies);
    const last = new Map<string, LogEvent["clock"]>();
    for (const { host, clock } of events) {
      const before = last.get(host) ?? {};
      t.is(clock[host], (before[host] ?? 0) + 1, `${host} counts its events from 1`);
      for (const [other, count] of Object.entries(clock)) {
        t.true(count >= (before[other] ?? 0), "nothing is forgotten");
        if (other !== host)
          t.true(count <= (last.get(other)?.[other] ?? 0), "nothing is known before it happens");
        // Who knows an event knows what was known there.
        const there = events.find((one) => one.host === other && one.clock[other] === count)!;
        for (const [third, known] of Object.entries(there.clock)) t.true(clock[third]! >= known);
      }
      last.set(host, clock);
    }
  });

test("what a node hears tells it what the sender knew when it sent that", async (t) => {
  const { events } = read(write(await traceNamed("a new view without reason")));
  const at = (host: string, start: string) =>
    events.filter((one) => one.host === host && one.event.startsWith(start));
  // r0 had heard r2's prepare and r1's when it sent its commit, and nothing of what came later.
  t.is(at("r0", "starts")[0]!.event, "starts with c0:1:A; c1:1:B");
  const [commit] = at("r2", "r0 → r2 commit view 0");
  t.deepEqual(commit!.clock, { r2: 4, r0: 3, r1: 2 });
  const [prepare] = at("r2", "r0 → r2 prepare view 1");
  t.deepEqual(prepare!.clock, { r2: 8, r0: 5, r1: 7 });
});

test("a Byzantine node that shows what others have signed has heard of it", async (t) => {
  const { result, ...others } = await traceNamed("a new view without reason");
  const log = write({ result, ...others });
  const [, forged] = [...log.matchAll(/^sends to r0: pre-prepare view 1.*\n(.*)$/gm)][0]!;
  t.is(forged, 'r1 {"r1":4}', "what it makes up by itself tells of nobody");
});

test("each copy of a doubled message is the one that was sent", async (t) => {
  const { events } = read(write(await traceNamed("a doubled message")));
  t.deepEqual(
    events.map(({ host, clock }) => [host, clock]),
    [
      ["r0", { r0: 1 }],
      ["r1", { r1: 1 }],
      ["(network)", { "(network)": 1, r0: 1 }],
      ["r1", { r1: 2, r0: 1 }],
      ["r1", { r1: 3, r0: 1 }],
    ],
  );
});

test("what goes on for ever says so", async (t) => {
  const { events } = read(write(await traceNamed("a circle")));
  t.deepEqual(
    events.map(({ event }) => event),
    [
      "starts",
      "r0 timer go fires",
      "again and again: r0 timer on fires",
      "again and again: r0 timer on fires",
    ],
  );
});
