#!/usr/bin/env bash
# Spin 6.5.2 (Debian's spin 6.5.2+dfsg-1, with a C compiler), Maude 3.2 (Debian's maude 3.2-2 and the libraries beside it) and Quint 0.33.1 (with antlr4ts 0.5.0-alpha.4):
# formulas with two operators of one kind and no brackets.
#
# Guess: all read `p -> q -> r` as logic does, p -> (q -> r), and `p U q U r` likewise from the right.
# Behaviour: Maude reads implications from the right; Spin and Quint (`p implies q implies r`) read them from the left, with nothing said. So "if proposed, then if prepared, then
#   committed" is violated there where nothing is ever proposed, for (false -> false) -> false is false. `p U q U r` Spin reads from the left; Maude says that it is
#   ambiguous, takes "arbitrarily" the reading from the left, and goes on. In a run through q, p, q and r it holds from the left and is violated from the right.
# Consequence: a formula that is carried from one tool to another may change its verdict either way; write the brackets.
set -euo pipefail
for tool in apt-get dpkg cc npm; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc) and Node.js 20." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download spin=6.5.2+dfsg-1 maude=3.2-2 libtecla1 libbdd0c2 libsigsegv2 libgmpxx4ldbl >/dev/null 2>&1 ||
  { echo "spin 6.5.2+dfsg-1 or maude 3.2-2 cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @informalsystems/quint@0.33.1 antlr4ts@0.5.0-alpha.4 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >begin.maude <<'M'
load model-checker.maude
mod RUN is
  including SATISFACTION .
  including MODEL-CHECKER .
  ops start q0 p1 q2 r3 : -> State [ctor] .
  ops p q r : -> Prop [ctor] .
  rl q0 => p1 .
  rl p1 => q2 .
  rl q2 => r3 .
  eq q0 |= q = true .
  eq p1 |= p = true .
  eq q2 |= q = true .
  eq r3 |= r = true .
endm
M
bySpin() {
  rm -f pan*
  printf 'bit p, q, r;\nactive proctype sequence() { %s }\nltl formula { %s }\n' "$1" "$2" >model.pml
  [ "$1" = skip ] || sed -i 's/^bit p, q,/bit p, q = 1,/' model.pml
  usr/bin/spin -search model.pml 2>&1 | grep -oE 'errors: [0-9]+|[Ww]arning.*ambig.*'
}
byMaude() {
  { cat begin.maude; echo "red modelCheck($1, $2) ."; } >all.maude
  LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) MAUDE_LIB=usr/share/maude usr/bin/maude -no-banner -no-wrap all.maude </dev/null 2>&1 |
    grep -oE 'ambiguous|^result Bool: true|counterexample' | paste -sd ' '
}
byQuint() {
  echo "$1" | sed 's/\b[pqr]\b/false/g; s/->/implies/g' | npx quint repl --backend typescript --quiet | sed 's/^>>> //' | grep .
}
found=$(for formula in 'p -> q -> r' '(p -> q) -> r' 'p -> (q -> r)'; do
  echo "$formula, nothing ever true: Spin $(bySpin skip "$formula"); Maude $(byMaude start "$formula"); Quint $(byQuint "$formula")"
done
steps='d_step { q = 0; p = 1 }; d_step { p = 0; q = 1 }; d_step { q = 0; r = 1 }'
for formula in 'p U q U r' '(p U q) U r' 'p U (q U r)'; do echo "$formula, run through q p q r: Spin $(bySpin "$steps" "$formula"); Maude $(byMaude q0 "$formula")"; done)
expected='p -> q -> r, nothing ever true: Spin errors: 1; Maude result Bool: true; Quint false
(p -> q) -> r, nothing ever true: Spin errors: 1; Maude counterexample; Quint false
p -> (q -> r), nothing ever true: Spin errors: 0; Maude result Bool: true; Quint true
p U q U r, run through q p q r: Spin errors: 0; Maude ambiguous result Bool: true
(p U q) U r, run through q p q r: Spin errors: 0; Maude result Bool: true
p U (q U r), run through q p q r: Spin errors: 1; Maude counterexample'
echo "$found"
[ "$found" = "$expected" ]
