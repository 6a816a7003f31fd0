#!/usr/bin/env bash
# Quint 0.33.1, `quint run --mbt`: which action `mbt::actionTaken` names, and what `mbt::nondetPicks` keeps.
#
# Guess: the name is that of the alternative of `step` that was taken, and the picks are those that were made.
# Behaviour: it depends on the form of the definitions. A named `any` is looked through, so the innermost alternative is told; a named `all` or `if` is
#   told by its own name, unless it has an `any` inside: then that inner alternative is told, and of two inner ones the last. An alternative without
#   a name is told by the first action in it. A step that is an `if` is told as the step. Of two picks of one name the last is kept, and the state may come from
#   the first.
# Consequence for who drives an implementation by these names: make each alternative of one `any` a named action with no `any` inside, and
#   give every pick a name of its own. (`docs/mapping.md` says so.)
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @informalsystems/quint@0.33.1 antlr4ts@0.5.0-alpha.4 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >spec.qnt <<'QNT'
module spec {
  var n: int
  var k: int
  action init = all { n' = 0, k' = 0 }
  action up = n' = n + 1
  action down = n' = n - 1
  action left = k' = k - 1
  action right = k' = k + 1
  action upRight = all { up, right }
  action onlyUp = any { up }
  action group = any { upRight }
  action withChoice = all { any { up }, k' = k }
  action twoChoices = all { onlyUp, any { right } }
  action byCase = if (n < 100) upRight else all { down, left }
  action picks = all { { nondet v = Set(1).oneOf() n' = v }, { nondet v = Set(2).oneOf() k' = v } }
  action stepGroup = any { group }
  action stepWithChoice = any { withChoice }
  action stepTwoChoices = any { twoChoices }
  action stepUnnamed = any { all { right, up } }
  action stepByCase = any { byCase }
  action stepIf = if (n < 100) upRight else all { down, left }
  action stepPicks = any { picks }
}
QNT
for step in stepGroup stepWithChoice stepTwoChoices stepUnnamed stepByCase stepIf stepPicks; do
  node_modules/.bin/quint run spec.qnt --main spec --step $step --mbt --backend typescript --max-samples 1 --max-steps 1 --seed 1 --out-itf $step.itf.json >/dev/null
  node -e '
    const { states } = JSON.parse(require("node:fs").readFileSync(process.argv[1]));
    const { n, k, "mbt::actionTaken": taken, "mbt::nondetPicks": picks } = states[1];
    const number = (value) => value["#bigint"];
    const v = picks.v?.value["#bigint"];
    console.log(`${process.argv[2]}: ${taken}${v ? `, v ${v} (n ${number(n)}, k ${number(k)})` : ""}`);
  ' $step.itf.json $step
done >found.txt
found=$(cat found.txt)
expected='stepGroup: upRight
stepWithChoice: up
stepTwoChoices: right
stepUnnamed: right
stepByCase: byCase
stepIf: stepIf
stepPicks: picks, v 2 (n 1, k 2)'
echo "$found"
[ "$found" = "$expected" ]
