// Paths: what they say, and what is none.

import test from "ava";
import { fromOutside, isPath, joined, lineageOf, runNamed } from "../../src/fuzz/lineage.js";

test("a path names runs in order, with those that they are made of, of this campaign and others", (t) => {
  t.deepEqual(
    [...lineageOf("7@12,45<7@12:30,103<45:41+7@12:7")],
    [
      ["7@12", []],
      ["45", [{ name: "7@12", events: 30 }]],
      [
        "103",
        [
          { name: "45", events: 41 },
          { name: "7@12", events: 7 },
        ],
      ],
    ],
  );
  t.deepEqual(runNamed("45", 3), { seed: 3, run: 45 });
  t.deepEqual(runNamed("-7@12", 3), { seed: -7, run: 12 });
});

test("a run stands once, and after those that it is made of", (t) => {
  for (const path of ["", "x", "12,", "12,12", "45<12:30", "45<12:30,12", "12,45<12", "12,12<12:3"])
    t.false(isPath(path), path);
  t.throws(() => lineageOf("12,12"), { message: /not the path of a run/ });
});

test("seen from outside every run has a seed; its events have none", (t) => {
  t.is(fromOutside("7@12,45<7@12:30,103<45:41+7@12:7", 3), "7@12,3@45<7@12:30,3@103<3@45:41+7@12:7");
  t.is(fromOutside("0", -4), "-4@0");
});

test("paths are joined unless a name stands for two different runs", (t) => {
  t.is(joined(["12,45<12:30", "12,13"]), "12,45<12:30,13");
  t.is(joined(["12,45<12:30", "12,45<12:31"]), null);
});
