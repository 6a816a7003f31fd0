// `turncoat emit-traces`: traces of a model for the drivers of other implementations, which cover every pair of adjacent actions.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { findProtocol, settingFrom } from "../catalogue/index.js";
import { type ActionPair, coverPairs, type PairCoverage } from "../explore/action-pairs.js";
import { exporterNamed } from "../export/index.js";
import { makeNamedDirectory, writeAtomically } from "../files/atomic.js";
import type { Execution } from "../model/action.js";
import { UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { counted } from "../parameters/words.js";
import { settingName } from "../render/setting.js";
import { grouped } from "../report/numbers.js";
import { planToSee } from "../suite/plan.js";
import { encodeTrace, replayIn, type Trace, traceOf } from "../trace/index.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { choice, integer, requestFrom, type SettingOptions, withSettingOptions } from "./options.js";
import { printJson } from "./print-json.js";

interface EmitOptions extends SettingOptions {
  readonly traces: number;
  readonly states: number;
  readonly actions: number;
  readonly format: "json" | "itf";
  readonly out: string;
  readonly json?: boolean;
}

export function addEmitTraces(command: Command): void {
  command.argument("[protocol]", "pbft, a mutant, or ./my-protocol.ts (default: pbft)");
  withSettingOptions(command)
    .optionsGroup("The traces:")
    .option("--traces <n>", "how many at most", integer(1), 100)
    .option("--states <n>", "how many states of the model are looked at", integer(1), 20_000)
    .option("--actions <n>", "the most actions of a trace", integer(2), 60)
    .addOption(
      choice(new Option("--format <format>", "json is Turncoat's own").default("json"), ["json", "itf"]),
    )
    .option("--out <directory>", "where they are written", "emitted")
    .option("--json", "one JSON document on standard output")
    .addHelpText("after", "\nExample: turncoat emit-traces two-phase-commit --format itf --out traces")
    .action(async (subject: string | undefined, options: EmitOptions) => {
      process.exitCode = await emit(subject ?? "pbft", options);
    });
}

async function emit(subject: string, options: EmitOptions): Promise<number> {
  makeNamedDirectory(options.out);
  refuseEarlier(options.out);
  const { description } = planToSee(await findProtocol(subject), requestFrom(subject, options))[0]!;
  const setting = await settingFrom(description);
  const limits = { executions: options.traces, states: options.states, length: options.actions };
  const found = coverPairs(new TransitionSystem(setting), limits);
  const width = String(found.executions.length).length;
  const files = found.executions.map((execution, index) => {
    const name = `${String(index + 1).padStart(width, "0")}${options.format === "itf" ? ".itf" : ""}.json`;
    const file = join(options.out, name);
    writeAtomically(file, textOf(setting, description.protocol, execution, file, options.format));
    return file;
  });
  const name = settingName(description);
  if (options.json)
    printJson({ turncoat: version, command: "emit-traces", setting: name, ...jsonOf(found, files) });
  else for (const line of linesOf(found, name, options)) console.log(line);
  const isComplete = found.left.length === 0 && found.violating.length === 0 && found.isExhaustive;
  return isComplete ? exitCode.holds : exitCode.undecided;
}

/** Whoever drives an implementation with all that is there must not get traces of another model among these. */
function refuseEarlier(directory: string): void {
  const [one] = readdirSync(directory).filter((name) => /^\d+(\.itf)?\.json$/.test(name));
  if (one === undefined) return;
  throw new UserError(
    "bad-option",
    `${directory} has traces of an earlier call, ${one} for one: remove them, or name another directory (--out).`,
  );
}

function textOf(
  setting: Setting,
  protocol: string,
  { start, actions }: Execution,
  file: string,
  format: string,
): string {
  const property = setting.properties[0]!.name;
  const explanation = "emitted to cover pairs of adjacent actions; nothing is violated";
  const whole: Trace = {
    ...traceOf(setting, { property, explanation, start, actions }, { protocol }),
    expect: "holds now",
  };
  if (format === "json") return encodeTrace(whole);
  return exporterNamed("itf").write({ trace: whole, result: replayIn(setting, property, whole), file });
}

function jsonOf(
  { kinds, covered, left, violating, absent, isExhaustive, states }: PairCoverage,
  files: readonly string[],
) {
  return { files, kinds, covered, left, violating, absent, exhaustive: isExhaustive, states };
}

function linesOf(found: PairCoverage, name: string, { out, states }: EmitOptions): string[] {
  const { executions, kinds, covered, left, violating, absent, isExhaustive } = found;
  const pairs = covered.length + left.length + violating.length;
  const looked = isExhaustive
    ? `all ${grouped(found.states)} states`
    : `the first ${grouped(found.states)} states`;
  return [
    name,
    `${counted(executions.length, "trace")} in ${out} cover ${grouped(covered.length)} of ${counted(pairs, "pair")} of adjacent actions (${counted(kinds.length, "kind")}; ${looked})`,
    ...listed("Not covered: allow more traces (--traces) or more actions (--actions)", left),
    ...listed(
      "Not covered, since a property is violated wherever they happen (see turncoat check)",
      violating,
    ),
    ...listed(
      isExhaustive
        ? `Cannot happen within the bounds${violating.length > 0 ? " as long as nothing is violated" : ""}`
        : `Not seen in these states, which were cut at --states ${states}, and may still happen`,
      absent,
    ),
  ];
}

function listed(what: string, pairs: readonly ActionPair[]): string[] {
  if (pairs.length === 0) return [];
  return [
    `${what}: ${counted(pairs.length, "pair")}`,
    ...pairs.map(([first, second]) => `  ${first}, then ${second}`),
  ];
}
