// The command line of every script in this folder: a wrong option is one line and exit code 2, and `--help` prints the comment that the script
// begins with.

import { readFileSync } from "node:fs";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** What `parseArgs` finds; ends the process if there is nothing to find. */
export function benchArguments<Wanted extends ParseArgsConfig>(
  wanted: Wanted,
): ReturnType<typeof parseArgs<Wanted>> {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(headComment());
    process.exit(0);
  }
  try {
    return parseArgs(wanted);
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    console.error(`error: ${line} (--help shows what there is)`);
    process.exit(2);
  }
}

function headComment(): string {
  const lines = readFileSync(process.argv[1]!, "utf8").split("\n");
  const head = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("//")),
  );
  return head.map((line) => line.replace(/^\/\/ ?/, "")).join("\n");
}
