#!/usr/bin/env bash
# Spin 6.5.2 (Debian's spin 6.5.2+dfsg-1, with a C compiler): a process that may do nothing for ever, written `do :: skip :: done = true; break od`,
# beside an assertion that fails.
#
# Guess: a state that leads to itself is a state like any other; the search finds the failing assertion, as a random simulation does.
# Behaviour: the verifier refuses a `skip` (or `true`) that is an option of a loop by itself: "has unconditional self-loop", and nothing is searched. There
#   is no line "errors:" at all, the elapsed time is months, and `spin -search` ends with 0 (the verifier itself with 1). `:: done = done`, which
#   does as little, is searched, and the assertion is found.
# Consequence for CI: ask for the line "errors: 0" instead of the absence of an error; write idling as an assignment.
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 >/dev/null 2>&1 || { echo "spin 6.5.2+dfsg-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x spin_*.deb .
for idle in skip true "done = done"; do
  cat >model.pml <<PML
bool done;
active proctype client() { do :: $idle :: done = true; break od; assert(!done) }
PML
  search=0
  usr/bin/spin -search model.pml >search.txt 2>/dev/null || search=$?
  simulation=0
  usr/bin/spin -n1 model.pml >simulation.txt 2>&1 || simulation=$?
  verdict=$(grep -m 1 -oE 'errors: [0-9]+|unconditional self-loop' search.txt)
  echo "$idle: spin -search: exit code $search, $verdict; simulation: $(grep -o 'Error: assertion violated' simulation.txt)"
  rm -f pan* model.pml.trail
done >found.txt
found=$(cat found.txt)
expected='skip: spin -search: exit code 0, unconditional self-loop; simulation: Error: assertion violated
true: spin -search: exit code 0, unconditional self-loop; simulation: Error: assertion violated
done = done: spin -search: exit code 0, errors: 1; simulation: Error: assertion violated'
echo "$found"
[ "$found" = "$expected" ]
