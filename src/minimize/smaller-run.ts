// Moves a violation into the smallest setting. It first replays the actions that are possible in smaller
// settings. If that is not enough, a short search looks there for a sequence that is no longer.

import { search } from "../explore/search.js";
import { UserError } from "../model/errors.js";
import { checksLiveness } from "../model/setting.js";
import type { Adversary, Json } from "../protocol/index.js";
import { focusOn } from "../trace/focus.js";
import type { Kept, Removed } from "./account.js";
import type { CorrectForm } from "./correct-form.js";
import { lengthOf } from "./oracle.js";
import type { Found } from "./shorter.js";
import { shrink } from "./shrink.js";
import { type Part, type Smaller, smallerSettings } from "./smaller.js";

export interface SmallerOptions {
  readonly adversaries: readonly Adversary<Json>[];
  /** Which parts may become smaller; null: all. */
  readonly parts: readonly Part[] | null;
  /** How many states a search in a smaller setting may visit; 0: no search. */
  readonly maxStates: number;
  /** Refuses settings in which the correct form is violated, too; null: the protocol is no mutant. */
  readonly correct: CorrectForm | null;
}

/** The result. */
export interface Reduced extends Found {
  readonly removed: readonly Removed[];
  readonly kept: readonly Kept[];
}

/** Parts in which a search can find what replaying does not. Adversaries are too many for that. */
const searched: readonly Part[] = [
  "replicas",
  "views",
  "sequence numbers",
  "operations",
  "requests",
  "Byzantine nodes",
];

/** The violation in a setting of which no part can be made smaller. */
export async function inSmallestSetting(found: Found, options: SmallerOptions): Promise<Reduced> {
  let best = found;
  const removed: Removed[] = [];
  for (;;) {
    const candidates = candidatesOf(best, options);
    const next = (await byReplay(best, candidates, options)) ?? (await bySearch(best, candidates, options));
    if (next === null) return { ...best, removed, kept: keptOf(candidates) };
    removed.push(next.candidate);
    best = next;
  }
}

function candidatesOf(
  { oracle, sequence }: Found,
  { adversaries, parts }: SmallerOptions,
): readonly Smaller[] {
  const all = smallerSettings(oracle.setting, { start: oracle.start, sequence }, adversaries);
  return parts === null ? all : all.filter(({ part }) => parts.includes(part));
}

type Step = Found & { readonly candidate: Smaller };

async function byReplay(
  best: Found,
  candidates: readonly Smaller[],
  { correct }: SmallerOptions,
): Promise<Step | null> {
  for (const candidate of candidates) {
    const found = unlessRefused(() => replayed(best, candidate));
    if (found && !(await correct?.failsToo(found))) return { ...found, candidate };
  }
  return null;
}

/** The rest of the sequence in a smaller setting, if it is a violation there. */
function replayed(
  { oracle, sequence }: Found,
  { setting, start, sequence: translated }: Smaller,
): Found | null {
  const first = oracle.elsewhere(setting, start);
  const oracles = first.begin() ? [first] : first.starts().map((other) => oracle.elsewhere(setting, other));
  for (const there of oracles) {
    const violating = there.lenientSequence(translated);
    const shrunk = violating && shrink(violating, there);
    if (shrunk && lengthOf(shrunk) <= lengthOf(sequence)) return { oracle: there, sequence: shrunk };
  }
  return null;
}

async function bySearch(
  best: Found,
  candidates: readonly Smaller[],
  { maxStates, correct }: SmallerOptions,
): Promise<Step | null> {
  if (maxStates === 0) return null;
  // Another naming makes no other search.
  const [...parts] = new Map(
    candidates.filter(({ part }) => searched.includes(part)).map((one) => [`${one.part} ${one.after}`, one]),
  ).values();
  for (const candidate of parts) {
    const found = await unlessRefused(() => searchedFor(best, candidate, maxStates));
    if (found && !(await correct?.failsToo(found))) return { ...found, candidate };
  }
  return null;
}

async function searchedFor(
  { oracle, sequence }: Found,
  { setting }: Smaller,
  maxStates: number,
): Promise<Found | null> {
  // Visible actions are at most as many as actions. That nothing can happen any more is noticed one step
  // later.
  const maxDepth = lengthOf(sequence) + (checksLiveness(setting) ? 1 : 0);
  const { counterexample } = await search(focusOn(setting, oracle.property), {
    ...{ maxStates, maxDepth },
    ...oracle.tally.budget?.limits,
  });
  oracle.tally.budget?.run(() => {}); // a search that was cut for time says nothing
  if (!counterexample) return null;
  const { start, actions, loop = [] } = counterexample;
  const there = oracle.elsewhere(setting, start);
  const violating = there.lenientSequence({ actions, loop });
  const shrunk = violating && shrink(violating, there);
  return shrunk && lengthOf(shrunk) <= lengthOf(sequence) ? { oracle: there, sequence: shrunk } : null;
}

/** A protocol or an adversary may refuse a smaller setting by an error: then there is none. */
function unlessRefused<T>(attempt: () => T | null): T | null;
function unlessRefused<T>(attempt: () => Promise<T | null>): Promise<T | null>;
function unlessRefused<T>(attempt: () => T | null | Promise<T | null>): T | null | Promise<T | null> {
  const refused = (error: unknown) => {
    if (error instanceof UserError) return null;
    throw error;
  };
  try {
    const result = attempt();
    return result instanceof Promise ? result.catch(refused) : result;
  } catch (error) {
    return refused(error);
  }
}

function keptOf(candidates: readonly Smaller[]): readonly Kept[] {
  const parts = new Map<Part, Set<string>>();
  for (const { part, after } of candidates) parts.set(part, (parts.get(part) ?? new Set()).add(after));
  return [...parts].map(([part, tried]) => ({ part, tried: [...tried] }));
}
