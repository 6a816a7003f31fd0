// `turncoat trace merge`: merges the records of several nodes into one order.

import { Argument, type Command } from "commander";
import { writeAll, writeAtomically } from "../files/atomic.js";
import { counted } from "../parameters/words.js";
import { merged, readRecords } from "../records/index.js";
import { recordFiles } from "./record-files.js";

interface TraceOptions {
  readonly out?: string;
}

export function addTrace(command: Command): void {
  command
    .addArgument(
      new Argument("<action>", "merge: put the steps of several nodes into one order").choices(["merge"]),
    )
    .argument("<records...>", "records of nodes, or directories of them, as turncoat run leaves")
    .option("--out <file>", "where to write it (default: standard output)")
    .addHelpText(
      "after",
      "\nA step comes after all steps that its vector clock counts.\n\nExample: turncoat trace merge cluster --out cluster.ndjson",
    )
    .action((_action: string, paths: readonly string[], { out }: TraceOptions) => {
      const records = readRecords(recordFiles(paths));
      const { steps, missing } = merged(records);
      const lines = [...records.heads.values(), ...steps].map((line) => `${JSON.stringify(line)}\n`);
      for (const [node, count] of Object.entries(missing))
        console.error(`Note: others know of ${count} steps of ${node}, and its record ends before that.`);
      if (out === undefined) for (const line of lines) process.stdout.write(line);
      else {
        writeAtomically(out, (file) => {
          for (const line of lines) writeAll(file, Buffer.from(line));
        });
        console.log(`${out}: ${counted(steps.length, "step")} of ${[...records.heads.keys()].join(", ")}`);
      }
    });
}
