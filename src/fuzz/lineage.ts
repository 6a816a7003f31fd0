// Paths: names from which a run can be made again. A run made of others names them and how much of each it
// takes. `12,45<12:30,103<45:41+12:7` is run 103, made of 41 events of run 45 and 7 of run 12, where 45 was
// made of 30 events of 12. A run of another campaign has that campaign's seed before it: `7@12`.

import { UserError } from "../model/errors.js";

/** A run, and how many of its events are taken. */
export interface Part {
  readonly name: string;
  readonly events: number;
}

/** The runs of a path, by name and in order, each with the parts it is made of. */
export type Lineage = ReadonlyMap<string, readonly Part[]>;

const name = "(-?\\d+@)?\\d+";
const part = `${name}:\\d+`;
const token = `${name}(<${part}(\\+${part})*)?`;
const grammar = new RegExp(`^${token}(,${token})*$`);

/** Whether this is a path: each run occurs once, after those that it is made of. */
export function isPath(path: string): boolean {
  if (!grammar.test(path)) return false;
  const before = new Set<string>();
  for (const [run, parts] of tokensOf(path)) {
    if (before.has(run) || parts.some((one) => !before.has(one.name))) return false;
    before.add(run);
  }
  return true;
}

/** Reads a path. @throws {UserError} `bad-option` if it is malformed. */
export function lineageOf(path: string): Lineage {
  if (!isPath(path))
    throw new UserError(
      "bad-option",
      `"${path}" is not the path of a run; it is a number, as in 42, or a list that ends with one, as in 12,45<12:30.`,
    );
  return new Map(tokensOf(path));
}

/** The seed and the number of a run; the campaign's own seed if the name contains none. */
export function runNamed(name: string, campaign: number): { readonly seed: number; readonly run: number } {
  const [first, second] = name.split("@").map(Number);
  return second === undefined ? { seed: campaign, run: first! } : { seed: first!, run: second };
}

/** The path as written in a campaign with another seed. */
export function fromOutside(path: string, campaign: number): string {
  return path.replaceAll(/(^|[,<+])(\d+)(?![\d@])/g, `$1${campaign}@$2`);
}

/** One path with the runs of all; null if one name stands for runs made of different parts. */
export function joined(paths: readonly string[]): string | null {
  const tokens = new Set(paths.flatMap((path) => path.split(",")));
  const names = new Set([...tokens].map((text) => text.split("<")[0]));
  return names.size === tokens.size ? [...tokens].join() : null;
}

function tokensOf(path: string): (readonly [string, readonly Part[]])[] {
  return path.split(",").map((text) => {
    const [run, parts] = text.split("<");
    return [run!, parts === undefined ? [] : parts.split("+").map(partOf)] as const;
  });
}

function partOf(text: string): Part {
  const [run, events] = text.split(":");
  return { name: run!, events: Number(events) };
}
