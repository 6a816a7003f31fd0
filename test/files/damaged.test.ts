// Damaged files of every kind are read or refused, and nothing else: of more of them, damaged.long.ts.

import test from "ava";
import { parseJson, strictly } from "../../src/files/json.js";
import { UserError } from "../../src/model/errors.js";
import { damagedFilesAreRefused } from "../support/damaged-files.js";

damagedFilesAreRefused(60);

test("of a document with very many values only the first problem is told", (t) => {
  t.is(strictly(Array(10_000).fill(0)).errors, "all");
  t.is(strictly({ a: Array(20_000).fill(0) }).errors, "first");
});

test("text without end is cut in an error", (t) => {
  const { message } = t.throws(() => parseJson("[", "x".repeat(10_000)), { instanceOf: UserError })!;
  t.regex(message, /^x{300}\.\.\. is not JSON: it looks truncated/);
  t.is(new UserError("bad-file", "a\n".repeat(1000)).message.split("\n").length, 61);
});
