#!/usr/bin/env bash
# yjs 13.6.33 and ywasm 0.18.3 (the same CRDT in Rust): two replicas each set a key twice, and a third one, in either library, has had their updates.
#
# Guess: both implement one format, and write the same bytes for a text; so for the same updates `encodeStateAsUpdate` and `encodeStateVector` are the same in both,
#   whatever order the updates came in, and a digest of either tells whether two replicas agree.
# Behaviour: the documents are equal, and each library by itself writes the same bytes for every order of arrival. But yjs names clients from the highest to the
#   lowest in the state vector and in the list of what was deleted, ywasm in an order of its own, so the digests differ. Read by yjs and written again, ywasm's are
#   yjs's.
# Consequence: compare documents, or state vectors as maps; a digest of the encoding only holds among replicas with the same library.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts yjs@13.6.33 ywasm@0.18.3 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const yjs = require("yjs");
const ywasm = require("ywasm");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const made = (clientID) => {
  const doc = new yjs.Doc();
  doc.clientID = clientID;
  for (const value of [1, 2]) doc.getMap("votes").set(`r${clientID}`, value);
  return yjs.encodeStateAsUpdate(doc);
};
const updates = [made(1), made(2)];
const inYjs = (some) => some.reduce((doc, update) => (yjs.applyUpdate(doc, update), doc), new yjs.Doc());
const inYwasm = (some) => some.reduce((doc, update) => (ywasm.applyUpdate(doc, update, null), doc), new ywasm.YDoc({}));
const orders = [updates, [...updates].reverse()];
const [ours, theirs] = [orders.map(inYjs), orders.map(inYwasm)];
const sorted = (map) => JSON.stringify(Object.entries(map).sort());
const [first, second] = [hex(yjs.encodeStateAsUpdate(ours[0])), hex(ywasm.encodeStateAsUpdate(theirs[0]))];
console.log(`documents: equal ${sorted(ours[0].getMap("votes").toJSON()) === sorted(theirs[0].getMap("votes").toJson())}`);
console.log(`other order of arrival: yjs equal ${hex(yjs.encodeStateAsUpdate(ours[1])) === first}, ywasm equal ${hex(ywasm.encodeStateAsUpdate(theirs[1])) === second}`);
console.log(`state of both: equal ${first === second}, as long ${first.length === second.length}`);
console.log(`state vectors: ${hex(yjs.encodeStateVector(ours[0]))} ${hex(ywasm.encodeStateVector(theirs[0]))}`);
console.log(`ywasm's state through yjs: equal ${hex(yjs.encodeStateAsUpdate(inYjs([Buffer.from(second, "hex")]))) === first}`);
JS
found=$(node try.cjs)
expected="documents: equal true
other order of arrival: yjs equal true, ywasm equal true
state of both: equal false, as long true
state vectors: 0202020102 0201020202
ywasm's state through yjs: equal true"
echo "$found"
[ "$found" = "$expected" ]
