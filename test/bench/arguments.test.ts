// What the scripts of the bench folder share: they read their command lines in one way, so that none of them answers a wrong option with a
// stack trace, or not at all; and they write tables into documents in one way.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { readArguments } from "../../bench/arguments.js";
import { partOf, rowsOf, withPart } from "../../bench/documents.js";
import { chosenFiles, summary, unknownTexts } from "../../bench/long-files.js";
import { root } from "../cli/support.js";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: { readonly [name: string]: string };
};
const started = [
  ...new Set(
    Object.values(scripts).flatMap((line) =>
      [...line.matchAll(/build\/(bench\/\S+)\.js/g)].map(([, name]) => `${name}.ts`),
    ),
  ),
].sort();

test("every script that package.json starts reads its arguments by benchArguments", (t) => {
  t.true(started.length >= 25, started.join(" "));
  const others = started.filter(
    (file) => !readFileSync(join(root, file), "utf8").includes("benchArguments("),
  );
  t.deepEqual(others, []);
});

test("no script looks at the command line itself, and numbers are checked", (t) => {
  const files = readdirSync(join(root, "bench"), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && file !== "arguments.ts",
  );
  const wrong = /parseArgs|process\.argv|\bNumber\((values|positionals)/;
  t.deepEqual(
    files.filter((file) => wrong.test(readFileSync(join(root, "bench", file), "utf8"))),
    [],
  );
});

test("what is not known, lacks its value, or is too much is refused in one line", (t) => {
  const options = { only: { type: "string" }, write: { type: "boolean" } } as const;
  const problemOf = (...args: string[]) => {
    const read = readArguments({ args, options });
    return "problem" in read ? read.problem : null;
  };
  t.is(problemOf("--only", "r0", "--write"), null);
  for (const [args, problem] of [
    [["--onyl", "r0"], /^Unknown option '--onyl'/],
    [["--only"], /^Option '--only <value>' argument missing/],
    [["--write=1"], /^Option '--write' does not take an argument/],
    [["r0"], /^Unexpected argument 'r0'/],
  ] as const) {
    const said = problemOf(...args);
    t.regex(said!, problem);
    t.notRegex(said!, /\n/);
  }
});

test("a part of a document is replaced between its markers; a document without them is refused", (t) => {
  const text = "before <!-- a -->\n\n| x | 1 |\n\n<!-- end of a --> after <!-- b --><!-- end of b -->";
  t.is(partOf(text, "a"), "| x | 1 |");
  t.is(withPart(text, "a", partOf(text, "a")), text);
  t.is(
    withPart(text, "a", "$& new"),
    "before <!-- a -->\n\n$& new\n\n<!-- end of a --> after <!-- b --><!-- end of b -->",
  );
  t.deepEqual(
    [...rowsOf("| m/a | 1 |\n|---|\n| m/b | 2 |")],
    [
      ["m/a", "| m/a | 1 |"],
      ["m/b", "| m/b | 2 |"],
    ],
  );
  for (const damaged of [text.replace("<!-- a -->", ""), text.replace("<!-- end of a -->", "")])
    t.throws(() => withPart(damaged, "a", "new"), {
      message: /needs <!-- a --> and, after it, <!-- end of a -->/,
    });
});

test("the documents that scripts write into have each of their markers once", (t) => {
  for (const [file, name] of [
    ["false-alarms", "forms"],
    ["fuzzing", "mutants"],
    ["fuzzing", "timed"],
    ["fuzzing", "minimized"],
    ["rules", "rules"],
  ] as const) {
    const text = readFileSync(join(root, `docs/${file}.md`), "utf8");
    t.is(withPart(text, name, partOf(text, name)), text);
    t.is(text.split(`<!-- ${name} -->`).length, 2, name);
  }
});

test("each long test is in one of K shards, and a text that no file has is named", (t) => {
  const files = ["cli/a", "cli/b", "fuzz/a", "fuzz/b", "run/a"];
  const dealt = [1, 2, 3].map((index) => chosenFiles(files, [], { index, of: 3 }));
  t.deepEqual(dealt, [["cli/a", "fuzz/b"], ["cli/b", "run/a"], ["fuzz/a"]]);
  t.deepEqual(chosenFiles(files, ["fuzz", "/a"]), ["cli/a", "fuzz/a", "fuzz/b", "run/a"]);
  t.deepEqual(chosenFiles(files, ["fuzz"], { index: 2, of: 2 }), ["fuzz/b"]);
  t.deepEqual(unknownTexts(files, ["cli", "model", "fuz/a"]), ["model", "fuz/a"]);
});

test("at its end a run of long tests says what took long, what failed, and what was not run", (t) => {
  const ended = [
    { file: "cli/a", isPassed: true, seconds: 9.7 },
    { file: "cli/b", isPassed: false, seconds: 120 },
  ];
  t.deepEqual(summary(["cli/a", "cli/b", "run/a"], ended), [
    "FAILED    120 s  cli/b",
    "passed     10 s  cli/a",
    "1 of 3 files passed.",
    "failed: npx ava cli/b",
    "not run: run/a",
  ]);
});
