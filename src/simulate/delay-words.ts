// Delays as people write them: `10`, `5..35`, `normal:20,5`, `log-normal:20,0.3`, `wan:ibm-2024`,
// `matrix:FILE`.

import * as Schema from "effect/Schema";
import { document } from "../files/document.js";
import { readJson } from "../files/json.js";
import { UserError } from "../model/errors.js";
import { decimal, milliseconds, ParseError } from "../parameters/readers.js";
import type { Delay, Matrix } from "./delay.js";
import { wanDelay, wanPresets } from "./wan.js";

const help =
  "use a time (10), a range (5..35), normal:MEAN,DEVIATION, log-normal:MEDIAN,SIGMA, wan:NAME or matrix:FILE.";

/** @throws {ParseError} */
export function delayFrom(text: string): Delay {
  const [kind, rest] = text.includes(":") ? splitAt(text) : ["", text];
  switch (kind) {
    case "":
    case "constant":
    case "uniform":
      return rest.includes("..") ? uniform(rest) : { kind: "constant", ms: milliseconds(rest) };
    case "normal": {
      const [mean, deviation] = two(rest);
      return { kind: "normal", meanMs: milliseconds(mean), deviationMs: milliseconds(deviation) };
    }
    case "log-normal": {
      const [median, sigma] = two(rest);
      return { kind: "log-normal", medianMs: milliseconds(median), sigma: decimal(sigma) };
    }
    case "wan": {
      const preset = wanPresets.find(({ name }) => name === rest);
      if (preset) return wanDelay(preset);
      throw new ParseError(
        `there is no preset "${rest}"; there are ${wanPresets.map(({ name }) => name).join(", ")}.`,
      );
    }
    case "matrix":
      return matrixFrom(rest);
    default:
      throw new ParseError(help);
  }
}

function splitAt(text: string): [string, string] {
  const colon = text.indexOf(":");
  return [text.slice(0, colon), text.slice(colon + 1)];
}

function two(text: string): [string, string] {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.length !== 2) throw new ParseError(help);
  return parts as [string, string];
}

function uniform(text: string): Delay {
  const [least, most, ...more] = text.split("..");
  if (least === undefined || most === undefined || more.length > 0) throw new ParseError(help);
  const [minMs, maxMs] = [milliseconds(least), milliseconds(most)];
  if (maxMs < minMs) throw new ParseError("the range ends before it begins.");
  return { kind: "uniform", minMs, maxMs };
}

const MatrixFile = Schema.Struct({
  regions: Schema.Array(Schema.String),
  /** Either of the two, in milliseconds: row by row, from and to. */
  roundTripMs: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Finite))),
  oneWayMs: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Finite))),
  sigma: Schema.optionalKey(Schema.Finite),
});

function matrixFrom(file: string): Matrix {
  const json = readJson(file);
  const read = document(MatrixFile, json, `${file} is not a delay matrix`);
  const { regions, roundTripMs, oneWayMs, sigma = 0 } = read;
  const rows = oneWayMs ?? roundTripMs?.map((row) => row.map((ms) => ms / 2)) ?? [];
  const isSquare = rows.length === regions.length && rows.every((row) => row.length === regions.length);
  if (regions.length === 0 || !isSquare || sigma < 0 || rows.flat().some((ms) => ms < 0))
    throw new UserError(
      "bad-file",
      `${file} must have as many rows and columns (roundTripMs or oneWayMs) as regions, and no negative number.`,
    );
  return { kind: "matrix", regions, oneWayMs: rows, sigma };
}
