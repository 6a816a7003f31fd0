// Leads what replicas send each other through a proxy: each replica gets a copy of the cluster's file in which the others have the proxy's
// addresses.

import { join } from "node:path";
import { writeAtomically } from "../../files/atomic.js";
import { document } from "../../files/document.js";
import { readJson } from "../../files/json.js";
import { ClusterFile, NodeFile } from "../cluster.js";
import { NetworkProxy } from "./proxy.js";

/** Makes the detour for the replicas of a cluster that is written; the proxy, which is to be closed in the end. */
export async function detour(directory: string, clusterName: string): Promise<NetworkProxy> {
  const proxy = new NetworkProxy();
  const file = join(directory, clusterName);
  const cluster = document(ClusterFile, readJson(file), `${file} is not a cluster's file`);
  for (const { id: from, role } of cluster.nodes) {
    if (role !== "replica") continue;
    const nodes = [];
    for (const member of cluster.nodes) {
      const isDirect = member.id === from || member.role !== "replica";
      const { host, port } = member;
      nodes.push(
        isDirect
          ? member
          : { ...member, host: "127.0.0.1", port: await proxy.add(from, member.id, { host, port }) },
      );
    }
    const own = `cluster-of-${from}.json`;
    writeAtomically(join(directory, own), `${JSON.stringify({ ...cluster, nodes }, null, 2)}\n`);
    const secrets = join(directory, `${from}.json`);
    const node = document(NodeFile, readJson(secrets), `${secrets} is not a node's file`);
    writeAtomically(secrets, `${JSON.stringify({ ...node, cluster: own }, null, 2)}\n`, 0o600);
  }
  return proxy;
}
