// What the Byzantine nodes can send. They know every signed statement that a correct node has sent (delivered
// or not), and can sign only as themselves. Their knowledge is a growing set, interned: the states of a run
// have few different ones.
//
// Soundness: a message is admitted only if every signed statement in it, however deeply nested, is either
// signed by a Byzantine node or known, every certificate has enough distinct signers who have signed or are
// Byzantine, and so has every collection, with a signer of its own for each of its bodies. So a forged
// certificate cannot be uttered and a replayed one can. An authenticator is admitted if every MAC in it is a
// Byzantine node's, for a Byzantine node, or known from an authenticator of the same statement; it never
// counts in a certificate or a collection.

import type { Certificate, Collection, Json, Knowledge, NodeId, Signed } from "../protocol/index.js";
import type { Question } from "./decision-tree.js";
import { sortedText } from "./sorted-text.js";
import { PairTable } from "./tables.js";
import { visitTerms } from "./terms.js";
import { Tuples } from "./tuples.js";

/** What has to be known before a term can be uttered: a condition on the set of known statements. */
export interface Need {
  /** The statements that it is about; no others matter. */
  readonly about: readonly number[];
  isMet(known: ReadonlySet<number>): boolean;
  /** What is missing, in words; only where it is not met. Null: such statements are not remembered, so nobody can tell. */
  lacks(known: ReadonlySet<number>): string | null;
}

/** All sets of known statements that occur in a run. Set 0 is the empty one. */
export class KnowledgeBase {
  readonly #byzantine: ReadonlySet<NodeId>;
  readonly #observes: (statement: Signed<Json>) => boolean;
  /** As they were sent; null for those that somebody has only asked about. */
  readonly #statements: (Signed<Json> | null)[] = [];
  /** By signer and the text of the body, and of the receiver of a MAC. */
  readonly #statementIds = new Map<NodeId, Map<string, number>>();
  readonly #sets: Uint32Array[] = [new Uint32Array(0)];
  readonly #setIds = new Tuples();
  readonly #unions = new PairTable();
  readonly #memberSets: ReadonlySet<number>[] = [];
  readonly #needs = new WeakMap<object, readonly Need[]>();
  /** By its text, a statement with this body. */
  readonly #bodyIds = new Map<string, number>();
  readonly #proofQuestions = new Map<string, Question>();

  /** `observes` says which statements are worth remembering; what it leaves out cannot be shown later. */
  constructor(byzantine: readonly NodeId[], observes: (statement: Signed<Json>) => boolean) {
    this.#byzantine = new Set(byzantine);
    this.#observes = observes;
    this.#setIds.id([]);
  }

  /** The set of statements of correct nodes in these messages. */
  learn(messages: readonly Json[]): number {
    return this.#setId([...this.statementsIn(messages)]);
  }

  /** The same, not interned: whoever learns more and more, and never goes back, keeps one set that grows. */
  statementsIn(messages: readonly Json[]): ReadonlySet<number> {
    const ids = new Set<number>();
    for (const message of messages) {
      visitTerms(message, (term) => {
        if (term.tag === "signed" && !this.#byzantine.has(term.signer) && this.#observes(term))
          for (const part of partsOf(term)) ids.add(this.#learnedId(part));
        return true;
      });
    }
    return ids;
  }

  /** The union of two sets. */
  union(a: number, b: number): number {
    if (a === b || b === 0) return a;
    if (a === 0) return b;
    const [low, high] = a < b ? [a, b] : [b, a];
    const known = this.#unions.get(low, high);
    if (known >= 0) return known;
    const id = this.#setId([...new Set([...this.#sets[low]!, ...this.#sets[high]!])]);
    this.#unions.set(low, high, id);
    return id;
  }

  /** The set with every statement replaced by its image. */
  renamed(set: number, image: (statement: Signed<Json>) => Signed<Json>): number {
    return this.#setId(Array.from(this.#sets[set]!, (id) => this.#learnedId(image(this.#statements[id]!))));
  }

  /** One set as adversaries see it. Every question that they ask about it is passed to `ask` first. */
  view(set: number, ask: (question: Question) => void = () => {}): Knowledge {
    const answer = (question: Question) => {
      ask(question);
      return question.answer(set);
    };
    return {
      statements: (matching = () => true) => {
        const found = this.#sets[answer(this.#statementsQuestion(matching))]!;
        return Array.from(found, (id) => this.#statements[id]!);
      },
      bodies: (matching = () => true) => {
        const found = this.#sets[answer(this.#bodiesQuestion(matching))]!;
        return Array.from(found, (id) => this.#statements[id]!.body);
      },
      canShow: (statement) =>
        this.#byzantine.has(statement.signer) || answer(this.#showQuestion(statement as Signed<Json>)) === 1,
      canProve: (proof) => answer(this.#proofQuestion(proof as Certificate<Json> | Collection<Json>)) === 1,
    };
  }

  /** Answered with the set of the known statements that match. */
  #statementsQuestion(matching: (statement: Signed<unknown>) => boolean): Question {
    const matches: boolean[] = [];
    const isMatch = (id: number) => (matches[id] ??= matching(this.#statements[id]!));
    return { key: "statements", answer: (set) => this.#setId([...this.#sets[set]!].filter(isMatch)) };
  }

  /**
   * Answered with one statement for each of the known bodies that match: whoever has signed it, the same
   * one.
   */
  #bodiesQuestion(matching: (body: unknown) => boolean): Question {
    const representatives: number[] = []; // -1: does not match
    const representativeOf = (id: number) => {
      const { body } = this.#statements[id]!;
      representatives[id] ??= matching(body) ? this.#bodyId(body, id) : -1;
      return representatives[id];
    };
    return {
      key: "bodies",
      answer: (set) => {
        const found = new Set([...this.#sets[set]!].map(representativeOf));
        found.delete(-1);
        return this.#setId([...found]);
      },
    };
  }

  /** The first statement that was seen with this body. */
  #bodyId(body: Json, statement: number): number {
    const text = sortedText(body);
    const known = this.#bodyIds.get(text);
    if (known !== undefined) return known;
    this.#bodyIds.set(text, statement);
    return statement;
  }

  #showQuestion(statement: Signed<Json>): Question {
    const { about, isMet } = this.#showNeed(statement);
    return { key: `show ${about.join("+")}`, answer: (set) => (isMet(this.#members(set)) ? 1 : 0) };
  }

  #proofQuestion(proof: Certificate<Json> | Collection<Json>): Question {
    const key = sortedText(proof);
    const known = this.#proofQuestions.get(key);
    if (known) return known;
    const need = proof.tag === "certificate" ? this.#certificateNeed(proof) : this.#collectionNeed(proof);
    const question: Question = { key, answer: (set) => (need.isMet(this.#members(set)) ? 1 : 0) };
    this.#proofQuestions.set(key, question);
    return question;
  }

  /** Whether the Byzantine nodes can utter `message` (canonical and frozen) when they know `set`. */
  admits(set: number, message: Json): boolean {
    return this.meets(set, this.needsOf(message));
  }

  /** Whether all of these are met when the Byzantine nodes know `set`. */
  meets(set: number, needs: readonly Need[]): boolean {
    const known = this.#members(set);
    return needs.every((need) => need.isMet(known));
  }

  /** What the Byzantine nodes, knowing `set`, lack to utter `message` (canonical and frozen), in words; null: nothing, or nobody can tell. */
  lacks(set: number, message: Json): string | null {
    const known = this.#members(set);
    return (
      this.needsOf(message)
        .find((need) => !need.isMet(known))
        ?.lacks(known) ?? null
    );
  }

  /** The part of a set that consists of these statements. */
  part(set: number, of: ReadonlySet<number>): number {
    return this.#setId([...this.#sets[set]!].filter((id) => of.has(id)));
  }

  /** What has to be known before `message` (canonical and frozen) can be uttered. */
  needsOf(message: Json): readonly Need[] {
    if (typeof message !== "object" || message === null) return [];
    let needs = this.#needs.get(message);
    if (needs === undefined) {
      needs = this.#needsOf(message);
      this.#needs.set(message, needs);
    }
    return needs;
  }

  /**
   * What has to be known before a message can be uttered. Statements of Byzantine nodes need nothing; what
   * stands inside a correct node's statement needs nothing more, for that statement is shown whole, as it
   * was sent.
   */
  #needsOf(message: Json): Need[] {
    const needs: Need[] = [];
    visitTerms(message, (term) => {
      switch (term.tag) {
        case "signed": {
          if (this.#byzantine.has(term.signer)) return true;
          return this.#needToShow(term, needs);
        }
        case "certificate":
          needs.push(this.#certificateNeed(term));
          return true;
        case "collection":
          needs.push(this.#collectionNeed(term));
          return false;
      }
    });
    return needs;
  }

  /**
   * Whether what stands inside has to be looked at as well: only where nobody correct need have said the
   * statement, since it is an authenticator that convinces no correct node. Else it is shown whole, as it
   * was sent.
   */
  #needToShow(statement: Signed<Json>, needs: Need[]): boolean {
    const need = this.#showNeed(statement);
    needs.push(need);
    return statement.convinces !== undefined && need.about.length === 0;
  }

  /**
   * A signature has to be known, and of an authenticator each MAC that no Byzantine node could have made
   * itself.
   */
  #showNeed(statement: Signed<Json>): Need {
    const about = partsOf(statement)
      .filter(({ convinces }) => !convinces?.every((receiver) => this.#byzantine.has(receiver)))
      .map((part) => this.#statementId(part));
    const { signer, body, convinces } = statement;
    const how = convinces === undefined ? "signed" : `authenticated for ${namesOf(convinces)}`;
    return {
      about,
      isMet: (known) => about.every((id) => known.has(id)),
      lacks: () =>
        this.#observes(statement)
          ? `${signer}, which is correct, has not ${how}: ${JSON.stringify(body)}`
          : null,
    };
  }

  #certificateNeed({ vote, atLeast, among }: Certificate<Json>): Need {
    const signers = [...new Set(among)];
    const others = signers.filter((signer) => !this.#byzantine.has(signer));
    const ids = others.map((signer) => this.#statementId({ tag: "signed", signer, body: vote }));
    const needed = atLeast - (signers.length - others.length);
    const isMet = (known: ReadonlySet<number>) => {
      let able = 0;
      for (const id of ids) if (known.has(id)) able++;
      return able >= needed;
    };
    const lacks = (known: ReadonlySet<number>) => {
      if (!others.some((signer) => this.#observes({ tag: "signed", signer, body: vote }))) return null;
      const able = signers.filter((signer) => {
        const index = others.indexOf(signer);
        return index < 0 || known.has(ids[index]!);
      });
      return `a certificate needs ${atLeast} signers, and has ${namesOf(able)} at most: ${JSON.stringify(vote)}`;
    };
    return { about: ids, isMet, lacks };
  }

  /**
   * A Byzantine node can sign a body if it can utter what stands inside; a correct one's statement is shown
   * whole.
   */
  #collectionNeed({ bodies, atLeast, among }: Collection<Json>): Need {
    const signers = [...new Set(among)];
    const forms = bodies.map((body) => ({
      inside: this.#needsOf(body),
      ids: signers.map((signer) =>
        this.#byzantine.has(signer) ? -1 : this.#statementId({ tag: "signed", signer, body }),
      ),
    }));
    const about = forms.flatMap(({ inside, ids }) => [
      ...inside.flatMap((need) => need.about),
      ...ids.filter((id) => id >= 0),
    ]);
    const isMet = (known: ReadonlySet<number>) => {
      const signersOfBodies: (readonly number[])[] = [];
      for (const { inside, ids } of forms) {
        const canMake = inside.every((need) => need.isMet(known));
        const able: number[] = [];
        for (let signer = 0; signer < ids.length; signer++) {
          const id = ids[signer]!;
          if (id < 0 ? canMake : known.has(id)) able.push(signer);
        }
        if (able.length === 0) return false;
        signersOfBodies.push(able);
      }
      return canCollect(signersOfBodies, atLeast, signers.length);
    };
    const lacks = () => {
      const isRemembered = (body: Json) =>
        signers.some(
          (signer) => !this.#byzantine.has(signer) && this.#observes({ tag: "signed", signer, body }),
        );
      if (!bodies.every(isRemembered)) return null;
      const needed = `a collection needs ${atLeast} signers among ${namesOf(signers)}, for each body another one`;
      return `${needed}; too few have signed these: ${JSON.stringify(bodies)}`;
    };
    return { about, isMet, lacks };
  }

  #members(set: number): ReadonlySet<number> {
    this.#memberSets[set] ??= new Set(this.#sets[set]);
    return this.#memberSets[set]!;
  }

  #statementId(statement: Signed<Json>): number {
    const ofSigner = this.#statementIds.get(statement.signer) ?? new Map<string, number>();
    this.#statementIds.set(statement.signer, ofSigner);
    const said = sortedText(statement.body);
    const text = statement.convinces === undefined ? said : `${said} for ${statement.convinces}`;
    let id = ofSigner.get(text);
    if (id === undefined) {
      id = this.#statements.push(null) - 1;
      ofSigner.set(text, id);
    }
    return id;
  }

  /** The same for a statement that somebody has made, which is kept. */
  #learnedId(statement: Signed<Json>): number {
    const id = this.#statementId(statement);
    this.#statements[id] ??= statement;
    return id;
  }

  #setId(ids: number[]): number {
    ids.sort((a, b) => a - b);
    const id = this.#setIds.id(ids);
    if (id === this.#sets.length) this.#sets.push(Uint32Array.from(ids));
    return id;
  }
}

function namesOf(nodes: readonly NodeId[]): string {
  return nodes.length === 0 ? "none" : nodes.join(", ");
}

/**
 * What is known, or not, by itself: a signature; of an authenticator each MAC, as one for its receiver
 * alone.
 */
function partsOf(statement: Signed<Json>): readonly Signed<Json>[] {
  const { convinces } = statement;
  return convinces === undefined
    ? [statement]
    : convinces.map((receiver) => ({ ...statement, convinces: [receiver] }));
}

/**
 * Whether `atLeast` distinct signers can be found, each with a body that it can sign, so that no body is
 * left out: there are enough signers in all, and every body can get one of its own (a matching, found by
 * augmenting paths). Signers are numbers below `count`.
 */
function canCollect(
  signersOfBodies: readonly (readonly number[])[],
  atLeast: number,
  count: number,
): boolean {
  const bodyOf = new Int32Array(count).fill(-1);
  const isAble = new Uint8Array(count);
  let [able, waiting] = [0, 0];
  // Mostly each body can have the first signer that is free; the others are placed by moving some.
  const left: number[] = [];
  for (const [body, signers] of signersOfBodies.entries()) {
    let isPlaced = false;
    for (const signer of signers) {
      if (isAble[signer] === 0) able++;
      isAble[signer] = 1;
      if (isPlaced || bodyOf[signer]! >= 0) continue;
      bodyOf[signer] = body;
      isPlaced = true;
    }
    if (!isPlaced) left[waiting++] = body;
  }
  if (able < Math.max(atLeast, signersOfBodies.length)) return false;
  const place = (body: number, tried: Uint8Array): boolean =>
    signersOfBodies[body]!.some((signer) => {
      if (tried[signer] === 1) return false;
      tried[signer] = 1;
      const other = bodyOf[signer]!;
      if (other >= 0 && !place(other, tried)) return false;
      bodyOf[signer] = body;
      return true;
    });
  return left.every((body) => place(body, new Uint8Array(count)));
}
