// Other people's protocols: whatever is wrong with one is said in one message that names the node and the problem.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { findProtocol, importModule, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { UserError } from "../../src/model/errors.js";
import { plan } from "../../src/suite/plan.js";
import {
  directoryWith,
  faultedWith,
  moduleOf,
  refusedWith,
  root,
  turncoat,
  turncoatJson,
} from "./support.js";

const onRequest = 'on {"kind":"request","request":"a"} in state {"n":0}';

/** An adversary that says nothing, with some of its functions replaced. */
function withAdversary(functions: string): string {
  return moduleOf({
    statements: `export const adversaries = [{ name: "evil", summary: "", strength: 2, forwards: false, speaks: true,
      canMove: () => true, observes: () => false, moves: () => [], ${functions} }];`,
  });
}

/** What is wrong with a protocol, in the words of the command line, without the cost of a process. */
async function complaint(path: string): Promise<string> {
  try {
    const [run] = plan(await findProtocol(path), { protocol: path });
    await search(await settingFrom(run!.description));
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(path, "./mine.ts");
    throw error;
  }
  return "nothing";
}

const faulty = [
  ["throws", moduleOf({ step: '() => { throw new Error("boom"); }' }), `r1 threw "boom", ${onRequest}.`],
  [
    "throws at its start",
    moduleOf({ init: '({ self }) => { if (self === "r2") throw new Error("no"); return stay({ n: 0 }); }' }),
    'r2 threw "no", at its start.',
  ],
  [
    "mutates its input",
    moduleOf({ step: "(_context, state) => { state.n++; return stay(state); }" }),
    `r1 mutated its input (Cannot assign to read only property 'n' of object '#<Object>'), ${onRequest}. ` +
      "States and messages are immutable: return a new object.",
  ],
  [
    "throws dice",
    moduleOf({ step: "() => stay({ n: Math.random() })" }),
    `r1 is nondeterministic: it asked Math.random, ${onRequest}. A step function must depend on its arguments ` +
      "alone; return several labelled outcomes where there is a choice, marked as random where chance decides.",
  ],
  [
    "counts its own calls",
    moduleOf({ statements: "let calls = 0;", step: "() => stay({ n: calls++ })" }),
    `r1 is nondeterministic: two evaluations of the same step differ (.state.n: 0, then 1), ${onRequest}. A step function must depend on ` +
      "its arguments alone; return several labelled outcomes where there is a choice, marked as random where chance decides.",
  ],
  [
    "returns a state that does not fit its schema",
    moduleOf({ step: '() => stay({ n: "one" })' }),
    `r1 returned something malformed: a state does not fit its schema: .n: expected a finite number, found "one", ${onRequest}.`,
  ],
  [
    "sends a message that does not fit its schema",
    moduleOf({
      step: '(_context, state) => [{ state, effects: [{ kind: "broadcast", message: { tag: 7 } }], events: [] }]',
    }),
    `r1 sent a message that does not fit the protocol's schema: .tag: expected a string, found 7, ${onRequest}.`,
  ],
  [
    "returns no effects",
    moduleOf({ step: "(_context, state) => [{ state }]" }),
    `r1 returned an outcome without a list of effects and a list of events, ${onRequest}.`,
  ],
  [
    "returns nothing",
    moduleOf({ step: "() => []" }),
    `r1 must return a non-empty list of outcomes, ${onRequest}.`,
  ],
  [
    "throws in nodes()",
    moduleOf({ fields: 'nodes: () => { throw new Error("no"); }' }),
    'nodes() of mine threw "no".',
  ],
  [
    "throws in requests()",
    moduleOf({ fields: 'requests: () => { throw new Error("no"); }' }),
    'requests() of mine threw "no".',
  ],
  [
    "throws in primary()",
    moduleOf({ fields: 'primary: () => { throw new Error("no"); }' }),
    'primary() of ./mine.ts threw "no".',
  ],
  [
    "throws in refuses()",
    moduleOf({ fields: 'refuses: () => { throw new Error("no"); }' }),
    'refuses() of mine threw "no".',
  ],
  ["refuses", moduleOf({ fields: 'refuses: () => "Only for five."' }), "Only for five."],
  [
    "has an adversary that throws in canMove()",
    withAdversary('canMove: () => { throw new Error("no"); }'),
    'canMove() of the adversary evil threw "no".',
  ],
  [
    "has an adversary that throws in moves()",
    withAdversary('moves: () => { throw new Error("no"); }'),
    'The adversary evil, as r0, threw "no".',
  ],
] as const;

for (const [what, source, message] of faulty) {
  test(`a protocol that ${what} is refused with a message that says so`, async (t) => {
    const directory = await directoryWith(t, { "mine.ts": source });
    t.is(await complaint(`${directory}/mine.ts`), message);
  });
}

/** One for each way in which the user's code is called: steps, the plan, the adversary. */
const asProcess = [
  "throws",
  "mutates its input",
  "throws dice",
  "counts its own calls",
  "returns a state that does not fit its schema",
  "throws in nodes()",
  "has an adversary that throws in canMove()",
];

for (const [what, source, message] of faulty.filter(([fault]) => asProcess.includes(fault))) {
  test(`a protocol that ${what} makes turncoat exit with 2, and one message`, async (t) => {
    const directory = await directoryWith(t, { "mine.ts": source });
    // One run at a time: side by side another replica's run may be the first to fail.
    const options = ["check", "./mine.ts", "--json", "--workers", "1"];
    faultedWith(t, await turncoat(directory, ...options), `turncoat: ${message}`);
  });
}

test("a schema that is none is refused with a message that says so, and exit code 2", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": moduleOf({ fields: "message: 5" }) });
  const { code, stdout, stderr } = await turncoat(directory, "check", "./mine.ts");
  t.is(code, 2);
  t.regex(stdout, /^turncoat 0\.1\.0 check .*\n$/);
  t.regex(stderr, /^turncoat: The message schema of mine threw ".*"\.\n$/);
});

test("a file that does not compile is refused with its place", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": "export const a = ;" });
  const { code, stdout, stderr } = await turncoat(directory, "check", "./mine.ts");
  t.is(code, 2);
  t.is(stdout, "");
  t.regex(
    stderr,
    /^turncoat: \.\/mine\.ts could not be loaded: ParseError: Unexpected token\s+\S+mine\.ts:1:17\n$/,
  );
});

test("fuzz refuses a protocol that throws in the same words", async (t) => {
  const directory = await directoryWith(t, {
    "mine.ts": moduleOf({ step: '() => { throw new Error("boom"); }' }),
  });
  const outcome = await turncoat(directory, "fuzz", "./mine.ts", "--seed", "1", "--json");
  faultedWith(t, outcome, `turncoat: r1 threw "boom", ${onRequest}.`);
});

test("a sound protocol in which nothing happens is vacuous, in every place of the silent replica", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": moduleOf({}) });
  const { code, document } = await turncoatJson(directory, "check", "./mine.ts");
  t.is(code, 3);
  t.deepEqual(
    document.runs.map((run: { protocol: string; byzantine: string[]; states: number; verdict: string }) => [
      run.protocol,
      run.byzantine.join(),
      run.states,
      run.verdict,
    ]),
    ["r0", "r1", "r2", "r3"].map((id) => ["./mine.ts", id, 1, "vacuous"]),
  );
});

test("a module that is named without its path is suggested with it", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": moduleOf({}) });
  refusedWith(
    t,
    await turncoat(directory, "check", "mine"),
    'turncoat: There is no protocol named "mine". Did you mean ./mine.ts?',
  );
});

for (const subpath of Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports)) {
  const specifier = `turncoat${subpath.slice(1)}`;
  test(`a module in TypeScript can import ${specifier}`, async (t) => {
    const source = `import * as it from "${specifier}";\nexport const names: string[] = Object.keys(it);\n`;
    const directory = await directoryWith(t, { "mine.ts": source });
    const { names } = await importModule(join(directory, "mine.ts"), "mine.ts");
    t.true((names as string[]).length > 0);
  });
}

test("an error is placed in the source, even where an export from elsewhere stands last", async (t) => {
  const text = `${moduleOf({ step: '() => { throw new Error("boom"); }' })}\nexport { sep } from "node:path";\n`;
  const directory = await directoryWith(t, { "mine.ts": text });
  const path = join(directory, "mine.ts");
  const [run] = plan(await findProtocol(path), { protocol: path });
  const error = await t.throwsAsync<UserError>(
    settingFrom(run!.description).then((setting) => search(setting)),
  );
  const row = text.split("\n").findIndex((line) => line.includes("boom"));
  const column = text.split("\n")[row]!.indexOf("new Error");
  t.is(error!.frames[0], `at Object.step (${path}:${row + 1}:${column + 1})`);
});
