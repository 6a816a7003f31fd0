// A digest changes with everything that a run depends on, and what has changed is named.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { SettingDescription } from "../../src/catalogue/index.js";
import { changesBetween, identityOf, identityWith, partsOf } from "../../src/identity/identity.js";
import { moduleParts } from "../../src/identity/module-parts.js";
import { refuseOtherCode } from "../../src/identity/refuse.js";
import { UserError } from "../../src/model/errors.js";
import { version } from "../../src/version.js";

/** A project with these files; its protocol is `protocols/vote.ts`. */
function project(t: ExecutionContext, changes: { readonly [name: string]: string } = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-identity-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const files = {
    "protocols/vote.ts":
      'import * as Schema from "effect/Schema";\nimport { quorum } from "./quorum.js";\nimport { never } from "../lib/property.ts";\n' +
      'import { left } from "left";\nimport { shared } from "@mine/shared";\nimport { join } from "node:path";\nimport type { T } from "./types.ts";\n' +
      'import { replicaIds } from "turncoat";\nexport const properties = [never];\n' +
      "export const all: T = [Schema, quorum, left, shared, join, replicaIds];\n",
    "protocols/quorum.ts": 'import numbers from "./numbers.json";\nexport const quorum = numbers.quorum;\n',
    "protocols/numbers.json": '{ "quorum": 3 }',
    "protocols/types.ts": "export type T = unknown[];\n",
    "lib/property.ts": 'export const never = { name: "never" };\n',
    "unrelated.ts": "export {};\n",
    "shared/package.json": '{ "name": "@mine/shared", "version": "1.0.0", "main": "index.js" }',
    "shared/index.js": "exports.shared = 1;\n",
    "node_modules/left/package.json":
      '{ "name": "left", "version": "1.2.3", "dependencies": { "below": "1" }, "exports": { ".": "./index.js" } }',
    "node_modules/left/index.js": "exports.left = 1;\n",
    "node_modules/below/package.json": '{ "name": "below", "version": "1.0.0" }',
    ...changes,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  mkdirSync(join(directory, "node_modules", "@mine"));
  symlinkSync(join(directory, "shared"), join(directory, "node_modules", "@mine", "shared"));
  return join(directory, "protocols", "vote.ts");
}

test("a module is made of itself, of what it imports, and of packages", async (t) => {
  const parts = await moduleParts(project(t));
  const { left, below, effect, ...files } = parts;
  t.deepEqual([left, below], ["1.2.3", "1.0.0"]);
  t.regex(effect!, /^4\.\d+\.\d+$/);
  t.deepEqual(
    Object.keys(files).filter((name) => name.startsWith(".")),
    ["../lib/property.ts", "../shared/index.js", "./numbers.json", "./quorum.ts", "./vote.ts"].sort(
      (a, b) => Object.keys(files).indexOf(a) - Object.keys(files).indexOf(b),
    ),
  );
  for (const name of ["../lib/property.ts", "./vote.ts"]) t.regex(files[name]!, /^[0-9a-f]{16}$/);
});

for (const [what, change, told] of [
  ["the module", { "protocols/vote.ts": "export {};\n" }, /^\.\/vote\.ts has changed$/],
  [
    "a helper",
    { "protocols/quorum.ts": 'import "./numbers.json";\nexport const quorum = 2;\n' },
    /^\.\/quorum\.ts has changed$/,
  ],
  ["a JSON file", { "protocols/numbers.json": '{ "quorum": 2 }' }, /^\.\/numbers\.json has changed$/],
  [
    "a property",
    { "lib/property.ts": 'export const never = { name: "ever" };\n' },
    /^\.\.\/lib\/property\.ts has changed$/,
  ],
  [
    "a package of the workspace",
    { "shared/index.js": "exports.shared = 2;\n" },
    /^\.\.\/shared\/index\.js has changed$/,
  ],
  [
    "a package",
    { "node_modules/left/package.json": '{ "version": "1.3.0", "dependencies": { "below": "1" } }' },
    /^the package left was 1\.2\.3 and is 1\.3\.0$/,
  ],
  [
    "a package below",
    { "node_modules/below/package.json": '{ "version": "1.0.1" }' },
    /^the package below was 1\.0\.0 and is 1\.0\.1$/,
  ],
  [
    "nothing",
    { "unrelated.ts": "export const x = 1;\n", "protocols/types.ts": "export type T = unknown;\n" },
    null,
  ],
] as const)
  test(`${what} has changed, and that is said`, async (t) => {
    const [before, now] = [await moduleParts(project(t)), await moduleParts(project(t, { ...change }))];
    const changes = changesBetween(before, now);
    if (told === null) t.deepEqual(changes, []);
    else
      t.true(
        changes.some((one) => told.test(one)),
        changes.join(),
      );
    if (told !== null && what !== "the module") t.is(changes.length, 1);
    t.is(identityWith({}, before).digest === identityWith({}, now).digest, told === null);
  });

test("a file or package that is imported now, or no longer, is named", (t) => {
  t.deepEqual(changesBetween({ "./a.ts": "1", left: "1.0.0" }, { "./b.ts": "1", turncoat: "x" }), [
    "./a.ts is no longer imported",
    "./b.ts is imported now",
    "the package left is no longer imported",
    "Turncoat is imported now",
  ]);
});

test("a module whose imports cannot be followed equals nothing, not even itself", async (t) => {
  const parts = await partsOf(project(t, { "protocols/vote.ts": "this is no TypeScript" }));
  t.regex(changesBetween(parts, parts).join(), /^what the module imports cannot be found out \(Build failed/);
});

const description: SettingDescription = {
  protocol: "pbft",
  config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
  byzantine: ["r0"] as unknown as SettingDescription["byzantine"],
  adversary: "silent",
  network: "async",
  bounds: { views: 0 },
  properties: ["agreement"],
};

test("a built-in protocol is made of this build; the setting is in the digest, in any order of its keys", async (t) => {
  const { digest, parts } = await identityOf(description);
  t.regex(parts.turncoat!, new RegExp(`^${version.replaceAll(".", "\\.")}, build [0-9a-f]{16}$`));
  t.deepEqual(Object.keys(parts), ["effect", "pure-rand", "ts-pattern", "turncoat"]);
  t.regex(digest, /^[0-9a-f]{64}$/);
  const reordered = Object.fromEntries(
    Object.entries(description).reverse(),
  ) as unknown as SettingDescription;
  t.is((await identityOf(reordered)).digest, digest);
  t.not((await identityOf({ ...description, bounds: { views: 1 } })).digest, digest);
});

test("what was saved without an identity, or with another, is refused", (t) => {
  const now = { "./a.ts": "2", turncoat: "0.1.0, build 1" };
  t.notThrows(() => refuseOtherCode("x", { digest: "", parts: now }, now));
  t.throws(() => refuseOtherCode("x", undefined, now), {
    instanceOf: UserError,
    message: /^x does not say with which code/,
  });
  t.throws(() => refuseOtherCode("x", { digest: "", parts: { ...now, "./a.ts": "1" } }, now), {
    instanceOf: UserError,
    message:
      "x was made with other code, so it cannot be resumed. Begin anew, without it. What differs: ./a.ts has changed.",
  });
});
