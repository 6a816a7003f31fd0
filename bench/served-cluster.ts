// A cluster in this process that has served a client, and stopped.

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
  const { cluster, member } = nodes[4]!;
  const config = { ...cluster.config, operations: requests };
  const load = new Load(
    { protocol: cluster.protocol, config, client: member.id, index: 0, requests },
    (request) => client.driver.handle({ kind: "request", request }),
  );
  let done = () => {};
  const served = new Promise<void>((resolve) => {
    done = resolve;
  });
  const client: NodeService = new NodeService(nodes[4]!, {
    config,
    observe: (events) => {
      load.observe(events);
      if (load.isDone) done();
    },
  });
  await client.start();
  load.begin();
  await served;
  for (const service of [client, ...replicas]) await service.stop();
  return nodes;
}
