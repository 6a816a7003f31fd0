// What the outside lends to the realm: functions on texts and bytes, nothing with a state.

/** See the file comment. */
export interface Host {
  /** Digest, HMAC, signature and verification; bytes come and go as hexadecimal text. */
  hash(algorithm: string, hex: string): string;
  hmac(algorithm: string, key: string, hex: string): string;
  /** Ed25519 keys from a seed of 32 bytes: private and public key as PEM. */
  keyPair(seed: string): readonly [privateKey: string, publicKey: string];
  publicKeyOf(privateKey: string): string;
  sign(algorithm: string, privateKey: string, hex: string): string;
  verify(algorithm: string, publicKey: string, hex: string, signature: string): boolean;
}

/** Set before the bundle runs. */
export const host = (globalThis as unknown as { turncoatHost: Host }).turncoatHost;
