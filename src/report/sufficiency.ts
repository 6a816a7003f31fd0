// Sufficiency: whether the mutants of a protocol are exposed by the runs that were made, and which of its rules no exposed mutant changes.
// A rule that can be broken without anybody noticing is one that nothing here puts to the test.

import type { Entry } from "../catalogue/index.js";
import { builtins, wordsFor } from "../catalogue/index.js";
import { visibleText } from "../model/visible-text.js";
import { viewRange } from "../parameters/vocabulary.js";
import { counted } from "../parameters/words.js";
import type { Paint } from "../render/paint.js";
import type { Verdict } from "../verdict/verdict.js";
import type { CompletedRun } from "./check.js";

/** A mutant and what exposes it. */
export interface Exposure {
  readonly mutant: string;
  readonly flaw: string;
  readonly changes: readonly string[];
  /** The shortest counterexample of all runs; null: nothing exposes it. */
  readonly by: {
    readonly property: string;
    readonly adversary: string | null;
    readonly byzantine: readonly string[];
    readonly views: number;
    readonly actions: number;
  } | null;
  /** The verdicts of its runs, each once. Unless one of them is `holds`, the runs say nothing of the mutant. */
  readonly verdicts: readonly Verdict[];
}

/** What the runs of a protocol and its mutants show. */
export interface Sufficiency {
  readonly mutants: readonly Exposure[];
  /** Rules and parameters that no mutant changes. */
  readonly unchanged: readonly string[];
  /** Those that only mutants change which nothing exposes. */
  readonly unnoticed: readonly string[];
}

/** The mutants of a protocol: those that its module exports, or those that come with Turncoat. */
export function mutantsOf(entry: Entry): readonly Omit<Exposure, "by" | "verdicts">[] {
  const own = (entry.ownMutants ?? []).map(({ name, flaw, changes }) => ({ mutant: name, flaw, changes }));
  const builtin = builtins.flatMap(({ name, original, mutant }) =>
    mutant && original === entry.name ? [{ mutant: name, flaw: mutant.flaw, changes: mutant.changes }] : [],
  );
  return [...own, ...builtin];
}

/** Reads it off the runs. */
export function sufficiencyOf(entry: Entry, runs: readonly CompletedRun[]): Sufficiency {
  const mutants = mutantsOf(entry).map(
    (one): Exposure => ({
      ...one,
      by: exposure(one.mutant, runs),
      verdicts: verdictsOf(one.mutant, runs),
    }),
  );
  const names = [...(entry.protocol.rules ?? []), ...Object.keys(entry.protocol.ownParameters ?? {})];
  const changedBy = (some: readonly Exposure[]) => new Set(some.flatMap(({ changes }) => changes));
  const [changed, exposed] = [changedBy(mutants), changedBy(mutants.filter(({ by }) => by !== null))];
  return {
    mutants,
    unchanged: names.filter((name) => !changed.has(name)),
    unnoticed: names.filter((name) => changed.has(name) && !exposed.has(name)),
  };
}

function verdictsOf(mutant: string, runs: readonly CompletedRun[]): Exposure["verdicts"] {
  const own = runs.filter(({ planned }) => planned.description.protocol === mutant);
  return [...new Set(own.map(({ result }) => result.verdict))].sort();
}

function exposure(mutant: string, runs: readonly CompletedRun[]): Exposure["by"] {
  const found = runs.flatMap(({ planned: { description }, result: { counterexample } }) => {
    if (description.protocol !== mutant || !counterexample) return [];
    const { adversary, byzantine, bounds } = description;
    const { property, actions, loop = [] } = counterexample;
    return [{ property, adversary, byzantine, views: bounds.views, actions: actions.length + loop.length }];
  });
  return found.sort((a, b) => a.actions - b.actions)[0] ?? null;
}

/** For a terminal. */
export function sufficiencyLines({ mutants, unchanged, unnoticed }: Sufficiency, paint: Paint): string[] {
  const exposed = mutants.filter(({ by }) => by !== null).length;
  const head = `${exposed} of ${mutants.length} mutants are exposed.`;
  const list = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(", ")}.`];
  return [
    exposed === mutants.length ? paint.good(head) : paint.bad(head),
    ...mutants.map((one) => visibleText(`  ${one.mutant} (${one.flaw}): ${byText(one)}`)),
    ...list("Put to the test by no mutant", unchanged),
    ...untestedAdvice(unchanged, mutants),
    ...list("Changed by mutants that nothing exposes", unnoticed),
  ];
}

/** What to do about rules and parameters that no mutant changes, and of which mutants nobody knows what they change. */
function untestedAdvice(unchanged: readonly string[], mutants: readonly Exposure[]): string[] {
  const [first] = unchanged;
  if (first === undefined) return [];
  const unknown = mutants.filter(({ changes }) => changes.length === 0).map(({ mutant }) => mutant);
  return [
    `  Whether ${first} is needed, a mutant shows that replaces it: \`mutants\` of docs/writing-a-protocol.md.`,
    ...(unknown.length === 0
      ? []
      : [
          visibleText(
            `  What ${unknown.join(", ")} ${unknown.length === 1 ? "changes" : "change"} is not known: whole protocols, and no variations.`,
          ),
        ]),
  ];
}

function byText({ mutant, by, verdicts }: Exposure): string {
  if (by === null) {
    const more = `Try more ${wordsFor(mutant).views?.many ?? "requests"}, another adversary or another property`;
    const isCut = verdicts.includes("inconclusive");
    if (verdicts.includes("holds") && isCut)
      return `by nothing, but some of its runs have reached a limit. Raise that. ${more}; or the change does no harm.`;
    if (verdicts.includes("holds")) return `by nothing. ${more}; or the change does no harm.`;
    const open = `by nothing, but no run of it holds (${verdicts.join(", ") || "none was made"}), so nothing is known of it.`;
    return isCut ? `${open} Raise the limit that was reached.` : `${open} ${more}.`;
  }
  const who = by.adversary === null ? "no adversary" : `${by.adversary} at ${by.byzantine.join(", ")}`;
  const views = viewRange(wordsFor(mutant).views, by.views);
  return [by.property, who, views, counted(by.actions, "action")].filter((text) => text !== "").join(", ");
}
