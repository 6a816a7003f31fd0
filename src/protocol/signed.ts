// Symbolic signatures (Dolev and Yao, 1983): a signed term is its signer and its body, and nobody can make
// one in another's name. Protocols build and read these terms; the model alone decides who may send them.

import * as Schema from "effect/Schema";
import { NodeId } from "./node.js";
import { SetOf } from "./schema.js";

/**
 * A statement and its signer. A Byzantine node can sign only as itself, and may send what others have signed.
 */
export interface Signed<Body> {
  readonly tag: "signed";
  readonly signer: NodeId;
  readonly body: Body;
  /**
   * With an authenticator instead of a signature: the nodes for which it has a correct MAC. It convinces
   * nobody else, whoever sends it. Absent: a signature, which convinces everybody.
   */
  readonly convinces?: readonly NodeId[];
}

/**
 * Signs `body` as `signer`.
 *
 * ```ts
 * sign("r0", "yes") // => { tag: "signed", signer: "r0", body: "yes" }
 * ```
 */
export function sign<const Body>(signer: NodeId, body: Body): Signed<Body> {
  return { tag: "signed", signer, body };
}

/**
 * Signs `body` as `signer` with an authenticator: a MAC for each receiver, made with the key that the two
 * share (OSDI'99, section 5.2). A Byzantine node can therefore:
 * - make one that is correct for some receivers only;
 * - spoil MACs of somebody else's, and combine MACs that it has seen;
 * - make one in anybody's name for itself and its colluders, who know the keys.
 *
 * ```ts
 * authenticate("c0", "A", ["r0", "r1"]) // => { tag: "signed", signer: "c0", body: "A", convinces: ["r0", "r1"] }
 * ```
 */
export function authenticate<Body>(
  signer: NodeId,
  body: Body,
  receivers: readonly NodeId[],
): Signed<Body> & { readonly convinces: readonly NodeId[] } {
  return { tag: "signed", signer, body, convinces: receivers };
}

/**
 * The schema of a {@link Signed} statement.
 *
 * ```ts
 * const Vote = SignedOf(Schema.String);
 * Schema.decodeUnknownSync(Vote)(sign("r0", "yes")) // => { tag: "signed", signer: "r0", body: "yes" }
 * ```
 */
export function SignedOf<S extends Schema.Top>(body: S) {
  return Schema.Struct({
    tag: Schema.Literal("signed"),
    signer: NodeId,
    body,
    convinces: Schema.optionalKey(SetOf(NodeId)),
  });
}

/**
 * Proof that at least `atLeast` distinct nodes among `among` have signed `vote`. It does not name them: two
 * certificates for one vote are equal, whichever valid quorum signed. (With the signers kept, a search would
 * tell apart states that differ only in how the votes were collected.)
 *
 * The receiver must check that `atLeast` and `among` are what the protocol requires: anybody can make a
 * certificate with `atLeast: 0`, and it proves nothing.
 */
export interface Certificate<Vote> {
  readonly tag: "certificate";
  readonly vote: Vote;
  readonly atLeast: number;
  readonly among: readonly NodeId[];
}

/**
 * A certificate for `vote`; see {@link Certificate}.
 *
 * ```ts
 * certificate("yes", 3, ["r0", "r1", "r2", "r3"]).atLeast // => 3
 * ```
 */
export function certificate<const Vote>(
  vote: Vote,
  atLeast: number,
  among: readonly NodeId[],
): Certificate<Vote> {
  return { tag: "certificate", vote, atLeast, among };
}

/**
 * The schema of a {@link Certificate}.
 *
 * ```ts
 * const Proof = CertificateOf(Schema.String);
 * Schema.decodeUnknownSync(Proof)(certificate("yes", 2, ["r0", "r1"])).vote // => "yes"
 * ```
 */
export function CertificateOf<S extends Schema.Top>(vote: S) {
  return Schema.Struct({
    tag: Schema.Literal("certificate"),
    vote,
    atLeast: Schema.Number,
    among: SetOf(NodeId),
  });
}

/**
 * Signed statements with exactly these bodies, from at least `atLeast` distinct nodes among `among`: one of
 * them signed each body, and no node counts twice. Bodies are a set: what two have signed alike is there once, so how many have signed one
 * body cannot be told. A rule that counts them (f+1 votes for one value among a quorum of view-changes) needs the signed statements
 * themselves: `SetOf(SignedOf(...))`. Like a {@link Certificate} it does not name the signers:
 * two collections of the same bodies are equal. (PBFT's new-view carries a quorum of view-changes. With their
 * signers kept, a search would tell apart new views with the same consequences.)
 *
 * The receiver must check `atLeast` and `among`, as for a certificate.
 */
export interface Collection<Body> {
  readonly tag: "collection";
  readonly bodies: readonly Body[];
  readonly atLeast: number;
  readonly among: readonly NodeId[];
}

/**
 * A collection of statements with these bodies; see {@link Collection}.
 *
 * ```ts
 * collection(["a", "b"], 2, ["r0", "r1", "r2"]).bodies // => ["a", "b"]
 * ```
 */
export function collection<Body>(
  bodies: readonly Body[],
  atLeast: number,
  among: readonly NodeId[],
): Collection<Body> {
  return { tag: "collection", bodies, atLeast, among };
}

/**
 * The schema of a {@link Collection}.
 *
 * ```ts
 * const Views = CollectionOf(Schema.Number);
 * Schema.decodeUnknownSync(Views)(collection([1, 2], 2, ["r0", "r1"])).bodies // => [1, 2]
 * ```
 */
export function CollectionOf<S extends Schema.Top>(body: S) {
  return Schema.Struct({
    tag: Schema.Literal("collection"),
    bodies: SetOf(body),
    atLeast: Schema.Number,
    among: SetOf(NodeId),
  });
}
