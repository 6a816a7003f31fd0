#!/usr/bin/env bash
# Rumur 2022.08.20 (Debian's rumur 2022.08.20-1, with a C compiler): symmetry reduction of three replicas (a `scalarset`) that vote, tell each other so, and have a
# leader.
#
# Guess: the replicas may be permuted in six ways, and states that differ by a permutation are one, so whatever way the reduction is computed, the number of states
#   is that of the orbits. "heuristic", which is the default, is a quicker way to the same.
# Behaviour: 2,916 states without reduction, 534 with `exhaustive`, 826 with `heuristic`: it sorts by what is quick to compare and leaves states apart that are
#   permutations of each other. The verdict is the same, as it has to be.
# Consequence: do not compare counts of states with another checker, or with a formula, unless it is `exhaustive` (or `off`).
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download rumur=2022.08.20-1 >/dev/null 2>&1 || { echo "rumur 2022.08.20-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x rumur_*.deb .
cat >votes.m <<'MURPHI'
type
  replica: scalarset(3);
  value: enum { none, a, b };
var
  vote: array [replica] of value;
  told: array [replica] of array [replica] of boolean;
  leader: replica;
startstate begin
  for r: replica do
    vote[r] := none;
    for q: replica do told[r][q] := false; end;
  end;
  undefine leader;
end;
ruleset r: replica do
  rule "lead" isundefined(leader) ==> begin leader := r; end;
  rule "vote for a" vote[r] = none ==> begin vote[r] := a; end;
  rule "vote for b" vote[r] = none ==> begin vote[r] := b; end;
  ruleset q: replica do
    rule "tell" r != q & vote[r] != none & !told[r][q] ==> begin told[r][q] := true; end;
  end;
end;
invariant "only who has voted tells" forall r: replica do forall q: replica do told[r][q] -> vote[r] != none end end;
MURPHI
found=$(for reduction in off heuristic exhaustive; do
  usr/bin/rumur --symmetry-reduction=$reduction --deadlock-detection off --output votes.c votes.m
  cc -O1 -w votes.c -o votes -lpthread -mcx16
  ./votes >result.txt 2>&1 || true
  echo "$reduction: $(grep -o 'No error found' result.txt), $(grep -oE '[0-9]+ states' result.txt | tail -1)"
done)
expected='off: No error found, 2916 states
heuristic: No error found, 826 states
exhaustive: No error found, 534 states'
echo "$found"
[ "$found" = "$expected" ]
