#!/usr/bin/env bash
# merkletreejs 0.6.0: trees of one to nine transactions, as they come and with the options `sortPairs`, `isBitcoinTree`, `duplicateOdd` and `complete`; for each leaf the proof that
# the tree gives, verified by the same tree.
#
# Guess: whatever the shape of the tree, a proof that it gives is one that it accepts.
# Behaviour: with `duplicateOdd` (a node without a sibling is paired with itself, as in Bitcoin) the proofs of leaves that are below such a node lack that step, and are refused: of
#   three leaves the last, of six the last two. With `complete` those of many leaves are refused in trees of 5, 6 and 9. Without options, with `sortPairs` and with
#   `isBitcoinTree` all are accepted. A tree of 4 or 8 leaves, which is what a test is likely to have, shows nothing.
# Consequence for light clients: test proofs for every leaf and for numbers of leaves that are no power of two.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts merkletreejs@0.6.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { createHash } = require("node:crypto");
const { MerkleTree } = require("merkletreejs");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
for (const option of [null, "sortPairs", "isBitcoinTree", "duplicateOdd", "complete"]) {
  const refused = [];
  for (let n = 1; n <= 9; n++) {
    const leaves = Array.from({ length: n }, (_, i) => sha256(`transaction ${i + 1}`));
    const tree = new MerkleTree(leaves, sha256, option === null ? {} : { [option]: true });
    const bad = leaves.flatMap((leaf, i) => (tree.verify(tree.getProof(leaf), leaf, tree.getRoot()) ? [] : [i + 1]));
    if (bad.length > 0) refused.push(`${bad.join(" ")} of ${n}`);
  }
  console.log(`${option ?? "no option"}: ${refused.join(", ") || "no proof refused"}`);
}
JS
found=$(node try.cjs)
expected='no option: no proof refused
sortPairs: no proof refused
isBitcoinTree: no proof refused
duplicateOdd: 3 of 3, 5 of 5, 5 6 of 6, 7 of 7, 9 of 9
complete: 3 4 5 of 5, 5 6 of 6, 3 4 5 6 7 8 9 of 9'
echo "$found"
[ "$found" = "$expected" ]
