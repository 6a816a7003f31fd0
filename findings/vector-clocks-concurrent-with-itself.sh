#!/usr/bin/env bash
# @thi.ng/vclock 0.1.10 and vectorclock 0.0.0: is a clock concurrent with itself, and is a counter of zero one that is not there?
#
# Guess: `isConcurrent` is true if neither happened before the other and they differ, as in the literature; {a: 1} and {a: 1, b: 0} are the same
#   clock, for a component that is missing counts as zero.
# Behaviour: in both libraries `compare` gives 0 for equal clocks and for concurrent ones, and `isConcurrent` is true of both, so a clock is
#   concurrent with itself. Missing counts as zero for `compare`, but not for `equiv` and `isIdentical`: {a: 1} and {a: 1, b: 0} are neither before,
#   nor after, nor the same.
# Consequence: whoever keeps "siblings" while they are concurrent keeps a copy of the same version for each delivery.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @thi.ng/vclock@0.1.10 vectorclock@0.0.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { compare, equiv, isConcurrent } from "@thi.ng/vclock";
import old from "vectorclock";
const [a, alike] = [{ a: 1 }, { a: 1, b: 0 }];
console.log("concurrent with itself:", isConcurrent(a, a), old.isConcurrent(a, a));
console.log("compared with a zero more:", compare(a, alike), old.compare(a, alike));
console.log("the same with a zero more:", equiv(a, alike), old.isIdentical(a, alike));
JS
found=$(node try.mjs)
expected='concurrent with itself: true true
compared with a zero more: 0 0
the same with a zero more: false false'
echo "$found"
[ "$found" = "$expected" ]
