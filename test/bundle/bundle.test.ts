// The bundle of the command line answers as the compiled files do: the same code, with the same places in stacks, its threads, and modules of
// users that bring another copy of Turncoat with them.

import { readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import test from "ava";
import { withOriginalPlaces } from "../../src/bundle/original-place.js";
import { bundle as ownBundle } from "../../src/bundle/own-code.js";
import {
  builtinProperties,
  builtinPuppets,
  builtins,
  combinations,
  pbftAdversaries,
} from "../../src/catalogue/index.js";
import { type Item, listing } from "../../src/catalogue/listing.js";
import { commands } from "../../src/cli/commands.js";
import { UserError } from "../../src/model/errors.js";
import { networks } from "../../src/model/network.js";
import { makeBundle } from "../../src/packaging/bundle.js";
import { version } from "../../src/version.js";
import { directoryWith, moduleOf, root, runScript, turncoat } from "../cli/support.js";

const compiled = fileURLToPath(new URL("../../", import.meta.url));
/** Not build/bundle: another build may be going on. */
const directory = join(compiled, `bundle-${process.pid}`);
/** The compiled files are run by `turncoat`, in the process that has loaded them. */
const bundled = join(directory, "start.js");

test.before(() => makeBundle(directory));
test.after.always(() => rmSync(directory, { recursive: true, force: true }));

test("it holds every module once, and the licenses of others", (t) => {
  t.is(ownBundle, null);
  const names = readdirSync(directory).filter((name) => name.endsWith(".js"));
  const texts = names.map((name) => readFileSync(join(directory, name), "utf8"));
  t.is(texts.filter((text) => text.includes('Symbol.for("turncoat.UserError")')).length, 1);
  // Twice: what Turncoat uses of it, and all of it for modules of users.
  const schemas = names.filter((_, index) => texts[index]!.includes("// node_modules/effect/dist/Schema.js"));
  t.deepEqual(
    schemas.map((name) => name.replace(/-[A-Z0-9]{8}\./, ".")),
    ["chunk.js", "effect-Schema.js"],
  );
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
  const words = ["check", "two-phase-commit", "--adversary", "none", "--json"];
  for (const { stdout } of [await runScript(bundled, here, ...words), await turncoat(here, ...words)]) {
    const [{ identity, verdict, states, transitions, depth }] = JSON.parse(stdout).runs;
    runs.push({ identity, verdict, states, transitions, depth });
  }
  t.deepEqual(runs[0], runs[1]);
  t.is(runs[0]!.states, 251);
});

test("it says its version and its commands", async (t) => {
  t.deepEqual(await runScript(bundled, root, "--version"), {
    code: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
  const help = await runScript(bundled, root, "--help");
  t.true(help.stdout.startsWith((await commands()).helpInformation()));
});

/** What a file of the bundle loads before it runs, itself included. */
function loadedBy(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(join(directory, name), "utf8");
  for (const [, next] of text.matchAll(/^(?:import|\} from|export [^"]* from) ?[^"\n]*"\.\/([^"]+)"/gm))
    loadedBy(next!, seen);
  return seen;
}

test("help and lists load no protocol and no schema", (t) => {
  const loaded = (name: string) =>
    [...loadedBy(name)].map((file) => readFileSync(join(directory, file), "utf8")).join("");
  const list = readdirSync(directory).find((name) => /^list-\w+\.js$/.test(name))!;
  for (const name of ["src-cli-program.js", list]) {
    t.false(loaded(name).includes("// build/src/protocols/"), name);
    t.false(loaded(name).includes("// node_modules/effect/"), name);
  }
  t.true(loaded("turncoat.js").includes("// build/src/protocols/"), "so that the comparison can fail");
  t.true(loaded("turncoat.js").includes("// node_modules/effect/"));
});

test("it lists every name of the catalogue, with what it is", async (t) => {
  const { code, stdout } = await runScript(bundled, root, "list", "--json");
  t.is(code, 0);
  const listed = JSON.parse(stdout) as { readonly [kind: string]: readonly Item[] };
  const names = Object.fromEntries(Object.entries(listed).map(([kind, items]) => [kind, items.map(nameOf)]));
  const [correct, mutants] = [builtins.filter((one) => !one.mutant), builtins.filter((one) => one.mutant)];
  t.deepEqual(names, {
    protocols: correct.map(nameOf),
    mutants: mutants.map(nameOf),
    adversaries: [...pbftAdversaries, ...combinations].map(nameOf),
    puppets: builtinPuppets.map(nameOf),
    properties: builtinProperties.map(nameOf),
    networks: networks.map(nameOf),
  });
  for (const { name, protocol, mutant } of builtins) {
    const { summary } = listed[mutant ? "mutants" : "protocols"]!.find((one) => one.name === name)!;
    if (mutant) t.true(summary.startsWith(`${mutant.flaw} (breaks ${mutant.exposedBy.property}; `), name);
    else t.is(summary, protocol.summary);
  }
  t.deepEqual(listed, JSON.parse(JSON.stringify(listing)));
  t.is((await turncoat(root, "list", "--json")).stdout, stdout);
});

const nameOf = ({ name }: { readonly name: string }) => name;

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
    const outcome = await runScript(bundled, here, ...words);
    t.is(outcome.code, 2);
    t.true(outcome.stderr.includes(`threw "boom"`), outcome.stderr);
    t.regex(outcome.stderr, new RegExp(`\\n {4}at .*/${file.replace(".", "\\.")}:\\d+:\\d+`));
    t.deepEqual(outcome, await turncoat(here, ...words));
  });
}

test("its threads answer", async (t) => {
  const here = await directoryWith(t);
  const { code, stdout } = await runScript(
    bundled,
    here,
    ...["fuzz", "pbft/quorum-2f", "--runs", "200", "--seed", "1", "--workers", "2", "--json"],
  );
  t.is(code, 1);
  t.is(JSON.parse(stdout).verdict, "violated");
});
