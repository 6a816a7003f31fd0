// Looks for lies: drafts of messages are tried on the states of correct nodes, and what they react to is kept; what is only counted is
// weighed by what it leads to.

import type * as Schema from "effect/Schema";
import { purely } from "../model/purity.js";
import type { Input, Json, NodeId, Protocol, Role } from "../protocol/index.js";
import { Choices, withAllChoices } from "./choices.js";
import { Comparison } from "./comparison.js";
import { Drawing } from "./draw.js";
import type { Effort } from "./effort.js";
import { finishedInTime } from "./pieces.js";
import { listsTried } from "./proof-lists.js";
import { type Reaction, reactionOf } from "./reaction.js";
import { heardFrom, type Lie, type Rehearsal, type Stand, textOf } from "./rehearsal.js";
import { type Done, neededBeside, type Shortest } from "./shortest.js";
import { keyOf } from "./stands.js";
import type { Vocabulary } from "./vocabulary.js";

/** After so many drafts the search may be left. */
const pieceDrafts = 16;

const nothingDone: Done = { outcomes: new Set(), needs: [] };

/** A lie, and the role of those who react to it. */
export type FoundLie = Lie & { readonly role: Role };

/** What is missing, in how many states that were looked into. */
export interface Missing {
  readonly looked: number;
  readonly lies: readonly Lie[];
}

/** How long it is looked for what is missing. */
export interface Looking {
  /** Drafts of messages that are tried. Default: 200,000. */
  readonly drafts?: number;
  /** Asked again and again; true ends it. Default: it never does. */
  readonly isOver?: () => boolean;
}

/** The lies that were found so far. What takes long is a generator: it yields where it may be left and gone on with later. */
export class Search {
  readonly #protocol: Protocol<Json, Json>;
  readonly #vocabulary: Vocabulary;
  readonly #rehearsal: Rehearsal;
  readonly #draftsEach: number;
  #drafts: number;
  #draftsLeft: number;
  readonly #comparisons: number;
  #comparisonsLeft: number;
  readonly #found = new Map<string, FoundLie>();
  readonly #counted = new Map<string, FoundLie>();
  /** Those that were found because of what they lead to. */
  readonly #weighty = new Set<string>();
  readonly #done = new Map<FoundLie, Done & { readonly outcomes: Set<number> }>();
  readonly #numbers = new Map<string, number>();
  /** By state: what was only counted there, and the state after. */
  #pending = new Map<string, ReadonlyMap<string, Json>>();
  /** By state: the lies that it reacts to, as far as is known. */
  #lies = new Map<string, readonly Lie[]>();
  #drawings = new Map<NodeId, Drawing>();
  #learned = "";
  #listsTried = listsTried.rehearsed;
  /** Then more drafts are allowed: most lists of statements are soon refused. */
  #isNarrow = false;
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

  /** Whether there were more lists of statements to try than are tried while it is rehearsed. */
  get isNarrow(): boolean {
    return this.#isNarrow;
  }

  /** From now on all lists of statements are tried that ever are: see proof-lists.ts. */
  widen(): void {
    this.#listsTried = listsTried.said;
    this.#learned = "";
    this.renew();
    this.#allow(this.#drafts);
  }

  /** So many drafts more. */
  #allow(drafts: number): void {
    this.#drafts += drafts;
    this.#draftsLeft += drafts;
  }

  /** What a node in this state would react to. */
  *lies(at: Stand): Generator<void, readonly Lie[]> {
    const key = keyOf(at);
    const known = this.#lies.get(key);
    if (known) return known;
    const pending = new Map<string, Json>();
    const lies: Lie[] = [];
    for (const self of this.#vocabulary.words.byzantine)
      lies.push(...(yield* this.#liesOf(self, at, pending)));
    this.#lies.set(key, lies);
    if (pending.size > 0) this.#pending.set(key, pending);
    return lies;
  }

  *#liesOf(self: NodeId, at: Stand, pending: Map<string, Json>): Generator<void, readonly Lie[]> {
    const found = new Map<string, Lie>();
    const drawing = this.#drawing(self);
    const limit = Math.min(this.#draftsEach, this.#draftsLeft);
    const choices = new Choices();
    for (let count = 0; ; count++) {
      if (drawing.isNarrow && !this.#isNarrow) {
        this.#isNarrow = true;
        this.#allow(this.#drafts);
      }
      if (count >= limit) {
        this.isCut = true;
        break;
      }
      this.drafts++;
      this.#draftsLeft--;
      purely(() => this.#try(self, at, drawing, choices, { found, pending }));
      if (!choices.next()) break;
      if (count % pieceDrafts === 0) yield;
    }
    return [...found.values()];
  }

  /** Tries one draft of a message on a state. */
  #try(
    self: NodeId,
    at: Stand,
    drawing: Drawing,
    choices: Choices,
    { found, pending }: { readonly found: Map<string, Lie>; readonly pending: Map<string, Json> },
  ): void {
    const { from, message: draft } = drawing.message((this.#protocol.message as Schema.Top).ast, choices);
    const reaction = reactionOf(at, from, draft);
    if (reaction.kind === "ignored") return;
    choices.close();
    const message = this.#rehearsal.canonicalOf(JSON.stringify(draft));
    if (message === null || !this.#vocabulary.admits(message)) return;
    const { role } = at.spec;
    const key = keyOfLie({ self, role, message });
    const lie = this.#found.get(key) ?? this.#counted.get(key) ?? { self, message, role };
    if (reaction.kind === "counted" && !this.#isOfUse(reaction.after, lie, at) && !this.#weighty.has(key)) {
      this.#counted.set(key, lie);
      pending.set(key, reaction.after);
      return;
    }
    this.#found.set(key, lie);
    found.set(key, lie);
    this.#note(lie, at, outcomesOf(reaction));
  }

  /** What a lie does: what a node in this state makes of it. */
  #note(lie: FoundLie, at: Stand, outcomes: string): void {
    const outcome = this.#numberOf(`${keyOf(at)} ${outcomes}`);
    const done = this.#done.get(lie);
    if (done) done.outcomes.add(outcome);
    else
      this.#done.set(lie, {
        outcomes: new Set([outcome]),
        needs: this.#vocabulary.needs(lie.message).map((need) => this.#numberOf(need)),
      });
  }

  #numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  /** What a lie was seen to do. */
  done(lie: FoundLie): Done {
    return this.#done.get(lie) ?? nothingDone;
  }

  /** Finds, of what was only counted in these states, what makes a difference to what comes next; whether there is any. */
  *weigh(stands: Iterable<Stand>): Generator<void, boolean> {
    const before = this.size;
    const lies = new Map([...this.#found, ...this.#counted]);
    for (const at of stands) {
      const pending = [...(this.#pending.get(keyOf(at)) ?? [])].filter(([key]) => !this.#found.has(key));
      if (pending.length === 0) continue;
      const comparison = new Comparison(at, this.#comingTo(at, lies.values()), this.#canonicalIn(at));
      for (const [key, after] of pending) {
        if (this.#comparisonsLeft <= 0) break;
        if (comparison.differs(after, heardFrom(this.#counted.get(key)!).from)) this.#take([key]);
        this.#comparisonsLeft -= comparison.takeSteps();
        yield;
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
      const { from, message } = heardFrom(this.#counted.get(key)!);
      const next = reactionOf({ ...at, state }, from, message, this.#canonicalIn(at));
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
    shortest: Shortest<FoundLie>,
    stands: readonly Stand[],
    { drafts = 200_000, isOver = () => false }: Looking = {},
  ): Missing {
    this.renew(drafts);
    let looked = 0;
    for (const at of stands) {
      const lies = finishedInTime(this.lies(at), isOver);
      const weighed = lies && finishedInTime(this.weigh([at]), isOver);
      if (weighed === null || this.isCut || this.#comparisonsLeft <= 0) break;
      looked++;
    }
    const before = new Set(known);
    const others = this.found().filter((lie) => !before.has(lie));
    const needed = this.#needed(shortest, stands.slice(0, looked), isOver);
    return { looked: needed.looked, lies: [...others, ...needed.lies] };
  }

  /** What is superfluous no more: in one of these states a node makes of it what it makes of nothing that is said. */
  #needed(
    { lies, superfluous }: Shortest<FoundLie>,
    stands: readonly Stand[],
    isOver: () => boolean,
  ): { readonly looked: number; readonly lies: readonly FoundLie[] } {
    const open = new Map<FoundLie, readonly FoundLie[]>();
    for (const lie of neededBeside(lies, superfluous, (one) => this.done(one))) {
      const needs = new Set(this.done(lie).needs);
      const isWithin = (other: FoundLie) => this.done(other).needs.every((need) => needs.has(need));
      open.set(
        lie,
        lies.filter((other) => other.self === lie.self && other.role === lie.role && isWithin(other)),
      );
    }
    const needed: FoundLie[] = [];
    for (const [looked, at] of stands.entries())
      for (const [lie, others] of open) {
        if (isOver()) return { looked, lies: needed };
        const outcomes = at.spec.role === lie.role ? this.#outcomesAt(at, lie) : null;
        if (outcomes === null || others.some((other) => this.#outcomesAt(at, other) === outcomes)) continue;
        open.delete(lie);
        needed.push(lie);
      }
    return { looked: stands.length, lies: needed };
  }

  /** What a node makes of a lie; null: nothing, or it is only counted, to no effect. */
  #outcomesAt(at: Stand, lie: FoundLie): string | null {
    return purely(() => {
      const { from, message } = heardFrom(lie);
      const reaction = reactionOf(at, from, message);
      if (reaction.kind === "ignored") return null;
      const isOfUse = reaction.kind === "heeded" || this.#weighty.has(keyOfLie(lie));
      return isOfUse || this.#isOfUse(reaction.after, lie, at) ? outcomesOf(reaction) : null;
    });
  }

  /** See `Alphabet.everything`. */
  everything(self: NodeId, limit: number): readonly Json[] {
    const drawing = this.#drawing(self);
    const all = new Map<string, Json>();
    withAllChoices(limit, (choices) => {
      const { message: draft } = drawing.message((this.#protocol.message as Schema.Top).ast, choices);
      const message = this.#rehearsal.canonicalOf(JSON.stringify(draft));
      if (message !== null && this.#vocabulary.admits(message)) all.set(textOf(message), message);
    });
    return [...all.values()];
  }

  /** Whether anything comes of a vote together with what others say. */
  #isOfUse(counted: Json, { self, message }: Lie, at: Stand): boolean {
    if (this.#vocabulary.isSaid(message)) return true;
    let after = counted;
    for (const other of this.#vocabulary.words.byzantine) {
      if (other === self) continue;
      const heard = heardFrom({ self: other, message: resigned(message, self, other) });
      const next = reactionOf({ ...at, state: after }, heard.from, heard.message);
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
        this.#listsTried,
      );
    this.#drawings.set(self, known);
    return known;
  }
}

function keyOfLie({ self, role, message }: FoundLie): string {
  return `${self} ${role} ${textOf(message)}`;
}

function outcomesOf(reaction: Exclude<Reaction, { readonly kind: "ignored" }>): string {
  return reaction.kind === "heeded" ? reaction.outcomes : JSON.stringify(reaction.after);
}

/** The same message in a colluder's name. */
function resigned(message: Json, from: NodeId, to: NodeId): Json {
  const { tag, signer } = (message ?? {}) as { readonly tag?: Json; readonly signer?: Json };
  return tag === "signed" && signer === from ? { ...(message as object), signer: to } : message;
}
