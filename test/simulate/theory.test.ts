// What can be computed by hand: message delays, message counts, timeouts.

import test from "ava";
import { networkOf } from "../../src/simulate/network.js";
import { defaults } from "../../src/simulate/raw-options.js";
import { simulationFrom } from "../../src/simulate/setting.js";
import { constant, run } from "./support.js";

for (let n = 4; n <= 31; n++)
  test(`n=${n}: one request takes five message delays, and as many messages as the phases' formulas say`, async (t) => {
    const result = await run({ replicas: n, delay: constant(7) });
    const { latencyMs, messages, verdict } = result;
    t.is(verdict, "holds");
    t.is(result.messagesBetweenReplicas, 2 * n * (n - 1)); // all but the request and the replies
    const all = 1 + 2 * n * (n - 1) + n;
    t.is(result.messagesPerSecond, Math.round((all / 0.035) * 1000) / 1000);
    const bytes = Object.values(result.bytes).reduce((sum, some) => sum + some, 0);
    t.is(result.bytesPerSecond, Math.round((bytes / 0.035) * 1000) / 1000);
    t.deepEqual(latencyMs, { p50: 35, p95: 35, p99: 35, mean: 35, max: 35 });
    t.deepEqual(messages, {
      request: 1,
      "pre-prepare": n - 1,
      prepare: (n - 1) ** 2,
      commit: n * (n - 1),
      reply: n,
    });
  });

for (let n = 4; n <= 31; n++)
  test(`n=${n}: with tentative execution one request takes four message delays, and not a message more`, async (t) => {
    const { latencyMs, messages, verdict } = await run({ replicas: n, delay: constant(7), tentative: true });
    t.is(verdict, "holds");
    t.deepEqual(latencyMs, { p50: 28, p95: 28, p99: 28, mean: 28, max: 28 });
    t.deepEqual(messages, {
      request: 1,
      "pre-prepare": n - 1,
      prepare: (n - 1) ** 2,
      commit: n * (n - 1),
      reply: n,
    });
  });

test("each of a client's requests takes five message delays, one after the other", async (t) => {
  const { latencies, virtualSeconds, throughputPerSecond } = await run({ requests: 4, delay: constant(10) });
  t.deepEqual(latencies, [50_000, 50_000, 50_000, 50_000]);
  t.is(virtualSeconds, 0.2);
  t.is(throughputPerSecond, 20);
});

test("a silent primary costs the client's timeout, the backups', and six message delays", async (t) => {
  // 500 (client) + 10 (to all) + 500 (backups) + 10 (view-change) + 10 (new-view, pre-prepare) + 3 * 10
  const { latencies, viewChanges } = await run({ adversary: "silent", byzantine: ["r0"] });
  t.deepEqual(latencies, [1_060_000]);
  t.is(viewChanges, 1);
});

test("the next silent primary in a row costs twice the timeout and one more view-change", async (t) => {
  const { latencies, viewChanges } = await run({ replicas: 7, adversary: "silent", byzantine: ["r0", "r1"] });
  t.deepEqual(latencies, [1_060_000 + 1_000_000 + 10_000]);
  t.is(viewChanges, 2);
});

test("a client that was told of a later view sends its next request there", async (t) => {
  const { latencies } = await run({ requests: 3, adversary: "silent", byzantine: ["r0"] });
  t.deepEqual(latencies, [1_060_000, 50_000, 50_000]);
});

test("a primary that is half a timeout late costs two halves: its pre-prepare, and nobody needs its votes", async (t) => {
  const { latencies, viewChanges } = await run({ adversary: "delayed", byzantine: ["r0"] });
  t.deepEqual(latencies, [50_000 + 250_000]);
  t.is(viewChanges, 0);
});

test("a replica works on one message at a time", async (t) => {
  // request 10 + 1; pre-prepare 10 + 1 at the backups. Prepares (the backups' to each other, all at once): the second of two is
  // done after 10 + 2; then commits: at the third replica the quorum's last is done after 10 + 2 more; reply 10.
  const { latencies } = await run({ processingDelayMs: 1 });
  t.deepEqual(latencies, [55_000]);
});

test("with limited bandwidth the messages of a node leave one after the other", async (t) => {
  const parameters = { ...defaults, bandwidthMbps: 1, delay: constant(10) };
  const { arrivals } = networkOf(await simulationFrom(parameters));
  const sent: readonly [from: number, to: number, at: number][] = [
    [0, 1, 0],
    [0, 2, 0],
    [1, 2, 0],
    [0, 3, 5000],
  ];
  // 1000 bits at 1 bit per microsecond
  t.deepEqual(
    sent.map(([from, to, at]) => arrivals(from, to, at, 125)[0]),
    [11_000, 12_000, 11_000, 16_000],
  );
});
