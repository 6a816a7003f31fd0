// Files that cannot be written: the verdict first, then a line for each file; nothing half-written stays.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { directoryWith, parse, root, turncoat } from "./support.js";

/** A directory on a disk that is full; null where that cannot be had. */
async function fullDisk(t: ExecutionContext, directory: string): Promise<string | null> {
  const disk = join(directory, "full");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
  if (mounted.status !== 0) {
    t.log("skipped: a small disk can be mounted by root only");
    t.pass();
    return null;
  }
  t.teardown(() => spawnSync("umount", [disk]));
  const filled = () => writeFileSync(join(disk, "fill"), Buffer.alloc(1 << 20));
  t.throws(filled, { code: "ENOSPC" });
  return disk;
}

test.serial(
  "a full disk: the verdict is told, with its exit code, and no temporary file stays",
  async (t) => {
    const directory = await directoryWith(t);
    if ((await fullDisk(t, directory)) === null) return;
    const files = ["--traces", "full/t", "--junit", "full/a.xml", "--html", "full/a.html"];
    const check = await turncoat(directory, "check", "pbft/quorum-2f", "--json", ...files);
    t.is(check.code, 1);
    t.is(parse(check).verdict, "violated");
    const lines = check.stderr.split("\n").filter((line) => line.startsWith("turncoat: "));
    t.deepEqual(
      lines.map((line) =>
        /^turncoat: (\S+) could not be written: ENOSPC: [^:]*$/.exec(line)?.[1]?.replace(/-[0-9a-f]{8}/, ""),
      ),
      ["full/t/pbft-quorum-2f-agreement-equivocating-primary.json", "full/a.xml", "full/a.html"],
    );
    t.deepEqual(readdirSync(join(directory, "full", "t")), []);

    const campaign = [
      "--seed",
      "3",
      "--traces",
      "full",
      "--report",
      "full/r.json",
      "--corpus",
      "full/c.json",
    ];
    const fuzz = await turncoat(directory, "fuzz", "pbft/quorum-2f", "--json", ...campaign);
    t.is(fuzz.code, 1);
    t.is(parse(fuzz).verdict, "violated");
    t.is(
      fuzz.stderr.match(/ENOSPC/g)!.length,
      4,
      "the trace as it was found, the minimized one, the report, the corpus",
    );

    const csv = ["--csv", "full/a.csv", "--replicas", "4", "--trials", "2", "--seed", "1"];
    const simulate = await turncoat(directory, "simulate", "--json", ...csv);
    t.is(simulate.code, 2, "it holds, and what was asked for is missing");
    t.is(parse(simulate).verdict, "holds");
    t.deepEqual(readdirSync(join(directory, "full")).sort(), ["fill", "t"]);
  },
);

test("places that cannot be: the verdict is told first", async (t) => {
  const directory = await directoryWith(t, { occupied: "" });
  mkdirSync(join(directory, "r.json"));
  const files = ["--traces", "occupied/t", "--report", "r.json"];
  const fuzz = await turncoat(directory, "fuzz", "pbft/quorum-2f", "--seed", "3", "--json", ...files);
  t.is(fuzz.code, 1);
  t.is(parse(fuzz).verdict, "violated");
  const lines = fuzz.stderr.split("\n").filter((line) => line.startsWith("turncoat: "));
  t.regex(lines[0]!, /^turncoat: A trace could not be written to occupied\/t: ENOTDIR/);
  t.true(lines.includes("turncoat: r.json could not be written: it is a directory"));
  t.deepEqual(readdirSync(directory).sort(), ["occupied", "r.json"]);
});

test("a file that could not be written turns 0 into 2, a violation that was expected included, and no other code", async (t) => {
  const requests = [{ protocol: "pbft/quorum-2f", expect: "violated" }];
  const config = JSON.stringify({ suites: [{ name: "mine", requests }] });
  const directory = await directoryWith(t, { occupied: "", "turncoat.config.json": config });
  const codeOf = async (...words: readonly string[]) => (await turncoat(directory, ...words)).code;
  t.is(await codeOf("check"), 0);
  t.is(await codeOf("check", "--traces", "occupied/t"), 2);
  t.is(await codeOf("check", "pbft/quorum-2f", "--traces", "occupied/t"), 1);
  t.is(await codeOf("fuzz", "pbft/quorum-2f", "--seed", "3", "--traces", "occupied/t"), 1);
  t.is(await codeOf("check", "bracha", "--adversary", "silent", "--junit", "occupied/a.xml"), 2);
});

test("standard output on a full disk loses no trace and no exit code", async (t) => {
  const directory = await directoryWith(t);
  let full: number;
  try {
    full = openSync("/dev/full", "w");
  } catch {
    t.log("skipped: there is no /dev/full");
    t.pass();
    return;
  }
  const main = join(root, "build", "src", "cli", "main.js");
  const { status, stderr } = spawnSync(process.execPath, [main, "check", "pbft/quorum-2f"], {
    cwd: directory,
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  t.is(status, 1);
  t.regex(stderr, /\nturncoat: Standard output could not be written: ENOSPC: [^\n]*\n$/);
  t.is((await readdir(join(directory, "traces"))).length, 1);
});

test("no file name begins with a dash, whatever the module is called", async (t) => {
  const directory = await directoryWith(t);
  copyFileSync(join(root, "examples", "broadcast.ts"), join(directory, "one.ts"));
  await turncoat(directory, "check", "./one.ts", "--adversary", "silent", "--max-depth", "1");
  for (const name of await readdir(join(directory, "traces"))) t.regex(name, /^one-[0-9a-f]{8}\.checkpoint$/);
});

test("minimize writes into --traces, where --out says, and never beside a trace of a corpus", async (t) => {
  const text = await readFile(join(root, "corpus", "pbft-quorum-2f.json"), "utf8");
  const directory = await directoryWith(t);
  mkdirSync(join(directory, "corpus"));
  writeFileSync(join(directory, "corpus", "x.json"), text);
  const told = await turncoat(directory, "minimize", "corpus/x.json");
  t.regex(told.stdout, /\nWritten to traces\/x\.min\.json\.\n$/);
  t.is((await turncoat(directory, "minimize", "corpus/x.json", "--traces", "mine")).code, 0);
  t.is((await turncoat(directory, "minimize", "corpus/x.json", "--out", "y/short.json")).code, 0);
  t.deepEqual(readdirSync(join(directory, "corpus")), ["x.json"]);
  for (const file of ["traces/x.min.json", "mine/x.min.json", "y/short.json"])
    t.is((await turncoat(directory, "replay", file)).code, 0);
});
