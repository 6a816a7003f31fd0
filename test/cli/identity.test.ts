// Nobody goes on with what was saved of other code; a trace of other code replays, and says so.

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { directoryWith, parse, root, turncoat, turncoatProcess } from "./support.js";

const broadcast = readFileSync(join(root, "examples", "broadcast.ts"), "utf8");

/** A project whose protocol stands in a helper. */
const files = {
  "mine.ts": 'export { adversaries, default } from "./helper.ts";\n',
  "helper.ts": broadcast,
};

/** A copy of a directory in which the helper is edited. In a copy, so that the process that runs the commands need not be replaced. */
async function edited(t: ExecutionContext, directory: string): Promise<string> {
  const copy = await directoryWith(t);
  cpSync(directory, copy, { recursive: true });
  writeFileSync(join(copy, "helper.ts"), `${broadcast}// edited\n`);
  return copy;
}

test("a check is not gone on with after an edit of a helper", async (t) => {
  const directory = await directoryWith(t, files);
  await turncoat(
    directory,
    "check",
    "./mine.ts",
    "--adversary",
    "arbitrary",
    "--max-depth",
    "1",
    "--byzantine",
    "r0",
  );
  const [checkpoint] = readdirSync(join(directory, "traces")).filter((name) => name.endsWith(".checkpoint"));
  const resume = ["check", "--json", "--resume", `traces/${checkpoint}`];
  t.not((await turncoat(directory, ...resume, "--max-depth", "1")).code, 2);
  const refused = await turncoat(await edited(t, directory), ...resume);
  t.is(refused.code, 2);
  t.is(refused.stdout, "");
  t.is(
    refused.stderr,
    `turncoat: traces/${checkpoint} was made with other code, so it cannot be resumed. Begin anew, without it. ` +
      "What differs: ./helper.ts has changed.\n",
  );
});

test("a campaign and a corpus are not gone on with after an edit, and say what differs", async (t) => {
  const directory = await directoryWith(t, files);
  const campaign = [
    "fuzz",
    "./mine.ts",
    "--adversary",
    "arbitrary",
    "--byzantine",
    "r0",
    "--seed",
    "1",
    "--json",
  ];
  const made = await turncoat(
    directory,
    ...campaign,
    "--runs",
    "20",
    "--report",
    "r.json",
    "--corpus",
    "c.json",
  );
  const { digest, parts } = parse(made).runs[0].identity;
  t.deepEqual(Object.keys(parts), ["./helper.ts", "./mine.ts", "effect", "turncoat"]);
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));
  t.is(read("r.json").campaigns[0].identity.digest, digest);
  t.deepEqual(read("c.json").records[0].identity.parts, parts);
  const copy = await edited(t, directory);
  for (const option of [
    ["--resume", "r.json"],
    ["--corpus", "c.json"],
  ]) {
    const refused = await turncoat(copy, ...campaign, "--runs", "40", ...option);
    t.is(refused.code, 2);
    t.regex(
      refused.stderr,
      /^turncoat: [rc]\.json was made with other code.*: \.\/helper\.ts has changed\.\n$/,
    );
  }
  const { identity: _, ...old } = read("r.json").campaigns[0];
  writeFileSync(join(directory, "old.json"), JSON.stringify({ ...read("r.json"), campaigns: [old] }));
  const refused = await turncoat(directory, ...campaign, "--resume", "old.json");
  t.is(refused.code, 2);
  t.regex(refused.stderr, /^turncoat: old\.json does not say with which code it was made/);
});

test("a trace says that it was found in other code; one of an earlier version, that it does not say", async (t) => {
  const directory = await directoryWith(t, files);
  const check = ["check", "./mine.ts", "--byzantine", "r0", "--json"];
  t.is((await turncoat(directory, ...check)).code, 1);
  const names = (of: string) => readdirSync(join(of, "traces")).filter((name) => name.endsWith(".json"));
  const [name] = names(directory);
  const file = `traces/${name}`;
  const same = await turncoat(directory, "replay", file);
  t.is(same.code, 0);
  t.notRegex(same.stdout, /other code|does not say/);
  const copy = await edited(t, directory);
  const other = await turncoat(copy, "replay", file);
  t.is(other.code, 0);
  t.regex(other.stdout, /\n {4}The trace was found in other code: \.\/helper\.ts has changed\.\n$/);
  // The same trace, found again: one file, of the newest code.
  const before = names(copy);
  await turncoat(copy, ...check);
  t.deepEqual(names(copy), before);
  t.notRegex((await turncoat(copy, "replay", file)).stdout, /other code/);
  const { identity: _, ...old } = JSON.parse(readFileSync(join(copy, file), "utf8"));
  writeFileSync(join(copy, "old.json"), JSON.stringify(old));
  t.regex(
    (await turncoat(copy, "replay", "old.json")).stdout,
    /\n {4}The trace does not say in which code it was found\.\n$/,
  );
});

test("a file that names a module elsewhere runs it only with --allow-module", async (t) => {
  const trace = readFileSync(join(root, "corpus", "pbft-quorum-2f.json"), "utf8");
  const ran = 'process.stderr.write("ran\\n");\nexport default {};\n';
  const directory = await directoryWith(t, { "elsewhere.js": ran });
  const here = join(directory, "here");
  mkdirSync(join(here, "node_modules", "x"), { recursive: true });
  writeFileSync(join(here, "node_modules", "x", "i.js"), ran);
  writeFileSync(join(here, "mine.js"), ran);
  for (const [module, isForeign] of [
    ["../elsewhere.js", true],
    ["./node_modules/x/i.js", true],
    [`file://${join(directory, "elsewhere.js")}`, true],
    ["./mine.js", false],
  ] as const) {
    writeFileSync(join(here, "a.json"), trace.replace('"pbft/quorum-2f"', JSON.stringify(module)));
    for (const command of isForeign ? ["replay", "minimize"] : []) {
      const refused = await turncoat(here, command, "a.json");
      t.is(refused.code, 2);
      t.regex(
        refused.stderr,
        /^turncoat: a\.json names code outside of the working directory: .*--allow-module\.\n$/,
      );
    }
    // A process runs a module once, so each of these has its own.
    const options = isForeign ? [["--allow-module"]] : [[], ["--allow-module"]];
    for (const option of options) {
      const refused = await turncoatProcess(here, "replay", "a.json", ...option);
      t.is(refused.code, 2);
      t.regex(refused.stderr, /^ran\n/);
    }
  }
});
