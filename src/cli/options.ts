// Options that several commands share, and how their values are read.

import { type Command, InvalidArgumentError, Option } from "commander";
import { didYouMean } from "../model/did-you-mean.js";
import type { Losing, Recovery } from "../model/setting.js";
import type { TimingRequest } from "../model/timed/timing.js";
import type { Authentication } from "../protocol/index.js";
import { milliseconds, ParseError } from "../simulate/readers.js";
import type { CheckRequest } from "../suite/request.js";

/** Options that say what is to be checked. */
export interface SettingOptions {
  readonly replicas?: number;
  readonly faults?: number;
  readonly adversary?: readonly string[];
  readonly byzantine?: readonly string[] | "each";
  readonly property?: readonly string[];
  readonly network?: string;
  readonly crashes?: number;
  readonly losing?: Losing;
  readonly recovery?: Recovery;
  readonly views?: number;
  readonly requests?: number;
  readonly slots?: number;
  readonly checkpointInterval?: number;
  readonly window?: number;
  readonly batch?: number;
  readonly operations?: number;
  readonly reads?: number;
  readonly readOnly?: boolean;
  readonly authentication?: Authentication;
  readonly clients?: boolean;
  /** For `fuzz` only: see `Timing`. */
  readonly gst?: number;
  readonly delta?: number;
  readonly timeout?: number;
  readonly within?: number;
}

/** Adds the options that say what is to be checked. */
export function withSettingOptions(command: Command): Command {
  return command
    .option("--replicas <n>", "number of replicas n (default: 4)", integer(1))
    .option("--faults <f>", "the f that quorums are computed from (default: floor((n-1)/3))", integer(0))
    .option(
      "--adversary <names>",
      "comma-separated; one run each; also: all, none, A+B, A@V, A@until-gst (default: the strongest; see: turncoat list adversaries)",
      list,
    )
    .option(
      "--byzantine <ids>",
      "replicas under its control, as in r0,r1; or: each, one run per inequivalent placement",
      placement,
    )
    .option(
      "--property <names>",
      "comma-separated (default: every property that the protocol supports)",
      list,
    )
    .option(
      "--network <name>",
      "async, once, once:keep, fifo, lossy:K or duplicating:K (default: async; see: turncoat list networks)",
    )
    .option(
      "--crashes <k>",
      "correct replicas may crash, and restart, up to k times (default: 0)",
      integer(0),
    )
    .addOption(
      choice(new Option("--losing <what>", "what a crash takes away (default: volatile)"), [
        "volatile",
        "unsynced",
        "nothing",
      ]),
    )
    .addOption(
      new Option(
        "--recovery <when>",
        "whether whoever crashes comes back; in `maybe` he may stay down, and then counts as faulty (default: maybe)",
      ).choices(["always", "maybe"]),
    )
    .option("--views <v>", "views 0..v (default: 1)", integer(0))
    .option(
      "--requests <r>",
      "distinct requests (default: 2 for safety, 1 where clients are nodes)",
      integer(1),
    )
    .option("--slots <s>", "sequence numbers (default: 1)", integer(1))
    .option(
      "--checkpoint-interval <k>",
      "take a checkpoint every k sequence numbers (default: none are taken)",
      integer(1),
    )
    .option(
      "--window <l>",
      "sequence numbers above a stable checkpoint that may be used (default: two intervals)",
      integer(1),
    )
    .option("--batch <b>", "requests under one sequence number (default: 1)", integer(1))
    .option("--operations <o>", "requests of each client, one after the other (default: 1)", integer(1))
    .option(
      "--reads <k>",
      "the last k requests of each client read instead of appending (default: 0)",
      integer(0),
    )
    .option("--read-only", "answer reads without ordering them")
    .addOption(
      choice(new Option("--authentication <how>", "how requests are authenticated (default: signatures)"), [
        "signatures",
        "authenticators",
      ]),
    )
    .option(
      "--clients <yes|no>",
      "whether clients are nodes of the run (default: one run each, as properties ask)",
      yesOrNo,
    );
}

/** The request that these options make of a protocol. */
export function requestFrom(protocol: string, options: SettingOptions): CheckRequest {
  const { adversary: adversaries, property: properties, ...rest } = options;
  const timing = timingFrom(options);
  const request = { protocol, adversaries, properties, ...pickSetting(rest), timing };
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as unknown as CheckRequest;
}

/** Any of these options asks for timed runs. */
function timingFrom({ gst, delta, timeout, within }: SettingOptions): TimingRequest | undefined {
  if ([gst, delta, timeout, within].every((option) => option === undefined)) return undefined;
  return {
    ...(gst !== undefined && { gstMs: gst }),
    ...(delta !== undefined && { deltaMs: delta }),
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(within !== undefined && { withinDeltas: within }),
  };
}

function pickSetting(options: SettingOptions) {
  const { replicas, faults, byzantine, views, requests, slots, network, crashes, losing, recovery } = options;
  const { checkpointInterval, window, batch, operations, reads, readOnly, authentication, clients } = options;
  return {
    clients,
    replicas,
    faults,
    byzantine,
    views,
    requests,
    slots,
    checkpointInterval,
    window,
    batch,
    operations,
    reads,
    readOnly,
    authentication,
    network,
    crashes,
    losing,
    recovery,
  };
}

/** Which of the setting options were given, as they are written. */
export function givenSettingOptions(options: SettingOptions): string[] {
  const names = [
    "replicas",
    "faults",
    "adversary",
    "byzantine",
    "property",
    "network",
    "crashes",
    "losing",
    "recovery",
    "views",
    "requests",
    "slots",
    "checkpointInterval",
    "window",
    "batch",
    "operations",
    "reads",
    "readOnly",
    "authentication",
    "clients",
  ] as const;
  return names
    .filter((name) => options[name] !== undefined)
    .map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}

/** A whole number of at least `least`. */
export function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Use a whole number of at least ${least}.`);
    return value;
  };
}

/** `yes` or `no`. */
export function yesOrNo(text: string): boolean {
  if (text !== "yes" && text !== "no") throw new InvalidArgumentError("Use yes or no.");
  return text === "yes";
}

/** A part of a whole: `2/4` is the second of four. */
export function shard(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of)
    throw new InvalidArgumentError("Use I/K with 1 <= I <= K, as in 2/4.");
  return { index, of };
}

/** A virtual time, as `simulate` reads them (`60`, `60ms`, `2s`), in milliseconds; to the microsecond. */
export function virtualTime(text: string): number {
  try {
    return Math.round(milliseconds(text) * 1000) / 1000;
  } catch (error) {
    if (error instanceof ParseError) throw new InvalidArgumentError(`Please ${error.message}`);
    throw error;
  }
}

/** The same, and not 0. */
export function positiveTime(text: string): number {
  const value = virtualTime(text);
  if (value === 0) throw new InvalidArgumentError("Use a time above 0.");
  return value;
}

/** A positive number. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("Use a number above 0.");
  return value;
}

/** An amount of memory in bytes: `512MB`, `4GB`, `1.5GiB`; units are powers of 1024. */
export function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT])i?B?$/i.exec(text);
  if (!match) throw new InvalidArgumentError("Use a number with a unit, as in 512MB or 4GB.");
  const power = "KMGT".indexOf(match[2]!.toUpperCase()) + 1;
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** An option that takes one of a few names: the nearest is named before all that there are. */
export function choice(option: Option, names: readonly string[]): Option {
  return option.choices(names).argParser((text: string) => {
    if (names.includes(text)) return text;
    throw new InvalidArgumentError(`${didYouMean(text, names)}Allowed choices are ${names.join(", ")}.`);
  });
}

/** Comma-separated names. */
export function list(text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.some((item) => item === "")) throw new InvalidArgumentError("Use names separated by commas.");
  return items;
}

function placement(text: string): readonly string[] | "each" {
  return text === "each" ? "each" : list(text);
}

/** Reductions that can be asked for by name; `none` stands alone. */
export function reductions(text: string): readonly string[] {
  const names = list(text);
  const known = ["visible-steps", "dominance", "sleep-sets", "dead-messages", "symmetry", "none"];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || (names.includes("none") && names.length > 1))
    throw new InvalidArgumentError(
      `${didYouMean(unknown ?? "", known)}Use visible-steps, dominance, sleep-sets, dead-messages, symmetry, several of them with commas, or none.`,
    );
  return names;
}
