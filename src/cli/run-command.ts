// Runs one command in this thread, and returns its exit code. An expected error is one line on standard error
// and exit code 2. A bug of Turncoat has an exit code of its own, so it cannot be mistaken for a violation.

import { CommanderError } from "commander";
import { UserError } from "../model/errors.js";
import { isThrownByUser, thrownText, userFrames } from "../model/user-frames.js";
import { version } from "../version.js";
import { commands } from "./commands.js";
import { errorLines } from "./error-lines.js";
import { exitCode } from "./exit-codes.js";
import { importHint } from "./import-hint.js";
import { addOwnHelp } from "./own-help.js";
import { sayUnwritten } from "./unwritten.js";

/** Runs the command that `process.argv` names. */
export async function runCommand(): Promise<number> {
  const [first, second] = process.argv.slice(2);
  const program = await commands(first === "help" ? second : first);
  process.exitCode = undefined;
  try {
    await addOwnHelp(program);
    await program.parseAsync();
    return await sayUnwritten(Number(process.exitCode ?? exitCode.holds));
  } catch (error) {
    const code = report(error);
    const hint = error instanceof UserError ? await importHint(error.message) : null;
    if (hint !== null) console.error(`  ${hint}`);
    return await sayUnwritten(code);
  }
}

/** Prints an error; the exit code that it means. */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.holds : exitCode.usage;
  if (error instanceof UserError) {
    console.error(errorLines(error).join("\n"));
    return exitCode.usage;
  }
  if (isThrownByUser(error)) {
    // Thrown outside of our calls, as in a timer, or where no error was expected.
    console.error(
      [
        `turncoat: Code of yours threw "${thrownText(error)}".`,
        ...userFrames(error).map((frame) => `    ${frame}`),
      ].join("\n"),
    );
    return exitCode.usage;
  }
  console.error(`turncoat ${version} has a bug; please report it with this:`, error);
  return exitCode.internal;
}
