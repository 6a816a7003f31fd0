// The reference of the command line and the JSON schemas are written from the code: what is there is what would be written now.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { commands } from "../../src/cli/commands.js";
import { referencePage } from "../../src/cli/reference.js";
import { jsonSchemas } from "../../src/report/json-schema.js";
import { root } from "../cli/support.js";

const read = (file: string) => readFileSync(join(root, "docs", file), "utf8");

test("docs/cli.md is up to date: npm run docs:cli", async (t) => {
  t.is(read("cli.md"), referencePage(await commands("all")));
});

test("the JSON schemas are up to date: npm run docs:cli", (t) => {
  t.deepEqual(Object.keys(jsonSchemas), ["output", "config", "map"]);
  for (const [name, schema] of Object.entries(jsonSchemas))
    t.is(read(`json-schema/${name}.json`), `${JSON.stringify(schema, null, 2)}\n`, name);
});

test("every option of every command stands in the reference", async (t) => {
  const page = read("cli.md");
  for (const { options } of (await commands("all")).commands)
    for (const { flags, hidden } of options)
      t.true(hidden || page.includes(`\`${flags.replaceAll("|", "\\|")}\``), flags);
});

test("the list of commands is the same whether or not their modules are loaded", async (t) => {
  const [named, loaded] = [await commands(), await commands("all")];
  t.is(named.helpInformation(), loaded.helpInformation());
  const names = loaded.commands.map((command) => command.name());
  t.deepEqual(names, [
    "tour",
    "check",
    "fuzz",
    "campaign",
    "explore",
    "replay",
    "minimize",
    "simulate",
    "keys",
    "run",
    "load",
    "trace",
    "emit-traces",
    "conform",
    "history",
    "list",
    "init",
    "completion",
  ]);
  for (const name of names) {
    const [one, all] = [await commands(name), loaded].map((program) =>
      program.commands.find((command) => command.name() === name)!.helpInformation(),
    );
    t.is(one, all, name);
  }
});
