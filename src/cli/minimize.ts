// `turncoat minimize`: from a trace to one from which no action can be left out.

import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { minimizeTrace } from "../minimize/index.js";
import { UserError } from "../model/errors.js";
import { accountLines } from "../report/minimize.js";
import { round } from "../report/numbers.js";
import { paintFor } from "../report/paint.js";
import { encodeTrace, readTrace, renderReplay, replay } from "../trace/index.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { integer } from "./options.js";

interface MinimizeCommandOptions {
  readonly output?: string;
  readonly maxStates?: number;
  readonly json?: boolean;
}

export function addMinimize(program: Command): void {
  program
    .command("minimize")
    .description("shorten a trace until no action can be left out, and verify that")
    .argument("<file>", "a trace")
    .option("-o, --output <file>", "where to write the result (default: FILE with .min.json)")
    .option(
      "--max-states <n>",
      "how many states each search for a shorter way may visit; 0: actions are left out, and nothing is searched (default: 60000)",
      integer(0),
    )
    .option("--json", "one JSON document on standard output")
    .action(async (file: string, options: MinimizeCommandOptions) => {
      process.exitCode = await minimizeFile(file, options);
    });
}

async function minimizeFile(file: string, options: MinimizeCommandOptions): Promise<number> {
  const startedAt = performance.now();
  const before = await readTrace(file);
  const { trace, tried, account } = await minimizeTrace(before, {
    ...(options.maxStates !== undefined && { maxStates: options.maxStates }),
  });
  const output = options.output ?? file.replace(/(\.json)?$/, ".min.json");
  try {
    await writeFile(output, encodeTrace(trace));
  } catch (error) {
    throw new UserError("bad-file", `${output} could not be written: ${(error as Error).message}`);
  }
  if (options.json) {
    const document = {
      turncoat: version,
      command: "minimize",
      file,
      output,
      property: trace.violates.property,
      adversary: trace.setting.adversary,
      actionsBefore: account.actionsBefore,
      actions: trace.actions.length,
      ...(trace.loop && { loop: trace.loop.length }),
      removed: account.removed,
      kept: account.kept,
      needed: account.needed.map(({ impossibleWithout }) => impossibleWithout),
      shortest: account.isShortest,
      minimal: true,
      replays: tried,
      seconds: round((performance.now() - startedAt) / 1000),
    };
    console.log(JSON.stringify(document, null, 2));
  } else {
    console.log(renderReplay(await replay(trace), paintFor(process.stdout.isTTY === true)).join("\n"));
    console.log(
      `\n${account.actionsBefore} actions before, ${account.needed.length} now, with ${tried} replays; leaving out any one ` +
        "of them loses the violation.",
    );
    for (const line of accountLines(account, trace.violates.property)) console.log(line);
    console.log(`Written to ${output}.`);
  }
  return exitCode.holds;
}
