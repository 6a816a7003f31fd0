#!/usr/bin/env bash
# Rumur 2022.08.20 (Debian's rumur 2022.08.20-1, with a C compiler): a search that `--bound` cuts off, for a counter that goes from 0 to 5 and back to 0.
#
# Guess: where the bound has cut states off, the verifier says so; an invariant is "not violated within the bound", and a liveness property that only states beyond the
#   bound could settle is neither proved nor violated.
# Behaviour: for the invariant `n < 3` the bounds 1 and 2 give "No error found" and exit code 0, the same as a search of everything (3 finds the violation). The liveness
#   property `n = 3`, which holds (3 stays within reach of every state), is an error with the bounds 1, 2 and 4 and none with 3: the states at the bound have no successors,
#   so whether it "holds" depends on whether each of these happens to be behind it.
# Consequence: look at the number of states rather than at the verdict; never check liveness with a bound. (Its XML says no more.)
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download rumur=2022.08.20-1 >/dev/null 2>&1 || { echo "rumur 2022.08.20-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x rumur_*.deb .
case $(uname -m) in x86_64) flags=-mcx16 ;; *) flags= ;; esac
tried() {
  cat >model.m <<M
var n: 0..5;
startstate "start" begin n := 0; end;
rule "up" n < 5 ==> begin n := n + 1; end;
rule "again" n = 5 ==> begin n := 0; end;
$2
M
  usr/bin/rumur --bound "$1" --threads 1 --output model.c model.m
  cc -w $flags -o checker model.c -lpthread
  local code=0
  ./checker >out.txt 2>&1 || code=$?
  local verdict states mentioned=
  verdict=$(grep -oE 'No error found|[0-9]+ error\(s\) found' out.txt | tail -1)
  states=$(grep -oE '[0-9]+ states' out.txt | tail -1)
  if grep -qi bound out.txt; then mentioned=', the bound is mentioned'; fi
  echo "  bound $1: exit code $code, $verdict, $states$mentioned"
}
found=$(echo "invariant n < 3:"
for bound in 1 2 3 0; do tried $bound 'invariant "low" n < 3;'; done
echo "liveness n = 3:"
for bound in 1 2 3 4 0; do tried $bound 'liveness "three" n = 3;'; done)
expected='invariant n < 3:
  bound 1: exit code 0, No error found, 2 states
  bound 2: exit code 0, No error found, 3 states
  bound 3: exit code 1, 1 error(s) found, 3 states
  bound 0: exit code 1, 1 error(s) found, 3 states
liveness n = 3:
  bound 1: exit code 1, 1 error(s) found, 2 states
  bound 2: exit code 1, 1 error(s) found, 3 states
  bound 3: exit code 0, No error found, 4 states
  bound 4: exit code 1, 1 error(s) found, 5 states
  bound 0: exit code 0, No error found, 6 states'
echo "$found"
[ "$found" = "$expected" ]
