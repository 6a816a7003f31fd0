// The alphabet of the generic liar: every message that it can say and some correct node would react to, in some state that rehearsals
// have come to. What is only counted is left out where no correct node says the same: a vote that nobody joins.

import type * as Schema from "effect/Schema";
import { purely } from "../model/purity.js";
import type { Json, NodeId, Protocol, Role } from "../protocol/index.js";
import { withAllChoices } from "./choices.js";
import { Drawing } from "./draw.js";
import { type Reaction, reactionOf } from "./reaction.js";
import { type Audience, type Lie, Rehearsal, type Stand, textOf } from "./rehearsal.js";
import { Vocabulary, type Words } from "./vocabulary.js";

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
    said: readonly Json[],
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
  const grew = rehearse(rehearsal, vocabulary, search, stands, { rounds, runs });
  const lies = search.found();
  const { drafts, leftOut } = search;
  const limits = [
    ...search.limits(),
    ...stands.limits(),
    ...vocabulary.limits(),
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
      for (const message of said) vocabulary.see(message);
      return search.missing(lies, others, budget);
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
  let [seed, quiet, grew] = [0, 0, false];
  const audience: Audience = {
    said: (message) => vocabulary.see(message),
    stands: (at) => {
      const like = stands.representing(at);
      return like ? search.lies(like) : [];
    },
  };
  for (let round = 0; round < rounds && quiet < 2 && !search.isCut; round++) {
    const messages = search.size;
    const before = `${vocabulary.version} ${messages} ${stands.size}`;
    for (let run = 0; run < runs; run++) rehearsal.run(seed++, stepsIn(round), audience);
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

/** The states that are looked into, of many that are alike some. */
class Stands {
  readonly #stands = new Map<string, Stand>();
  readonly #outlines = new Map<string, readonly Stand[]>();
  readonly #most: number;
  readonly #alike: number;

  readonly #nodes: ReadonlySet<string>;

  constructor(nodes: readonly NodeId[], { stands = 400, alike = 1 }: Effort) {
    this.#nodes = new Set(nodes);
    this.#most = stands;
    this.#alike = alike;
  }

  get size(): number {
    return this.#stands.size;
  }

  get isFull(): boolean {
    return this.size >= this.#most;
  }

  /** See `Alphabet.limits`. */
  limits(): readonly string[] {
    return this.isFull ? [`${this.size} states of correct nodes`] : [];
  }

  all(): Iterable<Stand> {
    return this.#stands.values();
  }

  /** The state itself if it is looked into, or one that is like it; null if there is none. */
  representing(at: Stand): Stand | null {
    const key = keyOf(at);
    const known = this.#stands.get(key);
    if (known) return known;
    const outline = `${at.spec.id} ${outlineOf(at.state, this.#nodes)}`;
    const alike = this.#outlines.get(outline) ?? [];
    if (alike.length >= this.#alike || this.isFull) return alike[0] ?? null;
    this.#outlines.set(outline, [...alike, at]);
    this.#stands.set(key, at);
    return at;
  }
}

function keyOf({ spec, state }: Stand): string {
  return `${spec.id} ${textOf(state)}`;
}

/** A state without the names of nodes and the order of lists: states with the same one count the same votes, of others. */
function outlineOf(state: Json, nodes: ReadonlySet<string>): string {
  if (typeof state === "string") return nodes.has(state) ? "*" : JSON.stringify(state);
  if (typeof state !== "object" || state === null) return JSON.stringify(state);
  const known = outlines.get(state);
  if (known !== undefined) return known;
  const made = Array.isArray(state)
    ? `[${state
        .map((item) => outlineOf(item as Json, nodes))
        .sort()
        .join()}]`
    : `{${Object.entries(state).map(([name, item]) => `${nodes.has(name) ? "*" : name}:${outlineOf(item as Json, nodes)}`)}}`;
  outlines.set(state, made);
  return made;
}

const outlines = new WeakMap<object, string>();

type FoundLie = Lie & { readonly role: Role };

/** The lies that were found so far. */
class Search {
  readonly #protocol: Protocol<Json, Json>;
  readonly #vocabulary: Vocabulary;
  readonly #rehearsal: Rehearsal;
  readonly #draftsEach: number;
  readonly #drafts: number;
  #draftsLeft: number;
  readonly #found = new Map<string, FoundLie>();
  readonly #counted = new Set<string>();
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
    { drafts = 100_000, draftsEach = 4000 }: Effort,
  ) {
    this.#protocol = protocol;
    this.#vocabulary = vocabulary;
    this.#rehearsal = rehearsal;
    this.#draftsEach = draftsEach;
    this.#drafts = drafts;
    this.#draftsLeft = drafts;
  }

  /** See `Alphabet.limits`. */
  limits(): readonly string[] {
    if (!this.isCut) return [];
    const isSpent = this.#draftsLeft <= 0;
    return [
      isSpent ? `${this.#drafts} drafts of messages` : `${this.#draftsEach} drafts of messages for one state`,
    ];
  }

  get size(): number {
    return this.#found.size;
  }

  get leftOut(): number {
    return [...this.#counted].filter((key) => !this.#found.has(key)).length;
  }

  found(): readonly FoundLie[] {
    return [...this.#found.values()];
  }

  /** Takes into account what was learned since; with so many drafts more. */
  renew(drafts = 0): void {
    if (drafts > 0) [this.#draftsLeft, this.isCut] = [drafts, false];
    const learned = `${this.#vocabulary.version} ${this.size}`;
    if (learned === this.#learned) return;
    this.#learned = learned;
    this.#lies = new Map();
    this.#drawings = new Map();
  }

  /** What a node in this state would react to. */
  lies(at: Stand): readonly Lie[] {
    const key = keyOf(at);
    const known = this.#lies.get(key);
    if (known) return known;
    const lies = this.#vocabulary.words.byzantine.flatMap((self) => this.#liesOf(self, at));
    this.#lies.set(key, lies);
    return lies;
  }

  #liesOf(self: NodeId, at: Stand): readonly Lie[] {
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
        if (!this.#isOfUse(reaction, { self, message }, at)) {
          this.#counted.add(key);
          return;
        }
        const lie = this.#found.get(key) ?? { self, message, role };
        this.#found.set(key, lie);
        found.set(key, lie);
      }),
    );
    if (!isWhole) this.isCut = true;
    return [...found.values()];
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
      if (this.isCut) break;
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

  /** Whether anything comes of a message, at once or together with what others say. */
  #isOfUse(reaction: Reaction, { self, message }: Lie, at: Stand): boolean {
    if (reaction.kind !== "counted" || this.#vocabulary.isSaid(message)) return true;
    let { after } = reaction;
    for (const other of this.#vocabulary.words.byzantine) {
      if (other === self) continue;
      const next = reactionOf({ ...at, state: after }, other, resigned(message, self, other));
      if (next.kind === "heeded") return true;
      if (next.kind === "counted") after = next.after;
    }
    return false;
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
