// `turncoat keys`: makes the keys and the files of a cluster.

import { join } from "node:path";
import type { Command } from "commander";
import { counted } from "../parameters/words.js";
import { type ClusterOptions, clusterPlan, writeCluster } from "../run/plan.js";
import { withClusterOptions } from "./cluster-options.js";
import { integer, list } from "./options.js";

interface KeysOptions extends Omit<ClusterOptions, "protocol"> {
  readonly out: string;
  readonly host: readonly string[];
  readonly port: number;
}

export function addKeys(command: Command): void {
  command
    .argument("[protocol]", "pbft, a mutant, or ./my-protocol.ts", "pbft")
    .optionsGroup("Files and addresses:")
    .requiredOption("--out <directory>", "where to write them")
    .option("--host <names>", "where nodes listen: one for all, or one for each, replicas first", list, [
      "127.0.0.1",
    ])
    .option(
      "--port <p>",
      "the port of the first node; on a host of several nodes each has the next one",
      integer(1),
      7400,
    );
  withClusterOptions(command)
    .addHelpText(
      "after",
      "\nExample: turncoat keys --replicas 4 --clients 1 --out cluster   writes cluster/cluster.json, and r0.json ... c0.json with secrets",
    )
    .action(async (protocol: string, { out, host, port, ...options }: KeysOptions) => {
      const used = new Map<string, number>();
      const plan = await clusterPlan({ protocol, ...options }, (node) => {
        const name = host[node % host.length]!;
        const next = used.get(name) ?? port;
        used.set(name, next + 1);
        return { host: name, port: next };
      });
      const files = await writeCluster(plan, out);
      console.log(`${join(out, "cluster.json")} is for every node; its addresses can be edited.`);
      console.log(
        `${counted(files.length, "file")} with secrets, each for one node alone: ${plan.nodes.map(({ id }) => join(out, `${id}.json`)).join(", ")}`,
      );
      console.log(`Next: turncoat run ${files[0]}`);
    });
}
