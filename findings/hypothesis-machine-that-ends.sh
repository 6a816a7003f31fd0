#!/usr/bin/env bash
# Hypothesis 6.67.1 (Debian's python3-hypothesis 6.67.1-1): rule-based state machines, for a replica that votes, decides and is done.
#
# Guess: a machine none of whose rules can go on is a run that has ended; its invariants are checked, and the next run begins. A rule whose precondition was true in
#   no state of any run is told, as a strategy that gives nothing is.
# Behaviour: the other way round. A run that ends is a failure: "No progress can be made from state", whether it is in the state in which everything is decided or
#   stuck before. A rule that was never possible, with the only assertion in it, is not mentioned, and the test passes. (It is an error if no rule is possible at
#   all, from the start.)
# Consequence: protocols that end need a rule that does nothing, which hides a deadlock, so "done or something is possible" has to be an invariant of its own; count
#   in each rule how often it ran, and assert that afterwards.
set -euo pipefail
for tool in apt-get dpkg /usr/bin/python3; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with python3." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download python3-hypothesis=6.67.1-1 python3-attr=22.2.0-1 python3-sortedcontainers=2.4.0-2 >/dev/null 2>&1 ||
  { echo "The pinned packages cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
cat >try.py <<'PY'
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

class Replica(RuleBasedStateMachine):
    votes = 0

    @precondition(lambda self: self.votes < 3)
    @rule()
    def vote(self):
        self.votes += 1

    @invariant()
    def not_too_many(self):
        assert self.votes <= 3

class WithIdling(Replica):
    @rule()
    def idle(self):
        pass

    @precondition(lambda self: self.votes == 4)
    @rule()
    def disagree(self):
        raise AssertionError("two decisions")

class NeverStarts(RuleBasedStateMachine):
    @precondition(lambda self: False)
    @rule()
    def vote(self):
        pass

for machine in Replica, WithIdling, NeverStarts:
    try:
        run_state_machine_as_test(machine, settings=settings(derandomize=True, database=None))
        print(f"{machine.__name__}: passes")
    except Exception as error:
        steps = sum(".vote()" in line for note in getattr(error, "__notes__", []) for line in note.splitlines())
        print(f"{machine.__name__}: {type(error).__name__}: {str(error).split(' from')[0]}, after {steps} votes")
PY
found=$(PYTHONPATH=usr/lib/python3/dist-packages PYTHONWARNINGS=error /usr/bin/python3 try.py 2>&1)
expected='Replica: InvalidDefinition: No progress can be made, after 3 votes
WithIdling: passes
NeverStarts: InvalidDefinition: No progress can be made, after 0 votes'
echo "$found"
[ "$found" = "$expected" ]
