// The alphabet of the generic liar: every message that it can say and some correct node would react to, in some state that rehearsals
// have come to. What is only counted is left out where no correct node says the same, and where it makes no difference to what comes
// next: a vote that nobody joins.

import type * as Schema from "effect/Schema";
import type { Json, NodeId, Protocol, Role } from "../protocol/index.js";
import type { Effort } from "./effort.js";
import { type FoundLie, type Looking, type Missing, Search } from "./lies.js";
import { finished } from "./pieces.js";
import { type Audience, Rehearsal, type Stand } from "./rehearsal.js";
import { shortestOf } from "./shortest.js";
import { Stands } from "./stands.js";
import { type Heard, Vocabulary, type Words } from "./vocabulary.js";

const honestRuns = 12;
const nobody: readonly never[] = [];

/** See the file comment. */
export interface Alphabet {
  /** All that is said. */
  readonly lies: readonly FoundLie[];
  /** By the Byzantine node that says it, and the role of who hears it. */
  of(self: NodeId, to: Role): readonly Json[];
  /** The same without regard to what correct nodes would react to: at most so many, for comparisons. */
  everything(self: NodeId, limit: number): readonly Json[];
  /** How many states of correct nodes were looked into. */
  readonly stands: number;
  /** Runs of `step` that it took. */
  readonly drafts: number;
  /** Messages that correct nodes would only count, and that are left out. */
  readonly leftOut: number;
  /** The limits that were reached, in words: there was more to try than is tried. Empty: none was. */
  readonly limits: readonly string[];
  /** Whether a limit was reached. */
  readonly isCut: boolean;
  /**
   * What correct nodes in these states would react to although it is not in the alphabet, if they have said all this; of what others make
   * superfluous, what they would react to otherwise than to these. `looked` is how many states there was time and effort for.
   */
  missing(stands: readonly Stand[], said: readonly Heard[], looking?: Looking): Missing;
}

/** Computes the alphabet for these words. */
export function alphabetOf(protocol: Protocol<Json, Json>, words: Words, effort: Effort = {}): Alphabet {
  return finished(workedOut(protocol, words, effort));
}

/** How far it has come. */
export interface Rehearsed {
  /** States of correct nodes that are looked into. */
  readonly stands: number;
  /** Messages that were found. */
  readonly count: number;
  hasLieOf(node: NodeId): boolean;
}

/** Computes it in pieces: see pieces.ts. The same object is given after each of them. */
export function* workedOut(
  protocol: Protocol<Json, Json>,
  words: Words,
  effort: Effort = {},
): Generator<Rehearsed, Alphabet> {
  const vocabulary = new Vocabulary((protocol.message as Schema.Top).ast, words);
  const rehearsal = new Rehearsal(protocol, words);
  yield* each(rehearsedIn(null, null), honestly(protocol, vocabulary));
  const search = new Search(protocol, vocabulary, rehearsal, effort);
  const stands = new Stands(words.nodes, effort);
  const { rounds = 8, runs = 24 } = effort;
  const at = rehearsedIn(search, stands);
  const again = () => rehearse(rehearsal, vocabulary, search, stands, { rounds, runs });
  let grew = yield* each(at, again());
  // What a vote leads to shows only when all is known that can come next; with what is found so there is more to rehearse.
  while ((yield* each(at, search.weigh(stands.all()))) && !search.isCut) grew = yield* each(at, again());
  if (search.isNarrow) {
    search.widen();
    for (const stand of stands.all()) yield* each(at, search.lies(stand));
  }
  const unfinished = grew && !search.isCut ? [`${rounds} rounds of rehearsals`] : [];
  return alphabetIn(search, stands, vocabulary, { most: effort.ofEachType, unfinished });
}

function rehearsedIn(search: Search | null, stands: Stands | null): Rehearsed {
  return {
    get stands() {
      return stands?.size ?? 0;
    },
    get count() {
      return search?.size ?? 0;
    },
    hasLieOf: (node) => (search?.found() ?? []).some(({ self }) => self === node),
  };
}

function alphabetIn(
  search: Search,
  stands: Stands,
  vocabulary: Vocabulary,
  { most, unfinished }: { readonly most: number | undefined; readonly unfinished: readonly string[] },
): Alphabet {
  const found = search.found();
  const shortest = shortestOf(found, most ?? (search.isCut ? 16 : 64), {
    madeUp: (message) => vocabulary.madeUp(message),
    outlineOf: (message) => vocabulary.outline(message),
    done: (lie) => search.done(lie),
  });
  const { lies, limits: shortened } = shortest;
  const { drafts, leftOut } = search;
  const limits = [
    ...search.limits(),
    ...stands.limits(),
    ...vocabulary.limits(),
    ...shortened,
    ...unfinished,
  ];
  return {
    lies,
    of: (self, to) => lies.flatMap((lie) => (lie.self === self && lie.role === to ? [lie.message] : [])),
    everything: (self, limit) => search.everything(self, limit),
    stands: stands.size,
    drafts,
    leftOut,
    limits,
    isCut: limits.length > 0,
    missing: (others, said, looking) => {
      for (const { from, message } of said) vocabulary.see(message, from);
      return search.missing(found, shortest, others, looking);
    },
  };
}

/** The same pieces of work, with the same said after each. */
function* each<A, T>(at: A, work: Iterator<void, T>): Generator<A, T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield at;
  }
}

/** Rehearses until nothing new comes up. Gives whether the last round still found a message. */
function* rehearse(
  rehearsal: Rehearsal,
  vocabulary: Vocabulary,
  search: Search,
  stands: Stands,
  { rounds, runs }: { readonly rounds: number; readonly runs: number },
): Generator<void, boolean> {
  let [quiet, grew] = [0, false];
  const audience: Audience = {
    said: ({ from, message }) => vocabulary.see(message, from),
    *stands(at) {
      const like = stands.representing(at);
      return like ? yield* search.lies(like) : [];
    },
  };
  for (let round = 0; round < rounds && quiet < 2 && !search.isCut; round++) {
    const messages = search.size;
    const before = `${vocabulary.version} ${messages} ${stands.size}`;
    for (let run = 0; run < runs; run++) yield* rehearsal.run(stepsIn(round), audience);
    search.renew();
    for (const at of stands.all()) yield* search.lies(at);
    quiet = before === `${vocabulary.version} ${search.size} ${stands.size}` ? quiet + 1 : 0;
    grew = search.size > messages;
  }
  return grew;
}

/** Runs in which all nodes are correct: what the Byzantine ones say there has lists in it that nobody else may ever send. */
function* honestly(protocol: Protocol<Json, Json>, vocabulary: Vocabulary): Generator<void, void> {
  const rehearsal = new Rehearsal(protocol, { ...vocabulary.words, byzantine: [] });
  const audience: Audience = {
    said: ({ from, message }) => {
      if (vocabulary.words.byzantine.includes(from)) vocabulary.seeOwn(message);
    },
    *stands() {
      yield* nobody;
      return nobody;
    },
  };
  for (let run = 0; run < honestRuns; run++) yield* rehearsal.run(stepsIn(run), audience);
}

/** Runs become longer. */
function stepsIn(round: number): number {
  return Math.min(160, 40 * (round + 1));
}
