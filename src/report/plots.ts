// Plots of a sweep as Vega-Lite specifications: what is measured against what is varied, one line for each combination of the
// other labels.

import type { TopLevelSpec } from "vega-lite";
import type { Point, PointResult } from "../simulate/sweep/points.js";
import { grouped } from "./numbers.js";
import { labelNames, partialNote } from "./simulate.js";

export interface Plot {
  /** For file names. */
  readonly name: string;
  readonly title: string;
  readonly spec: TopLevelSpec;
}

interface Measure {
  readonly name: string;
  readonly title: string;
  readonly axis: string;
  readonly value: (point: PointResult) => number | null;
  /** The range of the axis, where it is always the same. */
  readonly domain?: readonly [number, number];
}

const measures: readonly Measure[] = [
  {
    name: "success",
    title: "Success rate",
    axis: "trials in which every request succeeded",
    value: ({ successes, trials }) => successes / trials,
    domain: [0, 1],
  },
  {
    name: "latency",
    title: "Mean latency of the requests that succeeded",
    axis: "milliseconds of virtual time",
    value: ({ latencyMs }) => latencyMs?.mean ?? null,
  },
  {
    name: "throughput",
    title: "Throughput",
    axis: "requests per second of virtual time",
    value: ({ meanThroughputPerSecond }) => meanThroughputPerSecond,
  },
  {
    name: "messages",
    title: "Messages sent in a run",
    axis: "messages",
    value: ({ meanMessages }) => meanMessages,
  },
];

const size = { width: 460, height: 240 };

/**
 * The plots of a sweep; none if nothing that is varied is a number. `planned`: the points that the sweep was to have, which say what is varied,
 * however few of them were made. Where trials are missing, the plot says so.
 */
export function sweepPlots(
  points: readonly PointResult[],
  planned: readonly Pick<Point, "labels">[] = points,
): readonly Plot[] {
  const x = variedNumber(planned);
  if (x === null || points.length === 0) return [];
  const note = partialNote(points, planned.length);
  return measures.flatMap((measure) => {
    const values = points.map((point) => ({
      x: point.labels[x],
      y: measure.value(point),
      series: seriesOf(point, x),
      ...(point.trials < point.planned && {
        lacks: `${grouped(point.trials)} of ${grouped(point.planned)} trials`,
      }),
    }));
    if (values.every(({ y }) => y === null)) return [];
    const bound = boundOf(points, x);
    return [{ name: measure.name, title: measure.title, spec: linePlot(x, measure, values, bound, note) }];
  });
}

/** The label by which points differ and that is a number everywhere; of several the one with the most values. */
export function variedNumber(points: readonly Pick<Point, "labels">[]): string | null {
  const counts = labelNames(points).flatMap((name) => {
    const values = points.map(({ labels }) => labels[name]);
    return values.every((value) => typeof value === "number") ? [{ name, count: new Set(values).size }] : [];
  });
  const best = counts.sort((a, b) => b.count - a.count)[0];
  return best && best.count > 1 ? best.name : null;
}

function seriesOf({ labels, runs }: PointResult, x: string): string {
  const others = Object.entries(labels).filter(([name]) => name !== x);
  const text = others.map(([name, value]) => (name === "protocol" ? value : `${name} ${value}`)).join(", ");
  return text === "" ? (runs[0]?.parameters.protocol ?? "") : text;
}

/** Where the number of Byzantine replicas is varied: the f up to which the protocol promises anything. */
function boundOf(points: readonly PointResult[], x: string): number | null {
  const faults = new Set(points.flatMap(({ runs }) => runs.map(({ parameters }) => parameters.faults)));
  return x === "byzantine" && faults.size === 1 ? [...faults][0]! : null;
}

interface Value {
  readonly x: string | number | undefined;
  readonly y: number | null;
  readonly series: string;
  /** How many trials were made, where some are missing. */
  readonly lacks?: string;
}

function linePlot(
  x: string,
  measure: Measure,
  values: readonly Value[],
  bound: number | null,
  note: string | null,
): TopLevelSpec {
  const isPartial = values.some(({ lacks }) => lacks !== undefined);
  const lines = linesLayer(x, measure, values);
  const { title } = measure;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: note === null ? title : { text: title, subtitle: note, subtitleColor: "#b00" },
    background: "white",
    ...size,
    data: { values: values.filter(({ y }) => y !== null) },
    layer: [
      lines,
      ...(bound === null ? [] : [boundLayer(bound)]),
      ...(isPartial ? [missingTrialsLayer] : []),
    ],
  } as unknown as TopLevelSpec;
}

/** A line for each series, with a point for each value. */
function linesLayer(x: string, { axis, domain }: Measure, values: readonly Value[]) {
  const several = new Set(values.map(({ series }) => series)).size > 1;
  const xs = values.map((value) => Number(value.x));
  const whole = xs.every(Number.isInteger);
  return {
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: axisTitle(x),
        axis: { grid: false, ...(whole && { tickMinStep: 1, format: "d" }) },
        scale: { domain: [Math.min(...xs), Math.max(...xs)], nice: false, padding: 10 }, // also where nothing succeeded
      },
      y: { field: "y", type: "quantitative", title: axis, ...(domain && { scale: { domain } }) },
      ...(several && {
        color: { field: "series", type: "nominal", title: null, legend: { labelLimit: 400 } },
        shape: { field: "series", type: "nominal", title: null },
      }),
    },
  };
}

/** A dashed vertical line behind f, the most Byzantine replicas that the contract allows. */
function boundLayer(bound: number) {
  return {
    data: { values: [{ x: bound + 0.5, label: `f = ${bound}` }] },
    layer: [
      {
        mark: { type: "rule", strokeDash: [4, 4], color: "#888" },
        encoding: { x: { field: "x", type: "quantitative" } },
      },
      {
        mark: { type: "text", align: "left", dx: 4, color: "#666" },
        encoding: { x: { field: "x", type: "quantitative" }, y: { value: 8 }, text: { field: "label" } },
      },
    ],
  };
}

/** Beside points of which trials are missing: how many were made. */
const missingTrialsLayer = {
  transform: [{ filter: "isValid(datum.lacks)" }],
  mark: { type: "text", align: "left", dx: 6, dy: -8, color: "#b00" },
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
    text: { field: "lacks" },
  },
};

function axisTitle(x: string): string {
  if (x === "byzantine") return "Byzantine replicas";
  return x.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
