// One screen of `replay --step`: the steps around the one that is looked at, what that one has done, and what the properties say after it.
// Lines that do not fit are cut, so that the terminal never scrolls.

import type { Json } from "../protocol/index.js";
import type { Moment } from "../trace/moment.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { NodeSummary } from "../trace/step-change.js";
import { type Describer, describer } from "./describe.js";
import { noPaint, type Paint } from "./paint.js";
import { endLines, header } from "./render.js";
import { changeTexts, eventText, startTexts } from "./step-words.js";

/** What is looked at. */
export interface StepView {
  /** After how many steps; 0 is the start. */
  readonly moment: number;
  /** The node whose whole state is shown; null: none. */
  readonly node: string | null;
  /** The last line: the keys, or what is being typed. */
  readonly foot: string;
}

/** How much fits. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The lines of a screen, at most as many as it has rows.
 *
 * @param changes for each step, what it has changed in the state of its node: see `stateLines`
 */
export function stepScreen(
  result: ReplayResult,
  changes: readonly (readonly string[])[],
  { moment, node, foot }: StepView,
  { columns, rows }: ScreenSize,
  paint: Paint,
): string[] {
  const { setting, steps } = result;
  const describe = describer(setting.protocol, setting.config);
  const heading = [
    paint.bold(cut(header(setting)[0]!, columns)),
    cut(placeText(result, moment), columns),
    "",
  ];
  const details = detailsOf(result, changes[moment - 1] ?? [], moment, node, describe, paint);
  const room = Math.max(1, rows - heading.length - 2);
  const listed = Math.max(3, Math.min(room >> 1, room - details.length));
  const words = (index: number) => describe.action(steps[index]!.action);
  const list = around(moment - 1, Math.min(listed, steps.length), steps.length).map((index) =>
    index === moment - 1
      ? paint.bold(cut(`> ${index + 1}  ${words(index)}`, columns))
      : paint.dim(cut(`  ${index + 1}  ${words(index)}`, columns)),
  );
  const shown = fitting(details, Math.max(1, room - list.length - 1), paint);
  return [
    ...heading,
    ...list,
    "",
    ...shown.map(({ text, mark }) => mark(cut(`    ${text}`, columns))),
    "",
    paint.dim(cut(foot, columns)),
  ].slice(-rows);
}

/** As in "step 3 of 12, at 40 ms". */
function placeText(result: ReplayResult, moment: number): string {
  const { steps, timesMs } = result;
  const time = moment > 0 && timesMs ? `, at ${timesMs[moment - 1]} ms` : "";
  const loop = result.outcome === "reproduced" ? (result.loop ?? 0) : 0;
  const again = loop > 0 && moment > steps.length - loop ? ", in the loop that goes on for ever" : "";
  return `${moment === 0 ? "the start" : `step ${moment}`} of ${steps.length}${time}${again}`;
}

/** So many indexes with `center` in the middle, as far as they lie between 0 and `length`. */
function around(center: number, count: number, length: number): number[] {
  const first = Math.max(0, Math.min(center - (count >> 1), length - count));
  return Array.from({ length: count }, (_, offset) => first + offset);
}

/** What has happened in a step, and the state after it: of one node, or of the properties. */
function detailsOf(
  result: ReplayResult,
  changed: readonly string[],
  moment: number,
  node: string | null,
  describe: Describer,
  paint: Paint,
): Line[] {
  const step = result.steps[moment - 1];
  const changes = [
    ...plain(step ? changeTexts(step, describe) : []),
    ...changed.map((text) => ({ text, mark: paint.dim })),
    ...propertyLines(step?.moment ?? result.startMoment, paint),
  ];
  return [
    ...(step
      ? step.events.map((event) => ({ text: eventText(step.node, event, describe), mark: paint.bold }))
      : plain(startTexts(result.start))),
    ...(node === null ? changes : stateOf(nodeAt(result, moment, node), describe)),
    ...(moment === result.steps.length ? plain(endLines(result, describe, noPaint)) : []),
  ];
}

/** The lines that fit; the last one says how many do not. */
function fitting(lines: readonly Line[], space: number, paint: Paint): readonly Line[] {
  const hidden = lines.length - space;
  if (hidden <= 0) return lines;
  const more = `… and ${hidden + 1} more lines: they need a larger window.`;
  return [...lines.slice(0, space - 1), { text: more, mark: paint.dim }];
}

interface Line {
  readonly text: string;
  readonly mark: (text: string) => string;
}

const same = (text: string) => text;

function plain(texts: readonly string[]): Line[] {
  return texts.map((text) => ({ text, mark: same }));
}

function propertyLines(moment: Moment | undefined, paint: Paint): Line[] {
  return (moment?.monitors ?? []).map(({ property, verdict, why }) => ({
    text: `${property}: ${verdict === "holds" ? "holds so far" : verdict}${why === null ? "" : `, ${why}`}`,
    mark: verdict === "violated" ? paint.bad : paint.dim,
  }));
}

/** Where a node stands after so many steps. */
function nodeAt({ starts, steps }: ReplayResult, moment: number, node: string): NodeSummary | undefined {
  const last = steps.slice(0, moment).findLast((step) => step.node === node);
  return last?.now ?? starts.find((start) => start.node === node);
}

function stateOf(summary: NodeSummary | undefined, { value, words }: Describer): Line[] {
  if (!summary) return [];
  const { node, view, timers, down, state } = summary;
  const facts = [
    ...(view === null ? [] : [`${words.views?.one ?? "view"} ${view}`]),
    timers.length === 0 ? "no timer set" : `timer set: ${timers.join(", ")}`,
    ...(down ? ["down"] : []),
  ];
  const fields =
    typeof state === "object" && state !== null && !Array.isArray(state)
      ? Object.entries(state).map(([name, part]) => `  ${name}: ${value(part as Json)}`)
      : [`  ${value(state)}`];
  return [{ text: `${node}: ${facts.join(", ")}`, mark: same }, ...plain(fields)];
}

function cut(text: string, columns: number): string {
  const line = text.replaceAll(/\s*\n\s*|\t/g, " ");
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}
