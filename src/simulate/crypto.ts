// What cryptography costs the replicas of a simulated run: a signature, its verification, and SHA-256, by the length of the message. One that
// is at it can do nothing else. MACs (authenticators) cost nothing here: they are a hash of a few bytes.

import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import * as Schema from "effect/Schema";
import { milliseconds, ParseError } from "../parameters/readers.js";
import { amount } from "./value-kinds.js";

/** What cryptography costs, in milliseconds. */
export interface CryptoCosts {
  readonly signMs: number;
  /** For each signature of a message, those in its certificates included. */
  readonly verifyMs: number;
  /** SHA-256 of 1,000 bytes. */
  readonly hashMs: number;
}

/** The costs that a program may give. */
export const CryptoCostsSchema: Schema.Codec<CryptoCosts> = Schema.Struct({
  ...{ signMs: amount, verifyMs: amount, hashMs: amount },
});

/** Ed25519 as the exercise in Go publishes it for its authors' machine: 25 microseconds to sign, 35 to verify. */
const published: CryptoCosts = { signMs: 0.025, verifyMs: 0.035, hashMs: 0 };

/**
 * As in `25us/35us/2us` (to sign, to verify, to hash 1,000 bytes; the last one may be left out), or `published`. `measured` is this machine's
 * Ed25519 and SHA-256, by {@link measuredCrypto}.
 *
 * @throws {ParseError}
 */
export function cryptoFrom(text: string): CryptoCosts {
  if (text === "published") return published;
  if (text === "measured") return measuredCrypto();
  const [signing, verifying, hashing = "0", ...more] = text.split("/");
  if (signing === undefined || verifying === undefined || more.length > 0)
    throw new ParseError(
      "use measured, published, or times to sign, to verify and to hash 1,000 bytes: 25us/35us/2us.",
    );
  return { signMs: timeIn(signing), verifyMs: timeIn(verifying), hashMs: timeIn(hashing) };
}

/** To a tenth of a nanosecond: 0.3 us is 0.0003 ms, whatever floating point makes of it. */
function timeIn(text: string): number {
  return Math.round(milliseconds(text) * 1e7) / 1e7;
}

/** The words that {@link cryptoFrom} reads to these costs. */
export function cryptoText({ signMs, verifyMs, hashMs }: CryptoCosts): string {
  return [signMs, verifyMs, hashMs].map((ms) => `${Math.round(ms * 1e7) / 1e4}us`).join("/");
}

let measured: CryptoCosts | null = null;

/**
 * What Ed25519 and SHA-256 cost on this machine, to a tenth of a microsecond: the median of 15 rounds, measured once in a process (about a
 * tenth of a second). A run that is to be repeated elsewhere has to be given these figures.
 */
export function measuredCrypto(): CryptoCosts {
  measured ??= measure();
  return measured;
}

function measure(): CryptoCosts {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const [statement, kilobyte] = [Buffer.alloc(200, 7), Buffer.alloc(1000, 7)];
  const signature = sign(null, statement, privateKey);
  return {
    signMs: medianMs(() => sign(null, statement, privateKey)),
    verifyMs: medianMs(() => verify(null, statement, publicKey, signature)),
    hashMs: medianMs(() => createHash("sha256").update(kilobyte).digest()),
  };
}

/** The median time of a call, in milliseconds. */
function medianMs(call: () => unknown): number {
  const [rounds, calls] = [15, 30];
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    for (let i = 0; i < calls; i++) call();
    return (performance.now() - began) / calls;
  });
  times.sort((a, b) => a - b);
  return Math.round(times[(rounds - 1) / 2]! * 1e4) / 1e4;
}
