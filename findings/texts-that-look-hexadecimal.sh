#!/usr/bin/env bash
# Texts that begin with 0x, as a client's request may, in SCALE (@polkadot/types 16.5.6, type Text; scale-ts 1.6.1, str) and in RLP (@onflow/rlp 1.2.4,
# @ethereumjs/rlp 10.1.3, @polkadot/util-rlp 1.8.1).
#
# Guess: a text is its characters in SCALE, where its type says that it is one. RLP has no type of text; its libraries take 0x for hexadecimal and refuse
#   what is none.
# Behaviour: @polkadot/types decodes a Text that is hexadecimal with two digits a byte, and what then is no UTF-8 becomes U+FFFD: 0xaa and 0xab, two digests, have the
#   same bytes. (With an odd number of digits it is text.) @onflow/rlp stops at the first character that is no digit, so "0x12 to r1" and "0x12 to r2" are both
#   the byte 12; @polkadot/util-rlp writes these as text, @ethereumjs/rlp refuses them, and all three write 0xab as one byte.
# Consequence for digests of requests: encode texts to bytes first; then there is nothing to guess.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @polkadot/types@16.5.6 scale-ts@1.6.1 \
  @onflow/rlp@1.2.4 @ethereumjs/rlp@10.1.3 @polkadot/util-rlp@1.8.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import { TypeRegistry } from "@polkadot/types";
import { str } from "scale-ts";
const require = createRequire(import.meta.url);
const registry = new TypeRegistry();
const writers = {
  "polkadot Text": (text) => registry.createType("Text", text).toU8a(),
  "scale-ts": (text) => str.enc(text),
  "onflow": (text) => require("@onflow/rlp").encode(text),
  "ethereumjs": (text) => require("@ethereumjs/rlp").RLP.encode(text),
  "polkadot rlp": (text) => require("@polkadot/util-rlp").encode(text),
};
for (const text of ["0xaa", "0xab", "0xabc", "0x12 to r1", "0x12 to r2"]) {
  const told = Object.entries(writers).map(([name, write]) => {
    try {
      return `${name} ${Buffer.from(write(text)).toString("hex")}`;
    } catch {
      return `${name} refuses`;
    }
  });
  console.log(`${text}: ${told.join(", ")}`);
}
JS
found=$(node try.mjs 2>/dev/null)
expected='0xaa: polkadot Text 0cefbfbd, scale-ts 1030786161, onflow 81aa, ethereumjs 81aa, polkadot rlp 81aa
0xab: polkadot Text 0cefbfbd, scale-ts 1030786162, onflow 81ab, ethereumjs 81ab, polkadot rlp 81ab
0xabc: polkadot Text 143078616263, scale-ts 143078616263, onflow 820abc, ethereumjs 820abc, polkadot rlp refuses
0x12 to r1: polkadot Text 283078313220746f207231, scale-ts 283078313220746f207231, onflow 12, ethereumjs refuses, polkadot rlp 8a3078313220746f207231
0x12 to r2: polkadot Text 283078313220746f207232, scale-ts 283078313220746f207232, onflow 12, ethereumjs refuses, polkadot rlp 8a3078313220746f207232'
echo "$found"
[ "$found" = "$expected" ]
