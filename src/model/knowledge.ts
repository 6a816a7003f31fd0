// What the Byzantine nodes can utter. They know every signed statement that a correct node has sent (delivered or
// not); they can sign as themselves; nothing else. A growing set, interned: the states of a run have few different ones.
//
// Soundness: a message is admitted only if every signed statement in it, however deeply nested, is either signed by a
// Byzantine node or known, and every certificate has enough distinct signers who have signed or are Byzantine. So a
// forged certificate cannot be uttered and a replayed one can.

import type { Certificate, Json, Knowledge, NodeId, Signed } from "../protocol/index.js";
import { Numbering } from "./intern.js";
import { PairTable } from "./tables.js";
import { visitTerms } from "./terms.js";

/** At least `atLeast` of these statements have to be known. */
interface Need {
  readonly anyOf: readonly number[];
  readonly atLeast: number;
}

/** All sets of known statements that occur in a run. Set 0 is the empty one. */
export class KnowledgeBase {
  readonly #byzantine: ReadonlySet<NodeId>;
  readonly #observes: (statement: Signed<Json>) => boolean;
  readonly #statements: Signed<Json>[] = [];
  readonly #statementIds = new Map<string, number>();
  readonly #sets: Uint32Array[] = [new Uint32Array(0)];
  readonly #setIds = new Numbering();
  readonly #unions = new PairTable();
  readonly #views: Knowledge[] = [];
  readonly #memberSets: ReadonlySet<number>[] = [];
  readonly #needs = new WeakMap<object, readonly Need[]>();

  /** `observes` says which statements are worth remembering; what it leaves out cannot be shown later. */
  constructor(byzantine: readonly NodeId[], observes: (statement: Signed<Json>) => boolean) {
    this.#byzantine = new Set(byzantine);
    this.#observes = observes;
    this.#setIds.id("");
  }

  /** The set of statements of correct nodes in these messages. */
  learn(messages: readonly Json[]): number {
    const ids = new Set<number>();
    for (const message of messages) {
      visitTerms(message, (term) => {
        if (term.tag === "signed" && !this.#byzantine.has(term.signer) && this.#observes(term))
          ids.add(this.#statementId(term));
        return true;
      });
    }
    return this.#setId([...ids]);
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

  /** One set as adversaries see it. */
  view(set: number): Knowledge {
    const known = this.#views[set];
    if (known) return known;
    const ids = this.#sets[set]!;
    const members = this.#members(set);
    const canShow = (statement: Signed<unknown>) => {
      if (this.#byzantine.has(statement.signer)) return true;
      const id = this.#statementIds.get(textOf(statement as Signed<Json>));
      return id !== undefined && members.has(id);
    };
    const view: Knowledge = {
      statements: () => Array.from(ids, (id) => this.#statements[id]!),
      canShow,
      canProve: (certificate: Certificate<unknown>) => {
        const signers = new Set(certificate.among);
        let able = 0;
        for (const signer of signers) if (canShow({ tag: "signed", signer, body: certificate.vote })) able++;
        return able >= certificate.atLeast;
      },
    };
    this.#views[set] = view;
    return view;
  }

  /** Whether the Byzantine nodes can utter `message` (canonical and frozen) when they know `set`. */
  admits(set: number, message: Json): boolean {
    if (typeof message !== "object" || message === null) return true;
    let needs = this.#needs.get(message);
    if (needs === undefined) {
      needs = this.#needsOf(message);
      this.#needs.set(message, needs);
    }
    const known = this.#members(set);
    return needs.every(({ anyOf, atLeast }) => {
      let able = 0;
      for (const statement of anyOf) if (known.has(statement)) able++;
      return able >= atLeast;
    });
  }

  /**
   * What has to be known before a message can be uttered. Statements of Byzantine nodes need nothing; what stands inside
   * a correct node's statement needs nothing more, for that statement is shown whole, as it was sent.
   */
  #needsOf(message: Json): Need[] {
    const needs: Need[] = [];
    visitTerms(message, (term) => {
      const signers = term.tag === "signed" ? [term.signer] : [...new Set(term.among)];
      const body = term.tag === "signed" ? term.body : term.vote;
      const others = signers.filter((signer) => !this.#byzantine.has(signer));
      const atLeast = (term.tag === "signed" ? 1 : term.atLeast) - (signers.length - others.length);
      const anyOf = others.map((signer) => this.#statementId({ tag: "signed", signer, body }));
      if (atLeast > 0) needs.push({ anyOf, atLeast });
      return term.tag === "certificate" || others.length === 0;
    });
    return needs;
  }

  #members(set: number): ReadonlySet<number> {
    this.#memberSets[set] ??= new Set(this.#sets[set]);
    return this.#memberSets[set]!;
  }

  #statementId(statement: Signed<Json>): number {
    const text = textOf(statement);
    let id = this.#statementIds.get(text);
    if (id === undefined) {
      id = this.#statements.length;
      this.#statements.push(statement);
      this.#statementIds.set(text, id);
    }
    return id;
  }

  #setId(ids: number[]): number {
    ids.sort((a, b) => a - b);
    const { id, isNew } = this.#setIds.id(ids.join());
    if (isNew) this.#sets.push(Uint32Array.from(ids));
    return id;
  }
}

const texts = new WeakMap<object, string>();

/** Statements are compared by their text with sorted keys, which is remembered per object. */
function textOf(statement: Signed<Json>): string {
  let text = texts.get(statement);
  if (text === undefined) {
    text = JSON.stringify(statement, (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    if (Object.isFrozen(statement)) texts.set(statement, text);
  }
  return text;
}
