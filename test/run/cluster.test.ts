// A cluster of real nodes in one process: real sockets, TLS, signatures, logs and records.

import test from "ava";
import { clientOf, clusterFiles, started } from "../support/cluster.js";

test("four replicas serve a client over TLS", async (t) => {
  const { nodes } = await clusterFiles(t);
  const replicas = await Promise.all(nodes.slice(0, 4).map((node) => started(t, node)));
  const { service, load, served } = await clientOf(t, nodes[4]!, 5);
  await served;
  t.is(load.latencies.length, 5);
  await service.stop();
  for (const replica of replicas) await replica.stop();
  console.log(load.latencies, replicas.map(r=>r.counters.snapshot()), service.counters.snapshot());
});
