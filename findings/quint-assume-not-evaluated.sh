#!/usr/bin/env bash
# @informalsystems/quint 0.33.1 (with antlr4ts 0.5.0-alpha.4, and its evaluator in TypeScript): `assume resilience = N > 3 * F` of a module that is used with N = 3 and F = 1.
#
# Guess: as ASSUME in TLA+, which TLC evaluates before anything else: `quint typecheck`, or at the latest `quint run`, says that the assumption does not hold.
# Behaviour: nothing says so. `quint typecheck` and `quint test` end with 0, `quint run` with "[ok] No violation found", even beside `assume impossible = false`. The same
#   condition as an invariant is violated in the first state. (Its authors know: assumptions are parsed, and nothing evaluates them yet.)
# Consequence: what was found of an instance may lie outside its own assumptions; state them as invariants as well.
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
  const N: int
  const F: int
  assume resilience = N > 3 * F
  assume impossible = false
  var count: int
  action init = count' = 0
  action step = all { count < N, count' = count + 1 }
  val counted = count <= N
  val resilient = N > 3 * F
  run allTest = init.then(N.reps(i => step)).expect(counted)
}
module three {
  import votes(N = 3, F = 1).*
}
Q
tried() {
  local code=0 said assumption='not told'
  npx quint "$@" votes.qnt >out.txt 2>&1 || code=$?
  said=$(grep -oE '\[ok\]|\[violation\]|[0-9]+ passing' out.txt || echo silent)
  if grep -qi assum out.txt; then assumption=told; fi
  echo "exit code $code, $said, assumption $assumption"
}
found=$(echo "typecheck: $(tried typecheck)"
echo "test: $(tried test --backend typescript --main three)"
echo "run, counted: $(tried run --backend typescript --main three --invariant counted)"
echo "run, resilient: $(tried run --backend typescript --main three --invariant resilient)")
expected='typecheck: exit code 0, silent, assumption not told
test: exit code 0, 1 passing, assumption not told
run, counted: exit code 0, [ok], assumption not told
run, resilient: exit code 1, [violation], assumption not told'
echo "$found"
[ "$found" = "$expected" ]
