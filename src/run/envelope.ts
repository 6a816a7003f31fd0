// The content of a frame: a message, its proofs and the number of the sender's step that sent it, as canonical JSON.

import { parseJson } from "../files/json.js";
import { type Canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { deepFreeze } from "../model/intern.js";
import { sortedText } from "../model/sorted-text.js";
import { isSigned } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { DropReason } from "./counters.js";
import { areProven, proofsOf } from "./proofs.js";
import type { Signatures } from "./signatures.js";

/** A message that has arrived and is proven. */
export interface Arrived {
  /** Its signer if it is signed as a whole, else the node that sent it. */
  readonly from: NodeId;
  readonly message: Json;
  /** The number of the step that sent it, as its sender counts. */
  readonly step: number;
}

/** The text of a message with its proofs; null if the node cannot prove it. @throws {SchemaMismatch} */
export function sealed(
  message: Json,
  step: number,
  canonical: Canonicalizer,
  signatures: Signatures,
): string | null {
  const form = canonical(message);
  if (form instanceof SchemaMismatch) throw form;
  deepFreeze(form);
  const proofs = proofsOf(form, signatures);
  return proofs === null ? null : sortedText({ message: form, proofs, step });
}

/** The message in a frame of `via`, or why it is dropped. */
export function opened(
  content: Buffer,
  via: NodeId,
  canonical: Canonicalizer,
  signatures: Signatures,
): Arrived | DropReason {
  let json: unknown;
  try {
    json = parseJson(content.toString(), "the frame");
  } catch {
    return "malformed";
  }
  if (typeof json !== "object" || json === null) return "malformed";
  const { message, proofs, step } = json as { message?: unknown; proofs?: unknown; step?: unknown };
  const form = canonical(message);
  if (form instanceof SchemaMismatch || !isStepNumber(step)) return "malformed";
  deepFreeze(form);
  if (!areProven(form, proofs, signatures)) return "bad-signature";
  return { from: isSigned(form) ? form.signer : via, message: form, step };
}

/** Nobody makes more steps, however long it runs. */
const stepMax = 2 ** 40;

function isStepNumber(step: unknown): step is number {
  return Number.isSafeInteger(step) && (step as number) > 0 && (step as number) < stepMax;
}
