// The plots of a sweep: `--svg` and `--html`.

import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import type { Experiment, PointResult, Sweep } from "../simulate/sweep/index.js";
import { commandLine } from "./report-files.js";
import { forPage, type RecordedRun } from "./simulate-recording.js";
import { orSayLaterNow } from "./unwritten.js";

export interface Pictures {
  readonly svg?: string;
  readonly html?: string;
}

/** Called before the runs. @throws {UserError} `bad-option` if no parameter varies, so there is nothing to plot. */
export async function refusePictures({ svg }: Pictures, { points }: Sweep): Promise<void> {
  if (svg === undefined) return;
  const { variedNumber } = await import("../report/plots.js");
  if (variedNumber(points) === null)
    throw new UserError("bad-option", "There is nothing to draw: no option that is a number was varied.");
}

/** Writes the plots. After an interrupt they show the finished runs, and say what is missing. */
export async function writePictures(
  { svg, html }: Pictures,
  { title, description }: Pick<Experiment, "title" | "description">,
  sweep: Sweep,
  points: readonly PointResult[],
  notes: readonly string[],
  run: RecordedRun | null,
): Promise<void> {
  if (svg === undefined && html === undefined) return;
  const { sweepPlots } = await import("../report/plots.js");
  const { svgOf, svgOfAll } = await import("../report/svg.js");
  const plots = sweepPlots(points, sweep.points);
  if (svg !== undefined && plots.length === 0) console.error(`${svg} is not written: no run was finished.`);
  if (svg !== undefined && plots.length > 0) {
    const drawn = await svgOfAll(plots);
    orSayLaterNow(() => writeAtomically(svg, drawn));
  }
  if (html === undefined) return;
  const { page } = await import("../report/page.js");
  const svgs = await Promise.all(plots.map(svgOf));
  const text = page({
    title: title ?? "A simulation",
    description,
    command: commandLine(),
    svgs,
    points,
    notes,
    run: forPage(run),
  });
  orSayLaterNow(() => writeAtomically(html, text));
}
