// Lists of statements by different replicas: a proof that names its signers, as protocols without `Certificate` and `Collection` write it.
// A Byzantine leader needs such a list before anybody trusts it, and no correct node may ever have sent one.

import type * as AST from "effect/SchemaAST";
import { deepFreeze } from "../model/plain-json.js";
import { type Json, replicaIds, type Signed, sign } from "../protocol/index.js";
import { textOf } from "./rehearsal.js";
import type { Vocabulary } from "./vocabulary.js";

/** At most so many statements are put together. */
const maxStatements = 24;
/** In the first few lists a Byzantine replica says anything; in the others what a correct one has said. */
const freeLists = 4;

/** How many lists are tried: while it is rehearsed, and in the end. */
export const listsTried = { rehearsed: 24, said: 256 };

/** What correct replicas have signed, and what each Byzantine replica signs beside it: null where that is still to be chosen. */
export interface ProofList {
  readonly heard: readonly Json[];
  readonly own: readonly Json[] | null;
}

/**
 * Lists as long as the usual quorums are, and one shorter than the longest of them, at most `most`: with a statement of each Byzantine
 * replica, which repeats what a correct one has said; without one; and a few in which it is to be chosen what it says.
 */
export function proofLists(vocabulary: Vocabulary, body: AST.AST, most: number): readonly ProofList[] {
  const { byzantine, config } = vocabulary.words;
  const { replicas: n, faults: f } = config;
  const ids = replicaIds(config);
  const liars = byzantine.filter((id) => ids.includes(id));
  const byReplicas = vocabulary
    .statements(body)
    .filter(({ signer }) => ids.includes(signer))
    .sort((a, b) => textOf(a as unknown as Json).length - textOf(b as unknown as Json).length);
  const statements = vocabulary.upTo(maxStatements, "signed statements in one list", byReplicas);
  const longest = Math.max(Math.floor((n + f) / 2) + 1, n - f);
  const lengths = [...new Set([longest, Math.floor((n + f) / 2) + 1, n - f, longest - 1, f + 1])];
  const isOpen = liars.length > 0;
  const open = lengths.flatMap((length) => (isOpen ? setsOf(statements, length - liars.length, most) : []));
  const whole = lengths.flatMap((length) => setsOf(statements, length, most));
  const lists = [
    ...vocabulary.bodies(body).flatMap((said) => {
      const own = liars.map((id) => deepFreeze(sign(id, said) as unknown as Json));
      return open.map((heard) => ({ heard, own }));
    }),
    ...whole.map((heard) => ({ heard, own: [] })),
  ];
  const free = open.map((heard) => ({ heard, own: null }));
  const told =
    most < listsTried.said
      ? lists.slice(0, most)
      : vocabulary.upTo(most, "lists of signed statements", lists);
  return [
    ...told,
    ...vocabulary.upTo(freeLists, "lists of signed statements to which it adds any of its own", free),
  ];
}

/** So many of these, of which no two have one signer: at most `most` sets, and one more. Where too few are left, none is looked for. */
export function setsOf(
  statements: readonly Signed<Json>[],
  count: number,
  most: number,
): readonly (readonly Json[])[] {
  const found: (readonly Json[])[] = [];
  const add = (from: number, chosen: readonly Signed<Json>[]): void => {
    if (found.length > most) return;
    if (chosen.length === count) {
      found.push(deepFreeze(chosen as unknown as Json) as readonly Json[]);
      return;
    }
    const last = statements.length - (count - chosen.length);
    for (let index = from; index <= last; index++) {
      const statement = statements[index]!;
      if (!chosen.some(({ signer }) => signer === statement.signer)) add(index + 1, [...chosen, statement]);
    }
  };
  if (count > 0) add(0, []);
  return found;
}
