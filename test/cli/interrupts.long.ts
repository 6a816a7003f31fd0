// Signals, limits and steps that never return: whatever a command is at, it comes to an end, and says what it was at.

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { directoryWith, moduleOf, root, start, turncoat } from "./support.js";

const counter = join(root, "test/cases/counter.ts");
const counting = ["check", counter, "--replicas", "1", "--faults", "0", "--adversary", "none"];
const rebroadcasts = join(root, "test/cases/simplex-rebroadcasts.ts");
const fuzzing = [
  "fuzz",
  rebroadcasts,
  ..."--adversary none --views 2 --requests 2 --property agreement --seed 3".split(" "),
];

/** Waits until a child has said this on standard error or standard output. */
function said(child: ReturnType<typeof start>["child"], what: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    const look = (chunk: Buffer) => {
      text += chunk;
      if (what.test(text)) resolve();
    };
    child.stderr.on("data", look);
    child.stdout.on("data", look);
  });
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  test.serial(
    `${signal} in the middle of a search inside one node ends it with ${code} and leaves a checkpoint`,
    async (t) => {
      const directory = await directoryWith(t);
      const { child, done } = start(directory, ...counting);
      await said(child, /local states inside a step of r0/);
      child.kill(signal);
      const { code: exit, stdout } = await done;
      t.is(exit, code);
      t.regex(stdout, /the search was interrupted/);
      const files = await readdir(join(directory, "traces"));
      t.is(files.filter((file) => file.endsWith(".checkpoint")).length, 1);
    },
  );

test.serial(
  "a limit of seconds ends a search inside one node: exit code 3, and the growing field is named",
  async (t) => {
    const { code, stdout } = await turncoat(await directoryWith(t), ...counting, "--max-seconds", "3");
    t.is(code, 3);
    t.regex(
      stdout,
      /the limit of 3 seconds was reached inside a single step of r0, .*r0's ticks grows; bound it/,
    );
  },
);

const stuck = (where: "step" | "init") => moduleOf({ [where]: "() => { for (;;); }" });
const sees =
  '(_context, state) => [{ state, effects: [], events: [{ kind: "custom", name: "x", data: null }] }]';
const watching = `export const properties = [{ name: "odd", summary: "", kind: "always", observes: "both", exercise: "",
  monitor: () => ({ init: 0, on: () => { for (;;); }, verdict: () => "holds", exercised: () => 1, explain: () => "" }) }];`;
const evil = `export const adversaries = [{ name: "evil", summary: "", strength: 2, forwards: false, speaks: true,
  canMove: () => true, observes: () => false, moves: () => { for (;;); } }];`;

/** Functions of the user's that never return: the module, how it is checked, and how they are named. */
const neverReturns: readonly (readonly [where: string, source: string, options: string, named: RegExp])[] = [
  [
    "step",
    stuck("step"),
    "--adversary none",
    /r0, on \{"kind":"request".*in state \{"n":0\}, now at .*mine\.ts:\d+,/,
  ],
  ["init", stuck("init"), "--adversary none", /r0, at its start, now at .*mine\.ts:\d+,/],
  [
    "on() of a monitor",
    moduleOf({ step: sees, statements: watching }),
    "--adversary none --property odd",
    /The property odd now at .*mine\.ts:\d+,/,
  ],
  [
    "digest",
    moduleOf({ fields: "digest: () => { for (;;); }," }),
    "--adversary none",
    /digest\(\) of mine now at .*mine\.ts:\d+,/,
  ],
  [
    "moves() of an adversary",
    moduleOf({ statements: evil }),
    "--replicas 4 --adversary evil --byzantine r0 --property agreement",
    /adversary evil.* now at .*mine\.ts:\d+,/,
  ],
];

for (const [where, source, options, named] of neverReturns)
  test.serial(
    `${where} of the user's that never returns is named, with its line, and a limit ends the process`,
    async (t) => {
      const directory = await directoryWith(t, { "mine.ts": source });
      const { code, stderr } = await turncoat(
        directory,
        ...["check", "./mine.ts", ...options.split(" "), "--max-seconds", "6"],
      );
      t.is(code, 3);
      t.regex(stderr, named);
      t.regex(stderr, /has not returned for 5 seconds/);
      t.regex(stderr, /The limit of time was reached: inconclusive/);
    },
  );

for (const format of [[], ["--json"]])
  test.serial(
    `a suite of which one run never returns tells of the others: ${format.join() || "text"}`,
    async (t) => {
      const request = { protocol: "pbft", adversaries: ["silent"], byzantine: ["r3"], views: 0 };
      const requests = [
        { ...request, properties: ["agreement"] },
        { protocol: "./mine.ts", adversaries: ["none"], properties: ["agreement"] },
      ];
      const directory = await directoryWith(t, {
        "mine.ts": stuck("step"),
        "turncoat.config.json": JSON.stringify({ suites: [{ name: "mine", requests }] }),
      });
      const { child, done } = start(directory, "check", ...format);
      await said(child, /: holds, 36 states/);
      await said(child, /has not returned for/);
      child.kill("SIGTERM");
      const { code, stdout } = await done;
      t.is(code, 143);
      if (format.length === 0) {
        t.regex(stdout, /│ pbft +│ silent/);
        t.regex(stdout, /1 of 2 runs \(interrupted\): 1 .*, 0 not, 1 not begun/);
        return;
      }
      const { verdict, asExpected, runs } = JSON.parse(stdout);
      t.deepEqual([verdict, asExpected, runs.length, runs[0].verdict], ["inconclusive", false, 1, "holds"]);
    },
  );

test.serial("a simulation whose step never returns is named, and SIGTERM ends it", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": stuck("step") });
  const { child, done } = start(directory, "simulate", "./mine.ts", "--replicas", "4", "--seed", "1");
  await said(child, /r\d, on .* has not returned for/);
  child.kill("SIGTERM");
  t.is((await done).code, 143);
});

test.serial("SIGTERM ends a replay of many traces, and those that were replayed are told", async (t) => {
  const directory = await directoryWith(t);
  const text = await readFile(join(root, "corpus/pbft-quorum-2f.json"), "utf8");
  await mkdir(join(directory, "many"));
  for (let index = 0; index < 2000; index++)
    await writeFile(join(directory, "many", `${String(index).padStart(4, "0")}.json`), text);
  const { child, done } = start(directory, "replay", "many");
  await said(child, /ok .*0000\.json/);
  child.kill("SIGTERM");
  const { code, stdout } = await done;
  t.is(code, 143);
  const [, whole, left] =
    /\n(\d+) traces: \d+ as expected, 0 not\. Interrupted: (\d+) of 2000 not replayed/.exec(stdout)!;
  t.is(Number(whole) + Number(left), 2000);
});

test.serial("Ctrl-C ends a check whose step never returns, and names it", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": stuck("step") });
  const { child, done } = start(directory, "check", "./mine.ts", "--adversary", "none");
  await said(child, /has not returned for/);
  child.kill("SIGINT");
  const { code, stderr } = await done;
  t.is(code, 130);
  t.regex(stderr, /Interrupted[\s\S]*r0, [\s\S]*has not returned for [\s\S]*Ended/);
});

test.serial("a second Ctrl-C ends at once, whatever goes on", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": stuck("step") });
  const { child, done } = start(directory, "fuzz", "./mine.ts", "--adversary", "none");
  await said(child, /has not returned for/);
  child.kill("SIGINT");
  child.kill("SIGINT");
  t.is((await done).code, 130);
});

test.serial(
  "what fuzzing has found is on disk before it is minimized, and an interrupt keeps the shortest",
  async (t) => {
    const directory = await directoryWith(t);
    const { child, done } = start(directory, ...fuzzing, "--time", "300", "--minimize-time", "300");
    await said(child, /Found: agreement is violated in \d+ actions. Written to traces/);
    const [raw] = await readdir(join(directory, "traces"));
    t.true(existsSync(join(directory, "traces", raw!)));
    await said(child, /minimizing: \d+ -> \d+ actions/);
    child.kill("SIGTERM");
    const { code, stdout } = await done;
    t.is(code, 143);
    t.regex(stdout, /not verified to be minimal/);
    const [file] = await readdir(join(directory, "traces"));
    const trace = JSON.parse(await readFile(join(directory, "traces", file!), "utf8"));
    t.false(trace.minimal);
    t.is((await turncoat(directory, "replay", join("traces", file!), "--allow-module")).code, 0);
  },
);

test.serial("without minimizing the trace is that of the run", async (t) => {
  const directory = await directoryWith(t);
  const quick = ["fuzz", ..."pbft/quorum-2f --seed 1 --runs 2000 --no-minimize".split(" ")];
  const { code, stdout, stderr } = await turncoat(directory, ...quick);
  t.is(code, 1);
  t.regex(stdout, /actions, not verified to be minimal/);
  const [, actions, file] = /violated in (\d+) actions. Written to (\S+)\./.exec(stderr)!;
  const trace = JSON.parse(await readFile(join(directory, file!), "utf8"));
  t.is(trace.actions.length, Number(actions));
  t.false(trace.minimal);
});
