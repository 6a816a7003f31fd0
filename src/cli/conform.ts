// `turncoat conform`: is there an execution of the model that explains what nodes have recorded?

import type { Command } from "commander";
import { type Conformance, conform } from "../conform/index.js";
import { counted } from "../parameters/words.js";
import { readRecords } from "../records/index.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { list } from "./options.js";
import { printJson } from "./print-json.js";
import { recordFiles } from "./record-files.js";

interface ConformCommandOptions {
  readonly byzantine?: readonly string[];
  readonly protocol?: string;
  readonly json?: boolean;
}

export function addConform(command: Command): void {
  command
    .argument("<records...>", "records of nodes, merged ones, or directories of them, as turncoat run leaves")
    .option("--byzantine <names>", "whose records are not believed (default: nodes without one)", list)
    .option("--protocol <name>", "what explains them (default: what the records name)")
    .option("--json", "one JSON document on standard output")
    .addHelpText("after", "\nExample: turncoat run --local 4 --dir cluster && turncoat conform cluster")
    .action(async (paths: readonly string[], { json, ...options }: ConformCommandOptions) => {
      const startedAt = performance.now();
      const found = await conform(readRecords(recordFiles(paths)), options);
      const elapsed = (performance.now() - startedAt) / 1000;
      if (json)
        printJson({ turncoat: version, command: "conform", ...jsonOf(found), seconds: round(elapsed) });
      else for (const line of linesOf(found, elapsed)) console.log(line);
      process.exitCode = found.rejection === null ? exitCode.holds : exitCode.violated;
    });
}

function jsonOf({ protocol, correct, byzantine, steps, explained, rejection, missing }: Conformance) {
  return {
    ...{ verdict: rejection === null ? "conforms" : "rejected", protocol, correct, byzantine },
    ...{ steps: steps.length, explained, missing },
    rejection: rejection && {
      ...{ node: rejection.node, number: rejection.number, what: rejection.what, reason: rejection.reason },
      step: rejection.step,
    },
  };
}

function linesOf(found: Conformance, elapsed: number): string[] {
  const { protocol, correct, byzantine, steps, explained, rejection, missing } = found;
  const of = `${counted(steps.length, "step")} of ${correct.join(", ")}`;
  const others = byzantine.length > 0 ? `; ${byzantine.join(", ")} may have said anything unforged` : "";
  const head = `${rejection === null ? "conforms" : "rejected"}: ${protocol} explains ${rejection === null ? "all" : `the first ${grouped(explained)}`} of ${of}${others}; ${seconds(elapsed)}`;
  return [
    head,
    ...(rejection === null
      ? []
      : [
          `Step ${rejection.number} of ${rejection.node} has no explanation:`,
          `  ${rejection.what}`,
          `  ${rejection.reason}`,
        ]),
    ...Object.entries(missing).map(
      ([node, count]) => `Note: others know of ${count} steps of ${node}, and its record ends before that.`,
    ),
  ];
}
