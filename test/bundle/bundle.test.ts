// The bundle of the command line answers as the compiled files do: the same code, with the same places in stacks, its threads, and modules of
// users that bring another copy of Turncoat with them.

import { readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import test from "ava";
import { withOriginalPlaces } from "../../src/bundle/original-place.js";
import { bundle as ownBundle } from "../../src/bundle/own-code.js";
import { commands } from "../../src/cli/commands.js";
import { UserError } from "../../src/model/errors.js";
import { makeBundle } from "../../src/packaging/bundle.js";
import { version } from "../../src/version.js";
import { directoryWith, moduleOf, root, runScript } from "../cli/support.js";

const compiled = fileURLToPath(new URL("../../", import.meta.url));
/** Not build/bundle: another build may be going on. */
const directory = join(compiled, `bundle-${process.pid}`);
const start = { bundled: join(directory, "start.js"), compiled: join(compiled, "src/cli/start.js") };

test.before(() => makeBundle(directory));
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

test("it holds every module once, and the licenses of others", (t) => {
  t.is(ownBundle, null);
  const names = readdirSync(directory).filter((name) => name.endsWith(".js"));
  const texts = names.map((name) => readFileSync(join(directory, name), "utf8"));
  t.is(texts.filter((text) => text.includes('Symbol.for("turncoat.UserError")')).length, 1);
  t.is(texts.filter((text) => text.includes("// node_modules/effect/dist/Schema.js")).length, 1);
  // Threads are found beside it, and not among the compiled files.
  const threads = texts.flatMap(
    (text) => text.match(/new URL\("\.\/[\w-]+\.js", import\.meta\.url\)/g) ?? [],
  );
  t.deepEqual(threads.map((text) => /[\w-]+\.js/.exec(text)![0]).sort(), [
    "src-campaign-merge-thread.js",
    "src-campaign-minimize-thread.js",
    "src-cli-program.js",
    "src-cli-watch-thread.js",
    "src-explore-workers-thread.js",
    "src-fuzz-workers-thread.js",
    "src-simulate-sweep-thread.js",
    "src-suite-thread.js",
  ]);
  t.true(readFileSync(join(directory, "LICENSES.txt"), "utf8").includes("\neffect 4."));
});

test("an error of it is one of ours, and a place in it is told as the place in the compiled file", async (t) => {
  const { findProtocol } = await import(pathToFileURL(join(directory, "turncoat.js")).href);
  const error = await t.throwsAsync(findProtocol("nope"));
  t.true(error instanceof UserError, "although the class is another copy's");

  const thrown = /throw new UserError\(\s*"bad-option",\s*`There is no protocol named "\$\{name\}"\. \$\{did/;
  for (const name of readdirSync(directory).filter((file) => file.endsWith(".js"))) {
    const before = readFileSync(join(directory, name), "utf8").split(thrown)[0]!.split("\n");
    const line = `at findProtocol (file://${join(directory, name)}:${before.length}:${before.at(-1)!.length + 7})`;
    const told = withOriginalPlaces(line, `${directory}/`);
    if (!told.includes("catalogue/load.js")) continue;
    const [, file, row] = /^at findProtocol \(file:\/\/(.*):(\d+):\d+\)$/.exec(told)!;
    t.is(file, join(compiled, "src/catalogue/load.js"));
    t.regex(
      readFileSync(file!, "utf8")
        .split("\n")
        .slice(Number(row) - 1)
        .join("\n"),
      new RegExp(`^\\s*${thrown.source}`),
    );
    return;
  }
  t.fail("no file of the bundle has the error");
});

test("what it finds is the same, and has the same identity: the same build, made with the same packages", async (t) => {
  const here = await directoryWith(t);
  const runs = [];
  for (const script of [start.bundled, start.compiled]) {
    const { stdout } = await runScript(
      script,
      here,
      "check",
      "two-phase-commit",
      "--adversary",
      "none",
      "--json",
    );
    const [{ identity, verdict, states, transitions, depth }] = JSON.parse(stdout).runs;
    runs.push({ identity, verdict, states, transitions, depth });
  }
  t.deepEqual(runs[0], runs[1]);
  t.is(runs[0]!.states, 251);
});

test("it says its version and its commands", async (t) => {
  t.deepEqual(await runScript(start.bundled, root, "--version"), {
    code: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
  const help = await runScript(start.bundled, root, "--help");
  t.true(help.stdout.startsWith((await commands()).helpInformation()));
});

const mine = moduleOf({
  statements: `import { UserError } from "turncoat";
    import { agreement } from "turncoat/properties";
    export const properties = [{ ...agreement, name: "mine" }];`,
  step: `(_context, state, input) => {
    if (input.kind === "request" && state.n === 1) throw new Error("boom");
    return [{ state: { n: state.n + 1 }, effects: [], events: [] }];
  }`,
});

for (const [file, what] of [
  ["mine.ts", "shares its copy of Turncoat"],
  ["mine.js", "brings another copy of Turncoat"],
] as const) {
  test(`a module that ${what} is checked as by the compiled files, and its errors have its lines`, async (t) => {
    const here = await directoryWith(t, { [file]: mine, "package.json": '{ "type": "module" }' });
    await mkdir(join(here, "node_modules"));
    symlinkSync(root, join(here, "node_modules/turncoat"));
    symlinkSync(join(root, "node_modules/effect"), join(here, "node_modules/effect"));
    const words = ["check", `./${file}`, "--adversary", "none", "--property", "mine", "--workers", "1"];
    const [bundled, plain] = [
      await runScript(start.bundled, here, ...words),
      await runScript(start.compiled, here, ...words),
    ];
    t.is(bundled.code, 2);
    t.true(bundled.stderr.includes(`threw "boom"`), bundled.stderr);
    t.regex(bundled.stderr, new RegExp(`\\n {4}at .*/${file.replace(".", "\\.")}:\\d+:\\d+`));
    t.deepEqual(bundled, plain);
  });
}

test("its threads answer", async (t) => {
  const here = await directoryWith(t);
  const { code, stdout } = await runScript(
    start.bundled,
    here,
    ...["fuzz", "pbft/quorum-2f", "--runs", "200", "--seed", "1", "--workers", "2", "--json"],
  );
  t.is(code, 1);
  t.is(JSON.parse(stdout).verdict, "violated");
});
