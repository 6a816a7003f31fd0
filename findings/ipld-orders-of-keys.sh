#!/usr/bin/env bash
# @ipld/dag-cbor 10.0.2 and @ipld/dag-json 11.0.1, the two deterministic codecs of IPLD, on one object and on whole numbers.
#
# Guess: both sort keys the same way, so a value read with one and shown with the other keeps the order of its fields; dag-json writes plain
#   data as canonical JSON (RFC 8785) would.
# Behaviour: dag-cbor puts shorter keys first (a, b, bb, aaa), dag-json sorts by bytes (a, aaa, b, bb). dag-json writes whole numbers above
#   2^53 - 1 with a fraction, `9007199254740992.0`, which canonical JSON never has, so a digest of the text differs from that of any other library.
# Consequence for digests of votes: "sorted keys" is two orders; name the codec.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @ipld/dag-cbor@10.0.2 @ipld/dag-json@11.0.1 canonicalize@5.1.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import * as cbor from "@ipld/dag-cbor";
import * as json from "@ipld/dag-json";
import canonicalize from "canonicalize";
const text = (value) => new TextDecoder().decode(json.encode(value));
const value = { bb: 1, a: 2, aaa: 3, b: 4 };
console.log(`dag-cbor: ${Object.keys(cbor.decode(cbor.encode(value)))}; dag-json: ${Object.keys(JSON.parse(text(value)))}`);
for (const number of [2 ** 53 - 1, 2 ** 53]) console.log(`dag-json ${text(number)}, canonical JSON ${canonicalize(number)}`);
JS
found=$(node try.mjs)
expected='dag-cbor: a,b,bb,aaa; dag-json: a,aaa,b,bb
dag-json 9007199254740991, canonical JSON 9007199254740991
dag-json 9007199254740992.0, canonical JSON 9007199254740992'
echo "$found"
[ "$found" = "$expected" ]
