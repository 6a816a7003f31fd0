#!/usr/bin/env bash
# cborg 6.1.5, cbor-x 1.6.9 and cbor2 2.3.0 as encodings of what replicas sign: does one plain value have one sequence of bytes?
#
# Guess: the three differ in speed; for maps, whole numbers and small fractions they write the same bytes (the preferred serialization of
#   RFC 8949), and within one library equal objects have equal bytes.
# Behaviour: cborg sorts keys, the other two keep the order of insertion, so equal objects differ; cbor-x writes map sizes in two bytes more
#   than needed, and whole numbers from 2^32 on as a 64-bit float; cborg and cbor2 write 2^53 as a 32-bit float although 2^53 - 1 is an integer and
#   the bigint 2^53n is one, too, so a number and the bigint that it equals have other digests; minus zero stays what it is only in cbor2.
# Consequence for signed messages: name the library and its settings in the protocol, or sign canonical JSON.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts cborg@6.1.5 cbor-x@1.6.9 cbor2@2.3.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { encode as cborg } from "cborg";
import { encode as x } from "cbor-x";
import { encode as cbor2 } from "cbor2";
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const values = { "{a, b}": { a: 1, b: 2 }, "{b, a}": { b: 2, a: 1 }, "2^40": 2 ** 40, "2^53 - 1": 2 ** 53 - 1, "2^53": 2 ** 53, "2^53n": 2n ** 53n, "-0": -0 };
for (const [name, value] of Object.entries(values)) console.log(name, hex(cborg(value)), hex(x(value)), hex(cbor2(value)));
JS
found=$(node try.mjs)
expected='{a, b} a2616101616202 b90002616101616202 a2616101616202
{b, a} a2616101616202 b90002616202616101 a2616202616101
2^40 1b0000010000000000 fb4270000000000000 1b0000010000000000
2^53 - 1 1b001fffffffffffff fb433fffffffffffff 1b001fffffffffffff
2^53 fa5a000000 fb4340000000000000 fa5a000000
2^53n 1b0020000000000000 1b0020000000000000 1b0020000000000000
-0 00 00 f98000'
echo "$found"
[ "$found" = "$expected" ]
