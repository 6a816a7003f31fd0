// The content of a frame: a message, its proofs and the sender's clock, as canonical JSON.

import { parseJson } from "../files/json.js";
import { type Canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { deepFreeze } from "../model/intern.js";
import { sortedText } from "../model/sorted-text.js";
import { isSigned } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { Clock } from "../records/index.js";
import type { DropReason } from "./counters.js";
import { areProven, proofsOf } from "./proofs.js";
import type { Signatures } from "./signatures.js";

/** A message that has arrived and is proven. */
export interface Arrived {
  /** Its signer if it is signed as a whole, else the node that sent it. */
  readonly from: NodeId;
  readonly message: Json;
  readonly clock: Clock;
}

/** The text of a message with its proofs; null if the node cannot prove it. @throws {SchemaMismatch} */
export function sealed(
  message: Json,
  clock: Clock,
  canonical: Canonicalizer,
  signatures: Signatures,
): string | null {
  const form = canonical(message);
  if (form instanceof SchemaMismatch) throw form;
  deepFreeze(form);
  const proofs = proofsOf(form, signatures);
  return proofs === null ? null : sortedText({ clock: deepFreeze({ ...clock }), message: form, proofs });
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
  const { message, proofs, clock } = json as { message?: unknown; proofs?: unknown; clock?: unknown };
  const form = canonical(message);
  if (form instanceof SchemaMismatch || !isClock(clock)) return "malformed";
  deepFreeze(form);
  if (!areProven(form, proofs, signatures)) return "bad-signature";
  return { from: isSigned(form) ? form.signer : via, message: form, clock };
}

/** Nobody's clock counts further, however long it runs. */
const highestCount = 2 ** 40;

function isClock(clock: unknown): clock is Clock {
  return (
    typeof clock === "object" &&
    clock !== null &&
    !Array.isArray(clock) &&
    Object.values(clock).every((count) => Number.isSafeInteger(count) && count >= 0 && count < highestCount)
  );
}
