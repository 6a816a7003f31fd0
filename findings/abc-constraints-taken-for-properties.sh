#!/usr/bin/env bash
# ABC 1.01 (Debian's berkeley-abc 1.01+20221019git70cb339+dfsg-4), the model checker for circuits, on files in AIGER 1.9: one input that is remembered, a bad state
# "remembered", and the invariant constraint "the input is off".
#
# Guess: whoever reads constraints (ABC says "The last output is interpreted as a constraint") uses them: under this one the bad state cannot be reached, whichever
#   engine is asked.
# Behaviour: it depends on the engine. `bmc3` and `int` refuse, for constraints have to be folded in first. `pdr`, `dprove` and `&bmc` go on, take the constraint for
#   one more property, and report it as violated in the first frame. After `fold` all of them agree that the bad state is not reached. Without the constraint it is,
#   in frame 1.
# Consequence: a counterexample may be one of the environment's assumption; look at the number of the output, and write `fold` after `read_aiger` in every script.
set -euo pipefail
for tool in apt-get dpkg node; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with Node.js 20." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download berkeley-abc=1.01+20221019git70cb339+dfsg-4 libbz2-1.0 libreadline8 libstdc++6 zlib1g >/dev/null 2>&1 ||
  { echo "berkeley-abc 1.01+20221019git70cb339+dfsg-4 cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
# Two variables: the input (literal 2), and a register (literal 4) whose next value is the input. One bad state (4); one constraint (3: the input is off), or none.
printf 'aig 2 1 1 0 0 1 0\n2\n4\n' >free.aig
printf 'aig 2 1 1 0 0 1 1\n2\n4\n3\n' >constrained.aig
abc() {
  LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) usr/bin/berkeley-abc -c "$1" 2>&1 |
    grep -oE 'Output [0-9]+ of miter "[a-z]+" was asserted in frame [0-9]+|Property proved|all reachable states after|Error: .*(folded|constraints)' |
    sed -E 's/ of miter "[a-z]+"//; s/^all.*/all states explored/; s/^Error.*/refused/' | head -1 || true
}
found=$(for engine in "bmc3 -F 20" int pdr dprove "&get -n; &bmc"; do
  echo "$engine: free: $(abc "read_aiger free.aig; $engine"); constrained: $(abc "read_aiger constrained.aig; $engine")"
done
echo "bmc3 -F 20 after fold: $(abc "read_aiger constrained.aig; fold; bmc3 -F 20"); pdr after fold: $(abc "read_aiger constrained.aig; fold; pdr")")
expected='bmc3 -F 20: free: Output 0 was asserted in frame 1; constrained: refused
int: free: Output 0 was asserted in frame 1; constrained: refused
pdr: free: Output 0 was asserted in frame 1; constrained: Output 1 was asserted in frame 0
dprove: free: Output 0 was asserted in frame 1; constrained: Output 1 was asserted in frame 0
&get -n; &bmc: free: Output 0 was asserted in frame 1; constrained: Output 1 was asserted in frame 0
bmc3 -F 20 after fold: all states explored; pdr after fold: Property proved'
echo "$found"
[ "$found" = "$expected" ]
