// All commands of `turncoat`, not yet run: the command line runs them, and docs/cli.md is written from them.

import { Command } from "commander";
import { version } from "../version.js";
import { addCheck } from "./check.js";
import { addCompletion } from "./completion/command.js";
import { addExplore } from "./explore.js";
import { addFuzz } from "./fuzz.js";
import { addHistory } from "./history.js";
import { addInit } from "./init.js";
import { addList } from "./list.js";
import { addMinimize } from "./minimize.js";
import { addReplay } from "./replay.js";
import { addSimulate } from "./simulate.js";
import { addTour } from "./tour.js";

export function commands(): Command {
  const program = new Command("turncoat")
    .description("Model checking and fuzz testing for Byzantine fault tolerant replicas.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(turncoat --help shows what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive or vacuous, 130 interrupted (143 by SIGTERM).",
    );
  addTour(program);
  addCheck(program);
  addFuzz(program);
  addExplore(program);
  addReplay(program);
  addMinimize(program);
  addSimulate(program);
  addHistory(program);
  addList(program);
  addInit(program);
  addCompletion(program);
  return program;
}
