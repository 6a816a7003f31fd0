#!/usr/bin/env bash
# Spin 6.5.2 (Debian's spin 6.5.2+dfsg-1, with a C compiler): formulas of LTL under `-search -bfs`, which finds shortest counterexamples, beside the search by depth.
#
# Guess: a breadth-first search finds no cycles, so a formula that only a cycle can violate is refused, or not answered.
# Behaviour: it is answered. `<>[] (n == 1)` and `[]<> (n == 2)`, of a process that sets n to 1 and to 0 for ever, are violated by depth and have "errors: 0" with -bfs, which also
#   lists the formula as checked ("never claim + (formula)"); no warning, exit code 0. One line tells: "cycle checks - (disabled by -DSAFETY)". The search by depth
#   with -DSAFETY (`-search -safety`) finds nothing either, but warns. What a finite run violates is found: `[] (n < 1)`.
# Consequence for CI: with -bfs look for "cycle checks" with a minus, or check formulas with <> by depth only.
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 >/dev/null 2>&1 || { echo "spin 6.5.2+dfsg-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x spin_*.deb .
tried() {
  rm -f pan* model.pml.trail
  local code=0
  usr/bin/spin -search $1 model.pml >search.txt 2>&1 || code=$?
  local claim=unchecked warning=none
  if grep -q 'never claim.*+ (formula)' search.txt; then claim=listed; fi
  if grep -q '^warning' search.txt; then warning=one; fi
  echo "  ${1:-by depth}: exit code $code, $(grep -oE 'errors: [0-9]+' search.txt), formula $claim, warning $warning"
}
found=$(for formula in '<> [] (n == 1)' '[] <> (n == 2)' '[] (n < 1)'; do
  printf 'byte n;\nactive proctype p() { do :: n = 1 :: n = 0 od }\nltl formula { %s }\n' "$formula" >model.pml
  echo "$formula"
  for option in '' -bfs -safety; do tried "$option"; done
done)
expected='<> [] (n == 1)
  by depth: exit code 0, errors: 1, formula listed, warning none
  -bfs: exit code 0, errors: 0, formula listed, warning none
  -safety: exit code 0, errors: 0, formula listed, warning one
[] <> (n == 2)
  by depth: exit code 0, errors: 1, formula listed, warning none
  -bfs: exit code 0, errors: 0, formula listed, warning none
  -safety: exit code 0, errors: 0, formula listed, warning one
[] (n < 1)
  by depth: exit code 0, errors: 1, formula listed, warning one
  -bfs: exit code 0, errors: 1, formula listed, warning none
  -safety: exit code 0, errors: 1, formula listed, warning one'
echo "$found"
[ "$found" = "$expected" ]
