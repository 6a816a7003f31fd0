#!/usr/bin/env bash
# BLS12-381 signatures of @noble/curves 2.4.0, @noble/bls12-381 1.4.0 and bls-eth-wasm 1.7.0: the same secret key, the same message, 96-byte
# signatures, nothing configured.
#
# Guess: the three give the same public key and the same signature; all follow the same draft and the same ciphersuite.
# Behaviour: the public key is the same. The two of noble hash to the curve with the tag of the basic scheme (..._NUL_), bls-eth-wasm with that
#   of proof of possession (..._POP_), as Ethereum does. So the signatures differ, and each says of the other's only that it is
#   not valid: nothing names the domain. Given the tag, curves makes the other's signature.
# Consequence for threshold signatures of replicas: the domain tag belongs into the protocol's text, beside curve and group.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @noble/curves@2.4.0 @noble/bls12-381@1.4.0 bls-eth-wasm@1.7.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import * as old from "@noble/bls12-381";
import { bls12_381 } from "@noble/curves/bls12-381.js";
const eth = createRequire(import.meta.url)("bls-eth-wasm");
await eth.init(eth.BLS12_381);
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const secret = Buffer.from("11".repeat(32), "hex");
const message = Buffer.from("commit view 1 slot 1");
const { longSignatures: long } = bls12_381;
const curves = (tag) => long.Signature.toBytes(long.sign(long.hash(message, tag), secret));
const key = new eth.SecretKey();
key.deserialize(secret);
const ofEth = key.sign(message);
console.log("public keys equal:", hex(old.getPublicKey(secret)) === key.getPublicKey().serializeToHexStr());
console.log("bls12-381 and curves:", hex(await old.sign(message, secret)) === hex(curves()));
console.log("curves and bls-eth-wasm:", hex(curves()) === ofEth.serializeToHexStr());
console.log("curves verifies bls-eth-wasm's:", long.verify(ofEth.serialize(), long.hash(message), old.getPublicKey(secret)));
const pop = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
console.log("curves with the tag POP and bls-eth-wasm:", hex(curves(pop)) === ofEth.serializeToHexStr());
JS
found=$(node try.mjs)
expected='public keys equal: true
bls12-381 and curves: true
curves and bls-eth-wasm: false
curves verifies bls-eth-wasm'"'"'s: false
curves with the tag POP and bls-eth-wasm: true'
echo "$found"
[ "$found" = "$expected" ]
