#!/usr/bin/env bash
# Maps and sets in borsh 2.0.0 and borsher 4.0.0, beside @zorsh/zorsh 0.5.0 (three of Borsh, the "binary object representation serializer for hashing") and
# @mysten/bcs 2.1.2: one map, its entries put in in another order each time.
#
# Guess: all four sort by key, as both formats' specifications ask; equal maps have equal bytes.
# Behaviour: borsh and borsher write entries as they were put in, maps and sets, so equal maps have two digests, and neither is that of Rust where the order
#   is not by accident sorted. zorsh sorts by value (1, 256), bcs by the keys' bytes (0001 for 256 before 0100 for 1), each as its format asks, so a change of
#   format is also a change of order.
# Consequence: sort the entries before they are serialized; or sign lists of pairs.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts borsh@2.0.0 borsher@4.0.0 @zorsh/zorsh@0.5.0 @mysten/bcs@2.1.2 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import { bcs } from "@mysten/bcs";
const require = createRequire(import.meta.url);
const borsh = require("borsh");
const { BorshSchema, borshSerialize } = require("borsher");
const { b } = require("@zorsh/zorsh");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const writers = {
  borsh: (map) => borsh.serialize({ map: { key: "u16", value: "u8" } }, map),
  "borsh, its keys as a set": (map) => borsh.serialize({ set: "u16" }, new Set(map.keys())),
  borsher: (map) => borshSerialize(BorshSchema.HashMap(BorshSchema.u16, BorshSchema.u8), map),
  zorsh: (map) => b.hashMap(b.u16(), b.u8()).serialize(map),
  bcs: (map) => bcs.map(bcs.u16(), bcs.u8()).serialize(map).toBytes(),
};
const entries = [[1, 2], [256, 3]];
for (const [name, write] of Object.entries(writers)) {
  const one = hex(write(new Map(entries)));
  const other = hex(write(new Map(entries.toReversed())));
  console.log(`${name}: ${one}${one === other ? "" : ` ${other}`}`);
}
JS
found=$(node try.mjs)
expected='borsh: 02000000010002000103 02000000000103010002
borsh, its keys as a set: 0200000001000001 0200000000010100
borsher: 02000000010002000103 02000000000103010002
zorsh: 02000000010002000103
bcs: 02000103010002'
echo "$found"
[ "$found" = "$expected" ]
