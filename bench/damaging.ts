// Damages JSON files at random, from a seed, and gives them to the readers that must refuse them: for
// `bench:damaged` and its test.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { findProtocol } from "../src/catalogue/index.js";
import { readCampaigns, readCorpus } from "../src/fuzz/index.js";
import { UserError } from "../src/model/errors.js";
import { configuredSuites } from "../src/suite/config.js";
import { plan } from "../src/suite/plan.js";
import { decodeTrace, replay } from "../src/trace/index.js";

/** The kinds of files, each with the reader that a command uses for it. */
export const readers: { readonly [kind: string]: (text: string, directory: string) => Promise<unknown> } = {
  trace: async (text) => replay(decodeTrace(text, "damaged.json")),
  campaign: (text, directory) => readCampaigns(written(directory, "campaign.json", text)),
  corpus: (text, directory) => readCorpus(written(directory, "corpus.json", text)),
  config: async (text, directory) => {
    written(directory, "turncoat.config.json", text);
    for (const { requests } of (await configuredSuites(directory)) ?? [])
      for (const request of requests) plan(await findProtocol(request.protocol), request);
  },
};

function written(directory: string, name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

/** The outcome for one damaged file: `read` and `refused` are right, anything else is a failure. */
export interface Reading {
  readonly outcome: "read" | "refused" | "crashed" | "slow";
  readonly seconds: number;
  readonly error: unknown;
}

/** The most CPU seconds that a reader may take. CPU time, because the machine may be busy. */
const maxSeconds = 2;

/** Gives a text to the reader of its kind. */
export async function reading(kind: string, text: string, directory: string): Promise<Reading> {
  const before = process.cpuUsage();
  let [outcome, error]: [Reading["outcome"], unknown] = ["read", null];
  try {
    await readers[kind]!(text, directory);
  } catch (thrown) {
    error = thrown;
    outcome = thrown instanceof UserError ? "refused" : "crashed";
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  return { outcome: outcome !== "crashed" && seconds > maxSeconds ? "slow" : outcome, seconds, error };
}

type Draw = (below: number) => number;
type Container = Record<string, unknown>;

/** Values to put in the place of others. */
const values: readonly unknown[] = [
  ...[null, true, "", "x", 0, -1, 0.5, 1e6, 1e308, 2 ** 53, {}, [], [[]], [null], { a: 1 }],
  ...["x".repeat(10_000), "../../x", "__proto__", "\u001b[2J\u202e", "\ud800", Array(10_000).fill(0)],
];

const kinds: readonly ((text: string, draw: Draw) => string)[] = [
  function flipped(text, draw) {
    const bytes = Buffer.from(text);
    for (let flips = draw(4); flips >= 0; flips--) bytes[draw(bytes.length)]! ^= 1 << draw(8);
    return bytes.toString("utf8");
  },
  (text, draw) => text.slice(0, draw(text.length)),
  (text, draw) => changed(text, draw, (parent, key) => put(parent, key, values[draw(values.length)])),
  (text, draw) =>
    changed(text, draw, (parent, key) => {
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
    }),
  function nested(text, draw) {
    const depth = [10, 199, 201, 5000, 100_000][draw(5)]!;
    const [open, close] = draw(2) === 0 ? ["[", "]"] : ['{"a":', "}"];
    return replaced(text, draw, `${open.repeat(depth)}1${close.repeat(depth)}`);
  },
  (text, draw) => replaced(text, draw, ["1e999", "-1e999", "9".repeat(400), "1e-999", "-0"][draw(5)]!),
  function keyed(text, draw) {
    const name = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "format"][draw(6)]!;
    const at = text.indexOf("{", draw(text.length));
    return at < 0 ? text : `${text.slice(0, at + 1)}"${name}": {"a": 1},${text.slice(at + 1)}`;
  },
  (text, draw) => replaced(text, draw, `[${"0,".repeat(100_000)}0]`),
  (text, draw) => `{"a":"${'\\"'.repeat(draw(200_000))}${draw(2) === 0 ? "" : text}`,
];

/** A damaged form of a JSON text; the same seed gives the same one. */
export function damaged(text: string, seed: number): string {
  const random = xoroshiro128plus(seed);
  const draw: Draw = (below) => (random.next() >>> 0) % Math.max(1, below);
  return kinds[draw(kinds.length)]!(text, draw);
}

/** Puts a text at a random place of the document. */
function replaced(text: string, draw: Draw, by: string): string {
  const mark = "placeholder-of-a-damaged-value";
  return changed(text, draw, (parent, key) => put(parent, key, mark)).replace(`"${mark}"`, () => by);
}

function changed(text: string, draw: Draw, change: (parent: Container, key: string) => void): string {
  const document = JSON.parse(text) as Container;
  const places = placesIn(document);
  const [parent, key] = places[draw(places.length)]!;
  change(parent, key);
  return JSON.stringify(document);
}

function placesIn(value: unknown): (readonly [Container, string])[] {
  if (typeof value !== "object" || value === null) return [];
  const own = value as Container;
  return Object.keys(own).flatMap((key) => [[own, key] as const, ...placesIn(own[key])]);
}

function put(parent: Container, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
