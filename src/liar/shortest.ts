// Which lies are said of too many of one kind. Where a proof is not checked it can be anything, and there are thousands of messages that
// differ in nothing but what nobody asks for: more than a search gets through, and what it would find with the first few it never
// reaches. Those come first that are made up least: the rest of such a message is what correct nodes say and believe. Among these, the
// shortest: they contain least, so least has to have been said by others before. Of those that differ only in names and
// values two are said, for with two values correct nodes can disagree: where each can be kept or not, as requests that nobody has signed, k
// of them are 2^k states of a node.

import { isSigned, typeNameOf } from "../model/terms.js";
import type { Json, Role } from "../protocol/index.js";
import type { Lie } from "./rehearsal.js";

/** Of lies that differ only in names and values. */
const maxAlike = 2;

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
    const said = kind.length <= most ? kind : firstOf(kind, most, madeUp, outlineOf);
    if (said.length < kind.length)
      limits.push(`the ${said.length} least made up of ${kind.length} messages ${typeOf(kind[0]!)}`);
    for (const lie of said) kept.add(lie);
  }
  return { lies: lies.filter((lie) => kept.has(lie)), limits };
}

function firstOf<L extends HeardLie>(
  kind: readonly L[],
  most: number,
  madeUp: (message: Json) => number,
  outlineOf: (message: Json) => string,
): readonly L[] {
  const sorted = kind
    .map((lie) => ({ lie, made: madeUp(lie.message), size: JSON.stringify(lie.message).length }))
    .sort((a, b) => a.made - b.made || a.size - b.size);
  const said: L[] = [];
  const alike = new Map<string, number>();
  for (const { lie } of sorted) {
    const outline = outlineOf(lie.message);
    const before = alike.get(outline) ?? 0;
    if (before < maxAlike) said.push(lie);
    alike.set(outline, before + 1);
    if (said.length === most) break;
  }
  return said;
}

function typeOf({ message }: Lie): string {
  return typeNameOf(isSigned(message) ? message.body : message);
}
