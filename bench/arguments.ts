// The command line of every script in this folder. A wrong option or number gives one line and exit code 2.
// `--help` prints the comment at the beginning of the script.

import { readFileSync } from "node:fs";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** The arguments of a command line, or what is wrong with them. */
type Read<Wanted extends ParseArgsConfig> =
  | { readonly found: ReturnType<typeof parseArgs<Wanted>> }
  | { readonly problem: string };

/** Parses the words after the script's name. */
export function readArguments<Wanted extends ParseArgsConfig>(wanted: Wanted): Read<Wanted> {
  try {
    return { found: parseArgs(wanted) };
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split("\n");
    return { problem: line! };
  }
}

/** The parsed arguments; ends the process if they are wrong. Without `wanted` the script takes no arguments. */
export function benchArguments<const Wanted extends ParseArgsConfig = ParseArgsConfig>(
  wanted: Wanted = {} as Wanted,
): ReturnType<typeof parseArgs<Wanted>> {
  if (process.argv.slice(2).some((word) => word === "--help" || word === "-h")) {
    console.log(headComment());
    process.exit(0);
  }
  const read = readArguments(wanted);
  return "found" in read ? read.found : refuse(read.problem);
}

/** The number in the text of an option or argument; ends the process unless it is above 0. */
export function positiveNumber(text: string, what: string): number {
  const value = Number(text);
  return value > 0 ? value : refuse(`${what} has to be a number above 0, not ${JSON.stringify(text)}`);
}

/** The same, but 0 is allowed. */
export function numberFrom0(text: string, what: string): number {
  return Number(text) === 0 && text.trim() !== "" ? 0 : positiveNumber(text, what);
}

/** Ends the process with one line and exit code 2. */
export function refuse(problem: string): never {
  console.error(`error: ${problem.replace(/\.$/, "")} (--help shows what there is)`);
  process.exit(2);
}

function headComment(): string {
  const lines = readFileSync(process.argv[1]!, "utf8").split("\n");
  const head = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("//")),
  );
  return head.map((line) => line.replace(/^\/\/ ?/, "")).join("\n");
}
