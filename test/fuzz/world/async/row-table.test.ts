import test from "ava";
import { mixed } from "../../../../src/fuzz/dice.js";
import { RowTable } from "../../../../src/fuzz/world/async/row-table.js";

test("it is a map of pairs, however many there are in a row and however they come", (t) => {
  const table = new RowTable();
  const expected = new Map<string, number>();
  for (let step = 0; step < 20_000; step++) {
    const row = (mixed(step, 1) >>> 0) % 700;
    const key = ((mixed(step, 2) >>> 0) % 50) * 8; // outcomes stand at multiples of something
    const pair = `${row} ${key}`;
    t.is(table.get(row, key), expected.get(pair) ?? -1);
    if (expected.has(pair)) continue;
    table.set(row, key, step);
    expected.set(pair, step);
  }
  t.is(expected.size, 15_235);
  for (const [pair, value] of expected)
    t.is(table.get(...(pair.split(" ").map(Number) as [number, number])), value);
});

test("0 is a row, a key and a value like any other; what was never set is -1", (t) => {
  const table = new RowTable();
  t.is(table.get(0, 0), -1);
  t.is(table.get(100_000, 0), -1);
  table.set(0, 0, 0);
  t.is(table.get(0, 0), 0);
  t.is(table.get(0, 1), -1);
  t.is(table.get(1, 0), -1);
});

test("what a user writes beside a row stays there while the table grows", (t) => {
  const table = new RowTable(2);
  t.is(table.stride, RowTable.own + 2);
  for (let row = 0; row < 1000; row++) {
    table.reserve(row);
    table.headers[row * table.stride + RowTable.own] = row + 1;
    table.headers[row * table.stride + RowTable.own + 1] = -row;
    for (let key = 0; key < 10; key++) table.set(row, key, row * 10 + key);
  }
  for (let row = 0; row < 1000; row++) {
    t.is(table.headers[row * table.stride + RowTable.own], row + 1);
    t.is(table.headers[row * table.stride + RowTable.own + 1], -row | 0);
    t.is(table.get(row, 9), row * 10 + 9);
  }
});
