// Generates docs/cli.md, the reference of the command line, from the commands and the tables of parameters.

import type { Command, Option } from "commander";
import { builtins } from "../catalogue/index.js";
import { type Described, flag, withOption } from "../parameters/parameter.js";
import { timedParameters } from "../parameters/search.js";
import { simulatedEntries } from "../simulate/parameters.js";
import { exitCode } from "./exit-codes.js";

/** The page, as Markdown. */
export function referencePage(program: Command): string {
  const { commands } = program;
  return [
    "# The command line",
    "",
    "Written by `npm run docs:cli` from the commands themselves; a test holds it against them. Words, exit codes, JSON and files are",
    "what scripts and CI rely on: they are added to, and not changed.",
    "",
    "| command | what it does |",
    "| --- | --- |",
    ...commands.map((command) =>
      row(`[\`${usage(command)}\`](#turncoat-${command.name()})`, command.description()),
    ),
    "",
    "With no protocol, `check` runs the suites of `turncoat.config.{ts,js,json}` in the working directory; without such a file, the",
    "built-in PBFT suite. A protocol is a built-in name (`pbft`), a mutant (`pbft/quorum-2f`) or a path to a module that exports one",
    "(`./my-protocol.ts`). Without options a mutant runs in the setting that is known to expose it.",
    "",
    ...commands.flatMap(commandSection),
    ...exitCodeSection,
    ...jsonSection,
    ...fileSection,
    ...parameterSection(),
  ].join("\n");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function usage(command: Command): string {
  return `turncoat ${command.name()} ${command.usage()}`;
}

function commandSection(command: Command): string[] {
  const shown = command.options.filter(({ hidden }) => !hidden);
  const groups = [...new Set(shown.map(groupOf))];
  return [
    `## turncoat ${command.name()}`,
    "",
    `\`${usage(command)}\`: ${command.description()}`,
    "",
    ...command.registeredArguments.map((argument) => `- \`${argument.name()}\`: ${argument.description}`),
    ...(command.registeredArguments.length > 0 ? [""] : []),
    ...groups.flatMap((group) => [
      `**${group.replace(/:$/, "")}**`,
      "",
      "| option | meaning |",
      "| --- | --- |",
      ...shown
        .filter((option) => groupOf(option) === group)
        .map((option) => row(`\`${option.flags}\``, meaning(option))),
      "",
    ]),
  ];
}

function groupOf(option: Option): string {
  return option.helpGroupHeading ?? "Options:";
}

function meaning({ description, argChoices, defaultValue, negate }: Option): string {
  const choices = argChoices ? `; one of ${argChoices.map((choice) => `\`${choice}\``).join(", ")}` : "";
  const otherwise = typeof defaultValue === "string" && !negate ? ` (default: \`${defaultValue}\`)` : "";
  return `${description}${choices}${otherwise}`;
}

const exitCodeSection = [
  "## Exit codes",
  "",
  "| code | meaning |",
  "| --- | --- |",
  row(String(exitCode.holds), "everything asked for holds; in a suite, every run has its expected verdict"),
  row(String(exitCode.violated), "a property was violated, or a trace no longer gives its expected outcome"),
  row(
    String(exitCode.usage),
    "bad usage or bad input; or a module of yours that threw, changed its input or was not deterministic. One message for each problem on standard error; the results of the other runs are printed all the same, and in JSON the run without a verdict is among `faultyRuns`. Also where the code would be 0 and a file, such as a trace, could not be written; other codes stay as they are",
  ),
  row(
    String(exitCode.undecided),
    "inconclusive (a limit was reached), vacuous (a property was never put to the test) or outside the contract; `--allow-inconclusive` turns the first into 0",
  ),
  row(String(exitCode.internal), "a bug of Turncoat"),
  row(
    String(exitCode.interrupted),
    "interrupted by Ctrl-C; what was found is reported, and `check` leaves a file to resume from",
  ),
  row(String(exitCode.terminated), "the same, by SIGTERM"),
  "",
];

const jsonSection = [
  "## JSON",
  "",
  "`--json` prints one document on standard output, and nothing else there. [json-schema/output.json](json-schema/output.json) is a JSON",
  "Schema (draft 2020-12) of the documents of all commands; tests hold every document against it. A run's verdict is the worst of its",
  "properties' (violated, inconclusive, vacuous, holds, in this order; `outside` does not count).",
  "",
];

const fileSection = [
  "## Files",
  "",
  "| file | what it is |",
  "| --- | --- |",
  row("`turncoat.config.ts`, `.js`, `.json`", "suites of requests: see [CI](ci.md)"),
  row(
    "`traces/*.json`",
    "counterexamples, for `replay` and `minimize`; their format changes only with its `version`",
  ),
  row("`traces/*.checkpoint`", "a search that was cut, for `check --resume`"),
  row(
    "what `fuzz --report` names",
    "a campaign, for `fuzz --resume` and `--merge`: the same bytes for the same seed",
  ),
  row("what `fuzz --corpus` names", "what campaigns have learned, for later ones"),
  row("what `--junit` and `--html` name", "reports for CI systems and for people: see [reports](reports.md)"),
  row("what `simulate --csv` and `--svg` name", "one row for each run; plots of a sweep"),
  "",
];

/** The names of the parameters in the library, in configurations and in traces. */
function parameterSection(): string[] {
  const searched = withOption<Described & { readonly place: string }>(timedParameters);
  return [
    "## Parameters by name",
    "",
    "Of `check` and `fuzz`. In the library and in a configuration they have the names in the second column; those of times stand in",
    "`timing`, which only the fuzzer has.",
    "",
    "| option | name | in a trace it stands in | at most | understood by | more |",
    "| --- | --- | --- | --- | --- | --- |",
    ...searched.map(([name, { place, most, doc }, option]) =>
      row(
        `\`${flag(option)}\``,
        `\`${name}\``,
        place === "setting" ? "`setting`" : `\`setting.${place}\``,
        most === undefined ? "" : String(most),
        understoodBy(name),
        doc ?? "",
      ),
    ),
    "",
    "Of `simulate`, where sweeps vary them by the name of the option.",
    "",
    "| option | name | at most | understood by | more |",
    "| --- | --- | --- | --- | --- |",
    ...simulatedEntries
      .filter(([, { isArgument }]) => !isArgument)
      .map(([name, { most, doc }, option]) =>
        row(
          `\`${flag(option)}\``,
          `\`${name}\``,
          most === undefined ? "" : String(most),
          understoodBy(name),
          doc ?? "",
        ),
      ),
    "",
  ];
}

function understoodBy(name: string): string {
  const declaring = builtins.filter((one) => one.mutant === null && one.protocol.parameters?.[name]);
  const protocols = new Set(declaring.map((one) => one.name.replace(/\/.*/, "")));
  return protocols.size === 0 ? "all" : [...protocols].join(", ");
}
