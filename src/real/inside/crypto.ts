// `crypto` inside the realm: digests, HMACs and Ed25519 signatures are computed outside, at once. Random bytes are made from the
// node's name and a counter, so that a run repeats; their number is part of the node's state.

import { Buffer } from "buffer";
import { host } from "./host.js";
import { current } from "./node.js";
import { refused } from "./refuse.js";

type Bytes = string | Uint8Array;

function hexOf(data: Bytes, encoding: BufferEncoding = "utf8"): string {
  return (typeof data === "string" ? Buffer.from(data, encoding) : Buffer.from(data)).toString("hex");
}

function out(hex: string, encoding?: BufferEncoding): unknown {
  const bytes = Buffer.from(hex, "hex");
  return encoding === undefined ? bytes : bytes.toString(encoding);
}

class Hash {
  readonly algorithm: string;
  data = "";
  constructor(algorithm: string) {
    this.algorithm = algorithm;
  }
  update(data: Bytes, encoding?: BufferEncoding): this {
    this.data += hexOf(data, encoding);
    return this;
  }
  digest(encoding?: BufferEncoding): unknown {
    return out(host.hash(this.algorithm, this.data), encoding);
  }
  copy(): Hash {
    const copy = new Hash(this.algorithm);
    copy.data = this.data;
    return copy;
  }
}

class Hmac extends Hash {
  readonly key: string;
  constructor(algorithm: string, key: Bytes) {
    super(algorithm);
    this.key = hexOf(key);
  }
  override digest(encoding?: BufferEncoding): unknown {
    return out(host.hmac(this.algorithm, this.key, this.data), encoding);
  }
}

class KeyObject {
  readonly type: "private" | "public";
  readonly asymmetricKeyType = "ed25519";
  readonly pem: string;
  constructor(type: "private" | "public", pem: string) {
    this.type = type;
    this.pem = pem;
  }
  export(): string {
    return this.pem;
  }
  equals(other: KeyObject): boolean {
    return other.type === this.type && other.pem === this.pem;
  }
}

type Key = string | KeyObject | { readonly key: string | KeyObject };

function pemOf(key: Key): string {
  if (typeof key === "string") return key;
  return key instanceof KeyObject ? key.pem : pemOf(key.key);
}

/** The number of random bytes that were drawn while the bundle was loaded. */
let drawnAtLoading = 0;

function randomHex(size: number): string {
  let hex = "";
  for (let block = 0; hex.length < 2 * size; block++) {
    const at = current ? `${current.self} ${current.bytes}` : `loading ${drawnAtLoading}`;
    hex += host.hash("sha256", hexOf(`${at} ${block}`));
  }
  if (current) current.bytes += size;
  else drawnAtLoading += size;
  return hex.slice(0, 2 * size);
}

function randomBytes(size: number, callback?: (error: null, bytes: Buffer) => void): Buffer | undefined {
  const bytes = Buffer.from(randomHex(size), "hex");
  if (!callback) return bytes;
  callback(null, bytes);
  return undefined;
}

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  const bytes = Buffer.from(randomHex(view.byteLength), "hex");
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes);
  return view;
}

function randomUUID(): string {
  const hex = randomHex(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function randomInt(min: number, max?: number): number {
  const [low, high] = max === undefined ? [0, min] : [min, max];
  return low + Math.floor(Math.random() * (high - low));
}

function generateKeyPairSync(type: string) {
  if (type !== "ed25519")
    throw new Error(`generateKeyPairSync(${type}): only ed25519 keys are made inside the realm`);
  const [privateKey, publicKey] = host.keyPair(randomHex(32));
  return { privateKey: new KeyObject("private", privateKey), publicKey: new KeyObject("public", publicKey) };
}

const sign = (algorithm: string | null, data: Bytes, key: Key) =>
  out(host.sign(algorithm ?? "", pemOf(key), hexOf(data)));
const verify = (algorithm: string | null, data: Bytes, key: Key, signature: Uint8Array) =>
  host.verify(algorithm ?? "", pemOf(key), hexOf(data), hexOf(signature));

class Signer extends Hash {
  sign(key: Key, encoding?: BufferEncoding): unknown {
    return out(host.sign(this.algorithm, pemOf(key), this.data), encoding);
  }
}
class Verifier extends Hash {
  verify(key: Key, signature: Bytes, encoding?: BufferEncoding): boolean {
    return host.verify(this.algorithm, pemOf(key), this.data, hexOf(signature, encoding));
  }
}

function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) throw new RangeError("Input buffers must have the same byte length");
  return a.every((byte, index) => byte === b[index]);
}

/** What there is of the module; everything else is refused. */
export const crypto = {
  createHash: (algorithm: string) => new Hash(algorithm),
  createHmac: (algorithm: string, key: Bytes) => new Hmac(algorithm, key),
  createSign: (algorithm: string) => new Signer(algorithm),
  createVerify: (algorithm: string) => new Verifier(algorithm),
  createPrivateKey: (key: Key) => new KeyObject("private", pemOf(key)),
  createPublicKey: (key: Key) => {
    const pem = pemOf(key);
    return new KeyObject("public", pem.includes("PRIVATE") ? host.publicKeyOf(pem) : pem);
  },
  hash: (algorithm: string, data: Bytes, encoding: BufferEncoding = "hex") =>
    out(host.hash(algorithm, hexOf(data)), encoding),
  ...{
    randomBytes,
    randomUUID,
    randomInt,
    getRandomValues,
    timingSafeEqual,
    generateKeyPairSync,
    sign,
    verify,
  },
  randomFillSync: getRandomValues,
  KeyObject,
  webcrypto: {
    getRandomValues,
    randomUUID,
    subtle: {
      digest: async (algorithm: string | { name: string }, data: Uint8Array) => {
        const name = typeof algorithm === "string" ? algorithm : algorithm.name;
        const bytes = Buffer.from(
          host.hash(name.replace("-", "").toLowerCase(), hexOf(new Uint8Array(data))),
          "hex",
        );
        return new Uint8Array(bytes).buffer;
      },
    },
  },
  generateKeyPair: refused("crypto", "generateKeyPair"),
  pbkdf2: refused("crypto", "pbkdf2"),
  scrypt: refused("crypto", "scrypt"),
};
Object.defineProperty(globalThis, "crypto", {
  value: crypto.webcrypto,
  writable: true,
  configurable: true,
});

export default crypto;
