#!/usr/bin/env bash
# Spin 6.5.2 (Debian's spin 6.5.2+dfsg-1, with a C compiler): `<>[] (n == 1)` where one process sets n to 1, another sets it to 2, and both end; with and
# without weak fairness (`-f`).
#
# Guess: violated both times, by the run that ends with n = 2. Weak fairness rules out runs in which somebody who could go on never does; here nobody is left
#   who could.
# Behaviour: violated without fairness; with it "errors: 0", with partial-order reduction and without. If both idle in a loop at their end, it is violated
#   again. Not all formulas are concerned: `<> (n == 3)` is violated under -f as well, and so is `[]<> (n == 1)` of one process that sets 1 and then 2.
# Consequence for models whose processes end (decide and stop): let each idle in a loop at its end, and check the formula without -f, too. (It has been
#   reported to Spin's authors.)
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 >/dev/null 2>&1 || { echo "spin 6.5.2+dfsg-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x spin_*.deb .
searched() {
  cc -w "${@:2}" -o pan pan.c
  # shellcheck disable=SC2086
  ./pan $1 2>&1 | grep -oE 'errors: [0-9]+'
}
tried() {
  printf 'byte n;\nltl p { %s }\n%s\n' "$1" "$2" >model.pml
  usr/bin/spin -a model.pml >/dev/null
  echo "$1: without fairness $(searched -a), with $(searched '-a -f'), with and no reduction $(searched '-a -f' -DNOREDUCE)"
}
two='active proctype p1() { n = 1 } active proctype p2() { n = 2 }'
found=$(tried '<>[] (n == 1)' "$two"
tried '<>[] (n == 1)' 'bit i; active proctype p1() { n = 1; do :: i = i od } active proctype p2() { n = 2; do :: i = i od }'
tried '<> (n == 3)' "$two"
tried '[]<> (n == 1)' 'active proctype p1() { n = 1; n = 2 }')
expected='<>[] (n == 1): without fairness errors: 1, with errors: 0, with and no reduction errors: 0
<>[] (n == 1): without fairness errors: 1, with errors: 1, with and no reduction errors: 1
<> (n == 3): without fairness errors: 1, with errors: 1, with and no reduction errors: 1
[]<> (n == 1): without fairness errors: 1, with errors: 1, with and no reduction errors: 1'
echo "$found"
[ "$found" = "$expected" ]
