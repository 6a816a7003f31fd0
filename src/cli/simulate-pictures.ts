// The pictures of a sweep: `--svg` and `--html`.

import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import type { Experiment, PointResult } from "../simulate/sweep/index.js";
import { commandLine } from "./report-files.js";
import { orSayLaterNow } from "./unwritten.js";

export interface Pictures {
  readonly svg?: string;
  readonly html?: string;
}

/** Draws and writes what was asked for. @throws {UserError} if nothing varies that could be drawn. */
export async function writePictures(
  { svg, html }: Pictures,
  { title, description }: Pick<Experiment, "title" | "description">,
  points: readonly PointResult[],
  notes: readonly string[],
): Promise<void> {
  if (svg === undefined && html === undefined) return;
  const { sweepPlots } = await import("../report/plots.js");
  const { svgOf, svgOfAll } = await import("../report/svg.js");
  const plots = sweepPlots(points);
  if (svg !== undefined && plots.length === 0)
    throw new UserError("bad-option", "There is nothing to draw: no option that is a number was varied.");
  if (svg !== undefined) {
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
  });
  orSayLaterNow(() => writeAtomically(html, text));
}
