// A project's own suites.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { UserError } from "../../src/model/errors.js";
import { configuredSuites } from "../../src/suite/config.js";

async function directoryWith(
  t: ExecutionContext,
  files: { readonly [name: string]: string },
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "turncoat-config-"));
  t.teardown(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

/** What is wrong with a configuration of one request. */
async function complaint(t: ExecutionContext, request: object): Promise<string | undefined> {
  const text = JSON.stringify({ suites: [{ name: "mine", requests: [request] }] });
  const directory = await directoryWith(t, { "turncoat.config.json": text });
  const error = await t.throwsAsync(configuredSuites(directory), { instanceOf: UserError, code: "bad-file" });
  return error?.message;
}

const suites = [
  {
    name: "mine",
    requests: [
      {
        protocol: "pbft",
        replicas: 4,
        faults: 1,
        adversaries: ["silent"],
        byzantine: ["r0"],
        properties: ["agreement"],
        views: 0,
        requests: 1,
        slots: 1,
        clients: false,
        reduce: "none",
        expect: "holds",
      },
      { protocol: "./my-protocol.ts", byzantine: "each", expect: "any" },
    ],
  },
];

test("a directory without a configuration has no suites of its own", async (t) => {
  t.is(await configuredSuites(await directoryWith(t, {})), null);
});

test("a configuration is written in TypeScript, JavaScript or JSON", async (t) => {
  const text = JSON.stringify({ suites });
  const files = {
    "turncoat.config.ts": `const config: object = ${text};\nexport default config;`,
    "turncoat.config.js": `module.exports = ${text};`,
    "turncoat.config.json": text,
  };
  for (const [name, content] of Object.entries(files))
    t.deepEqual(await configuredSuites(await directoryWith(t, { [name]: content })), suites as never, name);
});

test("TypeScript goes before JSON", async (t) => {
  const directory = await directoryWith(t, {
    "turncoat.config.json": "not read",
    "turncoat.config.ts": "export default { suites: [] };",
  });
  t.deepEqual(await configuredSuites(directory), []);
});

test("what is no JSON is refused", async (t) => {
  const directory = await directoryWith(t, { "turncoat.config.json": "{" });
  const error = await t.throwsAsync(configuredSuites(directory), { instanceOf: UserError, code: "bad-file" });
  t.regex(error!.message, /^turncoat\.config\.json is not JSON: /);
});

test("a module without a default export is refused", async (t) => {
  const directory = await directoryWith(t, { "turncoat.config.ts": "export const suite = [];" });
  const error = await t.throwsAsync(configuredSuites(directory), { instanceOf: UserError, code: "bad-file" });
  t.regex(error!.message, /^turncoat\.config\.ts is not a configuration:\n/);
});

test("every problem is named with its path", async (t) => {
  t.is(
    await complaint(t, { protocl: "pbft", views: "1" }),
    [
      "turncoat.config.json is not a configuration:",
      '  suites[0].requests[0].protocl: is not a known field; did you mean "protocol"?',
      "  suites[0].requests[0].protocol: is missing",
      '  suites[0].requests[0].views: expected number, found "1"',
    ].join("\n"),
  );
});

test("a protocol, property or adversary itself in place of its name is an error that says what to write", async (t) => {
  const own = { name: "mine", on: {} };
  t.is(
    await complaint(t, {
      protocol: own,
      properties: ["agreement", own],
      adversaries: [{}],
      byzantine: [own],
    }),
    [
      "turncoat.config.json is not a configuration:",
      '  suites[0].requests[0].protocol: is the protocol itself: write the path of the module that exports it by default, as in protocol: "./my-protocol.ts"',
      "  suites[0].requests[0].adversaries[0]: is the adversary itself: write its name here, and in the protocol's module export const adversaries = [...] with it, from where traces and threads load it, too",
      '  suites[0].requests[0].byzantine[0]: expected string, found {"name":"mine","on":{}}',
      '  suites[0].requests[0].properties[1]: is the property itself: write "mine" here, and in the protocol\'s module export const properties = [...] with it, from where traces and threads load it, too',
    ].join("\n"),
  );
});

test("times are refused when a configuration is read: searches have none", async (t) => {
  t.is(
    await complaint(t, { protocol: "pbft", timing: { gstMs: 60 } }),
    "turncoat.config.json is not a configuration:\n  suites[0].requests[0].timing: is not a known field",
  );
});

test("an expectation is a verdict, or any", async (t) => {
  t.regex(
    (await complaint(t, { protocol: "pbft", expect: "maybe" })) ?? "",
    /^ {2}suites\[0\]\.requests\[0\]\.expect: expected .*, found "maybe"$/m,
  );
});

for (const [option, value] of [
  ["replicas", 0],
  ["faults", -1],
  ["views", -1],
  ["views", 1.5],
  ["requests", 0],
  ["slots", 0],
] as const) {
  test(`${value} ${option} are refused here as on the command line`, async (t) => {
    t.regex(
      (await complaint(t, { protocol: "pbft", [option]: value })) ?? "",
      new RegExp(`^  suites\\[0\\]\\.requests\\[0\\]\\.${option}: expected .*, found ${value}$`, "m"),
    );
  });
}
