// What the README says is so.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { findProtocol, importModule } from "../../src/catalogue/index.js";
import { commands as programOf } from "../../src/cli/commands.js";
import { requestFrom, type SettingOptions } from "../../src/cli/options.js";
import { pbftMutants } from "../../src/protocols/pbft/index.js";
import type { RawOptions } from "../../src/simulate/parameters.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { simulationFrom } from "../../src/simulate/setting.js";
import { configuredSuites } from "../../src/suite/config.js";
import { plan } from "../../src/suite/plan.js";
import { directoryWith, root, turncoat } from "./support.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The code blocks in a language; those without one are "". */
function blocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, found]) => found === language)
    .map(([, , text]) => text!);
}

const commands = blocks("")
  .flatMap((block) => block.split("\n"))
  .filter((line) => line.startsWith("npx turncoat "))
  .map((line) => line.replace(/\s+#.*$/, "").slice("npx turncoat ".length));

/** The command line without its deeds. */
async function parser(
  onPlan: (protocol: string, options: SettingOptions) => void,
  onFiles: (file: string) => void,
  onSimulation: (protocol: string | undefined, words: RawOptions) => void = () => {},
) {
  const program = (await programOf("all")).configureOutput({ writeErr: () => {} });
  for (const command of program.commands) {
    if (["check", "fuzz"].includes(command.name())) command.action(onPlan);
    else if (command.name() === "simulate") command.action(onSimulation);
    else command.action((files: string | string[]) => [files].flat().forEach(onFiles));
  }
  return program;
}

test("there are eight commands to copy", (t) => {
  t.is(commands.length, 8);
});

for (const command of commands) {
  test(`\`turncoat ${command}\` is understood, and names what there is`, async (t) => {
    const asked: [string, SettingOptions][] = [];
    const files: string[] = [];
    const simulated: RawOptions[] = [];
    const program = await parser(
      (protocol, options) => asked.push([protocol, options]),
      (file) => files.push(file),
      (protocol, words) => simulated.push({ ...(protocol && { protocol }), ...words }),
    );
    program.parse(command.split(" "), { from: "user" });
    t.is(asked.length + files.length + simulated.length, 1);
    for (const words of simulated) t.truthy(await simulationFrom(parametersFrom(words)));
    for (const [protocol, options] of asked)
      t.true(plan(await findProtocol(protocol), requestFrom(protocol, options)).length > 0);
    for (const file of files) t.true(existsSync(join(root, file)), file);
  });
}

for (const [command, code] of [
  ["check pbft/view-change-forgets", 1],
  ["replay corpus/pbft-new-view-unjustified.json", 0],
  ["check ./examples/broadcast.ts", 1],
] as const) {
  test(`\`turncoat ${command}\` exits with ${code}`, async (t) => {
    t.true(commands.includes(command));
    const traces = command.startsWith("check") ? ["--traces", await directoryWith(t)] : [];
    const outcome = await turncoat(root, ...command.split(" "), ...traces, "--json");
    t.is(outcome.code, code);
    t.notThrows(() => JSON.parse(outcome.stdout));
  });
}

test("the library example prints what it says", async (t) => {
  const [example] = blocks("ts");
  const claim = /^result\.verdict; \/\/ => "(\w+)"$/m.exec(example!)?.[1];
  t.is(claim, "holds");
  const directory = await directoryWith(t, {
    "example.ts": `${example}\nexport const { verdict } = result;`,
  });
  t.is((await importModule(join(directory, "example.ts"), "example.ts")).verdict, claim);
});

test("the example of a configuration is one", async (t) => {
  const directory = await directoryWith(t, { "turncoat.config.ts": blocks("ts")[1]! });
  t.is((await configuredSuites(directory))?.[0]?.requests[0]?.protocol, "./my-protocol.ts");
});

test("PBFT is broken in forty ways", (t) => {
  t.true(readme.includes("its forty mutants"));
  t.is(pbftMutants.length, 40);
});

test("the commands in the table are those that there are", async (t) => {
  const listed = [...readme.matchAll(/^\| `turncoat ([\w-]+)[^`]*`[^|]* \|/gm)].map(([, name]) => name!);
  const { commands: all } = await programOf();
  const names = all.map((command) => command.name()).filter((name) => name !== "completion");
  t.deepEqual(listed, names);
});

test("the scripts that it names exist", (t) => {
  const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
  t.true(named.length > 0);
  for (const name of [...named, "start", "test"]) t.true(name in packageJson.scripts, name);
});

test("its links lead somewhere", (t) => {
  const targets = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
  t.true(targets.length > 10);
  for (const target of targets) t.true(existsSync(join(root, target)), target);
});
