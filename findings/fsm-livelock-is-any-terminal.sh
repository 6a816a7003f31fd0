#!/usr/bin/env bash
# fsm 1.0.2 ("check properties of finite state machines"): livelocks of a participant in a commit protocol, which ends committed or aborted.
#
# Guess: `livelock` lists the states from which no terminal state can be reached, as its documentation has it ("get list of states that cannot reach a terminal
#   state"), with the terminal states that `terminal` finds.
# Behaviour: it lists every state that misses *one* of them. A participant that has refused can only abort; that is its way to the end, and it is called a livelock.
#   With one terminal state there is no difference. And where there is none at all, a machine that goes round for ever, the list is empty. (Without the second
#   argument, which the documentation puts in brackets, there is a TypeError.)
# Consequence: ask for each terminal state by itself, and call locked what is in all the lists; look at `terminal` first.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts fsm@1.0.2 >/dev/null ||
  { echo "The pinned package cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { livelock, terminal } = require("fsm");
const shown = (names) => names.join(" ") || "none";
const tell = (name, machine) => {
  const ends = terminal(machine);
  const locked = Object.keys(machine).filter((state) => ends.every((end) => livelock(machine, [end]).includes(state)) && !ends.includes(state));
  console.log(`${name}: terminal ${shown(ends)}; livelock ${shown(livelock(machine, ends))}; in the lists of all terminal states ${shown(locked)}`);
};
const ends = { committed: {}, aborted: {} };
tell("may refuse", { idle: { prepare: "prepared", refuse: "refused" }, prepared: { commit: "committed", stop: "refused" }, refused: { abort: "aborted" }, ...ends });
tell("one end", { idle: { prepare: "prepared", refuse: "refused" }, prepared: { commit: "ended" }, refused: { abort: "ended" }, ended: {} });
tell("asks for ever", { idle: { prepare: "prepared", lose: "asking" }, prepared: { commit: "ended" }, asking: { ask: "asking" }, ended: {} });
tell("no end", { up: { crash: "down" }, down: { restart: "up" } });
JS
found=$(node try.cjs)
expected='may refuse: terminal committed aborted; livelock refused; in the lists of all terminal states none
one end: terminal ended; livelock none; in the lists of all terminal states none
asks for ever: terminal ended; livelock asking; in the lists of all terminal states asking
no end: terminal none; livelock none; in the lists of all terminal states up down'
echo "$found"
[ "$found" = "$expected" ]
