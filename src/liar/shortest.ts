// Which lies are said of too many of one kind. Where a proof is not checked it can be anything, and there are thousands of messages that
// differ in nothing but what nobody asks for: more than a search gets through, and what it would find with the first few it never
// reaches. Those come first that are made up least: the rest of such a message is what correct nodes say and believe. Among these, the
// shortest: they contain least, so least has to have been said by others before. Of those that differ only in names and
// values two are said, for with two values correct nodes can disagree: where each can be kept or not, as requests that nobody has signed, k
// of them are 2^k states of a node. But a quorum takes votes that name more than two: so a quarter of what may be said is said in any case.

import { isSigned, typeNameOf } from "../model/terms.js";
import type { Json, Role } from "../protocol/index.js";
import type { Lie } from "./rehearsal.js";

/** Of lies that differ only in names and values so many are said; more if that would leave less than the share of `most` in `leastShare`. */
const maxAlike = 2;
const leastShare = 1 / 4;
const mostFree = 400;

type HeardLie = Lie & { readonly role: Role };

/** Of some lies those that are said, in words what was left out, and what was left out because others make it superfluous. */
export interface Shortest<L extends HeardLie> {
  readonly lies: readonly L[];
  readonly limits: readonly string[];
  readonly superfluous: readonly L[];
}

/** How lies are compared. */
export interface Weights<L> {
  /** How much of a message is made up. Default: nothing. */
  readonly madeUp?: (message: Json) => number;
  /** Messages with the same outline differ only in names and values. Default: none are alike. */
  readonly outlineOf?: (message: Json) => string;
  /** What a lie was seen to do. Default: each does something else. */
  readonly done?: (lie: L) => Done;
}

/** What a lie was seen to do, each thing as a number. */
export interface Done {
  /** What nodes in some state make of it. */
  readonly outcomes: ReadonlySet<number>;
  /** What correct nodes have to say before it can be said. */
  readonly needs: readonly number[];
}

/**
 * At most `most` of each type of message, sender and role of its receiver: those made up least, the shortest first. Where there are too
 * many, one that does nothing that others do not do without needing more is left out first, and that is no limit. One that does what
 * others do, and needs something else, is said as well (up to `mostFree` of them): it makes no more states.
 */
export function shortestOf<L extends HeardLie>(
  lies: readonly L[],
  most: number,
  weights: Weights<L> = {},
): Shortest<L> {
  const kinds = new Map<string, L[]>();
  for (const lie of lies) {
    const key = `${lie.self} ${lie.role} ${typeOf(lie)}`;
    const same = kinds.get(key);
    if (same) same.push(lie);
    else kinds.set(key, [lie]);
  }
  const [kept, limits, superfluous] = [new Set<L>(), [] as string[], [] as L[]];
  for (const kind of kinds.values()) {
    const { different: needed, said, leavesOutAlike } = firstOf(kind, most, weights);
    const different = needed.length;
    const all = `${different} messages ${typeOf(kind[0]!)}`;
    if (leavesOutAlike) limits.push(`${said.length} of ${all}, few of them alike but for names and values`);
    else if (said.length < different) limits.push(`the ${said.length} least made up of ${all}`);
    for (const lie of said) kept.add(lie);
    const isNeeded = new Set(needed);
    superfluous.push(...kind.filter((lie) => !isNeeded.has(lie)));
  }
  return { lies: lies.filter((lie) => kept.has(lie)), limits, superfluous };
}

/** Of lies that were left out because others make them superfluous: those that do something else after all. */
export function neededBeside<L>(
  said: readonly L[],
  leftOut: readonly L[],
  done: (lie: L) => Done,
): readonly L[] {
  const isLeftOut = new Set(leftOut);
  return neededOf([...said, ...leftOut], done).filter((lie) => isLeftOut.has(lie));
}

interface First<L> {
  /** All without those that others make superfluous. */
  readonly different: readonly L[];
  readonly said: readonly L[];
  readonly leavesOutAlike: boolean;
}

function firstOf<L extends HeardLie>(kind: readonly L[], most: number, weights: Weights<L>): First<L> {
  if (kind.length <= most) return { different: kind, said: kind, leavesOutAlike: false };
  const { madeUp = () => 0, outlineOf = JSON.stringify, done } = weights;
  const sorted = kind
    .map((lie) => ({ lie, made: madeUp(lie.message), size: JSON.stringify(lie.message).length }))
    .sort((a, b) => a.made - b.made || a.size - b.size)
    .map(({ lie }) => lie);
  const different = done ? neededOf(sorted, done) : sorted;
  if (different.length <= most) return { different, said: different, leavesOutAlike: false };
  const [said, others] = [[] as L[], [] as L[]];
  const alike = new Map<string, number>();
  for (const lie of different) {
    if (said.length === most) break;
    const outline = outlineOf(lie.message);
    const before = alike.get(outline) ?? 0;
    (before < maxAlike ? said : others).push(lie);
    alike.set(outline, before + 1);
  }
  const more = Math.max(0, Math.floor(most * leastShare) - said.length);
  const chosen = [...said, ...others.slice(0, more)];
  const free = done ? freeOf(different, chosen, (lie) => done(lie).outcomes).slice(0, mostFree) : [];
  const isFree = new Set(free);
  return {
    different,
    said: [...chosen, ...free],
    leavesOutAlike: others.slice(more).some((lie) => !isFree.has(lie)),
  };
}

/** Without those that do nothing but what some before them do, and need no less. */
function neededOf<L>(sorted: readonly L[], doneBy: (lie: L) => Done): readonly L[] {
  const ways = new Map<number, ReadonlySet<number>[]>();
  return sorted.filter((lie) => {
    const { outcomes, needs } = doneBy(lie);
    if (outcomes.size === 0) return true; // nobody has looked
    const own = new Set(needs);
    const isIn = (way: ReadonlySet<number>) => [...way].every((need) => own.has(need));
    const isNew = [...outcomes].filter((outcome) => !ways.get(outcome)?.some(isIn));
    for (const outcome of isNew) ways.set(outcome, [...(ways.get(outcome) ?? []), own]);
    return isNew.length > 0;
  });
}

/** Those of which no node makes anything but what it makes of the chosen ones, as far as somebody has looked. */
function freeOf<L>(
  lies: readonly L[],
  chosen: readonly L[],
  outcomes: (lie: L) => ReadonlySet<number>,
): readonly L[] {
  const known = new Set(chosen.flatMap((lie) => [...outcomes(lie)]));
  const isChosen = new Set(chosen);
  const isKnown = (done: ReadonlySet<number>) => done.size > 0 && [...done].every((one) => known.has(one));
  return lies.filter((lie) => !isChosen.has(lie) && isKnown(outcomes(lie)));
}

function typeOf({ message }: Lie): string {
  return typeNameOf(isSigned(message) ? message.body : message);
}
