// The layout of the diagram: rows (one for each step that is shown), lanes, and the arrows between them.

import type { Story, StoryStep } from "../story.js";
import type { Timeline } from "../timeline.js";

export const headHeight = 34;

/** How large things are, in pixels. */
export interface Scale {
  readonly row: number;
  readonly lane: number;
  /** Of timed runs: pixels for a millisecond; null: steps follow each other at equal distances. */
  readonly perMs: number | null;
}

export type Journey = "sent" | "forged" | "relayed" | "lost" | "doubled";

/** A message from where it was sent to where it arrived. */
export interface Arrow {
  readonly step: number;
  readonly journey: Journey;
  readonly from: string;
  readonly to: string;
  /** The rows between which it runs, by y. */
  readonly y1: number;
  readonly y2: number;
}

/** A message that never arrived, as far as the story goes; several to one side are one stub. */
export interface Stub {
  readonly node: string;
  readonly y: number;
  readonly side: -1 | 1;
  readonly texts: readonly string[];
}

/** A time in which a lane is in one view, or down. */
export interface Band {
  readonly node: string;
  readonly y1: number;
  readonly y2: number;
  readonly view: number | null;
  readonly isDown: boolean;
}

/** A mark on the time axis. */
export interface Tick {
  readonly timeMs: number;
  readonly y: number;
}

/** See the file comment. */
export interface Layout {
  /** Indices of the steps that are shown, in order. */
  readonly rows: readonly number[];
  /** The y of each step, whether or not it is shown; what is hidden stands where the next shown one does. */
  readonly y: readonly number[];
  readonly height: number;
  readonly x: ReadonlyMap<string, number>;
  readonly width: number;
  readonly arrows: readonly Arrow[];
  readonly stubs: readonly Stub[];
  readonly bands: readonly Band[];
  /** Empty without a time axis. */
  readonly ticks: readonly Tick[];
}

/** The width of the time axis. */
export const axisWidth = 58;

/** How many pixels a millisecond has: so that the run is no longer than three times what its rows need. */
export function pixelsPerMs(story: Story, row: number): number {
  const times = story.steps.flatMap(({ timeMs }) => timeMs ?? []);
  const duration = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return Math.min(row / 2, (3 * row * times.length) / Math.max(1, duration));
}

const journeys: { readonly [kind: string]: Journey } = {
  deliver: "sent",
  inject: "forged",
  relay: "relayed",
  lose: "lost",
  duplicate: "doubled",
};

/** Lays a story out; `isShown` says which steps have a row. */
export function layOut(timeline: Timeline, scale: Scale, isShown: (step: StoryStep) => boolean): Layout {
  const { story } = timeline;
  const rows = story.steps.flatMap((step, index) => (isShown(step) ? index : []));
  const { y, height } = heights(story, rows, scale);
  const gutter = scale.perMs === null ? 0 : axisWidth;
  const x = new Map(story.lanes.map(({ node }, index) => [node, gutter + scale.lane * (index + 0.5)]));
  return {
    rows,
    y,
    height,
    x,
    width: gutter + scale.lane * story.lanes.length,
    arrows: arrowsOf(story, rows, y),
    stubs: stubsOf(timeline, new Set(rows), y, x),
    bands: bandsOf(story, y, height),
    ticks: scale.perMs === null ? [] : ticksOf(story, rows, y),
  };
}

function heights(story: Story, rows: readonly number[], scale: Scale) {
  const y = new Array<number>(story.steps.length);
  let bottom = headHeight;
  let first = 0;
  const start = story.steps[0]?.timeMs ?? 0;
  for (const index of rows) {
    const time = story.steps[index]!.timeMs;
    const wanted = scale.perMs === null || time === null ? 0 : headHeight + (time - start) * scale.perMs;
    const at = Math.max(bottom, wanted) + scale.row / 2;
    for (; first <= index; first++) y[first] = at;
    bottom = at + scale.row / 2;
  }
  for (; first < y.length; first++) y[first] = bottom;
  return { y, height: bottom + scale.row };
}

/** Round times, about as far apart as they can be read. Where rows are closer in time than they are high, the axis is stretched. */
function ticksOf(story: Story, rows: readonly number[], y: readonly number[]): Tick[] {
  const marks = rows.flatMap((step) => {
    const { timeMs } = story.steps[step]!;
    return timeMs === null ? [] : { timeMs, y: y[step]! };
  });
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last || last.timeMs === first.timeMs) return [];
  const every = roundAbove((80 * (last.timeMs - first.timeMs)) / Math.max(1, last.y - first.y));
  const ticks: Tick[] = [];
  let next = Math.ceil(first.timeMs / every);
  for (const [index, mark] of marks.entries()) {
    const before = marks[index - 1] ?? mark;
    for (; next * every <= mark.timeMs; next++) {
      const part =
        mark.timeMs === before.timeMs ? 1 : (next * every - before.timeMs) / (mark.timeMs - before.timeMs);
      ticks.push({ timeMs: next * every, y: before.y + part * (mark.y - before.y) });
    }
  }
  // Where much happens at once, ticks would stand upon each other.
  return ticks.filter((tick, index) => index === 0 || tick.y - ticks[index - 1]!.y >= 14);
}

/** The first of 1, 2, 5, 10, 20, ... (and 0.5, 0.2, ...) that is no smaller. */
function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((digit) => digit * power >= value) ?? 10);
}

function arrowsOf(story: Story, rows: readonly number[], y: readonly number[]): Arrow[] {
  return rows.flatMap((step) => {
    const { kind, from, at, causes } = story.steps[step]!;
    const journey = journeys[kind];
    if (journey === undefined || from === null) return [];
    const cause = causes[0];
    const y2 = y[step]!;
    const isMade = journey === "forged" || journey === "relayed";
    const sentAt = isMade
      ? y2 - 7
      : cause === undefined
        ? y2
        : cause.step === null
          ? headHeight - 4
          : y[cause.step]!;
    return { step, journey, from, to: at, y1: sentAt, y2 };
  });
}

function stubsOf(
  timeline: Timeline,
  rows: ReadonlySet<number>,
  y: readonly number[],
  x: ReadonlyMap<string, number>,
): Stub[] {
  const stubs = new Map<string, { node: string; y: number; side: -1 | 1; texts: string[] }>();
  for (const { from, sentAt, to, text, receivedAt } of timeline.flights()) {
    if (receivedAt.length > 0 || !rows.has(sentAt)) continue;
    const side = (x.get(to) ?? Number.POSITIVE_INFINITY) < x.get(from)! ? -1 : 1;
    const key = `${sentAt} ${side}`;
    const stub = stubs.get(key) ?? { node: from, y: y[sentAt]!, side, texts: [] };
    stub.texts.push(`to ${to}: ${text}`);
    stubs.set(key, stub);
  }
  return [...stubs.values()];
}

function bandsOf(story: Story, y: readonly number[], height: number): Band[] {
  const open = new Map(
    story.nodes.map(({ node, view, down }) => [node, { node, y1: headHeight, view, isDown: down }]),
  );
  const bands: Band[] = [];
  for (const [index, { at, view, down }] of story.steps.entries()) {
    const band = open.get(at);
    if (!band || (band.view === view && band.isDown === down)) continue;
    bands.push({ ...band, y2: y[index]! });
    open.set(at, { node: at, y1: y[index]!, view, isDown: down });
  }
  return [...bands, ...[...open.values()].map((band) => ({ ...band, y2: height }))];
}
