// From names to things: built-in protocols, modules of the user's, settings.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import {
  builtins,
  describeSetting,
  findProtocol,
  pick,
  type SettingDescription,
  settingFrom,
} from "../../src/catalogue/index.js";
import { UserError, type UserErrorCode } from "../../src/model/errors.js";

/** A module with this source, under a name of its own. */
async function moduleWith(t: ExecutionContext, source: string, name = "mine.ts"): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "turncoat-catalogue-"));
  t.teardown(() => rm(directory, { recursive: true }));
  const path = join(directory, name);
  await writeFile(path, source);
  return path;
}

async function messageOf(
  t: ExecutionContext,
  code: UserErrorCode,
  promise: Promise<unknown>,
): Promise<string> {
  const error = await t.throwsAsync(promise, { instanceOf: UserError, code });
  return error?.message ?? "";
}

const sound = `{
  name: "mine", summary: "", message: {}, nodes: () => [], requests: () => ["A"], digest: String
}`;

const description: SettingDescription = {
  protocol: "pbft/quorum-2f",
  config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
  byzantine: ["r0", "r2"],
  adversary: "lying-voter",
  network: "async",
  bounds: { views: 1 },
  properties: ["validity", "agreement"],
};

test("a built-in protocol is correct and without an original; a mutant knows both", async (t) => {
  const pbft = await findProtocol("pbft");
  t.is(pbft.mutant, null);
  t.is(pbft.original, null);
  const mutant = await findProtocol("pbft/quorum-2f");
  t.is(mutant.mutant?.exposedBy.property, "agreement");
  t.is(mutant.original, "pbft");
  t.is(mutant.protocol.name, "pbft/quorum-2f");
});

test("an unknown name is refused with the names that there are", async (t) => {
  const names = builtins.map(({ name }) => name).filter((name) => name.startsWith("pbft/"));
  t.true(names.includes("pbft/quorum-2f"));
  t.is(
    await messageOf(t, "bad-option", findProtocol("pbft/quorum-3f")),
    `There is no protocol named "pbft/quorum-3f". Did you mean "pbft/quorum-2f"? Built-in are: ${names.join(", ")}. turncoat list tells all. A module of your own is named by its path, as in ./my-protocol.ts.`,
  );
});

test("what looks like a path is one", async (t) => {
  for (const path of ["./pbft", "../no/pbft", "/no/pbft", "pbft.ts", "lib/pbft.mjs", "pbft.cjs"])
    t.is(await messageOf(t, "bad-module", findProtocol(path)), `There is no file ${path}.`);
});

test("a module is found by its path, and has the generic adversaries and the built-in properties too", async (t) => {
  const path = await moduleWith(
    t,
    `export default ${sound};
     const no = () => false;
     const loud = { name: "loud", forwards: false, speaks: true, canMove: no, observes: no, moves: () => [] };
     export const adversaries = [loud];
     const order = { name: "order", kind: "always", observes: "both", exercise: "nothing", monitor: no };
     export const properties = [order];`,
  );
  const entry = await findProtocol(path);
  t.is(entry.name, path);
  t.is(entry.protocol.name, "mine");
  t.is(entry.mutant, null);
  t.is(entry.original, null);
  t.deepEqual(
    entry.adversaries.map(({ name }) => name),
    ["silent", "replayer", "delayer", "selective-sender", "amnesiac", "twin", "mutator", "arbitrary", "loud"],
  );
  t.deepEqual(
    entry.properties.map(({ name }) => name),
    [
      "agreement",
      "validity",
      "integrity",
      "clients-are-served",
      "checkpoint-agreement",
      "checkpoint-durability",
      "bounded-log",
      "linearizability",
      "catching-up",
      "all-execute",
      "nobody-waits-for-ever",
      "totality",
      "termination",
      "null-agreement",
      "order",
    ],
  );
  t.deepEqual(entry.defaultProperties, ["agreement", "validity", "clients-are-served", "order"]);
});

test("a protocol without requests is not checked for validity, unless somebody asks for it", async (t) => {
  const path = await moduleWith(
    t,
    `const protocol = ${sound}; export default { ...protocol, requests: () => [] };`,
  );
  const entry = await findProtocol(path);
  t.deepEqual(entry.defaultProperties, ["agreement", "clients-are-served"]);
  t.true(entry.properties.some(({ name }) => name === "validity"));
});

test("an adversary or a property that lacks a function is refused when the module is loaded", async (t) => {
  const adversary = await moduleWith(t, `export default ${sound}; export const adversaries = [5];`);
  t.is(
    await messageOf(t, "bad-module", findProtocol(adversary)),
    `adversaries[0] of ${adversary} must be an adversary: an object with name, forwards, speaks, canMove, observes and moves.`,
  );
  const property = await moduleWith(t, `export default ${sound}; export const properties = [{ name: "p" }];`);
  t.is(
    await messageOf(t, "bad-module", findProtocol(property)),
    `properties[0] of ${property}: \`kind\` is missing: a property needs it, and it has to be "always" or "eventually" or "sometimes".`,
  );
});

test("a misspelt or mistyped part of an adversary, a property or a puppet is named, with what it has to be", async (t) => {
  const functions = "canMove: () => true, observes: () => true, moves: () => []";
  const adversary = `{ name: "a", summary: "", strength: 1, forwards: false, speaks: true, ${functions} }`;
  const property = `{ name: "p", summary: "", kind: "always", observes: "both", exercise: "", monitor: () => 0 }`;
  const puppet = `{ name: "u", summary: "", attach: () => 0 }`;
  const refused = async (list: string, good: string, change: string) => {
    const module = `export default ${sound}; export const ${list} = [{ ...${good}, ${change} }];`;
    const path = await moduleWith(t, module);
    return (await messageOf(t, "bad-module", findProtocol(path))).replace(path, "x");
  };
  const there = "There are: ";
  for (const [list, good, change, message] of [
    ["adversaries", adversary, "speaks: 5", "`speaks` has to be true or false."],
    [
      "adversaries",
      adversary,
      "moves: undefined",
      "`moves` is missing: an adversary needs it, and it has to be a function.",
    ],
    [
      "adversaries",
      adversary,
      "speeks: true",
      `an adversary has no part "speeks". Did you mean "speaks"? ${there}`,
    ],
    ["adversaries", adversary, 'plays: "replicas"', '`plays` has to be "replica" or "client" or an object.'],
    [
      "adversaries",
      adversary,
      "stepFaults: { copys: 2 }",
      `\`stepFaults\` has no part "copys". Did you mean "copies"? ${there}`,
    ],
    ["adversaries", adversary, 'stepFaults: { says: "no" }', "`says` has to be a function."],
    ["properties", property, 'kind: "allways"', '`kind` has to be "always" or "eventually" or "sometimes".'],
    [
      "properties",
      property,
      "hear: () => true",
      `a property has no part "hear". Did you mean "hears"? ${there}`,
    ],
    ["properties", property, "exercise: 5", "`exercise` has to be a text or a function."],
    ["puppets", puppet, "attach: {}", "`attach` has to be a function."],
    ["puppets", puppet, "lie: true", `a puppet has no part "lie". Did you mean "lies"? ${there}`],
  ] as const)
    t.true((await refused(list, good, change)).startsWith(`${list}[0] of x: ${message}`), message);
});

test("an adversary that is an instance of a class may have fields of its own, and its parts are looked at all the same", async (t) => {
  const moduleOf = (speaks: string) =>
    moduleWith(
      t,
      `export default ${sound};
       class Loud {
         name = "loud"; forwards = false; speaks = ${speaks}; values = ["A"];
         canMove() { return true; }
         observes() { return false; }
         moves() { return this.values; }
       }
       export const adversaries = [new Loud()];`,
    );
  const { adversaries } = await findProtocol(await moduleOf("true"));
  t.is(adversaries.at(-1)!.name, "loud");
  const wrong = await moduleOf('"yes"');
  t.is(
    await messageOf(t, "bad-module", findProtocol(wrong)),
    `adversaries[0] of ${wrong}: \`speaks\` has to be true or false.`,
  );
});

test("a module may be plain JavaScript, and may call its protocol so", async (t) => {
  const path = await moduleWith(t, `export const protocol = ${sound};`, "mine.mjs");
  t.is((await findProtocol(path)).protocol.name, "mine");
});

test("a TypeScript module may call its protocol so, too", async (t) => {
  const path = await moduleWith(t, `export const protocol = ${sound};`);
  t.is((await findProtocol(path)).protocol.name, "mine");
});

test("a module may be named by a file: URL", async (t) => {
  const path = await moduleWith(t, `export default ${sound};`);
  t.is((await findProtocol(pathToFileURL(path).href)).protocol.name, "mine");
});

test("a module without a protocol is refused", async (t) => {
  for (const source of ["export const other = 1;", "export default null;", "export default { name: 1 };"]) {
    const path = await moduleWith(t, source, "mine.mjs");
    t.is(
      await messageOf(t, "bad-module", findProtocol(path)),
      `${path} must export a protocol as default (an object with name, message, nodes, ...).`,
    );
  }
});

for (const name of ["nodes", "requests", "digest"]) {
  test(`a protocol without the function ${name} is refused`, async (t) => {
    const path = await moduleWith(t, `export default { ...${sound}, ${name}: undefined };`);
    t.is(
      await messageOf(t, "bad-module", findProtocol(path)),
      `The protocol in ${path} has no function \`${name}\`.`,
    );
  });
}

for (const name of ["adversaries", "properties"]) {
  test(`${name} that are no array are refused`, async (t) => {
    const path = await moduleWith(t, `export default ${sound}; export const ${name} = { name: "one" };`);
    t.is(
      await messageOf(t, "bad-module", findProtocol(path)),
      `The export \`${name}\` of ${path} must be an array.`,
    );
  });
}

test("a module that throws while it is loaded is refused with what it says", async (t) => {
  const path = await moduleWith(t, 'throw new Error("not today");');
  t.is(await messageOf(t, "bad-module", findProtocol(path)), `${path} could not be loaded: not today`);
});

test("a setting and its description are the same, said twice", async (t) => {
  const setting = await settingFrom(description);
  t.is(setting.protocol.name, "pbft/quorum-2f");
  t.is(setting.adversary?.name, "lying-voter");
  t.deepEqual(describeSetting(setting), description);
  const alone = { ...description, adversary: null, byzantine: [], properties: [] };
  t.deepEqual(describeSetting(await settingFrom(alone)), alone);
  t.is(describeSetting(setting, "./mine.ts").protocol, "./mine.ts");
});

test("clients can be Byzantine where they are nodes", async (t) => {
  const config = { ...description.config, clients: true };
  t.deepEqual((await settingFrom({ ...description, config, byzantine: ["r2", "c0"] })).byzantine, [
    "c0",
    "r2",
  ]);
  t.is(
    await messageOf(t, "bad-option", settingFrom({ ...description, byzantine: ["c0"] })),
    "There is no node c0; there are r0, r1, r2, r3.",
  );
});

test("Byzantine replicas are sorted in a setting", async (t) => {
  t.deepEqual((await settingFrom({ ...description, byzantine: ["r2", "r0"] })).byzantine, ["r0", "r2"]);
});

test("a setting with names that there are not, or that the protocol refuses, is refused", async (t) => {
  const refusal = (changes: Partial<SettingDescription>) =>
    messageOf(t, "bad-option", settingFrom({ ...description, ...changes }));
  t.is(await refusal({ byzantine: ["r4"] }), "There is no node r4; there are r0, r1, r2, r3.");
  t.is(
    await refusal({ adversary: "loud" }),
    'There is no adversary named "loud". There are: silent, replayer, delayer, selective-sender, amnesiac, twin, mutator, equivocating-primary, lying-voter, checkpoint-liar, certificate-withholder, view-change-liar, new-view-forger, byzantine-client, arbitrary.',
  );
  t.is(
    await refusal({ properties: ["agreement", "speed"] }),
    'There is no property named "speed". There are: agreement, validity, integrity, clients-are-served, checkpoint-agreement, checkpoint-durability, bounded-log, linearizability, catching-up, all-execute, nobody-waits-for-ever, totality, termination, null-agreement.',
  );
  t.is(
    await refusal({ config: { ...description.config, replicas: 3 } }),
    "PBFT needs at least 4 replicas to tolerate one fault; 3 were asked for.",
  );
});

test("nothing can be picked from nothing", (t) => {
  t.throws(() => pick("adversary", "loud", []), {
    instanceOf: UserError,
    message: 'There is no adversary named "loud". There are: none.',
  });
});
