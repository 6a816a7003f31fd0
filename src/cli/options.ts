// Options that several commands share, and their parsers.

import { type Command, InvalidArgumentError, Option } from "commander";
import { builtins, wordsFor } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { givenOptions, valuesOf } from "../parameters/asking.js";
import { type Described, flag, type ParameterTable, withOption } from "../parameters/parameter.js";
import { above0, namesIn, ParseError, type Reader, secondsAbove0, wholeFrom } from "../parameters/readers.js";
import { parameters, type TimedOptions, timedParameters } from "../parameters/search.js";
import { timingParameters } from "../parameters/timing.js";
import { aliases } from "../parameters/vocabulary.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import type { MetricsAddress } from "../run/metrics.js";
import type { FuzzRequest } from "../suite/request.js";

/** The options of a setting: what is checked. */
export type SettingOptions = TimedOptions;

/** Adds the options of a setting. */
export function withSettingOptions(command: Command): Command {
  return withTable(command, parameters);
}

/** Adds the options about time. */
export function withTimingOptions(command: Command): Command {
  return withTable(command, timingParameters);
}

/** Adds an option for each parameter of a table. */
function withTable(command: Command, table: ParameterTable): Command {
  for (const [name, parameter, option] of withOption(table))
    command.addOption(optionOf(parameter, option).helpGroup(parameter.group ?? groupOf(name)));
  for (const { word, parameter } of aliases)
    if (table[parameter])
      command.addOption(optionOf(table[parameter], word).helpGroup(table[parameter].group!).hideHelp());
  return command;
}

/** The group of an option in `--help`. Parameters that only some protocols understand have a group named after these. */
export function groupOf(name: string): string {
  const declaring = builtins.filter((one) => one.mutant === null && one.protocol.parameters?.[name]);
  const protocols = new Set(declaring.map(({ name: variant }) => variant.replace(/\/.*/, "")));
  return `Understood by ${[...protocols].join(", ")} alone:`;
}

/** An option with its help text. Its value is not parsed. */
export function unreadOption({ value, help, byDefault }: Described, name: string): Option {
  const described = `${help}${byDefault === null ? "" : ` (default: ${byDefault})`}`;
  return new Option(`${flag(name)} ${value}`.trim(), described);
}

function optionOf(parameter: ParameterTable[string], name: string): Option {
  const { kind } = parameter;
  const option = unreadOption(parameter, name);
  if (kind.isSwitch) return option;
  if (kind.choices) return choice(option, kind.choices);
  const read = argument((text) => kind.read(text));
  const { and } = kind;
  return option.argParser(and ? (text, before: unknown) => and(before, read(text)) : read);
}

/** A parser for commander: it throws `InvalidArgumentError` for what it cannot read. */
function argument<T>(reader: Reader<T>): (text: string) => T {
  return (text) => {
    try {
      return reader(text);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      throw new InvalidArgumentError(error.message.replace(/^./, (letter) => letter.toUpperCase()));
    }
  };
}

/**
 * The request for runs of a protocol that these options describe. The protocol has been loaded before, because options may use its own words.
 *
 * @throws {UserError} `bad-option` for views or slots by a name that this protocol does not give them.
 */
export function requestFrom(protocol: string, options: SettingOptions): FuzzRequest {
  const timing = valuesOf(timingParameters, options);
  const request = { protocol, ...valuesOf(parameters, options), ...named(protocol, options) };
  // Any of the options about time asks for timed runs.
  return Object.keys(timing).length === 0 ? request : { ...request, timing };
}

/** Views and slots that were given in the protocol's own words: `--epochs 2`. */
function named(protocol: string, options: SettingOptions): Pick<FuzzRequest, "views" | "slots"> {
  const given = aliasesIn(options);
  const words = wordsFor(protocol);
  for (const { word, parameter } of given) {
    const called = words[parameter]?.many;
    const calls =
      called === undefined
        ? `has no ${parameter}: leave out --${word}`
        : `calls them ${called}: use --${called}`;
    if (called !== word) throw new UserError("bad-option", `${protocol} has no ${word}; it ${calls}.`);
    if (options[parameter] !== undefined)
      throw new UserError("bad-option", `--${word} and --${parameter} are the same: give one of them.`);
  }
  return Object.fromEntries(given.map(({ parameter, value }) => [parameter, value]));
}

function aliasesIn(options: SettingOptions) {
  const values: { readonly [option: string]: unknown } = { ...options };
  return aliases.flatMap((alias) =>
    values[alias.word] === undefined ? [] : [{ ...alias, value: values[alias.word] as number }],
  );
}

/** The setting options that were given, as flags: `--views`. */
export function givenSettingOptions(options: SettingOptions): string[] {
  return [
    ...givenOptions(timedParameters, { ...options }),
    ...aliasesIn(options).map(({ word }) => flag(word)),
  ];
}

/** A whole number of at least `least`. */
export function integer(least: number): (text: string) => number {
  return argument(wholeFrom(least));
}

/** A part of a whole: `2/4` is the second of four. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Parses a shard. */
export function shard(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of)
    throw new InvalidArgumentError("Use I/K with 1 <= I <= K, as in 2/4.");
  return { index, of };
}

/** A time above zero: in seconds, or with a unit. */
export const duration = argument(secondsAbove0);

/** A positive number. */
export const positive = argument(above0);

/** An amount of memory in bytes: `512MB`, `4GB`, `1.5GiB`; units are powers of 1024. */
export function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT])i?B?$/i.exec(text);
  if (!match) throw new InvalidArgumentError("Use a number with a unit, as in 512MB or 4GB.");
  const power = "KMGT".indexOf(match[2]!.toUpperCase()) + 1;
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** An option whose value is one of a few names. The error for another value suggests the nearest name. */
export function choice(option: Option, names: readonly string[]): Option {
  return option.choices(names).argParser((text: string) => {
    if (names.includes(text)) return text;
    throw new InvalidArgumentError(`${didYouMean(text, names)}Allowed choices are ${names.join(", ")}.`);
  });
}

/** Where metrics are read: a port of this machine, or `host:port`. */
export function metricsAddress(text: string): MetricsAddress {
  const [, host = "127.0.0.1", port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new InvalidArgumentError("Use a port, or host:port, as in 9464 or 0.0.0.0:9464.");
  return { host, port: Number(port) };
}

/** Comma-separated names. */
export const list = argument(namesIn);

/** The reductions that `--reduce` takes. `none` cannot be combined with others. */
export function reductions(text: string): readonly string[] {
  const names = list(text);
  const known = [
    "visible-steps",
    "dominance",
    "sleep-sets",
    "dead-messages",
    "symmetry",
    "no-tallies",
    "none",
  ];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || (names.includes("none") && names.length > 1))
    throw new InvalidArgumentError(
      `${didYouMean(unknown ?? "", known)}Use visible-steps, dominance, sleep-sets, dead-messages, symmetry, no-tallies, several of them with commas, or none.`,
    );
  return names;
}
