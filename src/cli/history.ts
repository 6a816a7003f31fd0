// `turncoat history`: checks whether a recorded history of a real system is linearizable.

import { type Command, Option } from "commander";
import { readText } from "../files/json.js";
import { eventsOf, operationsOf } from "../histories/index.js";
import { linearize, sequentialObjects, whyNot } from "../linearizability/index.js";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import type { Json } from "../protocol/index.js";
import { round, seconds } from "../report/numbers.js";
import { version } from "../version.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { choice, duration } from "./options.js";
import { printJson } from "./print-json.js";

interface HistoryOptions {
  readonly object: string;
  readonly initial: string;
  readonly maxSeconds?: number;
  readonly allowInconclusive?: boolean;
  readonly json?: boolean;
}

export function addHistory(command: Command): void {
  const names = sequentialObjects.map(({ name }) => name);
  command
    .argument(
      "<file>",
      "the history: one event a line, with process, type (invoke, ok, fail, info), f and value",
    )
    .addOption(choice(new Option("--object <name>", "what it is a history of").default("register"), names))
    .option("--initial <json>", "the value at the beginning", "null")
    .option("--max-seconds <s>", "how long it may take (default: no limit)", duration)
    .option("--allow-inconclusive", "exit with 0 instead of 3 if a limit was reached")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `\nObjects:\n${sequentialObjects.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}\n\nExample: turncoat history jepsen/history.edn --object register`,
    )
    .action((file: string, options: HistoryOptions) => {
      process.exitCode = checkHistory(file, options);
    });
}

function checkHistory(file: string, options: HistoryOptions): number {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const object = sequentialObjects.find(({ name }) => name === options.object)!;
  const operations = operationsOf(file, eventsOf(file, readText(file)), object);
  const found = linearize(operations, object, initialOf(options.initial), {
    maxSteps: Number.POSITIVE_INFINITY,
    shouldStop: () => elapsed() > (options.maxSeconds ?? Number.POSITIVE_INFINITY),
  });
  const verdict =
    found.isLinearizable === null ? "inconclusive" : found.isLinearizable ? "holds" : "violated";
  const unanswered = operations.filter(({ returned }) => returned === null).length;
  if (options.json)
    printJson({
      turncoat: version,
      command: "history",
      ...{ file, object: object.name, verdict, operations: operations.length, unanswered },
      ...{
        ordered: found.order.length,
        steps: found.steps,
        stuck: found.stuck?.line ?? null,
        part: found.part,
      },
      reason: verdict === "violated" ? whyNot(found).join("\n") : null,
      seconds: round(elapsed()),
    });
  else {
    const asked = `${counted(operations.length, "operation")} on a ${object.name}, ${unanswered} never answered`;
    console.log(`${file}: ${verdict}. ${asked}; ${counted(found.steps, "step")}, ${seconds(elapsed())}`);
    if (verdict === "violated") for (const line of whyNot(found)) console.log(`  ${line}`);
    if (verdict === "inconclusive")
      console.log(
        `  the limit of ${options.maxSeconds} seconds was reached; the longest order has ${counted(found.order.length, "operation")}`,
      );
  }
  return verdict === "violated" ? exitCode.violated : exitCodeOf(verdict, options.allowInconclusive === true);
}

function initialOf(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(
      "bad-option",
      `--initial ${text} is not JSON: use --initial 0, --initial '"a"' or --initial null`,
    );
  }
}
