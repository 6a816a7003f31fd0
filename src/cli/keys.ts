// `turncoat keys`: makes the keys and the files of a cluster.

import { join } from "node:path";
import type { Command } from "commander";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import { type ClusterOptions, clusterPlan, rotateKeys, writeCluster } from "../run/plan.js";
import { withClusterOptions } from "./cluster-options.js";
import { integer, list, positive } from "./options.js";

interface KeysOptions extends Omit<ClusterOptions, "protocol"> {
  readonly out?: string;
  readonly rotate?: string;
  readonly nodes?: readonly string[];
  readonly overlap: number;
  readonly host: readonly string[];
  readonly port: number;
}

export function addKeys(command: Command): void {
  command
    .argument("[protocol]", "pbft, a mutant, or ./my-protocol.ts", "pbft")
    .optionsGroup("Files and addresses:")
    .option("--out <directory>", "where to write them")
    .option("--host <names>", "where nodes listen: one for all, or one for each, replicas first", list, [
      "127.0.0.1",
    ])
    .option(
      "--port <p>",
      "the port of the first node; on a host of several nodes each has the next one",
      integer(1),
      7400,
    );
  command
    .optionsGroup("New keys for nodes that there are:")
    .option("--rotate <directory>", "the directory of a cluster: give some of its nodes new keys")
    .option("--nodes <names>", "which nodes", list)
    .option("--overlap <days>", "for how many days others still accept the old keys", positive, 7);
  withClusterOptions(command)
    .addHelpText(
      "after",
      "\nExample: turncoat keys --replicas 4 --clients 1 --out cluster   writes cluster/cluster.json, and r0.json ... c0.json with secrets",
    )
    .action((protocol: string, { rotate, nodes, overlap, ...options }: KeysOptions) =>
      rotate === undefined ? makeIn(protocol, options) : rotateIn(rotate, nodes, overlap),
    );
}

async function makeIn(
  protocol: string,
  { out, host, port, ...options }: Omit<KeysOptions, "rotate" | "nodes" | "overlap">,
): Promise<void> {
  if (out === undefined)
    throw new UserError("bad-option", "Say where to write the files: --out cluster. Or --rotate cluster.");
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
}

async function rotateIn(
  directory: string,
  nodes: readonly string[] | undefined,
  days: number,
): Promise<void> {
  if (nodes === undefined)
    throw new UserError(
      "bad-option",
      "Say which nodes get new keys: --nodes r0. One after the other is safest.",
    );
  const until = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  await rotateKeys(directory, nodes, until);
  console.log(`New keys: ${nodes.join(", ")}. The old ones are accepted until ${until.toISOString()}.`);
  console.log(
    `Next: 1. give the new ${join(directory, "cluster.json")} to all other nodes, and start them again one by one.`,
  );
  console.log(`      2. then start ${nodes.join(", ")} again, with their new files.`);
}
