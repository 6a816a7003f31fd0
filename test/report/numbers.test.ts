import test from "ava";
import { grouped, megabytes, round, seconds } from "../../src/report/numbers.js";

test("counts are grouped by thousands", (t) => {
  t.is(grouped(4409109), "4,409,109");
  t.is(grouped(999), "999");
  t.is(grouped(1234.5), "1,235");
  t.is(grouped(0), "0");
});

test("seconds have two decimals below one, one from there on", (t) => {
  t.is(seconds(0.04), "0.04 s");
  t.is(seconds(12.34), "12.3 s");
  t.is(seconds(1), "1.0 s");
});

test("memory is in whole millions of bytes", (t) => {
  t.is(megabytes(411_000_000), "411 MB");
  t.is(megabytes(1_499_999), "1 MB");
});

test("numbers in JSON have three decimals at most", (t) => {
  t.is(round(1.23456), 1.235);
  t.is(round(2), 2);
  t.is(round(0.0004), 0);
});
