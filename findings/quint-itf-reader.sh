#!/usr/bin/env bash
# Quint 0.33.1: its reader of ITF traces (dist/src/itf.js, `ofItf`) and its writer (`toItf`), one after the other, on traces that ADR-015 of
# Apalache allows.
#
# Guess: what is read is written again, up to the form of numbers; what cannot be represented is an error with the place.
# Behaviour: every name that begins with two underscores is dropped, at the top (Quint's own bookkeeping) and inside values as well. A set
#   keeps elements given twice, and a map two values for one key. `#unserializable` is read without complaint, as a name that the
#   writer then refuses. A null, as JSON allows and ITF does not, is a TypeError without the place. A record of exactly the fields `tag` and
#   `value` is a variant, whatever it was.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @informalsystems/quint@0.33.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { ofItf, toItf } = require("@informalsystems/quint/dist/src/itf.js");
const there = (x) => ofItf({ "#meta": {}, vars: ["x"], states: [{ "#meta": { index: 0 }, x }] });
const told = (x) => {
  let read;
  try {
    read = there(x);
  } catch (error) {
    return `not read: ${error.constructor.name}`;
  }
  const variant = JSON.stringify(read, (key, value) => (typeof value === "bigint" ? Number(value) : value)).includes("variant");
  const written = toItf(["x"], read);
  return written.isLeft() ? `read, not written: ${written.value}` : `${JSON.stringify(written.value.states[0].x)}${variant ? ", a variant" : ""}`;
};
for (const x of [1, { a: 1, __b: 2 }, { "#set": [2, 1, 1] }, { "#map": [[1, 2], [1, 3]] }, { "#unserializable": "f" }, null, { tag: "vote", value: 1 }])
  console.log(`${JSON.stringify(x)}: ${told(x)}`);
JS
found=$(node try.cjs)
expected='1: {"#bigint":"1"}
{"a":1,"__b":2}: {"a":{"#bigint":"1"}}
{"#set":[2,1,1]}: {"#set":[{"#bigint":"2"},{"#bigint":"1"},{"#bigint":"1"}]}
{"#map":[[1,2],[1,3]]}: {"#map":[[{"#bigint":"1"},{"#bigint":"2"}],[{"#bigint":"1"},{"#bigint":"3"}]]}
{"#unserializable":"f"}: read, not written: Unexpected expression kind: name
null: not read: TypeError
{"tag":"vote","value":1}: {"tag":"vote","value":{"#bigint":"1"}}, a variant'
echo "$found"
[ "$found" = "$expected" ]
