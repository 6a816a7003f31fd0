// `turncoat conform`: is there an execution of the model that explains what nodes have recorded?

import type { Command } from "commander";
import {
  type Candidate,
  type Conformance,
  conform,
  otherCodeAdvice,
  traceOfConformance,
} from "../conform/index.js";
import { writeAtomically } from "../files/atomic.js";
import { counted } from "../parameters/words.js";
import { readRecords } from "../records/index.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { encodeTrace } from "../trace/index.js";
import { version } from "../version.js";
import { conformThroughMap } from "./conform-mapped.js";
import { exitCode } from "./exit-codes.js";
import { list } from "./options.js";
import { printJson } from "./print-json.js";
import { recordFiles } from "./record-files.js";

interface ConformCommandOptions {
  readonly byzantine?: readonly string[];
  readonly protocol?: string;
  readonly map?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function addConform(command: Command): void {
  command
    .argument("<records...>", "records of nodes, merged ones, or directories of them, as turncoat run leaves")
    .option("--byzantine <names>", "whose records are not believed (default: nodes without one)", list)
    .option("--protocol <name>", "what explains them (default: what the records name)")
    .option("--map <file>", "records of others, in the words of this mapping (JSON lines, ITF or TLC's JSON)")
    .option("--out <file>", "write what is explained as a trace, which replay and explore open")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      "\nExample: turncoat run --local 4 --dir cluster && turncoat conform cluster\n         turncoat conform theirs.ndjson --map theirs.map.json",
    )
    .action(async (paths: readonly string[], { json, out, map, ...options }: ConformCommandOptions) => {
      if (map !== undefined) {
        process.exitCode = await conformThroughMap(paths, {
          ...{ ...options, map },
          ...(out !== undefined && { out }),
          ...(json && { json }),
        });
        return;
      }
      const startedAt = performance.now();
      const records = readRecords(recordFiles(paths));
      const found = await conform(records, options);
      const elapsed = (performance.now() - startedAt) / 1000;
      if (out !== undefined) writeAtomically(out, encodeTrace(traceOfConformance(found, records)));
      if (json)
        printJson({ turncoat: version, command: "conform", ...jsonOf(found), seconds: round(elapsed) });
      else {
        for (const line of linesOf(found, elapsed)) console.log(line);
        if (out !== undefined)
          console.log(`Written to ${out}: see it with turncoat replay ${out} --emit html --out page.html`);
      }
      process.exitCode = exitCodes[verdictOf(found)];
    });
}

const exitCodes = {
  conforms: exitCode.holds,
  rejected: exitCode.violated,
  inconclusive: exitCode.undecided,
} as const;

/** A rejection of what other code has done is none. */
function verdictOf({ rejection, otherCode }: Conformance): keyof typeof exitCodes {
  if (rejection === null) return "conforms";
  return otherCode.length > 0 ? "inconclusive" : "rejected";
}

function jsonOf(found: Conformance) {
  const { protocol, correct, byzantine, steps, explained, rejection, frontier, missing, otherCode } = found;
  return {
    ...{ verdict: verdictOf(found), protocol, correct, byzantine },
    ...{ steps: steps.length, explained, missing, otherCode },
    rejection: rejection && candidateJson(rejection),
    frontier: frontier.map((candidate) => ({ ...candidateJson(candidate), waits: candidate.waits })),
  };
}

function candidateLines({ node, number, what, reason, waits }: Candidate): string[] {
  return [`  step ${number} of ${node}${waits ? ", which waits" : ""}: ${what}`, `    ${reason}`];
}

function candidateJson({ node, number, what, reason, step }: Candidate) {
  return { node, number, what, reason, step };
}

function linesOf(found: Conformance, elapsed: number): string[] {
  const { protocol, correct, byzantine, steps, explained, rejection, frontier, missing, otherCode } = found;
  const of = `${counted(steps.length, "step")} of ${correct.join(", ")}`;
  const others = byzantine.length > 0 ? `; ${byzantine.join(", ")} may have said anything unforged` : "";
  const head = `${verdictOf(found)}: ${protocol} explains ${rejection === null ? "all" : `the first ${grouped(explained)}`} of ${of}${others}; ${seconds(elapsed)}`;
  return [
    head,
    ...(rejection === null
      ? []
      : ["What could come next, and why it cannot:", ...frontier.flatMap(candidateLines)]),
    ...(verdictOf(found) === "inconclusive"
      ? [otherCodeAdvice(protocol), ...otherCode.map((difference) => `  ${difference}`)]
      : []),
    ...Object.entries(missing).map(
      ([node, count]) => `Note: others know of ${count} steps of ${node}, and its record ends before that.`,
    ),
  ];
}
