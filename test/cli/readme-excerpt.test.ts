// What the README shows of `npm start` is what it prints: each row is a run of the standard suite, and what that run is
// cheap enough to be made again for, its verdict and its counts, is made again. Times are as they were.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue.js";
import { search } from "../../src/explore/search.js";
import { checkTable } from "../../src/report/check.js";
import { noPaint } from "../../src/report/paint.js";
import { builtinSuites } from "../../src/suite/built-in.js";
import { type PlannedRun, plan } from "../../src/suite/plan.js";
import { run } from "../report/fixtures.js";
import { root } from "./support.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const excerpt = /^\$ npm start\n(.*?)^```$/ms.exec(readme)![1]!;

const suites = await Promise.all(
  builtinSuites.standard.map(async ({ requests }) =>
    (
      await Promise.all(requests.map(async (request) => plan(await findProtocol(request.protocol), request)))
    ).flat(),
  ),
);

/** The cells of a table's rows, without its heading. */
function cellsOf(table: string): string[][] {
  return table
    .split("\n")
    .filter((line) => line.startsWith("│") && !line.includes("│ protocol"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** How a suite's table shows these runs, if they come out like this. */
function rowsOf(planned: readonly PlannedRun[], result = {}): string[][] {
  return cellsOf(
    checkTable(
      planned.map((one) => run(result, null, { planned: one })),
      noPaint,
    ),
  );
}

/** The columns that say what was checked: number, protocol, adversary, Byzantine, views, checked. */
const asked = 6;
/** Of these states the search takes less than a second. */
const cheap = 50_000;

test("the README shows rows of both suites, and how many runs there are", (t) => {
  const rows = cellsOf(excerpt);
  t.true(rows.length > 10);
  for (const name of ["pbft", "pbft/view-change-forgets"])
    t.true(
      rows.some((row) => row[1] === name),
      name,
    );
  const total = suites.flat().length;
  t.regex(excerpt, new RegExp(`^${total} of ${total} runs: ${total} as expected, 0 not\\.`, "m"));
});

for (const row of cellsOf(excerpt)) {
  const states = Number(row.at(-4)!.replaceAll(",", ""));
  test(`this row is true: ${row.slice(0, asked).join(", ")}`, async (t) => {
    const suite = suites.find((runs) => rowsOf(runs).some((cells) => isSame(cells, row)))!;
    t.truthy(suite, "no such run");
    const index = rowsOf(suite).findIndex((cells) => isSame(cells, row));
    if (states > cheap) return;
    const { description, reduction } = suite[index]!;
    const result = await search(await settingFrom(description), reduction ? { reduction } : {});
    t.deepEqual(rowsOf(suite, result)[index]!.slice(0, -1), row.slice(0, -1));
  });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.slice(0, asked).join("│") === other.slice(0, asked).join("│");
}
