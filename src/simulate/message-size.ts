// The estimated size of a message in bytes: the JSON of its contents, 64 bytes for every signature (Ed25519),
// and for a symbolic certificate as many signatures as it represents. Not a codec's exact figure, but it
// grows like one.

const signatureBytes = 64;
/** A signer's name beside a signature, as in `"r12",`. */
const signerBytes = 6;

interface Term {
  readonly tag?: unknown;
  readonly atLeast?: number;
  readonly [key: string]: unknown;
}

/**
 * The size of a message, or of any part of one, in bytes.
 *
 * ```ts
 * sizeOf({ tag: "signed", signer: "r0", body: 7 }) // => 1 + 6 + 64
 * ```
 */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value === "number") return numberSize(value);
  if (typeof value !== "object" || value === null) return 4;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item) + 1, 2);
  const term = value as Term;
  const signed = signerBytes + signatureBytes;
  if (term.tag === "signed") return sizeOf(term.body) + signed;
  if (term.tag === "certificate") return sizeOf(term.vote) + (term.atLeast ?? 0) * signed;
  if (term.tag === "collection") return sizeOf(term.bodies) + (term.atLeast ?? 0) * signed;
  let size = 1;
  for (const key in term) size += key.length + 4 + sizeOf(term[key]);
  return size;
}

/**
 * The number of signatures in a message, or in any part of one: as many as {@link sizeOf} counts.
 *
 * ```ts
 * signaturesIn({ tag: "certificate", vote: 7, atLeast: 3 }) // => 3
 * ```
 */
export function signaturesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const { tag, atLeast = 0 } = value as Term;
  const own = tag === "signed" ? 1 : tag === "certificate" || tag === "collection" ? atLeast : 0;
  return Object.values(value).reduce((sum: number, part) => sum + signaturesIn(part), own);
}

function numberSize(value: number): number {
  if (!Number.isInteger(value) || value < 0) return String(value).length;
  let size = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) size++;
  return size;
}
