#!/usr/bin/env bash
# Quint 0.33.1: a step that gives one of two variables no next value.
#
# Guess: `quint typecheck` refuses it, for its effects are checked, and an `any` whose alternatives set different variables is refused; at the latest
#   the simulator stops, as TLC does ("not completely specified by the next-state action").
# Behaviour: both accept it. The variable is gone from the second state on: "No violation found", exit code 0, and the states of the ITF file lack a
#   name that its `vars` lists. Only what reads the variable is an error ("Variable z not set"), so an invariant that comes to it in no run holds.
# Consequence: a forgotten `z' = z` is seen in no run unless an invariant reads z everywhere; a reader of ITF has to look whether every variable is there.
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
  var z: int
  action init = all { n' = 0, z' = 0 }
  action step = n' = n + 1
  val reads = z == 0
  val looksFirst = n < 50 or z == 0
}
QNT
code=0
node_modules/.bin/quint typecheck spec.qnt >/dev/null 2>&1 || code=$?
echo "typecheck: exit code $code" >found.txt
tried() {
  code=0
  node_modules/.bin/quint run spec.qnt --main spec --backend typescript --max-samples 2 --max-steps 2 --seed 1 "${@:2}" >out.txt 2>&1 || code=$?
  echo "$1: exit code $code, $(grep -m 1 -oE 'No violation found|Variable z not set|Found an issue' out.txt)" >>found.txt
}
tried "no invariant" --out-itf spec.itf.json
tried "an invariant that reads z" --invariant reads
tried "one that comes to it late" --invariant looksFirst
node -e '
  const { vars, states } = JSON.parse(require("node:fs").readFileSync("spec.itf.json"));
  console.log(`ITF: vars ${vars}; states with ${states.map((state) => Object.keys(state).filter((name) => name !== "#meta")).join(" | ")}`);
' >>found.txt
found=$(cat found.txt)
expected='typecheck: exit code 0
no invariant: exit code 0, No violation found
an invariant that reads z: exit code 1, Variable z not set
one that comes to it late: exit code 0, No violation found
ITF: vars n,z; states with n,z | n | n'
echo "$found"
[ "$found" = "$expected" ]
