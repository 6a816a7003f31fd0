// Keeps the shortest of too many lies of one kind. Where a proof is not checked it can be anything, and there are thousands of messages
// that differ in nothing but what nobody asks for: more than a search gets through, and what it would find with the first few it never
// reaches. The shortest contain least, so least has to have been said by others before.

import { isSigned, typeNameOf } from "../model/terms.js";
import type { Role } from "../protocol/index.js";
import type { Lie } from "./rehearsal.js";

type HeardLie = Lie & { readonly role: Role };

/** Of some lies those that are said, and in words what was left out. */
export interface Shortest<L extends HeardLie> {
  readonly lies: readonly L[];
  readonly limits: readonly string[];
}

/** At most `most` of each type of message, sender and role of its receiver: the shortest, as JSON. */
export function shortestOf<L extends HeardLie>(lies: readonly L[], most: number): Shortest<L> {
  const kinds = new Map<string, L[]>();
  for (const lie of lies) {
    const key = `${lie.self} ${lie.role} ${typeOf(lie)}`;
    const same = kinds.get(key);
    if (same) same.push(lie);
    else kinds.set(key, [lie]);
  }
  const [kept, limits] = [new Set<L>(), [] as string[]];
  for (const kind of kinds.values()) {
    const all = kind.map((lie) => ({ lie, size: JSON.stringify(lie.message).length }));
    if (all.length > most) limits.push(`the ${most} shortest of ${all.length} messages ${typeOf(kind[0]!)}`);
    for (const { lie } of all.sort((a, b) => a.size - b.size).slice(0, most)) kept.add(lie);
  }
  return { lies: lies.filter((lie) => kept.has(lie)), limits };
}

function typeOf({ message }: Lie): string {
  return typeNameOf(isSigned(message) ? message.body : message);
}
