// Parameters as people write them, on the command line and in sweep files: `5..35` for a delay, `2s` for a time, `first:3`
// for a placement. Every value is checked, and an error names the option.

import { UserError } from "../model/errors.js";
import {
  above0,
  milliseconds,
  nonZeroTime,
  orNone,
  ParseError,
  probability,
  type Reader,
  wholeFrom,
} from "../parameters/readers.js";
import type { Delay } from "./delay.js";
import { delayFrom } from "./delay-words.js";
import type { Placement } from "./placement.js";
import { defaults, type Parameters, type Partition } from "./setting.js";

/** The options of a simulation by their long names, unread. */
export interface RawOptions {
  readonly protocol?: Word;
  readonly replicas?: Word;
  readonly faults?: Word;
  readonly clients?: Word;
  readonly requests?: Word;
  readonly batch?: Word;
  readonly pipeline?: Word;
  readonly checkpointInterval?: Word;
  readonly window?: Word;
  readonly tentative?: boolean;
  readonly adversary?: Word;
  readonly byzantine?: Word;
  readonly property?: Word;
  readonly delay?: Word;
  readonly drop?: Word;
  readonly duplicate?: Word;
  readonly reorder?: Word;
  readonly reorderBy?: Word;
  readonly processingDelay?: Word;
  readonly processors?: Word;
  readonly bandwidth?: Word;
  readonly timeout?: Word;
  readonly partition?: Word | readonly string[];
  readonly gst?: Word;
  readonly maxTime?: Word;
  readonly maxEvents?: Word;
  readonly seed?: Word;
}

export type Word = string | number;

/** The names of all options. */
export const wordNames = [
  "protocol",
  "replicas",
  "faults",
  "clients",
  "requests",
  "batch",
  "pipeline",
  "checkpointInterval",
  "window",
  "tentative",
  "adversary",
  "byzantine",
  "property",
  "delay",
  "drop",
  "duplicate",
  "reorder",
  "reorderBy",
  "processingDelay",
  "processors",
  "bandwidth",
  "timeout",
  "partition",
  "gst",
  "maxTime",
  "maxEvents",
  "seed",
] as const satisfies readonly (keyof RawOptions)[];

/** As on the command line: `--processing-delay`. */
export function optionName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * What the options mean.
 *
 * @throws {UserError} `bad-option` that names the option and says what it takes.
 */
export function parametersFrom(words: RawOptions): Parameters {
  function read<T>(name: keyof RawOptions, reader: Reader<T>, otherwise: T): T {
    const word = words[name];
    if (word === undefined) return otherwise;
    try {
      return reader(String(word));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      throw new UserError("bad-option", `${optionName(name)} ${word}: ${error.message}`);
    }
  }
  const replicas = read("replicas", wholeFrom(1), defaults.replicas);
  const faults = read("faults", wholeFrom(0), Math.floor((replicas - 1) / 3));
  return {
    protocol: read("protocol", (text) => text, defaults.protocol),
    replicas,
    faults,
    clients: read("clients", wholeFrom(0), defaults.clients),
    requests: read("requests", wholeFrom(1), defaults.requests),
    batch: read("batch", wholeFrom(1), defaults.batch),
    pipeline: read<number | null>("pipeline", wholeFrom(1), null),
    checkpointInterval: read<number | null>(
      "checkpointInterval",
      orNone(wholeFrom(1)),
      defaults.checkpointInterval,
    ),
    window: read<number | null>("window", wholeFrom(1), null),
    tentative: words.tentative ?? false,
    adversary: read<string | null>("adversary", (text) => (text === "none" ? null : text), null),
    byzantine: read<Placement>("byzantine", placement, defaultPlacement(words, faults)),
    properties: read<readonly string[] | null>("property", names, null),
    delay: read<Delay>("delay", delayFrom, defaults.delay),
    drop: read("drop", probability, 0),
    duplicate: read("duplicate", probability, 0),
    reorder: read("reorder", probability, 0),
    reorderMs: read("reorderBy", milliseconds, defaults.reorderMs),
    processingDelayMs: read("processingDelay", milliseconds, 0),
    processors: read<number | null>("processors", wholeFrom(1), null),
    bandwidthMbps: read<number | null>("bandwidth", above0, null),
    timeoutMs: read("timeout", nonZeroTime, defaults.timeoutMs),
    partitions: partitionsIn(words, read),
    gstMs: read<number | null>("gst", milliseconds, null),
    maxTimeMs: read<number | null>("maxTime", nonZeroTime, null),
    maxEvents: read<number | null>("maxEvents", wholeFrom(1), null),
    seed: read("seed", wholeFrom(0), defaults.seed),
  };
}

/** An adversary without a place gets f replicas, drawn from the seed. */
function defaultPlacement({ adversary }: RawOptions, faults: number): Placement {
  return adversary === undefined || adversary === "none" ? [] : { count: faults, which: "any" };
}

function names(text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new ParseError("use names separated by commas.");
  return items;
}

function placement(text: string): Placement {
  if (text === "each")
    throw new ParseError(
      "a simulation is one run, so say which replicas, or how many (a sweep can vary that).",
    );
  const counted = /^(?:(any|first|last):)?(\d+)$/.exec(text);
  if (!counted) return names(text);
  return { count: Number(counted[2]), which: (counted[1] ?? "any") as "any" | "first" | "last" };
}

function partitionsIn(
  { partition }: RawOptions,
  read: <T>(name: keyof RawOptions, reader: Reader<T>, otherwise: T) => T,
): readonly Partition[] {
  const texts = partition === undefined ? [] : Array.isArray(partition) ? partition : [partition];
  return texts.map((text: Word) => read("partition", () => partitionFrom(String(text)), null!));
}

/** As in `100..2s:r0,r1|r2,r3`. */
function partitionFrom(text: string): Partition {
  const match = /^([^:]+)\.\.([^:]+):(.+)$/.exec(text);
  if (!match) throw new ParseError("use from..to:group|group, as in 100..2s:r0,r1|r2,r3.");
  const [fromMs, toMs] = [milliseconds(match[1]!), milliseconds(match[2]!)];
  const groups = match[3]!.split("|").map(names);
  if (groups.length < 2 || toMs <= fromMs)
    throw new ParseError(
      "a partition needs two groups or more, and a time after its beginning at which it heals.",
    );
  return { fromMs, toMs, groups };
}
