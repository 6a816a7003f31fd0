// The thread of the command line: standard output that writes at once, and what is thrown outside of all calls.

import "./direct-output.js"; // before anything is printed
import { report, runCommand } from "./run-command.js";
import { watchOutput } from "./unwritten.js";

watchOutput();
process.on("uncaughtException", (error) => process.exit(report(error)));
process.exitCode = await runCommand();
