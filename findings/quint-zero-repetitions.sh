#!/usr/bin/env bash
# @informalsystems/quint 0.33.1 (with antlr4ts 0.5.0-alpha.4, and its evaluator in TypeScript): a test whose run repeats an action as often as there are faulty
# replicas, and there are none.
#
# Guess: `n.reps(i => A)` with n = 0 leaves the state as it is, which is what its documentation says, and the run goes on from there.
# Behaviour: the state is gone: what comes next, an action or an `expect`, ends with "Variable sent not set". At the beginning of a run, before `init`, and at its end
#   zero repetitions do no harm, so a test that only ends with them passes.
# Consequence for runs that are parameters' (n replicas, f faults): write `if (n > 0) n.reps(...) else all { x' = x }`, and try f = 0.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @informalsystems/quint@0.33.1 antlr4ts@0.5.0-alpha.4 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >faults.qnt <<'Q'
module faults {
  var sent: List[str]
  action init = sent' = []
  action say(who: str): bool = sent' = sent.append(who)
  action faulty(n: int): bool = if (n > 0) n.reps(i => say("faulty")) else all { sent' = sent }
  run twoTest = init.then(2.reps(i => say("faulty"))).then(say("r0")).expect(sent.length() == 3)
  run zeroTest = init.then(0.reps(i => say("faulty"))).then(say("r0")).expect(sent.length() == 1)
  run zeroExpectTest = init.then(0.reps(i => say("faulty"))).expect(sent == [])
  run zeroLastTest = init.then(0.reps(i => say("faulty")))
  run zeroFirstTest = 0.reps(i => say("faulty")).then(init).then(say("r0")).expect(sent.length() == 1)
  run guardedTest = init.then(faulty(0)).then(say("r0")).expect(sent.length() == 1)
}
Q
found=$(npx quint test --backend typescript faults.qnt 2>&1 | grep -oE '[a-zA-Z]+Test (passed|failed)|Error \[.*' || true)
expected='twoTest passed
zeroTest failed
zeroExpectTest failed
zeroLastTest passed
zeroFirstTest passed
guardedTest passed
Error [QNT502]: Variable sent not set
Error [QNT502]: Variable sent not set'
echo "$found"
[ "$found" = "$expected" ]
