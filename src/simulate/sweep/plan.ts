// Plans a sweep: from its description (`byzantine=0..6` on the command line, or a file with the points of an
// experiment) to its points.

import * as Schema from "effect/Schema";
import { document } from "../../files/document.js";
import { readJson } from "../../files/json.js";
import { UserError } from "../../model/errors.js";
import { flag } from "../../parameters/parameter.js";
import { didYouMean } from "../../protocol/did-you-mean.js";
import { cryptoText, measuredCrypto } from "../crypto.js";
import type { RawOptions, Word } from "../parameters.js";
import { parametersFrom, wordNames } from "../raw-options.js";
import { Text, WordsFile } from "../words-schema.js";
import type { Point, Sweep } from "./points.js";

/** One option and the values that it takes. */
export interface Axis {
  readonly name: keyof RawOptions;
  readonly values: readonly Word[];
}

/** An experiment: points, each the base with some options changed, times all combinations of the axes. */
export interface Experiment {
  readonly title: string | null;
  readonly description: string | null;
  readonly base: RawOptions;
  readonly points: readonly RawOptions[];
  readonly axes: readonly Axis[];
  readonly trials: number;
}

/**
 * `NAME=VALUES`, where the values are a list or, for whole numbers, a range.
 *
 * ```ts
 * axisFrom("byzantine=0..3") // => { name: "byzantine", values: [0, 1, 2, 3] }
 * ```
 * @throws {UserError} `bad-option`
 */
export function axisFrom(text: string): Axis {
  const match = /^([\w-]+)=(.+)$/.exec(text);
  const name = match?.[1]?.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const options = wordNames.map((one) => flag(one).slice(2));
  if (!match || !(wordNames as readonly string[]).includes(name ?? ""))
    throw new UserError(
      "bad-option",
      `--sweep ${text}: ${match ? didYouMean(match[1]!, options) : ""}use OPTION=VALUES, as in byzantine=0..6 or drop=0,0.01,0.1, or the path of a sweep file (.json); ` +
        `options are ${options.join(", ")}.`,
    );
  return {
    name: name as keyof RawOptions,
    values: match[2]!.split(",").flatMap((part) => rangeOf(text, part)),
  };
}

function rangeOf(text: string, part: string): readonly Word[] {
  const match = /^(\d+)\.\.(\d+)$/.exec(part.trim());
  if (!match) return [part.trim()];
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (last < first || last - first > 100_000)
    throw new UserError("bad-option", `--sweep ${text}: the range ends before it begins, or is too long.`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const ExperimentFile = Schema.Struct({
  title: Schema.optionalKey(Schema.String),
  description: Schema.optionalKey(Schema.String),
  base: Schema.optionalKey(WordsFile),
  points: Schema.optionalKey(Schema.Array(WordsFile)),
  sweep: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Text))),
  trials: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))),
});

const sweepFileNames = [...wordNames, ...Object.keys(ExperimentFile.fields)];

/** @throws {UserError} `bad-file` with the path of every problem. */
export function experimentFrom(file: string): Experiment {
  const json = readJson(file);
  const read = document(ExperimentFile, json, `${file} is not a sweep file`, sweepFileNames);
  const { title = null, description = null, base = {}, points = [{}], sweep = {}, trials = 1 } = read;
  for (const name of Object.keys(sweep))
    if (!(wordNames as readonly string[]).includes(name))
      throw new UserError("bad-file", `${file} sweeps ${name}, which is no option of a simulation.`);
  const axes = Object.entries(sweep).map(
    ([name, values]): Axis => ({ name: name as keyof RawOptions, values }),
  );
  return {
    title,
    description,
    base: base as RawOptions,
    points: points as readonly RawOptions[],
    axes,
    trials,
  };
}

/**
 * All points of an experiment: what a point says comes before `words` (the command line), and they before the
 * base. @throws {UserError}
 */
export function sweepOf({ base, points, axes, trials }: Experiment, words: RawOptions): Sweep {
  const combinations = axes.reduce<readonly RawOptions[]>(
    (sofar, { name, values }) => sofar.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  const made = points.flatMap((point) =>
    combinations.map((combination): Point => {
      const labels = { ...point, ...combination };
      const set = [base.set, words.set, labels.set].flatMap((one) => one ?? []).map(String);
      const all = measured({ ...base, ...words, ...labels, ...(set.length > 0 && { set }) });
      return { labels: textual(measured(labels)), words: all, parameters: parametersFrom(all) };
    }),
  );
  return { points: made, trials };
}

/** The words with the figures of this machine in them, so that they make the same run on another one. */
function measured(words: RawOptions): RawOptions {
  return words.crypto === "measured" ? { ...words, crypto: cryptoText(measuredCrypto()) } : words;
}

/** Labels as tables and plots can show them. */
function textual(words: RawOptions): Point["labels"] {
  return Object.fromEntries(
    Object.entries(words).map(([name, value]) => [
      name,
      typeof value === "number" ? value : asNumber(String(value)),
    ]),
  );
}

function asNumber(text: string): string | number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
