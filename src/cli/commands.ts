// The list of commands. The command line runs them, and docs/cli.md is generated from them. Only the module
// of the chosen command is loaded, because each loads most of Turncoat.

import { Command, Option } from "commander";
import { version } from "../version.js";
import { knowSynonyms } from "./synonyms.js";

interface Summary {
  readonly name: string;
  readonly description: string;
  /** The arguments, as the usage line shows them. */
  readonly argument?: string;
  /** Default: true. */
  readonly hasOptions?: false;
  /** Adds the options and the action of the command. */
  readonly load: () => Promise<(command: Command) => void>;
}

const summaries: readonly Summary[] = [
  {
    name: "tour",
    description: "first words: correct PBFT against everything, four ways to break it, and one of them told",
    load: async () => (await import("./tour.js")).addTour,
  },
  {
    name: "check",
    argument: "[protocol]",
    description:
      "bounded exhaustive search: is there any schedule, within these bounds, that breaks a property?",
    load: async () => (await import("./check.js")).addCheck,
  },
  {
    name: "fuzz",
    argument: "[protocol]",
    description: "random runs: can we stumble on a violation beyond the bounds that can be exhausted?",
    load: async () => (await import("./fuzz.js")).addFuzz,
  },
  {
    name: "campaign",
    argument: "<action> [what]",
    description: "random runs on many machines: start a campaign, work for it, see how far it is, report it",
    load: async () => (await import("./campaign.js")).addCampaign,
  },
  {
    name: "explore",
    argument: "[protocol or trace]",
    description: "a page on which you choose what happens next, and look into every state",
    load: async () => (await import("./explore.js")).addExplore,
  },
  {
    name: "replay",
    argument: "[files...]",
    description: "replay traces: does what was found once still happen?",
    load: async () => (await import("./replay.js")).addReplay,
  },
  {
    name: "minimize",
    argument: "<file>",
    description: "shorten a trace until no action can be left out, and verify that",
    load: async () => (await import("./minimize.js")).addMinimize,
  },
  {
    name: "simulate",
    argument: "[protocol]",
    description: "virtual time: how fast, how many messages, how often does it succeed?",
    load: async () => (await import("./simulate.js")).addSimulate,
  },
  {
    name: "keys",
    argument: "[protocol]",
    description: "make the keys and the files of a cluster of real nodes",
    load: async () => (await import("./keys.js")).addKeys,
  },
  {
    name: "run",
    argument: "[node file or protocol]",
    description:
      "run a node, or a cluster on this machine: the same behaviours on real sockets, with real time and disks",
    load: async () => (await import("./run.js")).addRun,
  },
  {
    name: "load",
    argument: "<directory>",
    description: "drive a cluster that runs at a rate, and measure how long requests take",
    load: async () => (await import("./load.js")).addLoad,
  },
  {
    name: "trace",
    argument: "<action> <records...>",
    description: "merge what nodes have recorded into one order that agrees with their clocks",
    load: async () => (await import("./trace.js")).addTrace,
  },
  {
    name: "emit-traces",
    argument: "[protocol]",
    description: "traces for drivers of other implementations: every pair of adjacent actions, in few runs",
    load: async () => (await import("./emit-traces.js")).addEmitTraces,
  },
  {
    name: "conform",
    argument: "<records...>",
    description: "is there an execution of the model that explains what nodes have recorded?",
    load: async () => (await import("./conform.js")).addConform,
  },
  {
    name: "history",
    argument: "<file>",
    description:
      "check a recorded history of a real system for linearizability (EDN or logs of Jepsen, or JSON)",
    load: async () => (await import("./history.js")).addHistory,
  },
  {
    name: "list",
    argument: "[kind]",
    description:
      "list the protocols, mutants, adversaries, puppets (the adversaries of simulations), properties and networks",
    load: async () => (await import("./list.js")).addList,
  },
  {
    name: "init",
    argument: "[directory]",
    description:
      "write a small protocol with its test, its suite and a CI file; or, with --real, the file that describes a class of yours",
    load: async () => (await import("./init.js")).addInit,
  },
  {
    name: "completion",
    argument: "<shell> [line...]",
    hasOptions: false,
    description: "print what makes a shell complete commands, options and names",
    load: async () => (await import("./completion/command.js")).addCompletion,
  },
];

/**
 * The program with the options of one command. Other commands have only their names and descriptions.
 *
 * @param wanted name of the command, or "all" for the options of all commands. Default: none
 */
export async function commands(wanted?: string): Promise<Command> {
  const program = new Command("turncoat")
    .description("Model checking and fuzz testing for Byzantine fault tolerant replicas.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(turncoat --help shows what there is)")
    .addHelpText(
      "after",
      "\nExit codes: 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive or vacuous, 130 interrupted (143 by SIGTERM).",
    );
  const isAll = wanted === "all" || wanted === "completion"; // it completes the options of all commands
  for (const { name, description, argument, hasOptions = true, load } of summaries) {
    const command = program.command(name).description(description);
    if (isAll || wanted === name) {
      (await load())(command);
      knowSynonyms(command);
    } else {
      // The line in the list of commands.
      for (const one of argument?.split(/ (?=[[<])/) ?? []) command.argument(one);
      if (hasOptions) command.addOption(new Option("--not-loaded").hideHelp());
    }
  }
  return program;
}
