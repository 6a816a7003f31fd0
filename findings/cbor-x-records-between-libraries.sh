#!/usr/bin/env bash
# cbor-x 1.6.9: what `encode(value)` and `new Encoder().encode(value)` write, as read by cborg 6.1.5 and cbor2 2.3.0.
#
# Guess: a new Encoder without options is what the exported function uses; other readers understand both.
# Behaviour: the function writes an ordinary map. The class writes a record: tag 57343 with the names of the fields, and later objects of
#   the same shape within that encoder's stream only refer to it by number. cborg refuses the tag; cbor2 gives a Tag object with positional
#   values instead of the map, without an error; and the bytes of the same object depend on what was encoded beside it.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts cborg@6.1.5 cbor-x@1.6.9 cbor2@2.3.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { decode as cborg } from "cborg";
import { Encoder, encode } from "cbor-x";
import { decode as cbor2 } from "cbor2";
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const told = (read) => {
  try {
    const value = read();
    return value.constructor === Object ? JSON.stringify(value) : `an object with tag ${value.tag}`;
  } catch (error) {
    return error.message;
  }
};
for (const [name, bytes] of [["encode", encode({ a: 1 })], ["Encoder", new Encoder().encode({ a: 1 })]])
  console.log(`${name}: ${hex(bytes)}; cborg: ${told(() => cborg(bytes))}; cbor2: ${told(() => cbor2(bytes))}`);
console.log(`twice in one value: ${hex(new Encoder().encode([{ a: 1 }, { a: 1 }]))}`);
JS
found=$(node try.mjs)
expected='encode: b90001616101; cborg: {"a":1}; cbor2: {"a":1}
Encoder: d9dfff8319e00081616101; cborg: CBOR decode error: tag not supported (57343); cbor2: an object with tag 57343
twice in one value: 82d9dfff8319e00081616101d9e0008101'
echo "$found"
[ "$found" = "$expected" ]
