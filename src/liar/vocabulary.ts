// The vocabulary of a liar: what correct nodes have said in rehearsals, and the words that a run has anyway. It is finite: values and
// forged ones, names of nodes, numbers of views and slots, and what was seen at the same place of a message.

import type * as AST from "effect/SchemaAST";
import { KnowledgeBase } from "../model/knowledge.js";
import { isSigned, visitTerms } from "../model/terms.js";
import { type Config, type Json, type NodeId, replicaIds, type Signed } from "../protocol/index.js";
import { fits, isNodeId } from "../protocol/schema-parts.js";
import { termOf, visitParts } from "./places.js";

/** A value that nobody has requested: what nobody may believe. */
export const forged = "never said";

/** No more words than these are taken over from what was seen at one place. */
const maxSeen = 12;

/** The setting as a liar sees it. */
export interface Situation {
  readonly byzantine: readonly NodeId[];
  readonly config: Config;
  readonly views: number;
  readonly beyond: boolean;
}

/** What the liar can build terms of. */
export interface Words extends Situation {
  /** The names of all nodes. */
  readonly nodes: readonly NodeId[];
  /** The requests that are texts, and the digests of all. */
  readonly values: readonly string[];
  /** The whole requests. */
  readonly requests: readonly Json[];
  /** The digest of something that may be a request, as the protocol computes it; null: it is none. Default: nothing has one. */
  readonly digest?: (value: Json) => string | null;
}

/** A message and who has sent it, or signed it. Canonical and frozen. */
export interface Heard {
  readonly from: NodeId;
  readonly message: Json;
}

/** A statement with a MAC for each receiver that it convinces: see `authenticate`. */
export type Authenticator = Signed<Json> & { readonly convinces: readonly NodeId[] };

/** See the file comment. */
export class Vocabulary {
  readonly words: Words;
  readonly #message: AST.AST;
  readonly #scalars = new Map<string, Map<string, Json>>();
  readonly #arrays = new Map<AST.AST, Map<string, readonly Json[]>>();
  readonly #ownArrays = new Map<AST.AST, Map<string, readonly Json[]>>();
  readonly #statements = new Map<string, Signed<Json>>();
  readonly #authenticators = new Map<string, Authenticator>();
  /** How many signers proofs have claimed, among whom, by what was signed. */
  readonly #proofs = new Map<AST.AST, Map<string, Proof>>();
  readonly #said = new Set<string>();
  /** The structs that have stood in requests and in messages of correct nodes. */
  readonly #structs = new Set<string>();
  readonly #heard = new Map<string, Heard>();
  readonly #base: KnowledgeBase;
  #known: number;
  /** What is known before anybody has said anything. */
  readonly #issued: number;
  readonly #limits = new Set<string>();
  /** Grows with whatever was seen for the first time. */
  version = 0;

  constructor(message: AST.AST, words: Words) {
    this.words = words;
    this.#message = message;
    this.#base = new KnowledgeBase(words.byzantine, () => true);
    this.#known = this.#base.learn(words.requests);
    this.#issued = this.#known;
    for (const request of words.requests) this.#hear(request);
  }

  /** The first `most` of these things; that there were more is told by `limits`. */
  upTo<T>(most: number, what: string, all: readonly T[]): readonly T[] {
    if (all.length > most) this.#limits.add(`${most} ${what}`);
    return all.slice(0, most);
  }

  /** Notes a limit by which something was left out, in words. */
  leftOut(limit: string): void {
    this.#limits.add(limit);
  }

  /** The limits by which something was left out, in words. */
  limits(): readonly string[] {
    return [...this.#limits];
  }

  /** Takes in a message of a correct node: canonical and frozen. */
  see(message: Json, from: NodeId): void {
    const text = JSON.stringify(message);
    this.#heard.set(`${from} ${text}`, { from, message });
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.version++;
    this.#said.add(contentOf(message));
    this.#known = this.#base.union(this.#known, this.#base.learn([message]));
    this.#hear(message);
    visitParts(this.#message, message, "", (ast, value, place) => this.#note(ast, value, place));
  }

  /** Takes in what a Byzantine node would say if it were correct: of that only lists, which need not be like anything that others say. */
  seeOwn(message: Json): void {
    visitParts(this.#message, message, "", (ast, value) => {
      if (ast._tag === "Arrays")
        noted(this.#ownArrays, itemOf(ast)).set(JSON.stringify(value), value as Json[]);
    });
  }

  #hear(message: Json): void {
    for (const struct of structsIn(message)) this.#structs.add(struct);
    visitTerms(message, (term) => {
      if (!isSigned(term)) return true;
      if (isAuthenticator(term)) this.#authenticators.set(JSON.stringify(term), term);
      if (!this.words.byzantine.includes(term.signer))
        this.#statements.set(JSON.stringify(term), term as Signed<Json>);
      return true;
    });
  }

  #note(ast: AST.AST, value: Json, place: string): void {
    if (ast._tag === "String" || ast._tag === "Number" || ast._tag === "Unknown" || ast._tag === "Any")
      noted(this.#scalars, place).set(JSON.stringify(value), value);
    if (ast._tag === "Arrays") noted(this.#arrays, itemOf(ast)).set(JSON.stringify(value), value as Json[]);
    if (ast._tag !== "Objects") return;
    const term = termOf(ast);
    if (term === null || term === "signed") return;
    const { atLeast, among } = value as unknown as Proof;
    noted(this.#proofs, ast).set(JSON.stringify([atLeast, among]), { atLeast, among });
  }

  /** What correct nodes have said, by whom. */
  heard(): readonly Heard[] {
    return [...this.#heard.values()];
  }

  /** Whether a correct node has said the same, perhaps in its own name. */
  isSaid(message: Json): boolean {
    return this.#said.has(contentOf(message));
  }

  /** Whether the Byzantine nodes can utter this if correct nodes have said all that was seen. Canonical and frozen. */
  admits(message: Json): boolean {
    return this.#base.admits(this.#known, message);
  }

  /** Whether nothing has to be known for it. */
  isOwn(message: Json): boolean {
    return this.#base.admits(0, message);
  }

  /** Whether it can be said whatever correct nodes have said: requests are known to all. */
  isFree(message: Json): boolean {
    return this.#base.admits(this.#issued, message);
  }

  /** What others have to say before a Byzantine node can say this: signed statements and proofs, as texts. */
  needs(message: Json): readonly string[] {
    const needed = new Set<string>();
    visitTerms(message, (term) => {
      if (isSigned(term) && this.words.byzantine.includes(term.signer)) return true;
      if (!this.isFree(term as unknown as Json)) needed.add(JSON.stringify(term));
      return false;
    });
    return [...needed];
  }

  /** How many structs of a message no correct node has ever said, and no request contains. */
  madeUp(message: Json): number {
    return structsIn(message).filter((struct) => !this.#structs.has(struct)).length;
  }

  /** What is left of a message without its texts: names, values and digests. */
  outline(message: Json): string {
    const parts: Json[] = [];
    visitParts(this.#message, message, "", (ast, value, place) => {
      const isWhole = ast._tag === "Objects" || ast._tag === "Arrays";
      const left = isWhole ? Object.keys(value as object).length : ast._tag === "String" ? "*" : value;
      parts.push([place, left]);
    });
    return JSON.stringify(parts);
  }

  /** The values that a scalar can have. */
  scalars(ast: AST.AST, place: string): readonly Json[] {
    const seen = this.upTo(maxSeen, "values of one field", [...(this.#scalars.get(place)?.values() ?? [])]);
    switch (ast._tag) {
      case "String":
        // Not every name is a node's: clients may be none, and have requests.
        return distinct([...(isNodeId(ast) ? this.words.nodes : [...this.words.values, forged]), ...seen]);
      case "Number":
        return distinct([...this.#numbers(), ...seen]);
      case "Boolean":
        return [false, true];
      default:
        return seen.length > 0 ? seen : [null];
    }
  }

  #numbers(): readonly number[] {
    const { views, beyond, config } = this.words;
    return Array.from({ length: Math.max(views + (beyond ? 1 : 0), config.slots) + 1 }, (_, index) => index);
  }

  /** The arrays of such items that were seen, the empty one first; and those that are longer than these can become by one item. */
  arrays(ast: AST.Arrays): readonly (readonly Json[])[] {
    const seen = [...(this.#arrays.get(itemOf(ast))?.values() ?? [])];
    const longest = Math.max(1, ...seen.map(({ length }) => length + 1));
    const longer = [...(this.#ownArrays.get(itemOf(ast))?.values() ?? [])].filter(
      ({ length }) => length > longest,
    );
    return [
      [],
      ...seen.filter(({ length }) => length > 0),
      ...this.upTo(maxSeen, "longer lists in one place", longer),
    ];
  }

  /** No array is longer than this. */
  maxLength(ast: AST.Arrays): number {
    const { views, config } = this.words;
    return Math.max(config.slots, views + 1, ...this.arrays(ast).map(({ length }) => length));
  }

  /** The statements of correct nodes with such a body. */
  statements(body: AST.AST): readonly Signed<Json>[] {
    return [...this.#statements.values()].filter((statement) => fits(body, statement.body));
  }

  /** The authenticators in requests, those of Byzantine clients included, and in what correct nodes have said. */
  authenticators(): readonly Authenticator[] {
    return [...this.#authenticators.values()];
  }

  /** Bodies of this kind that correct nodes have signed, each once. */
  bodies(body: AST.AST): readonly Json[] {
    return distinct(this.statements(body).map((statement) => statement.body));
  }

  /** What proofs of this kind claim: as was seen, and by the usual quorums. */
  proofs(ast: AST.Objects): readonly Proof[] {
    const seen = [...(this.#proofs.get(ast)?.values() ?? [])];
    const { replicas: n, faults: f } = this.words.config;
    const ids = replicaIds(this.words.config);
    const usual = [f + 1, Math.floor((n + f) / 2) + 1].map((atLeast) => ({ atLeast, among: ids }));
    return distinct([...seen, ...usual]);
  }
}

/** How many distinct signers a proof claims, among whom. */
export interface Proof {
  readonly atLeast: number;
  readonly among: readonly NodeId[];
}

function isAuthenticator(statement: Signed<Json>): statement is Authenticator {
  return statement.convinces !== undefined;
}

function itemOf(ast: AST.Arrays): AST.AST {
  return ast.rest[0] ?? ast;
}

/** The structs of a message, each as JSON. */
function structsIn(message: Json): readonly string[] {
  if (typeof message !== "object" || message === null) return [];
  const inner = Object.values(message).flatMap((part) => structsIn(part as Json));
  return Array.isArray(message) ? inner : [JSON.stringify(message), ...inner];
}

/** A message without its signer. */
function contentOf(message: Json): string {
  return `content ${JSON.stringify(isSigned(message) ? message.body : message)}`;
}

function noted<K, V>(map: Map<K, Map<string, V>>, key: K): Map<string, V> {
  const known = map.get(key) ?? new Map<string, V>();
  map.set(key, known);
  return known;
}

/** Each value once, in this order. */
export function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
