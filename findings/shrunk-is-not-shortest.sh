#!/usr/bin/env bash
# fast-check 4.10.2 (`commands`), Hypothesis 6.67.1 (Debian's python3-hypothesis 6.67.1-1, rule-based state machines) and RapidCheck (Debian's librapidcheck-dev
# 0~1033-08b5058-3, with a C++ compiler; rc::state) on one counter that fails at 8, with steps of 1 to 3 and one that does nothing.
#
# Guess: sequences are made smaller in number first, so all three end with three steps (as 3, 3, 2), the fewest there are, for almost every seed.
# Behaviour: fast-check ends with 3 steps for 48 of 100 seeds, Hypothesis for 16 of 20, the others with 4 or 5. RapidCheck ends with 8 for each of 30 seeds, the most
#   that a sequence can have of which none may be left out: in early tests values are small (steps of 1) and sequences are not, and no shrinking makes a value
#   larger. With values drawn at full size (`gen::resize`) it has 3 to 5, too.
# Consequence: "shrunk" means that none of the tool's own moves goes on from there. Who wants the shortest run has to search by length.
set -euo pipefail
for tool in apt-get dpkg node npm c++ /usr/bin/python3; do command -v $tool >/dev/null ||
  { echo "$tool is missing: this runs on Debian 12 with Node.js 20, python3 and g++." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download python3-hypothesis=6.67.1-1 python3-attr=22.2.0-1 python3-sortedcontainers=2.4.0-2 librapidcheck-dev=0~1033-08b5058-3 >/dev/null 2>&1 ||
  { echo "The pinned packages cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts fast-check@4.10.2 >/dev/null ||
  { echo "The pinned package cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import fc from "fast-check";
class Step {
  constructor(by) {
    this.by = by;
  }
  check() {
    return true;
  }
  run(_, real) {
    real.count += this.by;
    if (real.count >= 8) throw new Error("8");
  }
  toString() {
    return String(this.by);
  }
}
const commands = fc.commands([fc.integer({ min: 1, max: 3 }).map((by) => new Step(by)), fc.constant(new Step(0))]);
const property = fc.property(commands, (some) => fc.modelRun(() => ({ model: {}, real: { count: 0 } }), some));
const lengths = {};
for (let seed = 1; seed <= 100; seed++) {
  const { counterexample } = fc.check(property, { seed, numRuns: 1000 });
  const steps = String(counterexample[0]).replace(/\/\*.*/, "").split(",").map(Number);
  const sum = steps.reduce((one, other) => one + other);
  if (steps.some((by) => sum - by >= 8)) console.log("one can be left out of", steps);
  lengths[steps.length] = (lengths[steps.length] ?? 0) + 1;
}
console.log(`fast-check: ${Object.entries(lengths).map(([steps, seeds]) => `${steps} steps for ${seeds}`).join(", ")}`);
JS
cat >try.py <<'PY'
import collections
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

class Counter(RuleBasedStateMachine):
    count = 0

    @rule(by=strategies.integers(1, 3))
    def step(self, by):
        self.count += by
        assert self.count < 8

    @rule()
    def nothing(self):
        pass

lengths = collections.Counter()
for name in range(20):
    # The seed is made of the name.
    machine = type(f"Counter{name}", (Counter,), {})
    try:
        run_state_machine_as_test(machine, settings=settings(derandomize=True, database=None))
    except AssertionError as error:
        lines = [line for note in error.__notes__ for line in note.splitlines()]
        lengths[sum(".step(" in line or ".nothing(" in line for line in lines)] += 1
print("Hypothesis:", ", ".join(f"{steps} steps for {names}" for steps, names in sorted(lengths.items())))
PY
cat >try.cpp <<'CPP'
#include <rapidcheck.h>
#include <rapidcheck/state.h>
struct Model {};
struct System { int count = 0; };
struct Step : rc::state::Command<Model, System> {
  int by = *BY;
  void run(const Model &, System &system) const override { system.count += by; RC_ASSERT(system.count < 8); }
  void show(std::ostream &out) const override { out << "step"; }
};
struct Nothing : rc::state::Command<Model, System> {
  void run(const Model &, System &) const override {}
  void show(std::ostream &out) const override { out << "step"; }
};
int main() {
  rc::check([] { Model model; System system; rc::state::check(model, system, rc::state::gen::execOneOfWithArgs<Step, Nothing>()); });
}
CPP
lengths() {
  for seed in $(seq 1 30); do RC_PARAMS="seed=$seed" "$1" 2>&1 | grep -c '^step$'; done | sort -n | uniq -c | awk '{ printf "%s%s steps for %s", comma, $2, $1; comma = ", " }'
}
build() { c++ -std=c++14 -w -Iusr/include "-DBY=$2" try.cpp -o "$1" usr/lib/*/librapidcheck.a; }
build ./by-size 'rc::gen::inRange(1, 4)'
build ./full-size 'rc::gen::resize(rc::kNominalSize, rc::gen::inRange(1, 4))'
found=$(node try.mjs
  PYTHONPATH=usr/lib/python3/dist-packages /usr/bin/python3 try.py
  echo "RapidCheck: $(lengths ./by-size)"
  echo "RapidCheck, values of full size: $(lengths ./full-size)")
expected='fast-check: 3 steps for 48, 4 steps for 46, 5 steps for 6
Hypothesis: 3 steps for 16, 4 steps for 3, 5 steps for 1
RapidCheck: 8 steps for 30
RapidCheck, values of full size: 3 steps for 18, 4 steps for 9, 5 steps for 3'
echo "$found"
[ "$found" = "$expected" ]
