#!/usr/bin/env bash
# @informalsystems/quint 0.33.1 (with antlr4ts 0.5.0-alpha.4, and its evaluator in TypeScript): `fold` over two sets that are equal.
#
# Guess: its documentation leaves the order open, so the order is one of the set's elements, sorted for instance: a pure definition of a value has one value, and
#   equal sets give equal results.
# Behaviour: the order is the one in which the set was written, or in which it has come about. Set(3, 1, 2) == Set(2, 1, 3) is true; the lists of their elements are
#   [3, 1, 2] and [2, 1, 3], and differ. Nothing warns of it. So whoever takes the first of the votes by a fold has a `pure def` that takes other votes after another
#   schedule that leads to the same state: two states that are equal have other successors.
# Consequence: fold only with what does not care about the order (sum, maximum, union); choose by the least of an order of one's own.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @informalsystems/quint@0.33.1 antlr4ts@0.5.0-alpha.4 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >votes.qnt <<'Q'
module votes {
  pure def listed(votes: Set[int]): List[int] = votes.fold([], (list, vote) => list.append(vote))
  pure val one = Set(3, 1, 2)
  pure val other = Set(2, 1, 3)
  var votes: Set[int]
  action init = votes' = Set()
  action hear(vote: int): bool = votes' = votes.union(Set(vote))
  run upTest = init.then(hear(1)).then(hear(2)).expect(and { votes == Set(1, 2), listed(votes)[0] == 1 })
  run downTest = init.then(hear(2)).then(hear(1)).expect(and { votes == Set(1, 2), listed(votes)[0] == 2 })
}
Q
found=$(printf 'one == other\nlisted(one)\nlisted(other)\nlisted(one) == listed(other)\nlisted(1.to(3))\n' |
  npx quint repl --backend typescript --quiet -r votes.qnt::votes 2>&1 | sed 's/^>>> //' | grep . || true
  npx quint test --backend typescript votes.qnt 2>&1 | grep -oE '(ok|[0-9]+\)) (up|down)Test (passed|failed)')
expected='true
[3, 1, 2]
[2, 1, 3]
false
[1, 2, 3]
ok upTest passed
ok downTest passed'
echo "$found"
[ "$found" = "$expected" ]
