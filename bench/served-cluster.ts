// A cluster in this process that has served a client, and stopped.

import type { Json } from "../src/protocol/index.js";
import { type NodeSettings, readNode } from "../src/run/cluster.js";
import { Load } from "../src/run/load.js";
import { clusterPlan, freePorts, writeCluster } from "../src/run/plan.js";
import { NodeService } from "../src/run/service.js";

/** Runs four replicas and a client with so many requests; the nodes, whose records are complete. */
export async function servedCluster(directory: string, requests: number): Promise<readonly NodeSettings[]> {
  const ports = await freePorts(5);
  const plan = await clusterPlan({ timeout: "30s" }, (index) => ({ host: "127.0.0.1", port: ports[index]! }));
  const nodes = await Promise.all((await writeCluster(plan, directory)).map(readNode));
  const replicas = nodes.slice(0, 4).map((node) => new NodeService(node));
  for (const replica of replicas) await replica.start();
  await servedBy(nodes[4]!, requests);
  for (const service of replicas) await service.stop();
  return nodes;
}

/** Runs a client until its requests are served; their results. */
export async function servedBy(settings: NodeSettings, requests: number): Promise<readonly Json[]> {
  const { cluster, member } = settings;
  const config = { ...cluster.config, operations: requests };
  const load = new Load(
    { protocol: cluster.protocol, config, client: member.id, index: 0, requests },
    (request) => client.driver.handle({ kind: "request", request }),
  );
  const results: Json[] = [];
  let done = () => {};
  const served = new Promise<void>((resolve) => {
    done = resolve;
  });
  const client: NodeService = new NodeService(settings, {
    config,
    observe: (events) => {
      load.observe(events);
      for (const event of events) if (event.kind === "accepted") results.push(event.result);
      if (load.isDone) done();
    },
  });
  await client.start();
  load.begin();
  await served;
  await client.stop();
  return results;
}
