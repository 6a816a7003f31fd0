// A cluster in this process, on loopback sockets, in a directory that goes away after the test.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import type { Json } from "../../src/protocol/index.js";
import { type NodeSettings, readNode } from "../../src/run/cluster.js";
import { Load } from "../../src/run/load.js";
import { type ClusterOptions, clusterPlan, freePorts, writeCluster } from "../../src/run/plan.js";
import { NodeService, type ServiceOptions } from "../../src/run/service.js";

/** The files of a cluster of pbft, and where they are. */
export async function clusterFiles(t: ExecutionContext, options: ClusterOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), "turncoat-run-"));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const ports = await freePorts(16);
  const plan = await clusterPlan({ timeout: "2s", ...options }, (index) => ({
    host: "127.0.0.1",
    port: ports[index]!,
  }));
  const files = await writeCluster(plan, directory);
  return { directory, files, nodes: await Promise.all(files.map(readNode)) };
}

/** Starts a node. */
export async function started(t: ExecutionContext, settings: NodeSettings, options: ServiceOptions = {}) {
  const service = new NodeService(settings, { fail: (error) => t.fail(String(error)), ...options });
  await service.start();
  return service;
}

/** Starts a client that makes so many requests one after the other; `served`: the results of all. */
export async function clientOf(t: ExecutionContext, settings: NodeSettings, requests: number) {
  const { cluster, member } = settings;
  const config = { ...cluster.config, operations: requests };
  const load = new Load(
    { protocol: cluster.protocol, config, client: member.id, index: 0, requests },
    (request) => service.driver.handle({ kind: "request", request }),
  );
  const results: Json[] = [];
  let done = (_: readonly Json[]) => {};
  const served = new Promise<readonly Json[]>((resolve) => {
    done = resolve;
  });
  const service: NodeService = new NodeService(settings, {
    config,
    observe: (events) => {
      load.observe(events);
      for (const event of events) if (event.kind === "accepted") results.push(event.result);
      if (load.isDone) done(results);
    },
    fail: (error) => t.fail(String(error)),
  });
  await service.start();
  load.begin();
  return { service, load, served };
}
