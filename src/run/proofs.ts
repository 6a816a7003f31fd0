// Proofs: the signatures that go with a message. A message is what the model sends, in which signatures are
// symbols and certificates do not name their signers; its proofs are a list with one entry for each signed
// statement, certificate and collection in it, outermost first:
//
//   signed statement   the signature
//   certificate        [signer, signature] for at least `atLeast` distinct signers among `among`
//   collection         [signer, number of the body, signature], the same, and every body has a signer
//
// Both sides walk the canonical form of the message, so that they meet the same terms in the same order.

import { visitTerms } from "../model/terms.js";
import type { Certificate, Collection, Json, NodeId, Signed } from "../protocol/index.js";
import type { Signatures } from "./signatures.js";

/** The proof of one term. */
export type Proof =
  | string
  | readonly (readonly [NodeId, string])[]
  | readonly (readonly [NodeId, number, string])[];

/** The proofs of a message (canonical), or null: the node lacks a signature. */
export function proofsOf(message: Json, signatures: Signatures): readonly Proof[] | null {
  const proofs: (Proof | null)[] = [];
  visitTerms(message, (term) => {
    if (term.tag === "signed") proofs.push(isPlain(term) ? signatureOf(term, signatures) : null);
    else if (term.tag === "certificate") proofs.push(certificateProof(term, signatures));
    else proofs.push(collectionProof(term, signatures));
    return true;
  });
  return proofs.includes(null) ? null : (proofs as Proof[]);
}

/** Whether proofs that were received prove everything in a message (canonical). */
export function areProven(message: Json, proofs: unknown, signatures: Signatures): boolean {
  if (!Array.isArray(proofs)) return false;
  let at = 0;
  let isProven = true;
  visitTerms(message, (term) => {
    const proof: unknown = proofs[at++];
    isProven &&=
      term.tag === "signed"
        ? isPlain(term) && signatures.verify(term.signer, term.body, proof)
        : term.tag === "certificate"
          ? isCertified(term, proof, signatures)
          : isCollected(term, proof, signatures);
    return isProven;
  });
  return isProven && at === proofs.length;
}

/** An authenticator is a list of MACs, which this driver does not make. */
function isPlain({ convinces }: Signed<Json>): boolean {
  return convinces === undefined;
}

/** Where the node is the signer, its protocol has said so now. */
function signatureOf({ signer, body }: Signed<Json>, signatures: Signatures): string | null {
  return signer === signatures.self ? signatures.sign(body) : signatures.of(signer, body);
}

/** A node that has counted a vote of its own, which it has sent nobody, signs it where the others' are not enough. */
function certificateProof({ vote, atLeast, among }: Certificate<Json>, signatures: Signatures): Proof | null {
  const proof: [NodeId, string][] = [];
  for (const signer of new Set(among)) {
    if (proof.length >= atLeast) break;
    const signature = signatures.of(signer, vote);
    if (signature !== null) proof.push([signer, signature]);
  }
  const { self } = signatures;
  if (proof.length === atLeast - 1 && among.includes(self) && signatures.of(self, vote) === null)
    proof.push([self, signatures.sign(vote)]);
  return proof.length >= atLeast ? proof : null;
}

function isCertified(
  { vote, atLeast, among }: Certificate<Json>,
  proof: unknown,
  signatures: Signatures,
): boolean {
  if (!Array.isArray(proof) || proof.length > among.length) return false;
  const signers = new Set<unknown>();
  for (const entry of proof as readonly unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 2) return false;
    const [signer, signature] = entry as readonly unknown[];
    if (!among.includes(signer as NodeId) || !signatures.verify(signer as NodeId, vote, signature))
      return false;
    signers.add(signer);
  }
  return signers.size >= atLeast;
}

/**
 * Every signer proves one body, and every body needs one: a matching, found by augmenting paths. Then the other signers prove what they
 * can. A body that nobody has signed is the node's own, which it has sent nobody.
 */
function collectionProof({ bodies, atLeast, among }: Collection<Json>, signatures: Signatures): Proof | null {
  const signers = [...new Set(among)];
  const { self } = signatures;
  const able = bodies.map((body) => signers.filter((signer) => signatures.of(signer, body) !== null));
  const unsigned = able.findIndex((all) => all.length === 0);
  if (unsigned >= 0 && signers.includes(self) && !able.some((all) => all.includes(self))) {
    signatures.sign(bodies[unsigned]!);
    able[unsigned] = [self];
  }
  const bodyOf = new Map<NodeId, number>();
  const place = (body: number, tried: Set<NodeId>): boolean =>
    able[body]!.some((signer) => {
      if (tried.has(signer)) return false;
      tried.add(signer);
      const other = bodyOf.get(signer);
      if (other !== undefined && !place(other, tried)) return false;
      bodyOf.set(signer, body);
      return true;
    });
  if (!bodies.every((_, body) => place(body, new Set()))) return null;
  for (const [body, all] of able.entries())
    for (const signer of all) if (!bodyOf.has(signer)) bodyOf.set(signer, body);
  if (bodyOf.size < atLeast) return null;
  return [...bodyOf].map(([signer, body]) => [signer, body, signatures.of(signer, bodies[body]!)!] as const);
}

function isCollected(
  { bodies, atLeast, among }: Collection<Json>,
  proof: unknown,
  signatures: Signatures,
): boolean {
  if (!Array.isArray(proof) || proof.length > among.length) return false;
  const [signers, proven] = [new Set<unknown>(), new Set<unknown>()];
  for (const entry of proof as readonly unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 3) return false;
    const [signer, body, signature] = entry as readonly unknown[];
    const said = typeof body === "number" ? bodies[body] : undefined;
    if (said === undefined || signers.has(signer) || !among.includes(signer as NodeId)) return false;
    if (!signatures.verify(signer as NodeId, said, signature)) return false;
    signers.add(signer);
    proven.add(body);
  }
  return signers.size >= atLeast && proven.size === bodies.length;
}
