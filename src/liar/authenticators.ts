// The authenticators that a liar can make: lists of MACs, one for each receiver (OSDI'99, section 5.2). Its own convince whom it likes, and
// each receiver another set. Of another's it can spoil MACs, so that fewer are convinced, but add none. In another's name, and with a body
// of its own, it can make such as convince no correct node: for itself and its colluders it knows the keys. There are authenticators
// of such types only as were seen: where correct nodes and requests have none, there is nothing to choose.
//
// Which sets suffice. A correct node looks whether it is itself convinced, and each can be sent an authenticator of its own: all, and all but
// that one, say everything about it. What the others are convinced of counts only once a correct node passes the authenticator on: then one
// alone is convinced, or none but the Byzantine nodes. Of three correct receivers, as of four replicas of which one is Byzantine, these are all
// the sets there are; of more they are not, and `limits` says so. A Byzantine receiver is always in the set: nobody else can check its MAC.

import type * as AST from "effect/SchemaAST";
import { typeNameOf } from "../model/terms.js";
import { type Json, type NodeId, replicaIds, type Signed } from "../protocol/index.js";
import { fieldOf, fits, resolved } from "../protocol/schema-parts.js";
import { type Authenticator, distinct, type Vocabulary } from "./vocabulary.js";

/** A statement in a correct node's name: whole, or with a body of this type that is still to be chosen. */
export type Borrowed =
  | { readonly whole: Json }
  | { readonly signer: NodeId; readonly convinces: readonly NodeId[]; readonly body: AST.AST };

/** See the file comment. */
export class Authenticators {
  readonly #vocabulary: Vocabulary;
  readonly #heard: readonly Authenticator[];
  readonly #receivers: readonly NodeId[];

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#heard = vocabulary.authenticators();
    this.#receivers = distinct(this.#heard.flatMap(({ convinces }) => convinces)) as readonly NodeId[];
  }

  /** Whether there are any. */
  get exist(): boolean {
    return this.#heard.length > 0;
  }

  /**
   * Whom a statement of the liar's own can convince. Undefined: it is a signature, which convinces everybody. What only clients authenticate,
   * a replica authenticates for all or not: nobody should believe it anyway.
   */
  own(signer: NodeId, body: Json): readonly (readonly NodeId[] | undefined)[] {
    const type = typeNameOf(body);
    const alike = this.#heard.filter((one) => typeNameOf(one.body) === type);
    if (alike.length === 0) return [undefined];
    const replicas = replicaIds(this.#vocabulary.words.config);
    const isUsual = alike.some((one) => replicas.includes(one.signer) === replicas.includes(signer));
    return [...(isUsual ? this.#setsOf(this.#receivers) : [this.#receivers]), undefined];
  }

  /** Statements of such a type in a correct node's name that the liar has made, or spoiled. */
  borrowed(schema: AST.Objects): readonly Borrowed[] {
    const { byzantine } = this.#vocabulary.words;
    const members = membersOf(fieldOf(schema, "body")!);
    return members.flatMap((body) => {
      const heard = this.#heard.filter(
        ({ signer, body: said }) => !byzantine.includes(signer) && fits(body, said),
      );
      const said = new Set(heard.map((one) => JSON.stringify(one)));
      const spoiled = distinct(heard.map((one) => ({ ...one, convinces: [] }))).flatMap((one) => {
        const same = heard.filter((other) => isSame(one, other)).flatMap(({ convinces }) => convinces);
        return this.#setsOf([...new Set(same)]).map((convinces) => ({ ...one, convinces }));
      });
      const signers = [...new Set(heard.map(({ signer }) => signer))];
      return [
        ...spoiled
          .filter((one) => !said.has(JSON.stringify(one)))
          .map((whole) => ({ whole: whole as unknown as Json })),
        ...signers.map((signer) => ({ signer, convinces: this.#byzantineOf(this.#receivers), body })),
      ];
    });
  }

  /** All of them, all but one, one alone, and none; with the Byzantine ones each. */
  #setsOf(receivers: readonly NodeId[]): readonly (readonly NodeId[])[] {
    const byzantine = this.#byzantineOf(receivers);
    const correct = receivers.filter((id) => !byzantine.includes(id));
    const sets = distinct([
      correct,
      ...correct.map((left) => correct.filter((id) => id !== left)),
      ...correct.map((alone) => [alone]),
      [],
    ]);
    if (sets.length < 2 ** correct.length)
      this.#vocabulary.leftOut(
        `authenticators that convince all, all but one, one or none of ${correct.length} receivers`,
      );
    return sets.map((set) => receivers.filter((id) => set.includes(id) || byzantine.includes(id)));
  }

  #byzantineOf(receivers: readonly NodeId[]): readonly NodeId[] {
    return receivers.filter((id) => this.#vocabulary.words.byzantine.includes(id));
  }
}

function isSame(one: Signed<Json>, other: Signed<Json>): boolean {
  return one.signer === other.signer && JSON.stringify(one.body) === JSON.stringify(other.body);
}

function membersOf(schema: AST.AST): readonly AST.AST[] {
  const ast = resolved(schema);
  return ast._tag === "Union" ? ast.types.flatMap(membersOf) : [ast];
}
