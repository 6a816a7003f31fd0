// Proofs: the signatures that go with a message. A message is what the model sends, in which signatures are
// symbols and certificates do not name their signers; its proofs are a list with one entry for each signed
// statement, certificate and collection in it, outermost first:
//
//   signed statement   the signature
//   certificate        [signer, signature] for at least `atLeast` distinct signers among `among`
//   collection         [signer, number of the body, signature], the same, and every body has a signer (-1: one of them)
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
 * can. A node may have counted a statement of its own that it has sent nobody, as a leader does; which it was cannot be told, and it must not sign
 * what it has not said. So it signs that it is one of those who have signed this collection, which is of no use elsewhere.
 */
function collectionProof(term: Collection<Json>, signatures: Signatures): Proof | null {
  const { bodies, atLeast, among } = term;
  const signers = [...new Set(among)];
  const able = bodies.map((body) => signers.filter((signer) => signatures.of(signer, body) !== null));
  const bodyOf = assigned(able);
  for (const [body, all] of able.entries())
    for (const signer of all) if (!bodyOf.has(signer)) bodyOf.set(signer, body);
  const member = membership(term);
  const { self } = signatures;
  if (signers.includes(self) && !bodyOf.has(self)) signatures.sign(member);
  const members = signers.filter((signer) => !bodyOf.has(signer) && signatures.of(signer, member) !== null);
  const unproven = bodies.length - new Set(bodyOf.values()).size;
  if (unproven > members.length || bodyOf.size + members.length < atLeast) return null;
  return [
    ...[...bodyOf].map(([signer, body]) => [signer, body, signatures.of(signer, bodies[body]!)!] as const),
    ...members.map((signer) => [signer, someBody, signatures.of(signer, member)!] as const),
  ];
}

/** Stands for the number of a body: the signer has signed one of them. */
const someBody = -1;

/** What a node signs that has signed one of the bodies of a collection. No protocol has such a statement. */
function membership(of: Collection<Json>): Json {
  return { tag: "turncoat: signer of", of: of as unknown as Json };
}

/** Gives as many bodies as possible a signer of their own. `able`: by body, who has signed it. */
function assigned(able: readonly (readonly NodeId[])[]): Map<NodeId, number> {
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
  for (const body of able.keys()) place(body, new Set());
  return bodyOf;
}

function isCollected(term: Collection<Json>, proof: unknown, signatures: Signatures): boolean {
  const { bodies, atLeast, among } = term;
  if (!Array.isArray(proof) || proof.length > among.length) return false;
  const [signers, proven] = [new Set<unknown>(), new Set<unknown>()];
  let members = 0;
  for (const entry of proof as readonly unknown[]) {
    if (!Array.isArray(entry) || entry.length !== 3) return false;
    const [signer, body, signature] = entry as readonly unknown[];
    const said = body === someBody ? membership(term) : bodies[body as number];
    if (said === undefined || signers.has(signer) || !among.includes(signer as NodeId)) return false;
    if (!signatures.verify(signer as NodeId, said, signature)) return false;
    signers.add(signer);
    if (body === someBody) members++;
    else proven.add(body);
  }
  return signers.size >= atLeast && proven.size + members >= bodies.length;
}
