// A cluster of real nodes in one process: real sockets, TLS, signatures, logs and records.

import { join } from "node:path";
import test from "ava";
import { merged, readRecords } from "../../src/records/index.js";
import { recordName } from "../../src/run/service.js";
import { clientOf, clusterFiles, started } from "../support/cluster.js";

const nothingDropped = {
  malformed: 0,
  "bad-signature": 0,
  oversize: 0,
  "unknown-sender": 0,
  "queue-full": 0,
  unproven: 0,
};

test("four replicas serve a client, and after a restart from their logs another one", async (t) => {
  const { nodes } = await clusterFiles(t, { clients: 2 });
  const startAll = () => Promise.all(nodes.slice(0, 4).map((node) => started(t, node)));
  const replicas = await startAll();
  const first = await clientOf(t, nodes[4]!, 3);
  t.deepEqual(await first.served, ["A@1", "A@2", "A@3"]);
  for (const { counters } of replicas) t.deepEqual({ ...counters.dropped }, nothingDropped);
  for (const replica of [first.service, ...replicas]) await replica.stop();

  const again = await startAll();
  const second = await clientOf(t, nodes[5]!, 2);
  t.deepEqual(await second.served, ["B@4", "B@5"]);
  for (const replica of [second.service, ...again]) await replica.stop();

  const { steps, missing } = merged(readRecords(nodes.map(({ directory }) => join(directory, recordName))));
  t.deepEqual(missing, {});
  const starts = steps.filter(({ input }) => input.kind === "restart").map(({ node }) => node);
  t.deepEqual(starts.sort(), ["r0", "r1", "r2", "r3"]);
});

test("without the first primary the others change the view, with proofs that all can verify", async (t) => {
  const { nodes } = await clusterFiles(t, { timeout: "100ms" });
  const replicas = await Promise.all(nodes.slice(1, 4).map((node) => started(t, node)));
  const { service, served } = await clientOf(t, nodes[4]!, 3);
  t.deepEqual(await served, ["A@1", "A@2", "A@3"]);
  for (const { counters, driver } of replicas) {
    t.true(driver.view! > 0);
    t.deepEqual({ ...counters.dropped }, nothingDropped);
  }
  for (const node of [service, ...replicas]) await node.stop();
});
