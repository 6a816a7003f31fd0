// Whatever of a user's throws, wherever it is called: exit code 2, the file and line of theirs, and the run that leads there.

import test from "ava";
import { directoryWith, turncoat } from "./support.js";

/** A protocol in which every node says hello to all, counts what it hears up to three, and shows that it has heard two. */
function counting(parts: { readonly [name: string]: string }): string {
  return `import * as Schema from "effect/Schema";
import { replicaIds } from "turncoat";

interface State { readonly n: number }
const boom = (): never => {
  throw new Error("boom");
};
const hello = { kind: "broadcast", message: { tag: "hello" } };
const behaviour = {
  state: Schema.Struct({ n: Schema.Number }),
  init: () => ${parts.init ?? "[{ state: { n: 0 }, effects: [hello], events: [] }]"},
  step: (_context: unknown, state: State, input: { readonly kind: string }) => {
    if (input.kind !== "message" || state.n === 3) return [{ state, effects: [], events: [] }];
    ${parts.step ?? ""}
    const events = state.n === 1 ? [{ kind: "custom", name: "two", data: 1 }] : [];
    return [{ state: { n: state.n + 1 }, effects: [], events }];
  },
  stable: (state: State) => ${parts.stable ?? "state"},
  view: (state: State) => ${parts.view ?? "0"},
  isDead: () => ${parts.isDead ?? "false"},
};
export default {
  name: "mine",
  summary: "a protocol for a test",
  message: Schema.Struct({ tag: Schema.String }),
  nodes: (config: never) => ${parts.nodes ?? 'replicaIds(config).map((id) => ({ id, role: "replica", behaviour }))'},
  requests: () => ${parts.requests ?? '["a", "b"]'},
  digest: (request: string) => ${parts.digest ?? "request"},
  ${parts.protocol ?? ""}
};
export const properties = [{
  name: "watching", summary: "watches", kind: "${parts.kind ?? "always"}", observes: "both", exercise: "two are heard",
  monitor: () => ${parts.monitor ?? ""}({
    init: 0,
    on: (n: number) => ${parts.on ?? "n + 1"},
    verdict: (n: number) => ${parts.verdict ?? "'holds'"},
    exercised: (n: number) => ${parts.exercised ?? "n"},
    explain: () => ${parts.explain ?? "''"},
  }),
}];
export const adversaries = [{
  name: "talker", summary: "talks", speaks: true, forwards: false,
  canMove: () => ${parts.canMove ?? "true"},
  observes: () => ${parts.observes ?? "true"},
  moves: (_: unknown, knowledge: unknown) => ${parts.moves ?? "[]"},
}];
export const puppets = [{
  name: "odd", summary: "odd",
  attach: () => ${parts.attach ?? "({ says: (to: string, message: unknown) => [{ to, message }] })"},
}];
${parts.statements ?? ""}`;
}

const check = ["check", "./mine.ts", "--replicas", "4", "--faults", "1", "--property", "watching"];
const alone = [...check, "--adversary", "none"];
const lying = [...check, "--adversary", "talker", "--byzantine", "r0"];
const random = [
  "fuzz",
  "./mine.ts",
  "--replicas",
  "4",
  "--property",
  "watching",
  "--adversary",
  "none",
  "--seed",
  "1",
];
const simulated = [
  "simulate",
  "./mine.ts",
  "--replicas",
  "4",
  "--adversary",
  "odd",
  "--byzantine",
  "1",
  "--seed",
  "1",
  "--property",
  "watching",
];
const crashing = [...alone, "--crashes", "1", "--max-states", "2000"];

type Place = readonly [
  where: string,
  parts: { readonly [name: string]: string },
  args: readonly string[],
  message: RegExp,
  /** How many actions lead there; null if it is met outside of runs. */
  actions: number | null,
];

const places: readonly Place[] = [
  [
    "step",
    { step: "if (state.n === 2) boom();" },
    alone,
    /^turncoat: r0 threw "boom", on \{"kind":"message"/m,
    3,
  ],
  ["view", { view: "(state.n === 2 ? boom() : 0)" }, alone, /view\(\) of r0 threw "boom"/, 2],
  ["init", { init: "boom()" }, alone, /^turncoat: r0 threw "boom", at its start/, 0],
  ["stable", { stable: "boom()" }, crashing, /stable\(\) of r0 threw "boom"/, 2],
  ["on", { on: "boom()" }, alone, /The property watching threw "boom"/, 2],
  [
    "verdict",
    { verdict: "(n === 1 ? boom() : 'holds')" },
    alone,
    /verdict\(\) of the property watching threw "boom"/,
    2,
  ],
  [
    "explain",
    { verdict: "(n === 1 ? 'violated' : 'holds')", explain: "boom()" },
    alone,
    /explain\(\) of the property watching threw "boom"/,
    2,
  ],
  ["exercised", { exercised: "boom()" }, alone, /exercised\(\) of the property watching threw "boom"/, null],
  ["monitor", { monitor: "boom() &&" }, alone, /monitor\(\) of the property watching threw "boom"/, null],
  ["nodes", { nodes: "boom()" }, alone, /nodes\(\) of mine threw "boom"/, null],
  ["requests", { requests: "boom()" }, alone, /requests\(\) of mine threw "boom"/, null],
  ["digest", { digest: "boom()" }, alone, /digest\(\) of mine threw "boom"/, null],
  [
    "primary",
    { kind: "eventually", requests: '["a"]', protocol: "primary: () => boom()," },
    [...alone, "--requests", "1"],
    /primary\(\) of mine threw "boom"/,
    null,
  ],
  ["refuses", { protocol: "refuses: () => boom()," }, alone, /refuses\(\) of mine threw "boom"/, null],
  [
    "canMove",
    { canMove: "boom()" },
    [...check, "--adversary", "talker"],
    /canMove\(\) of the adversary talker threw "boom"/,
    null,
  ],
  ["moves", { moves: "boom()" }, lying, /The adversary talker, as r0, threw "boom"/, 0],
  ["the module itself", { statements: "boom();" }, alone, /mine\.ts could not be loaded: boom/, null],
  ["attach", { attach: "boom()" }, simulated, /attach\(\) of the puppet odd, as r\d, threw "boom"/, null],
  [
    "says",
    { attach: "({ says: () => boom() })" },
    simulated,
    /says\(\) of the puppet odd, as r\d, threw "boom"/,
    null,
  ],
  [
    "hears",
    { attach: "({ hears: () => boom(), says: () => [] })" },
    simulated,
    /hears\(\) of the puppet odd, as r\d, threw "boom"/,
    null,
  ],
  [
    "step, in simulations",
    { step: "boom();" },
    simulated,
    /step\(\) of r1 threw "boom" on the input hello/,
    null,
  ],
  ["on, in simulations", { on: "boom()" }, simulated, /The property watching threw "boom"/, null],
  ["step, in random runs", { step: "if (state.n === 2) boom();" }, random, /r\d threw "boom", on/, 3],
  [
    "on, in random runs on other networks",
    { on: "boom()" },
    [...random, "--network", "fifo"],
    /The property watching threw/,
    2,
  ],
  ["init, in random runs", { init: "boom()" }, random, /r0 threw "boom", at its start/, 0],
];

for (const [where, parts, args, message, actions] of places)
  test(`an exception in ${where}`, async (t) => {
    const directory = await directoryWith(t, { "mine.ts": counting(parts) });
    const { code, stderr } = await turncoat(directory, ...args);
    t.is(code, 2, stderr);
    t.regex(stderr, message);
    t.regex(stderr, /^ {4}at boom \(.*mine\.ts:6:/m);
    t.notRegex(stderr, /has a bug|build\/src/);
    const file = /turncoat replay (\S+)/.exec(stderr)?.[1];
    if (actions === null) return t.is(file, undefined);
    const led = actions === 0 ? "It happens at once" : `The run that leads there has ${actions} actions?`;
    t.regex(stderr, new RegExp(`^ {2}${led}: turncoat replay`, "m"));
    const replayed = await turncoat(directory, "replay", file!);
    t.is(replayed.code, 0, replayed.stderr);
    t.regex(replayed.stdout, new RegExp(`An error after ${actions} actions?: `));
    t.notRegex(replayed.stdout, /does not say in which code/);
    t.regex(replayed.stdout, /^ {4}at boom \(.*mine\.ts:6:/m);
  });

/** PBFT in which r2 throws whenever it is to count a commit. */
const throwing = `import { pbft } from "turncoat/protocols/pbft";

const boom = (): never => {
  throw new Error("boom");
};
const original = pbft();
const isCommit = (input: { readonly kind: string }) => JSON.stringify(input).includes('"tag":"commit"');
const nodes: typeof original.nodes = (config) =>
  original.nodes(config).map((spec) => {
    const step: typeof spec.behaviour.step = (context, state, input) =>
      context.self === "r2" && isCommit(input) ? boom() : spec.behaviour.step(context, state, input);
    return { ...spec, behaviour: { ...spec.behaviour, step } };
  });
export default { ...original, name: "throwing", nodes };`;

test("an exception in a timed run is told as in any other, and its trace says of which code it is", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": throwing });
  const timed = ["--gst", "60", "--adversary", "silent", "--byzantine", "r3"];
  const { code, stderr } = await turncoat(directory, "fuzz", "./mine.ts", ...timed, "--seed", "1");
  t.is(code, 2, stderr);
  t.regex(stderr, /^turncoat: r2 threw "boom", on \{"kind":"message"/m);
  t.regex(stderr, /^ {4}at boom \(.*mine\.ts:4:/m);
  t.regex(stderr, /^ {2}The run that leads there has 13 actions: turncoat replay traces\/mine-.*\.json$/m);
  t.deepEqual(
    [...stderr.matchAll(/^ {4} *(\d+) {2}(?:deliver|timer|inject|relay) /gm)].map(([, number]) =>
      Number(number),
    ),
    [8, 9, 10, 11, 12, 13],
  );
  t.regex(stderr, /^ {2}Found by: fuzz, strategy mixed, seed 1, path \S+\.$/m);
  const replayed = await turncoat(directory, "replay", /turncoat replay (\S+)/.exec(stderr)![1]!);
  t.is(replayed.code, 0, replayed.stderr);
  t.regex(replayed.stdout, /An error after 13 actions: r2 threw "boom"/);
  t.notRegex(replayed.stdout, /does not say in which code/);
});
