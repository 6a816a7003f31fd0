#!/usr/bin/env bash
# Spin 6.5.2 as Debian builds it (6.5.2+dfsg-1): the "next" operator of LTL.
#
# Guess: `X` is there, as in Spin's manual and in a build of the same version with its own makefile, which has -DNXT among its default flags.
# Behaviour: it is a syntax error ("expected predicate, saw 'X'"), in a formula of the model and with -f. Debian's build gives flags of its own,
#   and the makefile's default, with -DNXT in it, counts only if none are given.
# Consequence: a model with X that runs elsewhere does not in an image with Debian's package.
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 >/dev/null 2>&1 || { echo "spin 6.5.2+dfsg-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x spin_*.deb .
cat >model.pml <<'PML'
byte view;
ltl one_by_one { [] (view == 0 -> X (view <= 1)) }
active proctype replica() { view = 1; view = 2 }
PML
tried() {
  local code=0
  "$@" >out.txt 2>&1 || code=$?
  echo "exit code $code$(grep -m 1 -oE "expected predicate, saw 'X'" out.txt | sed 's/^/, /')"
}
found="in the model: $(tried usr/bin/spin -a model.pml)
with -f: $(tried usr/bin/spin -f 'X p')
without X: $(tried usr/bin/spin -f '<> p')"
expected="in the model: exit code 1, expected predicate, saw 'X'
with -f: exit code 1, expected predicate, saw 'X'
without X: exit code 0"
echo "$found"
[ "$found" = "$expected" ]
