#!/usr/bin/env bash
# Rumur 2022.08.20 (Debian's rumur 2022.08.20-1, with a C compiler): its property `liveness "served" served` for a client that may retry for ever.
#
# Guess: violated, for the run that only retries never comes to `served`. A liveness property says that something happens in the end, and no fairness is asked for.
# Behaviour: "No error found". Rumur's `liveness` says that from every reachable state some run leads to the condition (AG EF in CTL), as its notes for users of
#   CMurphi have it; a loop that avoids it is no violation as long as there is a way out, however unfair. What it finds is a state with no way to the condition:
#   a server that may crash.
# Consequence: a liveness property that holds there may be violated, for the same model, in Spin, TLC or Turncoat, whose runs choose the loop.
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download rumur=2022.08.20-1 >/dev/null 2>&1 || { echo "rumur 2022.08.20-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x rumur_*.deb .
cat >model.m <<'M'
var attempt: 0..1;
var served: boolean;
var crashed: boolean;
startstate "start" begin attempt := 0; served := false; crashed := false; end;
rule "retry" !served & !crashed ==> begin attempt := 1 - attempt; end;
rule "serve" attempt = 1 & !crashed ==> begin served := true; end;
liveness "served" served;
M
tried() {
  usr/bin/rumur --deadlock-detection off --output model.c model.m
  case $(uname -m) in x86_64) flags=-mcx16 ;; *) flags= ;; esac
  cc -w $flags -o checker model.c -lpthread
  local code=0
  ./checker >out.txt 2>&1 || code=$?
  echo "exit code $code, $(grep -oE 'No error found|[0-9]+ error\(s\) found' out.txt | tail -1), $(grep -oE '[0-9]+ states' out.txt | tail -1)"
}
found=$(echo "a client that may retry for ever: $(tried)"
echo 'rule "crash" !served ==> begin crashed := true; end;' >>model.m
echo "and a server that may crash: $(tried)")
expected='a client that may retry for ever: exit code 0, No error found, 3 states
and a server that may crash: exit code 1, 1 error(s) found, 5 states'
echo "$found"
[ "$found" = "$expected" ]
