#!/usr/bin/env bash
# @liskhq/lisk-tree 0.5.0: the Merkle root of up to 20 transactions, by the tree made of all of them, by `append` one after the other, and by the functions that need no tree; and
# `update` of one of them.
#
# Guess: all ways come to the same root (that of RFC 6962, section 2.1), and after `update` the tree has the root that it returned.
# Behaviour: a tree to which leaves are appended one after the other has a wrong root from the seventh leaf on, and never a right one again; one that begins with six has it from
#   the eleventh on. A single append to a tree that was made of all others is right, and so are `calculateMerkleRoot`, which keeps the path by itself, and
#   `calculateMerkleRootWithLeaves`. `update` returns the right root, and `root` keeps the old one.
# Consequence: a replica that makes its tree of the transactions and one that appends them as they come disagree. Use the
#   functions; test with more than six leaves.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @liskhq/lisk-tree@0.5.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { createHash } = require("node:crypto");
const { MerkleTree, regularMerkleTree } = require("@liskhq/lisk-tree");
const hash = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leaves = Array.from({ length: 20 }, (_, i) => Buffer.from(`transaction ${i + 1}`));
/** RFC 6962: the left tree is the largest power of two that leaves something for the right one. */
const rootOf = (some) => {
  if (some.length === 0) return hash();
  if (some.length === 1) return hash(Buffer.from([0]), some[0]);
  const left = 2 ** Math.ceil(Math.log2(some.length) - 1);
  return hash(Buffer.from([1]), rootOf(some.slice(0, left)), rootOf(some.slice(left)));
};
const treeOf = async (some) => {
  const tree = new MerkleTree();
  await tree.init(some);
  return tree;
};
const wrong = { "made of all": [], "one appended to the others": [], calculateMerkleRoot: [], calculateMerkleRootWithLeaves: [] };
const growing = { "appended to none": growingFrom(0), "appended to six": growingFrom(6) };
function growingFrom(size) {
  return { size, wrong: [], tree: treeOf(leaves.slice(0, size)) };
}
(async () => {
  let path = { appendPath: [], size: 0 };
  for (let n = 1; n <= leaves.length; n++) {
    const some = leaves.slice(0, n);
    const right = rootOf(some);
    const compare = (name, root) => root.equals(right) || wrong[name].push(n);
    compare("made of all", (await treeOf(some)).root);
    const others = await treeOf(some.slice(0, -1));
    await others.append(some.at(-1));
    compare("one appended to the others", others.root);
    path = regularMerkleTree.calculateMerkleRoot({ value: some.at(-1), ...path });
    compare("calculateMerkleRoot", path.root);
    compare("calculateMerkleRootWithLeaves", regularMerkleTree.calculateMerkleRootWithLeaves(some));
    for (const one of Object.values(growing)) {
      if (n <= one.size) continue;
      const tree = await one.tree;
      await tree.append(some.at(-1));
      if (!tree.root.equals(right)) one.wrong.push(n);
    }
  }
  for (const [name, numbers] of [...Object.entries(wrong), ...Object.entries(growing).map(([name, one]) => [name, one.wrong])])
    console.log(`${name}: wrong for ${numbers.join(" ") || "none"}`);
  const tree = await treeOf(leaves.slice(0, 3));
  const { idxs } = await tree.generateProof([hash(Buffer.from([0]), leaves[1])]);
  const before = tree.root;
  const updated = await tree.update(idxs, [leaves[4]]);
  const expected = rootOf([leaves[0], leaves[4], leaves[2]]);
  console.log(`update: what it returns is right: ${updated.equals(expected)}, root is right: ${tree.root.equals(expected)}, root is the old one: ${tree.root.equals(before)}`);
})();
JS
found=$(node try.cjs)
expected='made of all: wrong for none
one appended to the others: wrong for none
calculateMerkleRoot: wrong for none
calculateMerkleRootWithLeaves: wrong for none
appended to none: wrong for 7 8 9 10 11 12 13 14 15 16 17 18 19 20
appended to six: wrong for 11 12 13 14 15 16 17 18 19 20
update: what it returns is right: true, root is right: false, root is the old one: true'
echo "$found"
[ "$found" = "$expected" ]
