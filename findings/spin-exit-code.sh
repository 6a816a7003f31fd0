#!/usr/bin/env bash
# Spin 6.5.2 (Debian's spin 6.5.2+dfsg-1, with a C compiler): the exit code of a verification that finds a violated assertion.
#
# Guess: not zero, as of every other checker that runs in CI.
# Behaviour: zero, of the verifier `pan` and of `spin -search` that runs it; only the line "errors: 1" tells. (With an error in the model itself spin ends
#   with 1.)
# Consequence for CI: look for "errors: 0".
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 >/dev/null 2>&1 || { echo "spin 6.5.2+dfsg-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x spin_*.deb .
cat >model.pml <<'PML'
int votes = 0;
active [2] proctype replica() { int seen = votes; votes = seen + 1 }
active proctype watch() { _nr_pr == 1; assert(votes == 2) }
PML
usr/bin/spin -a model.pml
cc -w -DSAFETY -o pan pan.c
code=0
./pan >pan.txt || code=$?
search=0
usr/bin/spin -search model.pml >search.txt || search=$?
found="pan: exit code $code, $(grep -o 'errors: [0-9]*' pan.txt)
spin -search: exit code $search, $(grep -o 'errors: [0-9]*' search.txt)"
expected='pan: exit code 0, errors: 1
spin -search: exit code 0, errors: 1'
echo "$found"
[ "$found" = "$expected" ]
