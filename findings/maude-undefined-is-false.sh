#!/usr/bin/env bash
# Maude 3.2 (Debian's maude 3.2-2 and the libraries beside it): `search` and the LTL model checker, where a condition or a proposition has no value, because an
# equation is missing (a partial function, a case that was forgotten).
#
# Guess: an error, or the term that cannot be reduced any further as a result, which is what `reduce` answers.
# Behaviour: whatever is not `true` counts as false, without a word. Two replicas may decide A and B; `compatible` has equations for the cases in which it is true, and the
#   one for A and B was forgotten. Then `[] ~ disagree`, where `disagree` is `not compatible`, is true, and `search ... such that disagree` has no solution, while
#   `[] agree`, where `agree` is `compatible`, has a counterexample. `reduce state |= disagree` shows the term that is stuck.
# Consequence: a safety property that holds may only lack an equation. Reduce each proposition in some states first, or say what is good (`[] agree`), so that a missing
#   equation is a violation.
set -euo pipefail
for tool in apt-get dpkg; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download maude=3.2-2 libtecla1 libbdd0c2 libsigsegv2 libgmpxx4ldbl >/dev/null 2>&1 || { echo "maude 3.2-2 cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
cat >all.maude <<'M'
load model-checker.maude
mod REPLICAS is
  including SATISFACTION .
  sort Block .
  ops none A B : -> Block [ctor] .
  op <_,_> : Block Block -> State [ctor] .
  vars X Y : Block .
  rl [decideA] : < none, Y > => < A, Y > .
  rl [decideB] : < X, none > => < X, B > .
endm
mod PROPERTIES is
  protecting REPLICAS .
  including MODEL-CHECKER .
  op compatible : Block Block -> Bool .
  ops agree disagree : -> Prop [ctor] .
  vars X Y : Block .
  eq compatible(X, X) = true .
  eq compatible(none, X) = true .
  eq compatible(X, none) = true .
  eq < X, Y > |= agree = compatible(X, Y) .
  eq < X, Y > |= disagree = not compatible(X, Y) .
endm
red modelCheck(< none, none >, [] ~ disagree) .
red modelCheck(< none, none >, [] agree) .
red < A, B > |= disagree .
search < none, none > =>* S:State such that S:State |= disagree .
search < none, none > =>* < A, B > .
M
found=$(LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) MAUDE_LIB=usr/share/maude usr/bin/maude -no-banner -no-wrap all.maude </dev/null 2>&1 |
  grep -E '^(Warning|reduce|result|search|Solution|No solution)')
expected='reduce in PROPERTIES : modelCheck(< none,none >, []~ disagree) .
result Bool: true
reduce in PROPERTIES : modelCheck(< none,none >, []agree) .
result ModelCheckResult: counterexample({< none,none >,'\''decideA} {< A,none >,'\''decideB}, {< A,B >,deadlock})
reduce in PROPERTIES : < A,B > |= disagree .
result Bool: true xor compatible(A, B)
search in PROPERTIES : < none,none > =>* S:State such that S:State |= disagree = true .
No solution.
search in PROPERTIES : < none,none > =>* < A,B > .
Solution 1 (state 3)'
echo "$found"
[ "$found" = "$expected" ]
