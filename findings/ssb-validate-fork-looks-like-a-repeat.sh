#!/usr/bin/env bash
# ssb-validate 4.1.4 (with ssb-keys 8.5.0): an author of Secure Scuttlebutt signs two different second messages of one feed, and two replicas hear them in different orders.
#
# Guess: a feed is a chain that its author signs, so two messages under one number are proof of a fork. The second one is refused as such, so that the caller can show
#   both to others; the two replicas do not go on with different feeds.
# Behaviour: the other message is refused with the same words as one that came twice, or one that came too early: "expected sequence 3 but got:2". Each replica keeps the one
#   that it has heard first and goes on: the third message is appended where its predecessor is, and refused for ever where the other one is.
# Consequence: the feeds of two replicas may differ for ever though both refuse whatever is wrong. Who wants to detect equivocation compares the refused message with the
#   one that it has under that number.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts ssb-validate@4.1.4 ssb-keys@8.5.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { append, create, initial } = require("ssb-validate");
const keys = require("ssb-keys").generate("ed25519", Buffer.alloc(32, 7));
const feedOf = (state) => state.feeds[keys.id] ?? null;
const message = (state, text, time) => create(feedOf(state), keys, null, { type: "post", text }, time);
const first = message(initial(), "first", 1);
const begun = () => append(initial(), null, first);
const one = message(begun(), "one", 2);
const other = message(begun(), "other", 3);
const r1 = append(begun(), null, one);
const r2 = append(begun(), null, other);
const third = message(r1, "third", 4);
const told = (state, what) => {
  try {
    return `appended as number ${feedOf(append(state, null, what)).sequence}`;
  } catch (error) {
    return `refused: ${error.message.replace(/ ?in state.*|, on feed.*/, "")}`;
  }
};
console.log(`r1, the same message again: ${told(r1, one)}`);
console.log(`r1, another one under its number: ${told(r1, other)}`);
console.log(`r2, another one under its number: ${told(r2, one)}`);
console.log(`r1, the third: ${told(r1, third)}`);
console.log(`r2, the third: ${told(r2, third)}`);
console.log(`without the second, the third: ${told(begun(), third)}`);
JS
found=$(node try.cjs)
expected='r1, the same message again: refused: invalid message: expected sequence 3 but got:2
r1, another one under its number: refused: invalid message: expected sequence 3 but got:2
r2, another one under its number: refused: invalid message: expected sequence 3 but got:2
r1, the third: appended as number 3
r2, the third: refused: invalid message: expected different previous message
without the second, the third: refused: invalid message: expected sequence 2 but got:3'
echo "$found"
[ "$found" = "$expected" ]
