#!/usr/bin/env bash
# @digitaldefiance/reed-solomon-erasure.wasm 1.0.2: four data shards and two of parity; one instance reconstructs again and again, beside an instance made anew
# for each call.
#
# Guess: an instance has no memory; whatever it did before, it reconstructs when at least four shards are there, and says so when there are fewer.
# Behaviour: `encode` leaves no trace, `reconstruct` does. After the first call the same instance answers 10 ("too few shards present") to every call in which
#   the first shard is there, also if all six are; it reconstructs where the first shard is among the lost ones. An instance made anew reconstructs each time. Data
#   that are wrong were never given out: of 484 pairs of calls 352 ended with a refusal, 132 with the right data.
# Consequence for a replica that disperses blocks by erasure coding: a retrieval that succeeds once in a test says nothing; make an instance for each call. (A test
#   with one lost shard, the first, does not see it.)
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @digitaldefiance/reed-solomon-erasure.wasm@1.0.2 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { ReedSolomonErasure } = require("@digitaldefiance/reed-solomon-erasure.wasm");
const size = 64;
const anew = () => ReedSolomonErasure.fromCurrentDirectorySync();
const whole = Uint8Array.from({ length: 6 * size }, (_, i) => (i < 4 * size ? (i * 7 + 1) % 256 : 0));
anew().encode(whole, 4, 2);
const all = [0, 1, 2, 3, 4, 5];
function reconstructed(instance, lost) {
  const shards = whole.slice();
  for (const shard of lost) shards.fill(0, shard * size, (shard + 1) * size);
  const code = instance.reconstruct(shards, 4, 2, all.map((shard) => !lost.includes(shard)));
  const right = Buffer.compare(shards.subarray(0, 4 * size), whole.subarray(0, 4 * size)) === 0;
  return code === 0 ? (right ? "right" : "wrong data") : `refused with ${code}`;
}
const used = anew();
reconstructed(used, [1]);
for (const lost of [[], [0], [1], [0, 3], [1, 3], [4, 5]])
  console.log(`lost ${lost.join(" and ") || "none"}: made anew ${reconstructed(anew(), lost)}, used before ${reconstructed(used, lost)}`);
const fewLost = all.flatMap((i) => [[i], ...all.slice(i + 1).map((j) => [i, j])]).concat([[]]);
const counts = {};
for (const first of fewLost)
  for (const second of fewLost) {
    const instance = anew();
    reconstructed(instance, first);
    const answer = reconstructed(instance, second);
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
console.log(`second calls: ${JSON.stringify(counts)}`);
JS
found=$(node try.cjs)
expected='lost none: made anew right, used before refused with 10
lost 0: made anew right, used before right
lost 1: made anew right, used before refused with 10
lost 0 and 3: made anew right, used before right
lost 1 and 3: made anew right, used before refused with 10
lost 4 and 5: made anew right, used before refused with 10
second calls: {"right":132,"refused with 10":352}'
echo "$found"
[ "$found" = "$expected" ]
