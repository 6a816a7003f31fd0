// What was written is read again, piece by piece, however large the pieces are.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { readingCheckpointFile, writeCheckpointFile } from "../../src/explore/checkpoint-file.js";
import { UserError } from "../../src/model/errors.js";

function fileFor(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return join(directory, "run.checkpoint");
}

/** Some are longer than what is read at once; one has letters of several bytes. */
const lines = [{ a: 1 }, "x".repeat(400_000), ["é".repeat(900_000)], null, "y".repeat(3_000_000), 7, "z\n"];
const records = Int32Array.from({ length: 700_001 }, (_, index) => index * 31 - 5);

function write(file: string): void {
  writeCheckpointFile(file, (sink) => {
    for (const line of lines) sink.line(line);
    sink.records(records.subarray(0, 3));
    sink.records(records.subarray(3));
  });
}

test("lines and records come back as they were", (t) => {
  const file = fileFor(t);
  write(file);
  readingCheckpointFile(file, (source) => {
    t.deepEqual(source.line(), lines[0]);
    source.verify(); // at any time
    t.deepEqual(source.lines(lines.length - 1), lines.slice(1));
    t.is(source.left, records.length * 4);
    t.deepEqual(source.records(700_000), records.subarray(0, 700_000));
    t.deepEqual(source.records(1), records.subarray(700_000));
    t.is(source.left, 0);
    for (const beyond of [() => source.line(), () => source.records(1)])
      t.throws(beyond, { instanceOf: UserError, message: /damaged/ });
  });
});

test("one bit that is another one is seen, wherever it stands", (t) => {
  const file = fileFor(t);
  write(file);
  const good = readFileSync(file);
  for (const at of [0, 500_000, good.length - 100, good.length - 1]) {
    const flipped = Buffer.from(good);
    flipped[at]! ^= 4;
    writeFileSync(file, flipped);
    t.throws(() => readingCheckpointFile(file, (source) => source.verify()), { message: /damaged/ });
  }
});

test("a file that cannot be finished leaves the older one, and nothing else", (t) => {
  const file = fileFor(t);
  write(file);
  const good = readFileSync(file);
  const fails = () =>
    writeCheckpointFile(file, (sink) => {
      sink.line("new");
      throw new Error("no space left");
    });
  t.throws(fails, { instanceOf: UserError, message: /could not be written: no space left/ });
  t.true(readFileSync(file).equals(good));
  t.deepEqual(readdirSync(join(file, "..")), ["run.checkpoint"]);
});
