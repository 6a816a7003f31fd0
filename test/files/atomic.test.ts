// Atomic writing: the old file or the new one, and nothing else.

import { spawnSync } from "node:child_process";
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import {
  appendTo,
  makeDirectories,
  makeDirectory,
  makeNamedDirectory,
  removeStale,
  writeAtomically,
} from "../../src/files/atomic.js";
import { fileName } from "../../src/files/names.js";
import { ownDirectory } from "../../src/files/own-directory.js";
import { UserError } from "../../src/model/errors.js";

function directoryFor(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-files-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

test("a file replaces an older one, and its directory is made", (t) => {
  const directory = directoryFor(t);
  const file = join(directory, "a", "b.json");
  writeAtomically(file, "one");
  writeAtomically(file, "two");
  t.is(readFileSync(file, "utf8"), "two");
  t.deepEqual(readdirSync(join(directory, "a")), ["b.json"]);
});

test("what cannot be finished leaves the older file and no temporary one", (t) => {
  const directory = directoryFor(t);
  const file = join(directory, "b.json");
  writeAtomically(file, "one");
  const fails = () =>
    writeAtomically(file, () => {
      throw new Error("the disk is full");
    });
  t.throws(fails, { instanceOf: UserError, message: `${file} could not be written: the disk is full` });
  t.is(readFileSync(file, "utf8"), "one");
  t.deepEqual(readdirSync(directory), ["b.json"]);
});

test("a directory in place of the file, and a file in place of the directory, are said", (t) => {
  const directory = directoryFor(t);
  mkdirSync(join(directory, "taken"));
  t.throws(() => writeAtomically(join(directory, "taken"), ""), {
    message: /could not be written: it is a directory$/,
  });
  writeFileSync(join(directory, "file"), "");
  t.throws(() => writeAtomically(join(directory, "file", "x"), ""), {
    message: /could not be written: ENOTDIR/,
  });
  t.throws(() => appendTo(join(directory, "taken"), ""), { message: /could not be written: EISDIR/ });
  t.deepEqual(readdirSync(directory).sort(), ["file", "taken"]);
});

test("a link stays a link, and a device is written to", (t) => {
  const directory = directoryFor(t);
  writeFileSync(join(directory, "target"), "");
  symlinkSync(join(directory, "target"), join(directory, "link"));
  writeAtomically(join(directory, "link"), "text");
  t.true(lstatSync(join(directory, "link")).isSymbolicLink());
  t.is(readFileSync(join(directory, "target"), "utf8"), "text");
  if (!existsSync("/dev/null")) return;
  writeAtomically("/dev/null", "text");
  t.true(lstatSync("/dev/null").isCharacterDevice());
});

const atomicModule = fileURLToPath(new URL("../../src/files/atomic.js", import.meta.url));

test("what a killed process has left is removed, what a running one writes is not", (t) => {
  const directory = directoryFor(t);
  const program = `
    const { writeAtomically } = await import(${JSON.stringify(atomicModule)});
    writeAtomically(${JSON.stringify(join(directory, "a.json"))}, () => process.kill(process.pid, "SIGKILL"));`;
  t.is(spawnSync(process.execPath, ["--input-type=module", "-e", program]).signal, "SIGKILL");
  const [left, ...more] = readdirSync(directory);
  t.regex(left!, /^\.turncoat-\d+-[0-9a-f]{8}-[0-9a-f]{12}\.tmp$/);
  t.deepEqual(more, []);
  const of = (pid: number, host = left!.split("-")[2]) => `.turncoat-${pid}-${host}-0a.tmp`;
  const [running, foreign, old, mine] = [
    of(process.ppid),
    of(1, "00000000"),
    of(2, "00000000"),
    of(process.pid),
  ];
  for (const name of [running, foreign, old, mine, "other.tmp"]) writeFileSync(join(directory, name), "");
  utimesSync(join(directory, old), 1, 1);
  utimesSync(join(directory, mine), 1, 1); // an earlier process had the same number
  removeStale(directory);
  t.deepEqual(readdirSync(directory).sort(), [running, foreign, "other.tmp"].sort());
});

test("temporary directories of killed processes are removed when the next one is made, and no others", (t) => {
  const place = directoryFor(t);
  const program = `
    const { ownDirectory } = await import(${JSON.stringify(atomicModule.replace("atomic.js", "own-directory.js"))});
    ownDirectory("campaign", ${JSON.stringify(place)});
    process.kill(process.pid, "SIGKILL");`;
  t.is(spawnSync(process.execPath, ["--input-type=module", "-e", program]).signal, "SIGKILL");
  const [left] = readdirSync(place);
  t.regex(left!, /^turncoat-campaign-\d+-[0-9a-f]{8}-\w{6}$/);
  const [, , pid, host] = left!.split("-");
  writeFileSync(join(place, left!, "1-0.checkpoint"), "a search");
  const others = [
    `turncoat-campaign-${process.ppid}-${host}-abcdef`, // runs
    `turncoat-campaign-${pid}-00000000-abcdef`, // of another machine
    `turncoat-watch-${pid}-${host}-abcdef`,
    "turncoat-campaign-abcdef", // of an earlier version: nobody knows whose
  ];
  for (const name of others) mkdirSync(join(place, name));
  writeFileSync(join(place, `turncoat-campaign-${pid}-${host}-abcdeg`), "a file, not one of these");
  const made = ownDirectory("campaign", place);
  t.deepEqual(
    readdirSync(place).sort(),
    [...others, `turncoat-campaign-${pid}-${host}-abcdeg`, basename(made)].sort(),
  );
});

test("what this process has made is not removed where the clock has jumped, or the machine has slept", (t) => {
  const place = directoryFor(t);
  const made = ownDirectory("campaign", place);
  const { now } = Date;
  for (const jumpMs of [3_600_000, -3_600_000])
    try {
      Date.now = () => now() + jumpMs;
      ownDirectory("campaign", place);
    } finally {
      Date.now = now;
    }
  t.is(readdirSync(place).length, 3);
  t.true(readdirSync(place).includes(basename(made)));
});

test("lines are added to a file", (t) => {
  const file = join(directoryFor(t), "a.csv");
  appendTo(file, "1\n");
  appendTo(file, "2\n");
  t.is(readFileSync(file, "utf8"), "1\n2\n");
});

test("names of files never begin with a dash, and are short", (t) => {
  t.is(fileName("./one.ts"), "one");
  t.is(fileName("../lib/my protocol.mts", "--odd--", "none"), "lib-my-protocol-odd-none");
  t.is(fileName("pbft/quorum-2f"), "pbft-quorum-2f");
  t.is(fileName("./___.ts", "agreement"), "agreement");
  t.is(fileName("..."), "unnamed");
  t.is(fileName("x".repeat(1000), "y").length, 62);
});

/** The directories that are synced while something is done, in order. */
function syncedDuring(t: ExecutionContext, work: () => void): string[] {
  const { openSync, fsyncSync } = fs;
  const opened = new Map<number, string>();
  const synced: string[] = [];
  t.teardown(() => {
    Object.assign(fs, { openSync, fsyncSync });
    syncBuiltinESMExports();
  });
  Object.assign(fs, {
    openSync: (...args: Parameters<typeof openSync>) => {
      const descriptor = openSync(...args);
      opened.set(descriptor, String(args[0]));
      return descriptor;
    },
    fsyncSync: (descriptor: number) => {
      synced.push(opened.get(descriptor)!);
      fsyncSync(descriptor);
    },
  });
  syncBuiltinESMExports();
  work();
  return synced;
}

test.serial("the disk has the name of each directory that is made, in the one above it", (t) => {
  const directory = directoryFor(t);
  const made = join(directory, "cluster", "r0", "data");
  const above = [join(directory, "cluster", "r0"), join(directory, "cluster"), directory];
  t.deepEqual(
    syncedDuring(t, () => makeDirectory(made)),
    above,
  );
  t.true(existsSync(made));
  t.deepEqual(
    syncedDuring(t, () => makeDirectory(made)),
    [],
  );
});

test("directories are made with those above them; a file in the way is told", (t) => {
  const directory = directoryFor(t);
  const names = ["a", "a/b", "a/b/c"].map((name) => join(directory, name));
  t.deepEqual(makeDirectories(names[2]!), names);
  t.deepEqual(makeDirectories(names[2]!), []);
  symlinkSync(names[1]!, join(directory, "link"));
  t.deepEqual(makeDirectories(join(directory, "link/d")), [join(directory, "link/d")]);
  t.true(existsSync(join(names[1]!, "d")));
  writeFileSync(join(directory, "file"), "");
  symlinkSync(join(directory, "nothing"), join(directory, "dangling"));
  for (const name of ["file", "dangling"]) {
    t.throws(() => makeDirectories(join(directory, name)), { code: "EEXIST" });
    t.throws(() => makeDirectories(join(directory, name, "below")));
    t.throws(() => makeNamedDirectory(join(directory, name)), {
      instanceOf: UserError,
      code: "bad-file",
      message: /cannot be a directory for files: EEXIST/,
    });
  }
});
