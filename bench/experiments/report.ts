// Writes an experiment to docs/experiments: a Markdown page with tables, its plots, its rows as CSV. Nothing
// in them depends on this machine's clock, so repeating an experiment changes the files only if the code has
// changed.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { page } from "../../src/report/page.js";
import { type Plot, sweepPlots } from "../../src/report/plots.js";
import { simulationNotes } from "../../src/report/simulate.js";
import { csvHead, csvRow } from "../../src/report/simulate-csv.js";
import { svgOf } from "../../src/report/svg.js";
import {
  type Experiment,
  experimentFrom,
  type PointResult,
  pointResults,
  runsOf,
  simulateAll,
  sweepOf,
} from "../../src/simulate/sweep/index.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const output = join(root, "docs/experiments");

/** A finished experiment. */
export interface Made {
  readonly name: string;
  readonly experiment: Experiment;
  readonly points: readonly PointResult[];
}

/** Runs the experiment of `bench/experiments/NAME.json`, on all cores. */
export async function make(name: string): Promise<Made> {
  const experiment = experimentFrom(join(root, "bench/experiments", `${name}.json`));
  const sweep = sweepOf(experiment, {});
  const results = await simulateAll(runsOf(sweep), { workers: cpus().length });
  return { name, experiment, points: pointResults(sweep, results) };
}

/** Writes its rows, its plots (default: the usual ones) and its page with the text `body`. */
export async function publish(
  { name, experiment, points }: Made,
  body: string,
  plots: readonly Plot[] = sweepPlots(points),
): Promise<void> {
  mkdirSync(output, { recursive: true });
  const rows = points.flatMap(({ runs }) =>
    runs.map((run, index) => csvRow(run, { trial: index + 1, trials: runs.length }, false)),
  );
  writeFileSync(join(output, `${name}.csv`), csvHead + rows.join(""));
  const svgs = await Promise.all(plots.map(svgOf));
  for (const [index, svg] of svgs.entries())
    writeFileSync(join(output, `${name}-${plots[index]!.name}.svg`), svg);
  const title = experiment.title ?? name;
  const command = `turncoat simulate --sweep bench/experiments/${name}.json`;
  const notes = simulationNotes(points.flatMap(({ runs }) => runs));
  const { description } = experiment;
  writeFileSync(join(output, `${name}.html`), page({ title, description, command, svgs, points, notes }));
  const pictures = plots.map((plot) => `![${plot.title}](${name}-${plot.name}.svg)`);
  const text = [`# ${title}`, description ?? "", `\`${command}\` ([rows](${name}.csv))`, body, ...pictures];
  writeFileSync(join(output, `${name}.md`), `${text.join("\n\n")}\n`);
}

/** A Markdown table; numbers are aligned to the right. */
export function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const right = heads.map((_, index) => rows.every((row) => /^[\d,.%/ -]*$/.test(String(row[index]))));
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(right.map((is) => (is ? "---:" : "---"))), ...rows.map(line)].join("\n");
}

/** The run of a point with one trial. */
export function only({ runs }: PointResult) {
  if (runs.length !== 1) throw new Error("This point has several trials.");
  return runs[0]!;
}
