// Signed statements and proofs as the naive search recognizes and makes them.

import { type Json, type NodeId, type Signed, sign } from "../../../src/protocol/index.js";
import { canonicalText } from "./texts.js";

export function isSigned(value: unknown): value is Signed<Json> {
  return (value as { tag?: unknown } | null)?.tag === "signed";
}

export function isCollection(
  value: unknown,
): value is { bodies: Json[]; atLeast: number; among: NodeId[]; tag: "collection" } {
  return (value as { tag?: unknown } | null)?.tag === "collection";
}

export function isCertificate(
  value: unknown,
): value is { vote: Json; atLeast: number; among: NodeId[]; tag: "certificate" } {
  return (value as { tag?: unknown } | null)?.tag === "certificate";
}

/** Tries every way to give each signer one of the bodies that it can sign, or none. */
export function canCollect(
  bodies: readonly unknown[],
  atLeast: number,
  signers: readonly NodeId[],
  canSign: (signer: NodeId, body: unknown) => boolean,
): boolean {
  const go = (rest: readonly NodeId[], left: ReadonlySet<unknown>, signed: number): boolean => {
    const [next, ...later] = rest;
    if (next === undefined) return left.size === 0 && signed >= atLeast;
    return (
      go(later, left, signed) ||
      bodies.some(
        (body) =>
          canSign(next, body) && go(later, new Set([...left].filter((other) => other !== body)), signed + 1),
      )
    );
  };
  return go(signers, new Set(bodies), 0);
}

/** The name of what `signer` has said to `receiver`, in an authenticator for whomever else. */
export function macText(signer: NodeId, body: unknown, receiver: NodeId): string {
  return canonicalText({ ...sign(signer, body), convinces: [receiver] });
}
