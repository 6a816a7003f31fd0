// When a run is given up: queues count, and where more comes in than can be done nobody is to blame.

import test from "ava";
import { run } from "./support.js";

test("48 clients are served although their requests wait in queues for longer than timers do", async (t) => {
  const crowded = await run({ clients: 48, processingDelayMs: 1, timeoutMs: 50, seed: 1 });
  t.is(crowded.verdict, "holds");
  t.is(crowded.succeeded, 48);
  t.is(crowded.virtualSeconds, 4.023);
});

test("more than the processors can do is overload, and no violation", async (t) => {
  const { verdict, reason, end, properties } = await run({
    clients: 200,
    processingDelayMs: 1,
    timeoutMs: 50,
    seed: 1,
  });
  t.is(verdict, "inconclusive");
  t.is(end.kind, "overloaded");
  t.regex(reason!, /^overloaded: messages waited in queues for up to \d+ ms, and timers begin with 50 ms: /);
  t.deepEqual(
    properties.map((property) => [property.name, property.verdict]),
    [
      ["agreement", "holds"],
      ["validity", "holds"],
      ["clients-are-served", "inconclusive"],
    ],
  );
});

test("a link that is too slow is overload, too", async (t) => {
  const { verdict, end } = await run({ clients: 40, bandwidthMbps: 0.01, timeoutMs: 10, seed: 1 });
  t.is(end.kind, "overloaded");
  t.is(verdict, "inconclusive");
});

test("a protocol that is not live is found out with a processing time as without", async (t) => {
  const { verdict, end } = await run({
    protocol: "pbft/primary-forever",
    adversary: "silent",
    byzantine: ["r0"],
    processingDelayMs: 1,
  });
  t.is(end.kind, "gave-up");
  t.is(verdict, "violated");
});

test("nobody served where messages are lost for ever is outside, never holds", async (t) => {
  const { verdict, reason, succeeded } = await run({
    protocol: "tutorial",
    replicas: 10,
    faults: 3,
    delay: { kind: "uniform", minMs: 5, maxMs: 40 },
    drop: 0.1,
    maxTimeMs: 2000,
    seed: 7,
  });
  t.is(succeeded, 0);
  t.is(verdict, "outside");
  t.regex(reason!, /^not live, and the network loses messages to the end/);
});

test("time that ran out is inconclusive, also for what is always true and has been so far", async (t) => {
  for (const properties of [null, ["agreement"]]) {
    const { verdict, reason, succeeded } = await run({ requests: 1000, maxTimeMs: 200, properties });
    t.is(succeeded, 4);
    t.is(verdict, "inconclusive");
    t.regex(reason!, /^the limit of 200 ms was reached/);
  }
});

test("where no time passes there is no throughput", async (t) => {
  const { verdict, succeeded, throughputPerSecond } = await run({
    clients: 32,
    delay: { kind: "constant", ms: 0 },
  });
  t.is(verdict, "holds");
  t.is(succeeded, 32);
  t.is(throughputPerSecond, null);
});
