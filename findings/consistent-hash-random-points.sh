#!/usr/bin/env bash
# consistent-hash 1.2.2: two nodes build the ring of the same three servers, each in its own process or its own order, and look up the same 3,000 keys.
#
# Guess: a server's points on the ring are hashes of its name, so whoever knows the same servers finds the same one for a key. hashring 3.2.0 is like that.
# Behaviour: the points are drawn with Math.random, so two rings of the same list agree on about a third of the keys, as if they had guessed. With
#   `distribution: "uniform"` equal lists give equal rings, but a list in another order gives another ring, and so does one that grew: after r3 has
#   joined a ring that was in use, more than half of the keys are elsewhere than on a ring made of all four. (In one ring only those move that have to.)
# Consequence: replicas that place keys with it must share one ring's points, or its whole history; a restarted one has neither.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts consistent-hash@1.2.2 hashring@3.2.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const ConsistentHash = require("consistent-hash");
const HashRing = require("hashring");
const keys = Array.from({ length: 3000 }, (_, i) => `k${i}`);
const differing = (a, b) => keys.filter((key) => a.get(key) !== b.get(key)).length;
const told = (count) => (count === 0 ? "the same" : count > keys.length / 2 ? "more than half of the keys elsewhere" : `${count} elsewhere`);
const kinds = {
  "hashring": () => new HashRing(),
  "consistent-hash": () => new ConsistentHash(),
  "consistent-hash, uniform": () => new ConsistentHash({ distribution: "uniform" }),
};
for (const [name, empty] of Object.entries(kinds)) {
  const ringOf = (...servers) => {
    const ring = empty();
    for (const server of servers) ring.add(server);
    return ring;
  };
  const ring = ringOf("r0", "r1", "r2");
  console.log(`${name}: equal lists: ${told(differing(ring, ringOf("r0", "r1", "r2")))}`);
  console.log(`${name}: another order: ${told(differing(ring, ringOf("r2", "r1", "r0")))}`);
  const before = new Map(keys.map((key) => [key, ring.get(key)]));
  ring.add("r3");
  const moved = keys.filter((key) => ring.get(key) !== before.get(key) && ring.get(key) !== "r3").length;
  console.log(`${name}: grown and made of all: ${told(differing(ring, ringOf("r0", "r1", "r2", "r3")))}; moved between old ones: ${moved}`);
}
JS
found=$(node try.cjs)
expected='hashring: equal lists: the same
hashring: another order: the same
hashring: grown and made of all: the same; moved between old ones: 0
consistent-hash: equal lists: more than half of the keys elsewhere
consistent-hash: another order: more than half of the keys elsewhere
consistent-hash: grown and made of all: more than half of the keys elsewhere; moved between old ones: 0
consistent-hash, uniform: equal lists: the same
consistent-hash, uniform: another order: more than half of the keys elsewhere
consistent-hash, uniform: grown and made of all: more than half of the keys elsewhere; moved between old ones: 0'
echo "$found"
[ "$found" = "$expected" ]
