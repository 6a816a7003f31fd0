#!/usr/bin/env bash
# @ethereumjs/mpt 10.1.3, Ethereum's Merkle Patricia trie: it is copied with `shallowCopy(false)` between `checkpoint` and `commit`, while a block is being executed.
#
# Guess: the copy, which is to leave the checkpoint out, is the state before it: the old root and the old values.
# Behaviour: it has the root of the state that is not yet committed, and none of that state's nodes. Every key reads `null`, as if it were absent, also those that the block has
#   not touched; only `checkRoot` says that something is missing, and `put` ends with "Stack underflow". After the original has committed, the same copy has
#   everything, for both share one database. With `shallowCopy()` the copy reads as the original does.
# Consequence for a replica that answers reads from a copy: take it outside checkpoints, or ask `checkRoot` before "absent" is believed.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @ethereumjs/mpt@10.1.3 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { createMPT } from "@ethereumjs/mpt";
const bytes = (text) => new TextEncoder().encode(text);
const hex = (root) => Buffer.from(root).toString("hex");
const trie = await createMPT();
await trie.put(bytes("touched"), bytes("1"));
await trie.put(bytes("other"), bytes("1"));
const before = hex(trie.root());
trie.checkpoint();
await trie.put(bytes("touched"), bytes("2"));
const now = hex(trie.root());
const read = async (some, key) => {
  const value = await some.get(bytes(key));
  return value === null ? "null" : Buffer.from(value).toString();
};
const said = async (some) => {
  const root = { [before]: "before the block", [now]: "with the block" }[hex(some.root())];
  return `root ${root}, there: ${await some.checkRoot(some.root())}; touched ${await read(some, "touched")}, other ${await read(some, "other")}`;
};
const added = async (some) => {
  try {
    await some.put(bytes("added"), bytes("1"));
    return "done";
  } catch (error) {
    return error.message;
  }
};
const without = trie.shallowCopy(false);
console.log(`the trie: ${await said(trie)}`);
console.log(`shallowCopy(): ${await said(trie.shallowCopy())}`);
console.log(`shallowCopy(false): ${await said(without)}`);
console.log(`put into another such copy: ${await added(trie.shallowCopy(false))}`);
await trie.commit();
console.log(`the same copy after the trie's commit: ${await said(without)}`);
JS
found=$(node try.mjs)
expected='the trie: root with the block, there: true; touched 2, other 1
shallowCopy(): root with the block, there: true; touched 2, other 1
shallowCopy(false): root with the block, there: false; touched null, other null
put into another such copy: Stack underflow
the same copy after the trie'"'"'s commit: root with the block, there: true; touched 2, other 1'
echo "$found"
[ "$found" = "$expected" ]
