// Nobody goes on with what was saved of other code; a trace of other code replays, and says so.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, parse, root, turncoatProcess as turncoat } from "./support.js";

const broadcast = readFileSync(join(root, "examples", "broadcast.ts"), "utf8");

/** A project whose protocol stands in a helper. */
const files = {
  "mine.ts": 'export { adversaries, default } from "./helper.ts";\n',
  "helper.ts": broadcast,
};

const edit = (directory: string) => writeFileSync(join(directory, "helper.ts"), `${broadcast}// edited\n`);

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
  edit(directory);
  const refused = await turncoat(directory, ...resume);
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
  edit(directory);
  for (const option of [
    ["--resume", "r.json"],
    ["--corpus", "c.json"],
  ]) {
    const refused = await turncoat(directory, ...campaign, "--runs", "40", ...option);
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
  const names = () => readdirSync(join(directory, "traces")).filter((name) => name.endsWith(".json"));
  const [name] = names();
  const file = `traces/${name}`;
  const same = await turncoat(directory, "replay", file);
  t.is(same.code, 0);
  t.notRegex(same.stdout, /other code|does not say/);
  edit(directory);
  const other = await turncoat(directory, "replay", file);
  t.is(other.code, 0);
  t.regex(other.stdout, /\n {4}The trace was found in other code: \.\/helper\.ts has changed\.\n$/);
  // The same trace, found again: one file, of the newest code.
  const before = names();
  await turncoat(directory, ...check);
  t.deepEqual(names(), before);
  t.notRegex((await turncoat(directory, "replay", file)).stdout, /other code/);
  const { identity: _, ...old } = JSON.parse(readFileSync(join(directory, file), "utf8"));
  writeFileSync(join(directory, "old.json"), JSON.stringify(old));
  t.regex(
    (await turncoat(directory, "replay", "old.json")).stdout,
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
    for (const command of isForeign ? ["replay", "minimize"] : ["replay"]) {
      const refused = await turncoat(here, command, "a.json");
      t.is(refused.code, 2);
      if (isForeign)
        t.regex(
          refused.stderr,
          /^turncoat: a\.json names code outside of the working directory: .*--allow-module\.\n$/,
        );
      else t.regex(refused.stderr, /^ran\n/);
    }
    t.regex((await turncoat(here, "replay", "a.json", "--allow-module")).stderr, /^ran\n/);
  }
});
