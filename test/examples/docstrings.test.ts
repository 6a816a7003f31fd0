// The examples in the docstrings of the public functions, run. In a line `expression // => value` the two must be equal. The examples see
// every exported name, `Schema` and `fc`, and these: `setting` is PBFT with quorums of 2f under an equivocating primary, `trace` its
// shortest counterexample, and `directory` one that has a configuration; `file` describes a class, and `model` is the same class.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import * as Schema from "effect/Schema";
import { transformSync } from "esbuild";
import * as fc from "fast-check";
import { findProtocol, readTrace } from "../../src/index.js";
import { directoryWith, root } from "../cli/support.js";
import { barrels, exportedBy } from "../support/entries.js";
import { fourReplicas, pbftMutant, pbftSetting } from "../support/settings.js";

const exported = [...barrels.values()].flatMap(exportedBy);
const functions = new Map(
  exported.flatMap(({ name, original, file }) => {
    const doc = docOf(original, file);
    return doc === null ? [] : [[`${name} of ${file}`, doc] as const];
  }),
);

/** The docstring of a function; null if the name is not a function's. */
function docOf(name: string, file: string): string | null {
  const code = readFileSync(join(root, file), "utf8");
  const found = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n)?export (?:async )?function ${name}\\b`,
  ).exec(code);
  return found && (found[1] ?? "").replaceAll(/^\s*\* ?/gm, "");
}

/** The statements of an example; its expectations call `is`. */
function statementsOf(example: string): string {
  const checked = example.replaceAll(/^(.*?);? \/\/ => (.*)$/gm, (_, code: string, value: string) => {
    const [, variable] = /^const (\w+) = /.exec(code) ?? [];
    return variable ? `${code};\nis(${variable}, ${value});` : `is((${code}), (${value}));`;
  });
  const { code } = transformSync(checked.replaceAll(/^export default /gm, "void "), { loader: "ts" });
  return code;
}

const file = "test/real/fixtures/careful.real.ts";

/** All that an example may name. */
async function scope(
  t: ExecutionContext,
  begun: Promise<void>[],
): Promise<{ readonly [name: string]: unknown }> {
  const modules = await Promise.all([...barrels.keys()].map((entry) => import(entry)));
  const config = {
    suites: [{ name: "mine", requests: [{ protocol: "pbft/quorum-2f", expect: "violated" }] }],
  };
  return {
    ...Object.assign({}, ...modules),
    ...{ Schema, fc, is: t.deepEqual.bind(t) },
    test: (_name: string, body: (context: ExecutionContext) => Promise<void>) => begun.push(body(t)),
    setting: pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") }),
    ...{ file, model: (await findProtocol(file)).protocol, config: fourReplicas },
    trace: await readTrace("corpus/pbft-quorum-2f.json"),
    directory: await directoryWith(t, { "turncoat.config.json": JSON.stringify(config) }),
  };
}

const AsyncFunction = (async () => {}).constructor as FunctionConstructor;

test("no exported function is overlooked", async (t) => {
  const modules = await Promise.all([...barrels.keys()].map((entry) => import(entry)));
  const callable = modules.flatMap((module) =>
    Object.keys(module).filter((name) => typeof module[name] === "function"),
  );
  const classes = ["Dice", "NodeId", "UserError"];
  const expected = [...new Set(callable)].filter((name) => !classes.includes(name)).toSorted();
  t.deepEqual([...new Set([...functions.keys()].map((key) => key.split(" ")[0]!))].toSorted(), expected);
});

for (const [name, doc] of functions)
  test(`the example of ${name} does what it says`, async (t) => {
    const examples = [...doc.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
    t.true(examples.length > 0, "every exported function has an example");
    const begun: Promise<void>[] = [];
    const names = await scope(t, begun);
    for (const example of examples)
      await new AsyncFunction(...Object.keys(names), statementsOf(example))(...Object.values(names));
    await Promise.all(begun);
    t.pass();
  });
