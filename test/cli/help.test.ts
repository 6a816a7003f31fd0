// What the command line says of itself: help, version, lists.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { builtins } from "../../src/catalogue/index.js";
import { directoryWith, refusedWith, root, turncoat, turncoatJson } from "./support.js";

interface Item {
  readonly name: string;
  readonly summary: string;
}

const networks = [
  {
    name: "async",
    summary: "a message once sent may be delivered at any time, any number of times, in any order, or never",
  },
  {
    name: "once",
    summary: "a message is delivered at most once, in any order; one that its receiver ignores is used up",
  },
  { name: "once:keep", summary: "the same, but a message that its receiver ignores stays on its way" },
  {
    name: "fifo",
    summary: "a message is delivered at most once, after all that were sent before it on the same link",
  },
  { name: "reordering:K", summary: "once, and any of the K oldest messages on a link may be delivered next" },
  { name: "lossy:K", summary: "once, and up to K messages get lost" },
  { name: "lossy", summary: "once, and any number of messages get lost" },
  { name: "lossy-fifo:K", summary: "fifo, and up to K messages get lost" },
  { name: "lossy-fifo", summary: "fifo, and any number of messages get lost" },
  { name: "duplicating:K", summary: "once, and up to K messages are doubled on their way" },
  {
    name: "duplicating",
    summary:
      "a message that was sent stays on its way, and may be delivered any number of times, in any order",
  },
  {
    name: "partitions:K",
    summary:
      "fifo, and up to K times the replicas are parted into two groups; what crosses a cut is lost, and each cut heals",
  },
  { name: "partitions", summary: "the same, any number of times, one after the other" },
  {
    name: "one-way-partitions:K",
    summary: "partitions:K, and only one of the groups does not reach the other",
  },
  { name: "one-way-partitions", summary: "the same, any number of times" },
  { name: "bridge-partitions:K", summary: "partitions:K, and one replica sees both groups" },
  { name: "bridge-partitions", summary: "the same, any number of times" },
];

/** The options of a command in docs/cli.md, which a test holds against the commands themselves. */
function optionsInReference(command: string): string[] {
  const page = readFileSync(join(root, "docs/cli.md"), "utf8");
  const section = page.split("\n## ").find((text) => text.startsWith(`turncoat ${command}\n`)) ?? "";
  return [...section.matchAll(/^\| `(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option!);
}

for (const [command, number] of [
  ["tour", 2],
  ["check", 43],
  ["fuzz", 47],
  ["campaign", 58],
  ["simulate", 48],
  ["explore", 26],
  ["replay", 10],
  ["minimize", 6],
  ["keys", 16],
  ["run", 16],
  ["load", 5],
  ["trace", 1],
  ["emit-traces", 27],
  ["conform", 5],
  ["history", 5],
  ["list", 1],
  ["init", 2],
  ["completion", 0],
] as const) {
  test(`the help of ${command} names its options`, async (t) => {
    const { code, stdout, stderr } = await turncoat(await directoryWith(t), command, "--help");
    t.is(code, 0);
    t.is(stderr, "");
    t.true(stdout.startsWith(`Usage: turncoat ${command} [options]`));
    const named = stdout.split("\n").flatMap((line) => /^ {2}(?:-\w, )?(--[\w-]+)/.exec(line)?.[1] ?? []);
    t.deepEqual(named, [...optionsInReference(command), "--help"]);
    t.is(named.length - 1, number);
  });
}

test("the help of turncoat names the commands and the exit codes", async (t) => {
  const { code, stdout } = await turncoat(await directoryWith(t), "--help");
  t.is(code, 0);
  const commands = stdout.split("\n").flatMap((line) => /^ {2}([\w-]+) [[<]/.exec(line)?.[1] ?? []);
  t.deepEqual(commands, [
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
    "help",
  ]);
  t.true(
    stdout.endsWith(
      "\nExit codes: 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive or vacuous, 130 interrupted (143 by SIGTERM).\n",
    ),
  );
});

test("--version prints the version", async (t) => {
  t.deepEqual(await turncoat(await directoryWith(t), "--version"), {
    code: 0,
    stdout: "0.1.0\n",
    stderr: "",
  });
});

test("the help of a command with a module shows what its protocol understands, too", async (t) => {
  const module = join(root, "examples/raft-election.ts");
  const { code, stdout } = await turncoat(await directoryWith(t), "check", module, "--views", "2", "--help");
  t.is(code, 0);
  const own = stdout.slice(stdout.indexOf(`${module}: `)).split("\n");
  t.deepEqual(own.slice(0, 7), [
    `${module}: Raft's election of a leader for each term`,
    "",
    "Its words:",
    "  --terms <v>  the same as --views",
    "  no --slots   it has no slots",
    "",
    "Its mutants:",
  ]);
  t.true(own[7]!.startsWith(`  ${module}/half-is-enough  half of`));
  t.true(own.includes("  one-leader  always: no term has two leaders"));
});

test("help for a module that cannot be loaded is help, and says so", async (t) => {
  const { code, stdout } = await turncoat(await directoryWith(t), "fuzz", "./none.ts", "-h");
  t.is(code, 0);
  t.regex(stdout, /^Usage: turncoat fuzz /);
  t.regex(stdout, /\n\.\/none\.ts cannot be shown: There is no file \.\/none\.ts\.\n$/);
});

test("an unknown command is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "prove"),
    "error: unknown command 'prove'\n(turncoat --help shows what there is)",
  );
});

test("no command at all is bad usage, and shows the help", async (t) => {
  const { code, stdout, stderr } = await turncoat(await directoryWith(t));
  t.is(code, 2);
  t.is(stdout, "");
  t.true(stderr.startsWith("Usage: turncoat [options] [command]\n"));
});

test("list --json names everything that there is", async (t) => {
  const { code, document } = await turncoatJson(await directoryWith(t), "list");
  t.is(code, 0);
  const names = Object.fromEntries(
    Object.entries(document as { [kind: string]: Item[] }).map(([kind, items]) => [
      kind,
      items.map(({ name }) => name),
    ]),
  );
  t.deepEqual(names, {
    protocols: builtins.filter(({ mutant }) => mutant === null).map(({ name }) => name),
    mutants: builtins.filter(({ mutant }) => mutant !== null).map(({ name }) => name),
    adversaries: [
      "silent",
      "replayer",
      "delayer",
      "selective-sender",
      "amnesiac",
      "twin",
      "mutator",
      "equivocating-primary",
      "lying-voter",
      "checkpoint-liar",
      "certificate-withholder",
      "view-change-liar",
      "new-view-forger",
      "byzantine-client",
      "arbitrary",
      "A+B",
      "A@V",
      "A@until-gst",
    ],
    puppets: [
      "silent",
      "mute-primary",
      "selective",
      "delayed",
      "lying-voter",
      "hasty",
      "equivocating-primary",
      "random",
    ],
    properties: [
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
    ],
    networks: networks.map(({ name }) => name),
  });
  t.is(
    document.mutants[0].summary,
    "prepared and committed need 2f votes instead of 2f+1 (breaks agreement; textbook)",
  );
});

test("list tells people in the same words as programs", async (t) => {
  const directory = await directoryWith(t);
  const { document } = await turncoatJson(directory, "list");
  const expected = Object.entries(document as { [kind: string]: Item[] }).flatMap(([kind, items]) => [
    kind,
    ...items.map(({ name, summary }) => `${name} ${summary}`),
  ]);
  const { code, stdout } = await turncoat(directory, "list");
  t.is(code, 0);
  t.deepEqual(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.trim().replace(/ {2,}/, " ")),
    expected,
  );
});

test("list with a kind lists that and nothing else", async (t) => {
  const { document } = await turncoatJson(await directoryWith(t), "list", "networks");
  t.deepEqual(document, {
    networks,
  });
});

test("a kind that there is not is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "list", "bugs"),
    'error: there is nothing called "bugs" to list. There are: protocols, mutants, adversaries, puppets, properties, networks.\n' +
      "(turncoat --help shows what there is)",
  );
});
