import test from "ava";
import { noPaint, paintFor } from "../../src/render/paint.js";

test.serial("without a terminal there are no colours", (t) => {
  const { good, bad, dim, bold } = paintFor(false);
  t.is(good("a") + bad("b") + dim("c") + bold("d"), "abcd");
  t.is(noPaint.good("a") + noPaint.bad("b") + noPaint.dim("c") + noPaint.bold("d"), "abcd");
});

test.serial("on a terminal good is green and bad is red, unless NO_COLOR is set", (t) => {
  const before = process.env.NO_COLOR;
  delete process.env.NO_COLOR;
  t.is(paintFor(true).good("a"), "\x1b[32ma\x1b[39m");
  t.is(paintFor(true).bad("a"), "\x1b[31ma\x1b[39m");
  process.env.NO_COLOR = "1";
  t.is(paintFor(true).good("a"), "a");
  if (before === undefined) delete process.env.NO_COLOR;
  else process.env.NO_COLOR = before;
});
