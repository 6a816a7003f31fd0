// What a search has learned about tallies, for all nodes. It is kept when the search has to begin again.

import { UserError } from "../../model/errors.js";
import { textOf } from "../../model/json-problem.js";
import { nodesOf, type Setting } from "../../model/setting.js";
import type { Caveat } from "../../verdict/caveats.js";
import type { LearnedTallies, Tallies } from "./tallies.js";

/** How far a search has relied on tallies. */
export interface TallyReliance {
  /**
   * Whether the protocol's author has named them (`Behaviour.tally`); otherwise they were derived from its
   * steps.
   */
  readonly named: boolean;
  /** Searches inside a node that were made by tallies. */
  readonly searches: number;
  /** Pairs of inputs that were tried in both orders, without a contradiction. */
  readonly checks: number;
}

/** See `SearchOptions.tallies`. */
export type TallyUse = "never" | "large" | "always" | number;

/**
 * The default of {@link TallyBook.from}. Mostly a search that looks at everything takes less up to here than one by tallies, whose checks
 * have their price, and nothing rests on tallies then. What was looked at until it was too much is lost: so after some searches of one node
 * that were given up, the others are given up sooner.
 */
const defaultFrom = 16_384;
const soonerFrom = 1024;
const soonerAfter = 8;

/** What is known about tallies, by node. */
export class TallyBook {
  /** The names of all nodes. */
  readonly nodes: readonly string[];
  /** From so many components on, a search inside a node is made by tallies. */
  readonly from: number;
  /** False: what is written here is only what a search that is resumed has relied on before. */
  readonly isUsed: boolean;
  /** By node. */
  readonly tallies: Tallies[] = [];
  learned: readonly LearnedTallies[] = [];
  /**
   * How many searches inside nodes were made by tallies, and how many pairs of inputs were tried by their
   * checks.
   */
  searches = 0;
  checks = 0;
  /** The same of the search that is resumed, if it is. */
  before: TallyReliance | null = null;

  /** `when`: see `SearchOptions.tallies`. @throws {UserError} `bad-option` for anything else. */
  constructor({ protocol, config }: Setting, when: TallyUse = "large") {
    const isNumber = Number.isInteger(when) && (when as number) >= 0;
    if (!isNumber && !["never", "large", "always"].includes(when as string))
      throw new UserError(
        "bad-option",
        `tallies is "never", "large", "always", or the number of components from which on they are used; not ${textOf(when)}.`,
      );
    this.isUsed = when !== "never";
    this.nodes = nodesOf(protocol, config).map(({ id }) => id);
    this.from = typeof when === "number" ? when : when === "always" ? 0 : defaultFrom;
  }

  /** From so many components on, once so many searches of one node were given up. */
  fromAfter(givenUp: number): number {
    return givenUp < soonerAfter ? this.from : Math.min(this.from, soonerFrom);
  }

  /**
   * What a verdict rests on if it was found with the help of tallies; null if no search inside a node was
   * large enough.
   */
  reliance(): TallyReliance | null {
    const { named = false, searches = 0, checks = 0 } = this.before ?? {};
    if (this.searches + searches === 0) return null;
    return {
      named: named || this.tallies.some((tallies) => tallies.areNamed),
      searches: this.searches + searches,
      checks: this.checks + checks,
    };
  }

  /** What a search has relied on, and has learned, before it was cut: it goes on. */
  resume(before: TallyReliance, learned: readonly LearnedTallies[]): void {
    this.before = before;
    this.learned = learned;
    for (const [node, tallies] of this.tallies.entries()) tallies.learn(learned[node] ?? []);
  }

  /** By node: which inputs are of one tally. */
  allLearned(): readonly LearnedTallies[] {
    return this.nodes.map((_, node) =>
      united([...(this.learned[node] ?? []), ...(this.tallies[node]?.learned() ?? [])]),
    );
  }

  /** Before a search begins anew. */
  keepLearned(): void {
    this.learned = this.allLearned();
    this.before = null;
    this.searches = 0;
    this.checks = 0;
    this.tallies.length = 0;
  }
}

/** What `holds` then rests on, for people. */
export function relianceCaveat({ named, searches, checks }: TallyReliance): Caveat {
  const whose = named ? "that the protocol names (tally)" : "derived from the protocol's steps";
  return {
    text:
      `it rests on tallies of votes ${whose}: ${searches} searches inside a node relied on them, and ` +
      `${checks} pairs of inputs came out alike in both orders; with --reduce no-tallies it rests on nothing`,
  };
}

/** Lists that have something in common are one. */
function united(lists: LearnedTallies): LearnedTallies {
  let all: readonly (readonly string[])[] = [];
  for (const list of lists) {
    const isAlike = (other: readonly string[]) => other.some((text) => list.includes(text));
    all = [...all.filter((other) => !isAlike(other)), [...new Set([...list, ...all.filter(isAlike).flat()])]];
  }
  return all;
}
