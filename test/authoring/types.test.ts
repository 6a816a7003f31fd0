// The types of a definition, asked of the compiler: what is right compiles in strict mode against the declarations (skipLibCheck off, lib es2022),
// and each mistake is an error at its line.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, root } from "../cli/support.js";

const right = `import * as Schema from "effect/Schema";
import { type Config, defineProtocol, NodeId, reply, SetOf, SignedOf, sign } from "turncoat";
export default defineProtocol({
  name: "typed",
  summary: "every part of a definition",
  messages: { propose: SignedOf(Schema.Struct({ value: Schema.String })), vote: { value: Schema.String, weight: Schema.optionalKey(Schema.Number) } },
  state: { epoch: Schema.Number, voted: Schema.Boolean, votes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })) },
  rules: { quorum: ({ replicas }: Config) => replicas },
  stable: ["epoch"],
  initial: { epoch: 0, voted: false, votes: [] },
  view: (state) => state.epoch,
  primary: ({ replicas }, view) => \`r\${view % replicas}\`,
  onStart: (_, state) => reply(state).setTimer("epoch"),
  onRequest: ({ self }, state, request) => reply(state).broadcast(sign(self, { tag: "propose", value: request })),
  onTimer: { epoch: (_, state) => [reply({ ...state, epoch: state.epoch + 1 }).labelled("on")] },
  on: {
    propose({ rules, config }, state, { from, message, whole }) {
      const enough: number = rules.quorum(config);
      if (state.voted || whole.signer !== from || enough < 1) return state;
      return reply({ ...state, voted: true }).broadcast({ tag: "vote", value: message.value });
    },
    vote: (_, state, { from, message }) => ({ ...state, votes: [...state.votes, { from, value: message.value }] }),
  },
});
`;

/** Types that were declared as interfaces, rules that say one of several texts, and what is no JSON. */
const declared = `import * as Schema from "effect/Schema";
import { type Config, defineProtocol, NodeId, reply, SetOf } from "turncoat";
import { including, invariant, monitor, type OwnContext } from "turncoat/vocabulary";
interface Vote { readonly from: string; readonly value: string }
interface State { readonly phase: "open" | "closed"; readonly votes: readonly Vote[] }
interface VoteMessage { readonly tag: "vote"; readonly value: string }
interface Seen { readonly last: Vote | null; readonly counts: { readonly [node: string]: number } }
const rules = {
  next: ({ replicas }: Pick<Config, "replicas">, n: number): "wait" | "go" => (n >= replicas ? "go" : "wait"),
  level: (n: number): 0 | 2 | null => (n > 2 ? 2 : 0),
  ok: (): true => true,
};
const vote: Schema.Codec<VoteMessage> = Schema.Struct({ tag: Schema.Literal("vote"), value: Schema.String });
type Context = OwnContext<Record<never, never>, typeof rules>;
function count({ rules, config }: Context, state: State, from: string, value: string) {
  const votes = including(state.votes, { from, value });
  const next: "wait" | "go" = rules.next(config, votes.length);
  const level: 0 | 2 | null = rules.level(votes.length);
  const after: State = { votes, phase: next === "go" && level === 2 && rules.ok() ? "closed" : state.phase };
  return reply(after).broadcast<VoteMessage>({ tag: "vote", value });
}
export const protocol = defineProtocol({
  name: "declared",
  summary: "interfaces",
  messages: { vote },
  state: { phase: Schema.Literals(["open", "closed"]), votes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })) },
  rules,
  initial: { phase: "open", votes: [] },
  on: { vote: (context, state, { from, message }) => count(context, state, from, message.value) },
});
export const several = (list: readonly VoteMessage[]) => reply(1).broadcast(...list);
export const mutants = { a: protocol.with({ rules: { ok: () => false, next: () => "go" } }) };
// @ts-expect-error: it says "wait" or "go"
export const wrong = protocol.with({ rules: { next: () => "stop" } });
export const properties = [invariant<State>("few", (nodes) => nodes.every(({ state }) => state.votes.length < 9))];
const rest = { verdict: () => "holds" as const, exercised: () => 1, explain: () => "" };
export const seen = monitor<Seen>({ ...rest, init: { last: null, counts: {} }, on: (state) => state });
// @ts-expect-error: a Map is no JSON
export const map = monitor<{ readonly by: Map<string, number> }>({ ...rest, init: { by: new Map() }, on: (state) => state });
`;

/** What is written wrong, instead of what, and which error TypeScript finds there. */
const mistakes = [
  [
    'broadcast({ tag: "vote", value',
    'broadcast({ tag: "vot", value',
    `"vot"' is not assignable to type '"vote"`,
  ],
  ["message.value });", "message.valu });", "Property 'valu' does not exist"],
  ['stable: ["epoch"]', 'stable: ["epoc"]', `Did you mean '"epoch"'`],
  ["initial: { epoch: 0", 'initial: { epoch: "0"', "'string' is not assignable to type 'number'"],
  ['setTimer("epoch")', 'setTimer("epok")', `"epok"' is not assignable to type '"epoch"`],
  ["    vote: (_,", "    vot: (_,", "Did you mean to write 'vote'?"],
  ["rules.quorum", "rules.qorum", "Did you mean 'quorum'?"],
  ["return state;", "return;", "undefined"],
] as const;

test("a definition compiles strictly, and every mistake in it is found", async (t) => {
  const directory = await directoryWith(t);
  mkdirSync(join(directory, "node_modules"));
  for (const [name, target] of [
    ["turncoat", root],
    ["effect", join(root, "node_modules/effect")],
  ] as const)
    symlinkSync(target, join(directory, "node_modules", name), "junction");
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(join(directory, "right.ts"), right);
  writeFileSync(join(directory, "declared.ts"), declared);
  copyFileSync(join(root, "examples/streamlet.ts"), join(directory, "streamlet.ts"));
  for (const [at, [before, after]] of mistakes.entries()) {
    t.true(right.includes(before), before);
    writeFileSync(join(directory, `wrong${at}.ts`), right.replace(before, after));
  }
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
  ];
  const files = ["right.ts", "declared.ts", "streamlet.ts", ...mistakes.map((_, at) => `wrong${at}.ts`)];
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/typescript/bin/tsc"),
      ...options,
      "--exactOptionalPropertyTypes",
      "--noUncheckedIndexedAccess",
      ...files,
    ],
    { cwd: directory, encoding: "utf8" },
  );
  const told = (file: string) =>
    stdout
      .split(/^(?=\S)/m)
      .filter((line) => line.startsWith(file))
      .join("");
  t.is(
    stdout
      .split(/^(?=\S)/m)
      .filter((line) => line !== "" && !line.startsWith("wrong"))
      .join(""),
    "",
  );
  for (const [at, [, after, message]] of mistakes.entries())
    t.true(told(`wrong${at}.ts`).includes(message), `${after}:\n${told(`wrong${at}.ts`)}`);
});
