// Parameters as people write them, on the command line and in sweep files: `5..35` for a delay, `2s` for a
// time, `first:3` for a placement. Every value is checked, and an error names the option.

import { UserError } from "../model/errors.js";
import type { Readable } from "../parameters/kinds.js";
import { flag } from "../parameters/parameter.js";
import { ParseError } from "../parameters/readers.js";
import {
  type AnySimulated,
  type Before,
  type ParameterValues,
  type RawOptions,
  simulatedEntries,
} from "./parameters.js";

/** The names of all options. */
export const wordNames = simulatedEntries.map(([, , option]) => option as keyof RawOptions);

/**
 * What the options mean.
 *
 * @throws {UserError} `bad-option` that names the option and says what it takes.
 */
export function parametersFrom(words: RawOptions): ParameterValues {
  const values: { [name: string]: unknown } = {};
  for (const [name, parameter, option] of simulatedEntries) {
    const word = words[option as keyof RawOptions];
    // The table names what a default depends on before the parameter itself.
    const value =
      word === undefined
        ? parameter.otherwise(values as unknown as Before)
        : readValue(parameter, option, word);
    if (value !== undefined) values[name] = value;
  }
  return values as unknown as ParameterValues;
}

function readValue(
  { kind }: AnySimulated,
  option: string,
  word: NonNullable<RawOptions[keyof RawOptions]>,
): unknown {
  if (typeof word === "object") {
    const read = word.map((one) => readWord(kind, option, one));
    return kind.and ? read.reduce((before, now) => kind.and!(before, now), undefined) : read.flat();
  }
  return readWord(kind, option, word);
}

function readWord(kind: Readable<unknown>, option: string, word: string | number | boolean): unknown {
  try {
    return kind.read(String(word));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UserError("bad-option", `${flag(option)} ${word}: ${error.message}`);
  }
}

/** What a run is without options. */
export const defaults: ParameterValues = parametersFrom({});
