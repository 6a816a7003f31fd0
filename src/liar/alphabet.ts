// The alphabet of the generic liar: every message that it can say and some correct node would react to, in some state that rehearsals
// have come to. What is only counted is left out where no correct node says the same, and where it makes no difference to what comes
// next: a vote that nobody joins.

import type * as Schema from "effect/Schema";
import { purely } from "../model/purity.js";
import type { Input, Json, NodeId, Protocol, Role } from "../protocol/index.js";
import { withAllChoices } from "./choices.js";
import { Comparison } from "./comparison.js";
import { Drawing } from "./draw.js";
import { reactionOf } from "./reaction.js";
import { type Audience, heardFrom, type Lie, Rehearsal, type Stand } from "./rehearsal.js";
import { shortestOf } from "./shortest.js";
import { keyOf, Stands } from "./stands.js";
import { type Heard, Vocabulary, type Words } from "./vocabulary.js";

/** How much is rehearsed. The same everywhere, so that the alphabet is. */
export interface Effort {
  /** Rounds at most; they end once nothing new has come up in two of them. Default: 8. */
  readonly rounds?: number;
  /** Runs in each round. Default: 24. */
  readonly runs?: number;
  /** States of correct nodes that are looked into. Default: 400. */
  readonly stands?: number;
  /** Of states that differ only in the names of nodes as many as these are looked into. Default: 1. */
  readonly alike?: number;
  /** Drafts of messages that are tried on one state. Default: 4,000. */
  readonly draftsEach?: number;
  /** Drafts that are tried in all. Default: 100,000. */
  readonly drafts?: number;
  /** Messages of one type that are said: those made up least, the shortest first. Default: 64; 16 where not all drafts could be tried. */
  readonly ofEachType?: number;
  /** Runs of `step` that compare a node that has counted a vote with one that has not. Default: 200,000. */
  readonly comparisons?: number;
}

/** See the file comment. */
export interface Alphabet {
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
   * What correct nodes in these states would react to although it is not in the alphabet, if they have said all this. At most `drafts`
   * messages are tried; `looked` is how many states that was enough for.
   */
  missing(
    stands: readonly Stand[],
    said: readonly Heard[],
    drafts?: number,
  ): { readonly looked: number; readonly lies: readonly Lie[] };
}

/** Computes the alphabet for these words. */
export function alphabetOf(protocol: Protocol<Json, Json>, words: Words, effort: Effort = {}): Alphabet {
  const { rounds = 8, runs = 24 } = effort;
  const vocabulary = new Vocabulary((protocol.message as Schema.Top).ast, words);
  const rehearsal = new Rehearsal(protocol, words);
  const search = new Search(protocol, vocabulary, rehearsal, effort);
  const stands = new Stands(words.nodes, effort);
  const again = () => rehearse(rehearsal, vocabulary, search, stands, { rounds, runs });
  let grew = again();
  // What a vote leads to shows only when all is known that can come next; with what is found so there is more to rehearse.
  while (search.weigh(stands.all()) && !search.isCut) grew = again();
  const found = search.found();
  const most = effort.ofEachType ?? (search.isCut ? 16 : 64);
  const { lies, limits: shortened } = shortestOf(found, most, (message) => vocabulary.madeUp(message));
  const { drafts, leftOut } = search;
  const limits = [
    ...search.limits(),
    ...stands.limits(),
    ...vocabulary.limits(),
    ...shortened,
    ...(grew && !search.isCut ? [`${rounds} rounds of rehearsals`] : []),
  ];
  return {
    of: (self, to) => lies.flatMap((lie) => (lie.self === self && lie.role === to ? [lie.message] : [])),
    everything: (self, limit) => search.everything(self, limit),
    stands: stands.size,
    drafts,
    leftOut,
    limits,
    isCut: limits.length > 0,
    missing: (others, said, budget) => {
      for (const { from, message } of said) vocabulary.see(message, from);
      return search.missing(found, others, budget);
    },
  };
}

/** Rehearses until nothing new comes up. Gives whether the last round still found a message. */
function rehearse(
  rehearsal: Rehearsal,
  vocabulary: Vocabulary,
  search: Search,
  stands: Stands,
  { rounds, runs }: { readonly rounds: number; readonly runs: number },
): boolean {
  let [quiet, grew] = [0, false];
  const audience: Audience = {
    said: ({ from, message }) => vocabulary.see(message, from),
    stands: (at) => {
      const like = stands.representing(at);
      return like ? search.lies(like) : [];
    },
  };
  for (let round = 0; round < rounds && quiet < 2 && !search.isCut; round++) {
    const messages = search.size;
    const before = `${vocabulary.version} ${messages} ${stands.size}`;
    for (let run = 0; run < runs; run++) rehearsal.run(stepsIn(round), audience);
    search.renew();
    for (const at of stands.all()) search.lies(at);
    quiet = before === `${vocabulary.version} ${search.size} ${stands.size}` ? quiet + 1 : 0;
    grew = search.size > messages;
  }
  return grew;
}

/** Runs become longer. */
function stepsIn(round: number): number {
  return Math.min(160, 40 * (round + 1));
}

type FoundLie = Lie & { readonly role: Role };

/** The lies that were found so far. */
class Search {
  readonly #protocol: Protocol<Json, Json>;
  readonly #vocabulary: Vocabulary;
  readonly #rehearsal: Rehearsal;
  readonly #draftsEach: number;
  readonly #drafts: number;
  #draftsLeft: number;
  readonly #comparisons: number;
  #comparisonsLeft: number;
  readonly #found = new Map<string, FoundLie>();
  readonly #counted = new Map<string, FoundLie>();
  /** Those that were found because of what they lead to. */
  readonly #weighty = new Set<string>();
  /** By state: what was only counted there, and the state after. */
  #pending = new Map<string, ReadonlyMap<string, Json>>();
  /** By state: the lies that it reacts to, as far as is known. */
  #lies = new Map<string, readonly Lie[]>();
  #drawings = new Map<NodeId, Drawing>();
  #learned = "";
  drafts = 0;
  isCut = false;

  constructor(
    protocol: Protocol<Json, Json>,
    vocabulary: Vocabulary,
    rehearsal: Rehearsal,
    { drafts = 100_000, draftsEach = 4000, comparisons = 200_000 }: Effort,
  ) {
    this.#protocol = protocol;
    this.#vocabulary = vocabulary;
    this.#rehearsal = rehearsal;
    this.#draftsEach = draftsEach;
    this.#drafts = drafts;
    this.#draftsLeft = drafts;
    this.#comparisons = comparisons;
    this.#comparisonsLeft = comparisons;
  }

  /** See `Alphabet.limits`. */
  limits(): readonly string[] {
    const isSpent = this.#draftsLeft <= 0;
    const drafts = isSpent
      ? `${this.#drafts} drafts of messages`
      : `${this.#draftsEach} drafts of messages for one state`;
    return [
      ...(this.isCut ? [drafts] : []),
      ...(this.#comparisonsLeft <= 0 ? [`${this.#comparisons} comparisons of what votes lead to`] : []),
    ];
  }

  get size(): number {
    return this.#found.size;
  }

  get leftOut(): number {
    return [...this.#counted.keys()].filter((key) => !this.#found.has(key)).length;
  }

  found(): readonly FoundLie[] {
    return [...this.#found.values()];
  }

  /** Takes into account what was learned since; with so many drafts more. */
  renew(drafts = 0): void {
    if (drafts > 0)
      [this.#draftsLeft, this.isCut, this.#comparisonsLeft] = [drafts, false, this.#comparisons];
    const learned = `${this.#vocabulary.version} ${this.size}`;
    if (learned === this.#learned) return;
    this.#learned = learned;
    this.#lies = new Map();
    this.#pending = new Map();
    this.#drawings = new Map();
  }

  /** What a node in this state would react to. */
  lies(at: Stand): readonly Lie[] {
    const key = keyOf(at);
    const known = this.#lies.get(key);
    if (known) return known;
    const pending = new Map<string, Json>();
    const lies = this.#vocabulary.words.byzantine.flatMap((self) => this.#liesOf(self, at, pending));
    this.#lies.set(key, lies);
    if (pending.size > 0) this.#pending.set(key, pending);
    return lies;
  }

  #liesOf(self: NodeId, at: Stand, pending: Map<string, Json>): readonly Lie[] {
    const found = new Map<string, Lie>();
    const drawing = this.#drawing(self);
    const schema = (this.#protocol.message as Schema.Top).ast;
    const limit = Math.min(this.#draftsEach, this.#draftsLeft);
    const isWhole = purely(() =>
      withAllChoices(limit, (choices) => {
        this.drafts++;
        this.#draftsLeft--;
        const draft = drawing.message(schema, choices);
        const reaction = reactionOf(at, self, draft);
        if (reaction.kind === "ignored") return;
        choices.close();
        const message = this.#rehearsal.canonical(JSON.parse(JSON.stringify(draft)) as Json);
        if (message === null || !this.#vocabulary.admits(message)) return;
        const { role } = at.spec;
        const key = `${self} ${role} ${JSON.stringify(message)}`;
        const lie = this.#found.get(key) ?? this.#counted.get(key) ?? { self, message, role };
        if (
          reaction.kind === "counted" &&
          !this.#isOfUse(reaction.after, lie, at) &&
          !this.#weighty.has(key)
        ) {
          this.#counted.set(key, lie);
          pending.set(key, reaction.after);
          return;
        }
        this.#found.set(key, lie);
        found.set(key, lie);
      }),
    );
    if (!isWhole) this.isCut = true;
    return [...found.values()];
  }

  /** Finds, of what was only counted in these states, what makes a difference to what comes next; whether there is any. */
  weigh(stands: Iterable<Stand>): boolean {
    const before = this.size;
    const lies = new Map([...this.#found, ...this.#counted]);
    for (const at of stands) {
      const pending = [...(this.#pending.get(keyOf(at)) ?? [])].filter(([key]) => !this.#found.has(key));
      if (pending.length === 0) continue;
      const comparison = new Comparison(at, this.#comingTo(at, lies.values()), this.#canonicalIn(at));
      for (const [key, after] of pending) {
        if (this.#comparisonsLeft <= 0) break;
        if (comparison.differs(after, this.#counted.get(key)!.self)) this.#take([key]);
        this.#comparisonsLeft -= comparison.takeSteps();
      }
      this.#take(this.#joined(at, pending));
    }
    this.renew();
    return this.size > before;
  }

  /** These are said from now on wherever they are counted. */
  #take(keys: readonly string[]): void {
    for (const key of keys) {
      this.#weighty.add(key);
      this.#found.set(key, this.#counted.get(key)!);
    }
  }

  /** Of different votes that are counted one after the other: those up to the one that something comes of. None: nothing does. */
  #joined(at: Stand, pending: readonly (readonly [key: string, after: Json])[]): readonly string[] {
    const counted: string[] = [];
    let { state } = at;
    for (const [key] of pending) {
      const { self, message } = this.#counted.get(key)!;
      const next = reactionOf({ ...at, state }, self, message, this.#canonicalIn(at));
      if (next.kind === "ignored") continue;
      counted.push(key);
      if (next.kind === "heeded") return counted;
      state = next.after;
    }
    return [];
  }

  /** What can come to a node next: its timers, what correct nodes have said, and what the liar could say. */
  #comingTo({ spec: { id, role } }: Stand, lies: Iterable<FoundLie>): readonly Input<Json>[] {
    const said = [...lies].flatMap((lie) => (lie.role === role ? [heardFrom(lie)] : []));
    const others = this.#vocabulary.heard().filter(({ from }) => from !== id);
    return [
      ...this.#rehearsal.timersOf(id).map((timer) => ({ kind: "timer" as const, timer })),
      ...[...others, ...said].map((heard) => ({ kind: "message" as const, ...heard })),
    ];
  }

  /** See `Alphabet.missing`. */
  missing(
    known: readonly FoundLie[],
    stands: readonly Stand[],
    drafts = 200_000,
  ): ReturnType<Alphabet["missing"]> {
    this.renew(drafts);
    let looked = 0;
    for (const at of stands) {
      this.lies(at);
      this.weigh([at]);
      if (this.isCut || this.#comparisonsLeft <= 0) break;
      looked++;
    }
    const before = new Set(known);
    return { looked, lies: this.found().filter((lie) => !before.has(lie)) };
  }

  /** See `Alphabet.everything`. */
  everything(self: NodeId, limit: number): readonly Json[] {
    const drawing = this.#drawing(self);
    const all = new Map<string, Json>();
    withAllChoices(limit, (choices) => {
      const draft = drawing.message((this.#protocol.message as Schema.Top).ast, choices);
      const message = this.#rehearsal.canonical(JSON.parse(JSON.stringify(draft)) as Json);
      if (message !== null && this.#vocabulary.admits(message)) all.set(JSON.stringify(message), message);
    });
    return [...all.values()];
  }

  /** Whether anything comes of a vote together with what others say. */
  #isOfUse(counted: Json, { self, message }: Lie, at: Stand): boolean {
    if (this.#vocabulary.isSaid(message)) return true;
    let after = counted;
    for (const other of this.#vocabulary.words.byzantine) {
      if (other === self) continue;
      const next = reactionOf({ ...at, state: after }, other, resigned(message, self, other));
      if (next.kind === "heeded") return true;
      if (next.kind === "counted") after = next.after;
    }
    return false;
  }

  /** Brings states of a node into canonical form; what does not fit stays as it is. */
  #canonicalIn({ spec }: Stand): (state: Json) => Json {
    return (state) => this.#rehearsal.canonicalState(spec, state) ?? state;
  }

  #drawing(self: NodeId): Drawing {
    const { byzantine, config, views } = this.#vocabulary.words;
    const known =
      this.#drawings.get(self) ??
      new Drawing(
        this.#vocabulary,
        self,
        this.#protocol.alphabet?.({ self, byzantine, config, views }) ?? {},
      );
    this.#drawings.set(self, known);
    return known;
  }
}

/** The same message in a colluder's name. */
function resigned(message: Json, from: NodeId, to: NodeId): Json {
  const { tag, signer } = (message ?? {}) as { readonly tag?: Json; readonly signer?: Json };
  return tag === "signed" && signer === from ? { ...(message as object), signer: to } : message;
}
