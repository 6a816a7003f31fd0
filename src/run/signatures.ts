// The signatures of a node: its own key, the others' public keys, and the signatures that it has received. What a
// model signs symbolically is signed with Ed25519 here. A node that sends on a statement of somebody else, or a
// certificate made of several, needs their signatures again, so it keeps them.

import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { sortedText } from "../model/sorted-text.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { KnownKey } from "./cluster.js";

/** How many signatures are kept of each signer: the latest. A signer who floods loses its own only. */
const keptOfSigner = 16_384;

/** A signature as logs keep it: signer, digest of the body, signature. */
export type KeptSignature = readonly [signer: NodeId, digest: string, signature: string];

/** What a node signs with. */
export interface SigningIdentity {
  /** The id of the cluster: a part of every statement. */
  readonly cluster: string;
  readonly self: NodeId;
  readonly signingKey: KeyObject;
  /** Of each node the key that it has now, then earlier ones. */
  readonly publicKeys: ReadonlyMap<NodeId, readonly KnownKey[]>;
}

/** See the file comment. */
export class Signatures {
  readonly #identity: SigningIdentity;
  /** By signer and digest of the body. Maps keep the order of insertion, so the oldest comes first. */
  readonly #kept: ReadonlyMap<NodeId, Map<string, string>>;
  #fresh: KeptSignature[] = [];

  constructor(identity: SigningIdentity) {
    this.#identity = identity;
    this.#kept = new Map([...identity.publicKeys.keys()].map((id) => [id, new Map()]));
  }

  /** The signature of `signer` on a body, if it was made or received; else null. */
  of(signer: NodeId, body: Json): string | null {
    return this.#kept.get(signer)?.get(digestOf(body)) ?? null;
  }

  /** Signs a body as the node itself, or gives the signature that it has made before. */
  sign(body: Json): string {
    const { self, cluster, signingKey } = this.#identity;
    const digest = digestOf(body);
    const known = this.#kept.get(self)?.get(digest);
    if (known !== undefined) return known;
    const made = sign(null, statement(cluster, self, digest), signingKey).toString("base64");
    this.#keep(self, digest, made);
    return made;
  }

  /** The node whose signatures these are. */
  get self(): NodeId {
    return this.#identity.self;
  }

  /** Whether this is the signature of `signer` on a body. Keeps it if so. */
  verify(signer: NodeId, body: Json, signature: unknown): boolean {
    const { cluster, publicKeys } = this.#identity;
    const keys = publicKeys.get(signer);
    if (keys === undefined || typeof signature !== "string") return false;
    const digest = digestOf(body);
    if (this.#kept.get(signer)!.get(digest) === signature) return true;
    const bytes = Buffer.from(signature, "base64");
    // Decoding skips what is no base64: a text that is kept must be the signature and nothing else, or it may be of any length.
    if (bytes.length !== 64 || bytes.toString("base64") !== signature) return false;
    const signed = statement(cluster, signer, digest);
    const isOf = ({ key, untilMs }: KnownKey) => untilMs > Date.now() && verify(null, signed, key, bytes);
    const by = keys.find(isOf);
    if (by === undefined) return false;
    // What the node itself has signed with an earlier key it signs again.
    if (signer !== this.self || by === keys[0]) this.#keep(signer, digest, signature);
    return true;
  }

  /** Those received since the last call. */
  takeFresh(): readonly KeptSignature[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** All that are kept of others, for a log that begins anew. */
  all(): readonly KeptSignature[] {
    return [...this.#kept].flatMap(([signer, kept]) =>
      signer === this.self
        ? []
        : [...kept].map(([digest, signature]): KeptSignature => [signer, digest, signature]),
    );
  }

  /** Takes back what a log has kept of others. Of earlier versions a log may have the node's own, and it may have another key by now. */
  restore(signatures: readonly KeptSignature[]): void {
    for (const [signer, digest, signature] of signatures)
      if (signer !== this.self) this.#keep(signer, digest, signature);
    this.#fresh = [];
  }

  #keep(signer: NodeId, digest: string, signature: string): void {
    const kept = this.#kept.get(signer);
    if (kept === undefined) return;
    kept.set(digest, signature);
    if (signer !== this.#identity.self) this.#fresh.push([signer, digest, signature]);
    if (kept.size > keptOfSigner) kept.delete(kept.keys().next().value!);
  }
}

function digestOf(body: Json): string {
  return createHash("sha256").update(sortedText(body)).digest("base64");
}

/** The bytes that are signed. Their beginning keeps them apart from whatever else the key might sign. */
function statement(cluster: string, signer: NodeId, digest: string): Buffer {
  return Buffer.from(`turncoat statement 1\n${cluster}\n${signer}\n${digest}`);
}
