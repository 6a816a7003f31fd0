#!/usr/bin/env bash
# edn-data 1.2.2 and jsedn 0.4.1 as readers of operation histories in the form that Jepsen writes: an EDN map a line, no brackets around.
#
# Guess: a reader of EDN reads all forms of a text, or says that something is left; both give the same data for the same text.
# Behaviour: both read the first operation and are silent about the second. Keywords lose their colon in one (so that the string "a" and the
#   keyword :a become one key, and the later value wins) and keep it in the other. A whole number above 2^53 is rounded by one and becomes a
#   string in the other; `123N`, of arbitrary precision in EDN, is a bigint in one and a number in the other; a ratio is a symbol in one and an
#   error in the other.
# Consequence for a checker of histories: read line by line, and convert numbers and keywords by one's own rule.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts edn-data@1.2.2 jsedn@0.4.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { parseEDNString } from "edn-data";
import jsedn from "jsedn";
const history = "{:process 0, :type :invoke, :value 1}\n{:process 0, :type :ok, :value 1}\n";
const text = (value) =>
  value instanceof Set ? `a set of ${value.size}` : JSON.stringify(value, (_, x) => (typeof x === "bigint" ? `bigint ${x}` : x));
const told = (read) => {
  try {
    return text(read());
  } catch {
    return "an error";
  }
};
const options = { mapAs: "object", keywordAs: "string", listAs: "array" };
for (const edn of [history, '{"a" 1 :a 2}', "9007199254740993", "123N", "1/2"])
  console.log(
    `${JSON.stringify(edn)}: ${told(() => parseEDNString(edn, options))} | ${told(() => jsedn.toJS(jsedn.parse(edn)))}`,
  );
JS
found=$(node try.mjs)
expected='"{:process 0, :type :invoke, :value 1}\n{:process 0, :type :ok, :value 1}\n": {"process":0,"type":"invoke","value":1} | {":process":0,":type":":invoke",":value":1}
"{\"a\" 1 :a 2}": {"a":2} | {"a":1,":a":2}
"9007199254740993": 9007199254740992 | "9007199254740993"
"123N": "bigint 123" | 123
"1/2": {"sym":"1/2"} | an error'
echo "$found"
[ "$found" = "$expected" ]
