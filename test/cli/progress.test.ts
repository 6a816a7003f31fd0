// Progress is for those who wait: a line that is rewritten on a terminal, few plain lines in a log.

import test from "ava";
import { ProgressLine } from "../../src/cli/progress.js";

/** A stream that remembers what was written. */
function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const out = { isTTY, columns, write: (text: string) => written.push(text) > 0 };
  return { written, line: new ProgressLine(out as unknown as NodeJS.WriteStream) };
}

const progress = {
  states: 4_409_109,
  transitions: 45_503_318,
  depth: 41,
  frontier: 1200,
  seconds: 5,
  memoryBytes: 411_000_000,
};
const text =
  "run: 4,409,109 states (881,822/s), 45,503,318 transitions, depth 41, frontier 1,200, 5.0 s, 411 MB";

test("in a log a run is shown every five seconds and at its end", (t) => {
  const { written, line } = stream(false);
  line.update("run", { ...progress, seconds: 4.9 });
  t.deepEqual(written, []);
  line.update("run", progress);
  line.update("run", { ...progress, seconds: 9.9 });
  t.deepEqual(written, [`${text}\n`]);
  line.show("run", 10, "on");
  line.done("run", "over");
  t.deepEqual(written, [`${text}\n`, "run: on\n", "run: over\n"]);
});

test("the next run counts its five seconds anew", (t) => {
  const { written, line } = stream(false);
  line.show("first", 30, "on");
  line.done("first", "over");
  line.show("second", 5, "on");
  t.is(written.at(-1), "second: on\n");
});

test("on a terminal one line is rewritten, cut to its width, and wiped at the end", (t) => {
  const { written, line } = stream(true, 21);
  line.update("run", progress);
  line.show("run", 0.1, "on");
  line.done("run", "over");
  line.clear();
  t.deepEqual(written, ["\r\x1b[Krun: 4,409,109 state", "\r\x1b[Krun: on", "\r\x1b[K"]);
});

test("of runs side by side a terminal shows the first one, a log all of them", (t) => {
  const terminal = stream(true);
  terminal.line.show("first", 1, "on");
  terminal.line.show("second", 1, "on");
  terminal.line.done("first", "over");
  terminal.line.show("second", 2, "on");
  t.deepEqual(terminal.written, ["\r\x1b[Kfirst: on", "\r\x1b[K", "\r\x1b[Ksecond: on"]);
  const log = stream(false);
  log.line.show("first", 10, "on");
  log.line.show("second", 5, "on");
  log.line.show("first", 12, "on");
  t.deepEqual(log.written, ["first: on\n", "second: on\n"]);
});
