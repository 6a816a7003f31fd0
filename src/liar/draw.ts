// Draws a message from a schema, lazily: a field is chosen when it is read. So one run of `step` that has looked at the type and the view
// of a message, and ignored it, stands for all messages of that type and view. (Runciman, Naylor and Lindblad, "SmallCheck and Lazy
// SmallCheck", Haskell Symposium 2008; Boyapati, Khurshid and Marinov, "Korat", ISSTA 2002.)

import type * as AST from "effect/SchemaAST";
import { deepFreeze } from "../model/plain-json.js";
import {
  certificate,
  collection,
  type Json,
  type NarrowedAlphabet,
  type NodeId,
  replicaIds,
  type Signed,
} from "../protocol/index.js";
import { fieldOf, fieldsOf, fits, isNodeId, resolved } from "../protocol/schema-parts.js";
import { Authenticators, type Borrowed } from "./authenticators.js";
import type { Choices } from "./choices.js";
import { inside, termOf } from "./places.js";
import { listsTried, type ProofList, proofLists } from "./proof-lists.js";
import { distinct, type Heard, type Proof, type Vocabulary } from "./vocabulary.js";

/** At most so many bodies are put together to collections, and so many items deep. */
const maxCollected = 12;

/** An object that is read field by field. */
type Struct = { readonly [name: string]: Json };

/** Fields of a struct that others stand beside. */
interface Parts {
  /** They may be requests with digests of their own. */
  readonly digestible: readonly string[];
  /** They are signed statements. */
  readonly statements: readonly string[];
}

/** What correct nodes have said of a collection that is not complete. */
interface Open extends Proof {
  readonly heard: readonly Json[];
}

/** Builds messages of one schema in one vocabulary, as one Byzantine node. */
export class Drawing {
  readonly #vocabulary: Vocabulary;
  readonly #self: NodeId;
  /** What the author allows, by the name of the field. */
  readonly #narrowed: NarrowedAlphabet;
  /** Terms that need statements of correct nodes are chosen whole, from lists. */
  readonly #proven = new Map<AST.AST, readonly Json[]>();
  readonly #lists = new Map<string, readonly Json[]>();
  readonly #proofsListed = new Map<AST.AST, readonly ProofList[]>();
  readonly #parts = new WeakMap<Struct, Parts>();
  readonly #authenticators: Authenticators;
  readonly #borrowed = new Map<AST.AST, readonly Borrowed[]>();

  readonly #listsTried: number;
  /** Whether there were more lists of statements than these. */
  isNarrow = false;

  constructor(vocabulary: Vocabulary, self: NodeId, narrowed: NarrowedAlphabet, lists = listsTried.said) {
    this.#listsTried = lists;
    this.#vocabulary = vocabulary;
    this.#self = self;
    this.#narrowed = narrowed;
    this.#authenticators = new Authenticators(vocabulary);
  }

  /** A message that fits, and whom it is from; what is not read is not chosen. */
  message(schema: AST.AST, choices: Choices): Heard {
    const ast = this.#member(schema, choices);
    if (ast._tag !== "Objects" || termOf(ast) !== "signed")
      return { from: this.#self, message: this.value(ast, "", choices) };
    // What is borrowed comes first: it is little, and would not be reached where drafts run out.
    const lent = this.#borrowedOf(ast)[choices.choose(1 + this.#borrowedOf(ast).length)];
    if (!lent)
      return {
        from: this.#self,
        message: this.#statement(choices, this.#self, fieldOf(ast, "body")!, ".body"),
      };
    const message = this.#lent(lent, ".body", choices);
    return { from: (message as unknown as Signed<Json>).signer, message };
  }

  /** A value that fits, at a place. */
  value(schema: AST.AST, place: string, choices: Choices, beside: Struct = {}): Json {
    const ast = this.#member(schema, choices);
    switch (ast._tag) {
      case "Null":
        return null;
      case "Literal":
        return ast.literal as Json;
      case "Arrays":
        return this.#array(ast, place, choices);
      case "Objects":
        return this.#object(ast, place, choices, beside);
      default:
        return choices.of(this.#scalars(ast, place));
    }
  }

  /** Of a union one member. Nothing comes first: what is not read should be what anybody can say. */
  #member(schema: AST.AST, choices: Choices): AST.AST {
    const ast = resolved(schema);
    if (ast._tag !== "Union") return ast;
    const members = [...ast.types].sort((a, b) => Number(b._tag === "Null") - Number(a._tag === "Null"));
    return this.#member(choices.of(members), choices);
  }

  #scalars(ast: AST.AST, place: string): readonly Json[] {
    const key = `${ast._tag} ${place}`;
    const known = this.#lists.get(key) ?? this.#vocabulary.scalars(ast, place);
    this.#lists.set(key, known);
    return known;
  }

  #object(ast: AST.Objects, place: string, choices: Choices, beside: Struct): Json {
    switch (termOf(ast)) {
      case "signed":
        return this.#signed(ast, place, choices);
      case "certificate":
        return this.#certificate(ast, choices, beside);
      case "collection":
        return this.#collection(ast, place, choices);
      default: {
        const fields: [string, AST.AST, string][] = [];
        for (const { name, type, isOptional } of fieldsOf(ast))
          if (!isOptional || choices.choose(2) === 1) fields.push([name, type, inside(place, ast, name)]);
        return this.#struct(choices, {}, fields, place === "" || place === ".body");
      }
    }
  }

  /** A struct whose fields are chosen when they are read. */
  #struct(
    choices: Choices,
    fixed: { readonly [name: string]: Json },
    fields: readonly (readonly [name: string, type: AST.AST, place: string])[],
    isOutermost = false,
  ): Json {
    const struct: Record<string, Json> = { ...fixed };
    const named = (is: (type: AST.AST) => boolean) =>
      fields.filter(([, type]) => is(type)).map(([name]) => name);
    this.#parts.set(struct, {
      digestible: isOutermost ? named(isDigestible) : [],
      statements: named(isStatement),
    });
    for (const [name, type, place] of fields) {
      const ast = resolved(type);
      if (ast._tag === "Literal") {
        struct[name] = ast.literal as Json;
        continue;
      }
      let chosen: { readonly value: Json } | null = null;
      Object.defineProperty(struct, name, {
        enumerable: true,
        get: () => {
          chosen ??= { value: this.#field(name, type, place, choices, struct) };
          return chosen.value;
        },
      });
    }
    return struct;
  }

  #field(name: string, type: AST.AST, place: string, choices: Choices, beside: Struct): Json {
    const allowed = Object.hasOwn(this.#narrowed, name) ? this.#narrowed[name]! : [];
    const fitting = allowed.filter((value) => fits(type, value));
    if (fitting.length > 0) return choices.of(fitting);
    const digest = this.#digestBeside(name, type, choices, beside);
    return digest ?? this.value(type, place, choices, beside);
  }

  /**
   * A text may be the digest of what stands beside it. Null: it is to be something else. Only outermost in a message: further in there are
   * more combinations than can be tried anyway.
   */
  #digestBeside(name: string, type: AST.AST, choices: Choices, beside: Struct): Json {
    const { digest } = this.#vocabulary.words;
    const ast = resolved(type);
    if (!digest || ast._tag !== "String" || isNodeId(ast)) return null;
    const others = this.#parts.get(beside)?.digestible.filter((other) => other !== name) ?? [];
    const index = choices.choose(1 + others.length);
    return index === 0 ? null : digest(beside[others[index - 1]!]!);
  }

  /** An array that was seen, or one with one item more; of statements also a proof that different replicas have signed. */
  #array(ast: AST.Arrays, place: string, choices: Choices): Json {
    if (ast.elements.length > 0)
      return ast.elements.map((element, index) => this.value(element, `${place}[${index}]`, choices));
    const item = ast.rest[0];
    if (!item) return [];
    const seen = this.#vocabulary.arrays(ast);
    const maxLength = this.#vocabulary.maxLength(ast);
    const shorter = seen.filter(({ length }) => length < maxLength);
    const proofs = this.#proofLists(ast, item);
    const index = choices.choose(seen.length + shorter.length + proofs.length);
    if (index < seen.length) return seen[index]!;
    const other = index - seen.length;
    if (other < shorter.length) return [...shorter[other]!, this.value(item, `${place}[]`, choices)];
    const { heard, own } = proofs[other - shorter.length]!;
    return [...heard, ...(own ?? this.#ownOf(item, `${place}[]`, choices))];
  }

  #proofLists(ast: AST.Arrays, item: AST.AST): readonly ProofList[] {
    const statement = resolved(item);
    if (!isStatement(statement)) return [];
    const known =
      this.#proofsListed.get(ast) ??
      proofLists(this.#vocabulary, fieldOf(statement as AST.Objects, "body")!, this.#listsTried);
    this.#proofsListed.set(ast, known);
    this.isNarrow ||= known.length >= this.#listsTried;
    return known;
  }

  /** A statement of each Byzantine replica. */
  #ownOf(item: AST.AST, place: string, choices: Choices): readonly Json[] {
    const body = fieldOf(resolved(item) as AST.Objects, "body")!;
    const replicas = replicaIds(this.#vocabulary.words.config);
    return this.#vocabulary.words.byzantine
      .filter((id) => replicas.includes(id))
      .map((id) => this.#statement(choices, id, body, place));
  }

  /** A statement of its own; of a correct node that has been heard; or an authenticator in a correct node's name. */
  #signed(ast: AST.Objects, place: string, choices: Choices): Json {
    const body = fieldOf(ast, "body")!;
    const { byzantine } = this.#vocabulary.words;
    const heard = this.#listed(ast, () => this.#vocabulary.statements(body) as unknown as readonly Json[]);
    const borrowed = this.#borrowedOf(ast);
    const index = choices.choose(byzantine.length + heard.length + borrowed.length);
    if (index < byzantine.length) return this.#statement(choices, byzantine[index]!, body, place);
    const other = index - byzantine.length;
    return heard[other] ?? this.#lent(borrowed[other - heard.length]!, place, choices);
  }

  /** A statement of a Byzantine node. Where such are authenticated, whom it convinces is chosen when that is read. */
  #statement(choices: Choices, signer: NodeId, body: AST.AST, place: string): Json {
    const statement = this.#struct(choices, { tag: "signed", signer }, [["body", body, place]]) as Struct;
    if (!this.#authenticators.exist) return statement;
    let chosen: { readonly convinces: readonly NodeId[] | undefined } | null = null;
    return Object.defineProperty(statement, "convinces", {
      enumerable: true,
      get: () => {
        chosen ??= { convinces: choices.of(this.#authenticators.own(signer, statement.body!)) };
        return chosen.convinces;
      },
    });
  }

  /** A statement in another's name. */
  #lent(borrowed: Borrowed, place: string, choices: Choices): Json {
    if ("whole" in borrowed) return borrowed.whole;
    const { signer, convinces, body } = borrowed;
    return this.#struct(choices, { tag: "signed", signer, convinces }, [["body", body, place]]);
  }

  #borrowedOf(ast: AST.Objects): readonly Borrowed[] {
    const known = this.#borrowed.get(ast) ?? this.#authenticators.borrowed(ast);
    this.#borrowed.set(ast, known);
    return known;
  }

  /**
   * A certificate that a quorum has signed; or one that the Byzantine nodes can sign by themselves. That one is wrong in nothing else:
   * it is for what stands beside it, or has been stated there, where fields have the same name.
   */
  #certificate(ast: AST.Objects, choices: Choices, beside: Struct): Json {
    const vote = fieldOf(ast, "vote")!;
    const proven = this.#listed(ast, () => {
      const made = this.#vocabulary
        .proofs(ast)
        .flatMap(({ atLeast, among }) =>
          this.#vocabulary
            .bodies(vote)
            .map((body) => deepFreeze(certificate(body, atLeast, among) as unknown as Json)),
        );
      return made.filter((proof) => this.#vocabulary.admits(proof) && !this.#vocabulary.isOwn(proof));
    });
    const index = choices.choose(1 + proven.length);
    if (index > 0) return proven[index - 1]!;
    const { among } = this.#vocabulary.proofs(ast)[0]!;
    const atLeast = among.filter((id) => this.#vocabulary.words.byzantine.includes(id)).length;
    const own = { tag: "certificate", atLeast, among: [...among] };
    const type = this.#member(vote, choices);
    if (type._tag !== "Objects" || termOf(type) !== null)
      return this.#struct(choices, own, [["vote", type, "vote"]]);
    const fields = fieldsOf(type).filter(({ isOptional }) => !isOptional);
    const body: Struct = {};
    for (const { name, type: field } of fields) {
      let chosen: { readonly value: Json } | null = null;
      Object.defineProperty(body, name, {
        enumerable: true,
        get: () => {
          const same = name === "tag" ? undefined : this.#claimedBeside(beside, name);
          if (fits(field, same)) return same!;
          chosen ??= { value: this.#field(name, field, inside("vote", type, name), choices, body) };
          return chosen.value;
        },
      });
    }
    return { ...own, vote: body };
  }

  /** The field of this name of what stands beside, or of a statement beside; undefined: there is none. */
  #claimedBeside(beside: Struct, name: string): Json | undefined {
    if (Object.hasOwn(beside, name)) return beside[name];
    for (const statement of this.#parts.get(beside)?.statements ?? []) {
      const { body } = beside[statement] as { readonly body: Json };
      if (typeof body === "object" && body !== null && Object.hasOwn(body, name))
        return (body as Struct)[name];
    }
    return undefined;
  }

  /**
   * A collection of no statements; one of what correct nodes have said, which colluders may have signed too; or one of that and of a body
   * of each Byzantine node.
   */
  #collection(ast: AST.Objects, place: string, choices: Choices): Json {
    const bodies = resolved(fieldOf(ast, "bodies")!);
    const item = bodies._tag === "Arrays" ? bodies.rest[0] : undefined;
    if (!item) return null;
    const whole = this.#listed(ast, () => this.#collections(ast, item));
    const open = this.#listed(bodies, () => this.#openCollections(ast, item)) as unknown as readonly Open[];
    const index = choices.choose(whole.length + open.length);
    if (index < whole.length) return whole[index]!;
    const { heard, atLeast, among } = open[index - whole.length]!;
    const own = this.#vocabulary.words.byzantine
      .filter((id) => among.includes(id))
      .map(() => this.value(item, `${inside(place, ast, "bodies")}[]`, choices));
    return { tag: "collection", bodies: [...heard, ...own], atLeast, among: [...among] };
  }

  #collections(ast: AST.Objects, item: AST.AST): readonly Json[] {
    const made = this.#claims(ast).flatMap(({ atLeast, among }) =>
      this.#sets(item, atLeast).map((set) => collection(set, atLeast, among)),
    );
    return [collection<Json>([], 0, this.#vocabulary.proofs(ast)[0]!.among), ...made]
      .map((proof) => deepFreeze(proof as unknown as Json))
      .filter((proof) => this.#vocabulary.admits(proof));
  }

  /** What correct nodes alone can prove, where as many signers are left to the Byzantine nodes as there are of them. */
  #openCollections(ast: AST.Objects, item: AST.AST): readonly Json[] {
    const { byzantine } = this.#vocabulary.words;
    return this.#claims(ast).flatMap(({ atLeast, among }) => {
      const others = among.filter((id) => !byzantine.includes(id));
      const needed = atLeast - (among.length - others.length);
      if (needed === atLeast) return [];
      return [[], ...this.#sets(item, needed)]
        .filter((set) =>
          this.#vocabulary.admits(deepFreeze(collection(set, needed, others) as unknown as Json)),
        )
        .map((heard) => ({ heard, atLeast, among }) as unknown as Json);
    });
  }

  /** As many signers as proofs of this kind claim, and one fewer. */
  #claims(ast: AST.Objects): readonly Proof[] {
    const proofs = this.#vocabulary.proofs(ast);
    const most = Math.max(...proofs.map(({ atLeast }) => atLeast));
    return distinct([...proofs, { atLeast: most - 1, among: proofs[0]!.among }]);
  }

  /** Bodies that correct nodes have signed, at least one. */
  #sets(item: AST.AST, most: number): readonly (readonly Json[])[] {
    const sets: Json[][] = [[]];
    const bodies = this.#vocabulary.bodies(item);
    for (const body of this.#vocabulary.upTo(maxCollected, "signed bodies in one collection", bodies))
      sets.push(...sets.filter(({ length }) => length < most).map((set) => [...set, body]));
    return sets.slice(1);
  }

  #listed(ast: AST.AST, make: () => readonly Json[]): readonly Json[] {
    const known = this.#proven.get(ast) ?? make();
    this.#proven.set(ast, known);
    return known;
  }
}

/** Whether a value of this type may be a request with a digest of its own: a struct, but no proof. */
function isDigestible(schema: AST.AST): boolean {
  const ast = resolved(schema);
  if (ast._tag === "Union") return ast.types.some(isDigestible);
  return ast._tag === "Objects" && [null, "signed"].includes(termOf(ast));
}

function isStatement(schema: AST.AST): boolean {
  const ast = resolved(schema);
  return ast._tag === "Objects" && termOf(ast) === "signed";
}

/** The types of statements that stand inside others: those of which the liar has to remember who has said them. */
export function nestedStatements(schema: AST.AST): readonly AST.AST[] {
  const found = new Set<AST.AST>();
  const seen = [new Set<AST.AST>(), new Set<AST.AST>()];
  const visit = (type: AST.AST, depth: number): void => {
    const ast = resolved(type);
    const known = seen[Math.min(depth, 1)]!;
    if (known.has(ast)) return;
    known.add(ast);
    if (ast._tag === "Union") for (const member of ast.types) visit(member, depth);
    if (ast._tag === "Arrays") for (const item of [...ast.elements, ...ast.rest]) visit(item, depth + 1);
    if (ast._tag !== "Objects") return;
    const term = termOf(ast);
    if (term === "certificate") found.add(fieldOf(ast, "vote")!);
    if (term === "collection") {
      const bodies = resolved(fieldOf(ast, "bodies")!);
      if (bodies._tag === "Arrays" && bodies.rest[0]) found.add(bodies.rest[0]);
    }
    if (term === "signed" && depth > 0) found.add(fieldOf(ast, "body")!);
    for (const { type: field } of fieldsOf(ast)) visit(field, depth + 1);
  };
  visit(schema, 0);
  return [...found];
}
