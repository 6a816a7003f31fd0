// The content of a frame: a message, its proofs, the number of the sender's step that sent it, and its own number, as canonical JSON.

import { parseJson } from "../files/json.js";
import { type Canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { deepFreeze } from "../model/plain-json.js";
import { sortedText } from "../model/sorted-text.js";
import { isSigned } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { DropReason } from "./counters.js";
import type { Numbered } from "./deliveries.js";
import { areProven, proofsOf } from "./proofs.js";
import type { Signatures } from "./signatures.js";

/** A message that has arrived and is proven. */
export interface Arrived {
  /** Its signer if it is signed as a whole, else the node that sent it. */
  readonly from: NodeId;
  readonly message: Json;
  /** The number of the step that sent it, as its sender counts. */
  readonly step: number;
  /** How its sender numbers it. Undefined: it does not. */
  readonly sent: Numbered | undefined;
}

/** The text of a message with its proofs; null if the node cannot prove it. @throws {SchemaMismatch} */
export function sealed(
  message: Json,
  { step, sent }: { readonly step: number; readonly sent?: Numbered | undefined },
  canonical: Canonicalizer,
  signatures: Signatures,
): string | null {
  const form = canonical(message);
  if (form instanceof SchemaMismatch) throw form;
  deepFreeze(form);
  const proofs = proofsOf(form, signatures);
  return proofs === null ? null : sortedText({ message: form, proofs, ...(sent && { sent }), step });
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
  const { message, proofs, step, sent } = json as { readonly [field: string]: unknown };
  const form = canonical(message);
  if (form instanceof SchemaMismatch || !isNumber(step)) return "malformed";
  if (sent !== undefined && !isNumbered(sent)) return "malformed";
  deepFreeze(form);
  if (!areProven(form, proofs, signatures)) return "bad-signature";
  return { from: isSigned(form) ? form.signer : via, message: form, step, sent };
}

/** Nobody makes more steps, or sends more messages, however long it runs. */
const numberMax = 2 ** 40;

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < numberMax;
}

/** The name of a log is kept, so it has to be short. */
function isNumbered(value: unknown): value is Numbered {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [log, number] = value;
  return typeof log === "string" && /^[0-9a-f]{1,32}$/.test(log) && isNumber(number);
}
