// Lines that are wider than the terminal.

import test from "ava";
import { flowed } from "../../src/report/flow.js";

test("lines are broken between words, and what follows is indented", (t) => {
  t.is(
    flowed("  a note of some length\nshort", 14),
    ["  a note of", "    some", "    length", "short"].join("\n"),
  );
  t.is(flowed("anything of any length", Number.POSITIVE_INFINITY), "anything of any length");
});

test("a column of names stays beside what is said of them, unless there is no room", (t) => {
  const line = "  pbft     a protocol with view changes and checkpoints";
  t.is(
    flowed(line, 40, 11),
    ["  pbft     a protocol with view changes", "           and checkpoints"].join("\n"),
  );
  t.is(
    flowed(line, 30, 11),
    ["  pbft     a protocol with", "    view changes and", "    checkpoints"].join("\n"),
  );
});

test("a command to copy and a table stay as they are", (t) => {
  t.is(
    flowed("The trace is in a.json; look at it with: turncoat replay a.json", 30),
    ["The trace is in a.json; look", "  at it with:", "  turncoat replay a.json"].join("\n"),
  );
  t.is(flowed("│ a │ b │ c │", 5), "│ a │ b │ c │");
});
