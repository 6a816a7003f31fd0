#!/usr/bin/env bash
# delta-crdts 0.10.3: in its "Remove-Wins-Last-Write-Wins Set" (rwlwwset) an add wins against a remove of the same time.
#
# Guess: its README lists `rwlwwset` as "Remove-Wins-Last-Write-Wins Set". So where one replica adds an element and another removes it
# with the same timestamp, both replicas come to a set without it, whoever hears of the other first.
# Behaviour: both come to a set that has it. What is joined is "has it been removed", true or false; of two that differ the join takes
# the one that sorts first as text, and "false" comes before "true". (A later removal, or a later add, wins as it should. And
# add and remove take the timestamp before the element, which the README does not say.)
# Output seen:
#   same time: a has x, b has x
#   remove later: a is empty, b is empty
# Exits with 1 if that changes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts delta-crdts@0.10.3 ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat > set.cjs <<'JS'
const Type = require("delta-crdts")("rwlwwset");
function both(addTime, removeTime) {
  const [a, b] = [Type("a"), Type("b")];
  const [added, removed] = [a.add(addTime, "x"), b.remove(removeTime, "x")];
  a.apply(removed);
  b.apply(added);
  const say = (set) => (set.value().has("x") ? "has x" : "is empty");
  return `a ${say(a)}, b ${say(b)}`;
}
console.log(`same time: ${both(1, 1)}`);
console.log(`remove later: ${both(1, 2)}`);
JS
node set.cjs | tee seen.txt
diff seen.txt - <<'SEEN'
same time: a has x, b has x
remove later: a is empty, b is empty
SEEN
