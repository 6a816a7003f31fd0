// How tables give way: to what fits, and what was left out is said.

import { stripVTControlCharacters } from "node:util";
import test from "ava";
import { noPaint } from "../../src/render/paint.js";
import { type Column, tableText } from "../../src/report/table.js";

const columns: readonly Column[] = [
  { head: "name" },
  { head: "checked", wraps: true },
  { head: "states", isRight: true, drop: 2 },
  { head: "depth", isRight: true, drop: 1 },
];
const rows = [
  ["pbft/quorum-2f", "agreement, validity, integrity", "4,409,109", "41"],
  ["pbft", "agreement", "61", "4"],
];
const at = (width: number) => tableText(columns, rows, { ...noPaint, width }).split("\n");

test("with room, or no limit, there is a box", (t) => {
  const boxed = [
    "┌────────────────┬────────────────────────────────┬───────────┬───────┐",
    "│ name           │ checked                        │    states │ depth │",
    "├────────────────┼────────────────────────────────┼───────────┼───────┤",
    "│ pbft/quorum-2f │ agreement, validity, integrity │ 4,409,109 │    41 │",
    "│ pbft           │ agreement                      │        61 │     4 │",
    "└────────────────┴────────────────────────────────┴───────────┴───────┘",
  ];
  t.deepEqual(at(71), boxed);
  t.deepEqual(tableText(columns, rows, noPaint).split("\n"), boxed);
});

test("without room for the box there are no borders, and then texts are wrapped", (t) => {
  t.deepEqual(at(64), [
    "name            checked                            states  depth",
    "pbft/quorum-2f  agreement, validity, integrity  4,409,109     41",
    "pbft            agreement                              61      4",
  ]);
  t.deepEqual(at(46), [
    "name            checked          states  depth",
    "pbft/quorum-2f  agreement,    4,409,109     41",
    "                validity,",
    "                integrity",
    "pbft            agreement            61      4",
  ]);
});

test("then the columns that matter least go, and the table says so", (t) => {
  t.deepEqual(at(40), [
    "name            checked           states",
    "pbft/quorum-2f  agreement,     4,409,109",
    "                validity,",
    "                integrity",
    "pbft            agreement             61",
    "Not shown in 40 columns: depth.",
  ]);
  t.deepEqual(at(30).slice(-2), ["Not shown in 30 columns:", "depth, states."]);
});

test("where even that is too wide, each row is a paragraph with everything in it", (t) => {
  t.deepEqual(at(24), [
    "name pbft/quorum-2f ·",
    "  checked agreement,",
    "  validity, integrity ·",
    "  states 4,409,109 ·",
    "  depth 41",
    "name pbft · checked",
    "  agreement · states 61",
    "  · depth 4",
  ]);
});

test("no line is wider than there is room, whatever the room, with and without colours", (t) => {
  const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
  for (let width = 24; width <= 80; width++) {
    const lines = at(width);
    t.true(
      lines.every(({ length }) => length <= width),
      String(width),
    );
    const painted = rows.map(([name, ...rest]) => [red(name!), ...rest]);
    const coloured = tableText(columns, painted, { ...noPaint, width });
    t.is(stripVTControlCharacters(coloured), lines.join("\n"));
  }
});
