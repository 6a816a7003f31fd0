#!/usr/bin/env bash
# Spin 6.5.2 (Debian's spin 6.5.2+dfsg-1, with a C compiler): an assertion about `_nr_pr`, the number of processes that run, under partial-order
# reduction, which is on unless -DNOREDUCE is given.
#
# Guess: `_nr_pr` is global, so a statement that reads it is not independent of those that start or end a process; the verdict is that of the full search.
# Behaviour: it is taken to be independent. Both the depth-first and the breadth-first search say "errors: 0" of an assertion that fails in three of the
#   first ten random simulations, and in the search without reduction. Spin warns of a combination with remote references to variables, and says nothing here.
# Consequence: a model that reads _nr_pr (to wait for children, to count replicas) is verified with -DNOREDUCE.
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 >/dev/null 2>&1 || { echo "spin 6.5.2+dfsg-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x spin_*.deb .
cat >model.pml <<'PML'
active proctype replica() { skip }
active proctype watch() { assert(_nr_pr < 4) }
proctype late() { skip }
init { run late() }
PML
usr/bin/spin -a model.pml
searched() {
  cc -w "$@" -o pan pan.c 2>/dev/null
  ./pan >out.txt 2>&1 || true
  grep -oE 'errors: [0-9]+' out.txt
}
failing=0
for seed in 1 2 3 4 5 6 7 8 9 10; do
  usr/bin/spin "-n$seed" model.pml >simulation.txt 2>&1 || true
  if grep -q 'assertion violated' simulation.txt; then failing=$((failing + 1)); fi
done
found="as it comes: $(searched -DSAFETY)
breadth first: $(searched -DBFS)
without reduction: $(searched -DSAFETY -DNOREDUCE)
random simulations that fail: $failing of 10"
expected='as it comes: errors: 0
breadth first: errors: 0
without reduction: errors: 1
random simulations that fail: 3 of 10'
echo "$found"
[ "$found" = "$expected" ]
