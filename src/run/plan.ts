// Plans a cluster: the protocol with its parameters, as `simulate` would run it, and where each node listens.

import { randomInt } from "node:crypto";
import { statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { makeNamedDirectory, writeAtomically } from "../files/atomic.js";
import { document } from "../files/document.js";
import { readJson } from "../files/json.js";
import { UserError } from "../model/errors.js";
import type { RawOptions } from "../simulate/parameters.js";
import { parametersFrom } from "../simulate/raw-options.js";
import { simulationFrom } from "../simulate/setting.js";
import { ClusterFile, NodeFile } from "./cluster.js";
import type { ClusterPlan } from "./keys.js";

/** What somebody asks for, in the words of the options of `simulate`. */
export type ClusterOptions = Pick<
  RawOptions,
  | "protocol"
  | "replicas"
  | "faults"
  | "clients"
  | "requests"
  | "timeout"
  | "checkpointInterval"
  | "batch"
  | "pipeline"
  | "window"
  | "set"
>;

/** The address of the n-th node, from 0. */
export type AddressOf = (node: number) => { readonly host: string; readonly port: number };

/** The plan of a cluster. @throws {UserError} for parameters that the protocol refuses. */
export async function clusterPlan(options: ClusterOptions, addressOf: AddressOf): Promise<ClusterPlan> {
  const { parameters, config, nodes } = await simulationFrom(parametersFrom(options));
  return {
    ...{ protocol: parameters.protocol, config, nodes, timeoutMs: parameters.timeoutMs },
    addresses: nodes.map((_, index) => addressOf(index)),
  };
}

/** Makes the keys of a planned cluster and writes its files; the names of the nodes' files, in order. */
export async function writeCluster(plan: ClusterPlan, directory: string): Promise<readonly string[]> {
  const { makeKeys, clusterName } = await import("./keys.js");
  const shared = join(directory, clusterName);
  if (statSync(shared, { throwIfNoEntry: false }) !== undefined)
    throw new UserError(
      "bad-option",
      `${shared} is there already, and its keys may be in use: name another directory.`,
    );
  const { cluster, nodes } = await makeKeys(plan);
  makeNamedDirectory(directory, 0o700);
  const files = nodes.map((node) => {
    const file = join(directory, `${node.node}.json`);
    writeAtomically(file, `${JSON.stringify(node, null, 2)}\n`, 0o600);
    return file;
  });
  writeAtomically(shared, `${JSON.stringify(cluster, null, 2)}\n`);
  return files;
}

/** Makes new keys for nodes of a cluster that is written, and writes their files and the shared one. @throws {UserError} for a node that there is not. */
export async function rotateKeys(directory: string, nodes: readonly string[], until: Date): Promise<void> {
  const { clusterName, rotated } = await import("./keys.js");
  const shared = join(directory, clusterName);
  let cluster = document(ClusterFile, readJson(shared), `${shared} is not a cluster's file`);
  const renewed: [string, NodeFile][] = [];
  for (const node of nodes) {
    if (!cluster.nodes.some(({ id }) => id === node))
      throw new UserError(
        "bad-option",
        `${shared} has no node ${node}: it has ${cluster.nodes.map(({ id }) => id).join(", ")}.`,
      );
    const file = join(directory, `${node}.json`);
    const made = await rotated(
      cluster,
      document(NodeFile, readJson(file), `${file} is not a node's file`),
      until,
    );
    cluster = made.cluster;
    renewed.push([file, made.secrets]);
  }
  for (const [file, secrets] of renewed)
    writeAtomically(file, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
  writeAtomically(shared, `${JSON.stringify(cluster, null, 2)}\n`);
}

/** Systems give higher ones to connections that go out: who is started again finds its own still free. */
const [lowestPort, highestPort] = [15_000, 32_000];

/** Ports of this machine that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries > 100 * (count + 1))
      throw new UserError(
        "bad-option",
        `There are no ${count} free ports from ${lowestPort} to ${highestPort}.`,
      );
    const port = randomInt(lowestPort, highestPort);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
