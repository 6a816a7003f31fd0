#!/usr/bin/env bash
# canonicalize 5.1.0 and json-canonicalize 3.0.1, both of RFC 8785, on what JSON.stringify accepts: objects with `toJSON`, functions, gaps.
#
# Guess: where both give a text it is the same, and it is the canonical form of what JSON.parse(JSON.stringify(value)) is.
# Behaviour: of canonicalize that is true. json-canonicalize writes what `toJSON` gives as JSON.stringify does, keys unsorted (so a Buffer or a
#   class of one's own is not canonical); what has no JSON it writes as the word undefined, which no reader of JSON accepts;
#   and it leaves out the gaps of an array, so that later elements move forward.
# Consequence for signed messages: sign the canonical form of plain data; convert first.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts canonicalize@5.1.0 json-canonicalize@3.0.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import canonicalize from "canonicalize";
import { canonicalize as other } from "json-canonicalize";
const vote = { toJSON: () => ({ view: 1, slot: 2 }) };
const values = { vote, none: { x: { toJSON: () => undefined } }, method: { f() {} }, gap: [, 1] };
for (const [name, value] of Object.entries(values))
  console.log(`${name}: ${canonicalize(value)} | ${other(value)} | ${canonicalize(JSON.parse(JSON.stringify(value)))}`);
JS
found=$(node try.mjs)
expected='vote: {"slot":2,"view":1} | {"view":1,"slot":2} | {"slot":2,"view":1}
none: {} | {"x":undefined} | {}
method: {} | {"f":undefined} | {}
gap: [null,1] | [1] | [null,1]'
echo "$found"
[ "$found" = "$expected" ]
