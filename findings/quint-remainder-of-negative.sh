#!/usr/bin/env bash
# @informalsystems/quint 0.33.1 (with antlr4ts 0.5.0-alpha.4, and its evaluator in TypeScript): whole numbers divided, and their remainders, where one is negative.
#
# Guess: as in TLA+, whose logic Quint's is, and as TLC computes them: the quotient is rounded down, the remainder of a positive divisor is never negative, so
#   `(view - 1) % 4` is a replica for every view.
# Behaviour: as in JavaScript: the quotient is rounded towards zero and the remainder has the sign of the dividend. -7 / 2 is -3 and -7 % 2 is -1, where TLA+ has -4
#   and 1; the primary of view -1 is replica -1, who is none of the four.
# Consequence: what a specification says of "the primary before this one" may differ between `quint run` and a checker of TLA+; write (view + 3) % 4.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @informalsystems/quint@0.33.1 antlr4ts@0.5.0-alpha.4 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >primary.qnt <<'Q'
module primary {
  pure def primaryOf(view: int): int = view % 4
  var view: int
  action init = view' = 0
  action step = view' = view + 1
  val before = primaryOf(view - 1).in(0.to(3))
}
Q
found=$(printf '(-7 / 2, -7 %% 2)\n(7 / -2, 7 %% -2)\nprimaryOf(-1)\n' | npx quint repl --backend typescript --quiet -r primary.qnt::primary 2>&1 | sed 's/^>>> //' | grep . || true
  npx quint run --backend typescript --invariant before primary.qnt 2>&1 | grep -oE '^\[(ok|violation)\]|State [0-9]+].*' || true)
expected='(-3, -1)
(-3, 1)
-1
State 0] { view: 0 }
[violation]'
echo "$found"
[ "$found" = "$expected" ]
