// `turncoat minimize`: shortens a trace until no action can be left out.

import { basename, join } from "node:path";
import { type Command, Option } from "commander";
import { writeAtomically } from "../files/atomic.js";
import { type MinimizedTrace, minimizeTrace } from "../minimize/index.js";
import { paintFor } from "../render/paint.js";
import { renderReplay } from "../render/render.js";
import { accountLines } from "../report/minimize.js";
import { round, seconds } from "../report/numbers.js";
import { encodeTrace, readTrace, replay } from "../trace/index.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { type ModuleOptions, refuseForeignModule, withModuleOption } from "./foreign-modules.js";
import { onInterrupt } from "./interrupt.js";
import { duration, integer } from "./options.js";
import { printJson } from "./print-json.js";
import { ProgressLine } from "./progress.js";
import { say } from "./say.js";
import { orSayLaterNow } from "./unwritten.js";

interface MinimizeCommandOptions extends ModuleOptions {
  readonly out: string | undefined;
  readonly traces: string;
  readonly maxStates?: number;
  readonly minimizeTime?: number;
  readonly json?: boolean;
}

export function addMinimize(command: Command): void {
  command
    .argument("<file>", "a trace")
    .option(
      "-o, --out <file>",
      "where to write the result (default: FILE's name with .min.json, in --traces)",
    )
    .addOption(new Option("--output <file>").hideHelp()) // its name up to 0.1.0
    .option("--traces <dir>", "the directory for the result: traces of a corpus stay as they are", "./traces")
    .option(
      "--max-states <n>",
      "how many states each search for a shorter way may visit; 0: actions are left out, and nothing is searched (default: 60000)",
      integer(0),
    )
    .option(
      "--minimize-time <s>",
      "how long it may take, in seconds (default: no limit); what is shortest then, or when it is interrupted, is kept",
      duration,
    )
    .option("--json", "one JSON document on standard output")
    .action(async (file: string, options: MinimizeCommandOptions & { readonly output?: string }) => {
      process.exitCode = await minimizeFile(file, { ...options, out: options.out ?? options.output });
    });
  withModuleOption(command);
}

async function minimizeFile(file: string, options: MinimizeCommandOptions): Promise<number> {
  const startedAt = performance.now();
  const before = await readTrace(file);
  refuseForeignModule(file, before.setting.protocol, options);
  const signal = onInterrupt();
  const progress = new ProgressLine();
  const minimized = await minimizeTrace(before, {
    ...(options.maxStates !== undefined && { maxStates: options.maxStates }),
    ...(options.minimizeTime !== undefined && { maxSeconds: options.minimizeTime }),
    signal,
    onProgress: (now) => {
      const elapsed = (performance.now() - startedAt) / 1000;
      progress.show("minimizing", elapsed, `${now.before} -> ${now.now} actions, ${seconds(elapsed)}`);
    },
  });
  progress.clear();
  const output = options.out ?? join(options.traces, basename(file).replace(/(\.json)?$/, ".min.json"));
  const isWritten = orSayLaterNow(() => writeAtomically(output, encodeTrace(minimized.trace)));
  const written = isWritten ? output : null;
  if (options.json)
    printJson({
      ...documentOf(file, written, minimized),
      seconds: round((performance.now() - startedAt) / 1000),
    });
  else await tell(minimized, written);
  return signal.aborted ? exitCode.interrupted : exitCode.holds;
}

function documentOf(file: string, output: string | null, { trace, tried, account }: MinimizedTrace) {
  return {
    turncoat: version,
    command: "minimize",
    file,
    output,
    property: trace.violates.property,
    adversary: trace.setting.adversary,
    identity: trace.identity,
    actionsBefore: account.actionsBefore,
    actions: trace.actions.length,
    ...(trace.loop && { loop: trace.loop.length }),
    removed: account.removed,
    kept: account.kept,
    needed: account.needed.map(({ impossibleWithout }) => impossibleWithout),
    shortest: account.isShortest,
    minimal: trace.minimal === true,
    replays: tried,
  };
}

async function tell({ trace, tried, account }: MinimizedTrace, output: string | null): Promise<void> {
  const paint = paintFor(process.stdout.isTTY === true);
  const actionsNow = trace.actions.length + (trace.loop?.length ?? 0);
  say(renderReplay(await replay(trace), paint).join("\n"), paint);
  say(
    `\n${account.actionsBefore} actions before, ${actionsNow} now, with ${tried} replays; ` +
      (trace.minimal === true
        ? "leaving out any one of them loses the violation."
        : "it was cut short, so it is not verified that none of them can be left out."),
    paint,
  );
  if (trace.minimal === true)
    for (const line of accountLines(account, trace.violates.property)) say(line, paint);
  if (output !== null) console.log(`Written to ${output}.`);
}
