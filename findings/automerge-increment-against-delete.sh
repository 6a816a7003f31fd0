#!/usr/bin/env bash
# @automerge/automerge 3.5.0: a field is changed on one side and deleted on the other at the same time; once it is a number that is set, once
# a counter that is incremented.
#
# Guess: what was changed survives the deletion, which has not seen it; a counter is no exception, for it is there so that nothing is lost.
# Behaviour: a value that is set survives. An incremented counter does not: the deletion takes the counter, and the increment, which is
#   a change of that counter and no new value, with it. Who has the lower actor makes no difference.
# Consequence: a counter that must not lose anything is never deleted, but set to nothing by a field beside it.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @automerge/automerge@3.5.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import * as A from "@automerge/automerge";
function merged(start, change, [changer, deleter]) {
  let x = A.from({ field: start() }, changer);
  let y = A.clone(x, { actor: deleter });
  x = A.change(x, (doc) => change(doc));
  y = A.change(y, (doc) => void delete doc.field);
  return `${JSON.stringify(A.merge(A.clone(x), y))} ${JSON.stringify(A.merge(A.clone(y), x))}`;
}
for (const actors of [["01", "02"], ["02", "01"]]) {
  console.log(`set: ${merged(() => 1, (doc) => void (doc.field = 6), actors)}`);
  console.log(`incremented: ${merged(() => new A.Counter(1), (doc) => doc.field.increment(5), actors)}`);
}
JS
found=$(node try.mjs)
expected='set: {"field":6} {"field":6}
incremented: {} {}
set: {"field":6} {"field":6}
incremented: {} {}'
echo "$found"
[ "$found" = "$expected" ]
