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

type HeardLie = Lie & { readonly role: Role };

/** Of some lies those that are said, and in words what was left out. */
export interface Shortest<L extends HeardLie> {
  readonly lies: readonly L[];
  readonly limits: readonly string[];
}

/**
 * At most `most` of each type of message, sender and role of its receiver: those made up least, the shortest first. Messages with the same
 * outline differ only in names and values.
 */
export function shortestOf<L extends HeardLie>(
  lies: readonly L[],
  most: number,
  madeUp: (message: Json) => number = () => 0,
  outlineOf: (message: Json) => string = JSON.stringify,
): Shortest<L> {
  const kinds = new Map<string, L[]>();
  for (const lie of lies) {
    const key = `${lie.self} ${lie.role} ${typeOf(lie)}`;
    const same = kinds.get(key);
    if (same) same.push(lie);
    else kinds.set(key, [lie]);
  }
  const [kept, limits] = [new Set<L>(), [] as string[]];
  for (const kind of kinds.values()) {
    const { said, leavesOutAlike } =
      kind.length <= most ? { said: kind, leavesOutAlike: false } : firstOf(kind, most, madeUp, outlineOf);
    const all = `${kind.length} messages ${typeOf(kind[0]!)}`;
    if (leavesOutAlike) limits.push(`${said.length} of ${all}, few of them alike but for names and values`);
    else if (said.length < kind.length) limits.push(`the ${said.length} least made up of ${all}`);
    for (const lie of said) kept.add(lie);
  }
  return { lies: lies.filter((lie) => kept.has(lie)), limits };
}

function firstOf<L extends HeardLie>(
  kind: readonly L[],
  most: number,
  madeUp: (message: Json) => number,
  outlineOf: (message: Json) => string,
): { readonly said: readonly L[]; readonly leavesOutAlike: boolean } {
  const sorted = kind
    .map((lie) => ({ lie, made: madeUp(lie.message), size: JSON.stringify(lie.message).length }))
    .sort((a, b) => a.made - b.made || a.size - b.size)
    .map(({ lie }) => lie);
  const [said, others] = [[] as L[], [] as L[]];
  const alike = new Map<string, number>();
  for (const lie of sorted) {
    if (said.length === most) break;
    const outline = outlineOf(lie.message);
    const before = alike.get(outline) ?? 0;
    (before < maxAlike ? said : others).push(lie);
    alike.set(outline, before + 1);
  }
  const more = Math.max(0, Math.floor(most * leastShare) - said.length);
  return { said: [...said, ...others.slice(0, more)], leavesOutAlike: others.length > more };
}

function typeOf({ message }: Lie): string {
  return typeNameOf(isSigned(message) ? message.body : message);
}
