import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { UserError } from "../../src/model/errors.js";
import { encodeTrace, readTrace, writeTrace } from "../../src/trace/index.js";
import { equivocation } from "./fixtures.js";

async function emptyDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), "turncoat-traces-"));
}

test("a trace is written under a name that tells what it shows, into a directory made for it", async (t) => {
  const root = await emptyDirectory();
  const directory = join(root, "a", "b");
  const trace = await equivocation();
  const file = await writeTrace(directory, trace);
  t.regex(
    file.slice(directory.length),
    /^\/pbft-quorum-2f-agreement-equivocating-primary-[0-9a-f]{8}\.json$/,
  );
  t.is(await readFile(file, "utf8"), encodeTrace(trace));
  t.deepEqual(await readdir(directory), [file.slice(directory.length + 1)], "no temporary file stays");
  t.deepEqual(await readTrace(file), trace);
  await rm(root, { recursive: true });
});

test("equal traces share a file, different ones do not", async (t) => {
  const directory = await emptyDirectory();
  const trace = await equivocation();
  const files = await Promise.all([
    writeTrace(directory, trace),
    writeTrace(directory, trace),
    writeTrace(directory, { ...trace, origin: "elsewhere" }),
  ]);
  t.is(files[0], files[1]);
  t.not(files[0], files[2]);
  t.is((await readdir(directory)).length, 2);
  await rm(directory, { recursive: true });
});

test("a file that was changed by hand is not overwritten", async (t) => {
  const directory = await emptyDirectory();
  const trace = await equivocation();
  const first = await writeTrace(directory, trace);
  await writeFile(first, "mine");
  const second = await writeTrace(directory, trace);
  t.regex(second, /-[0-9a-f]{16}\.json$/);
  t.is(await readFile(first, "utf8"), "mine");
  t.deepEqual(await readTrace(second), trace);
  await rm(directory, { recursive: true });
});

test("the path of a user's module makes a plain file name", async (t) => {
  const directory = await emptyDirectory();
  const trace = await equivocation();
  const setting = { ...trace.setting, protocol: "../lib/my protocol.ts", adversary: null };
  const file = await writeTrace(directory, { ...trace, setting });
  t.regex(file.slice(directory.length), /^\/lib-my-protocol-agreement-none-[0-9a-f]{8}\.json$/);
  await rm(directory, { recursive: true });
});

test("what cannot be read or written is a problem with the file, not a crash", async (t) => {
  const directory = await emptyDirectory();
  const missing = join(directory, "missing.json");
  const unread = await t.throwsAsync(readTrace(missing), { instanceOf: UserError });
  t.true(unread.message.startsWith(`${missing} could not be read: ENOENT`));
  await writeFile(missing, "");
  const unwritten = await t.throwsAsync(writeTrace(join(missing, "x"), await equivocation()), {
    instanceOf: UserError,
  });
  t.true(unwritten.message.startsWith(`A trace could not be written to ${missing}/x: ENOTDIR`));
  await rm(directory, { recursive: true });
});
