// `turncoat check` as a user runs it: verdicts, exit codes, traces.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { readTrace, replay } from "../../src/trace/index.js";
import { directoryWith, moduleOf, parse, refusedWith, root, turncoat, turncoatJson } from "./support.js";

/** Runs that take a fraction of a second. */
const quickly = ["--views", "0", "--adversary", "arbitrary", "--byzantine", "r0"];

test("correct PBFT holds: exit code 0, no trace", async (t) => {
  const directory = await directoryWith(t);
  const { code, document } = await turncoatJson(
    directory,
    "check",
    "pbft",
    ...quickly,
    "--property",
    "agreement",
  );
  t.is(code, 0);
  t.is(document.verdict, "holds");
  t.is(document.runs.length, 1);
  const [run] = document.runs;
  t.is(run.verdict, "holds");
  t.is(run.reason, null);
  t.is(run.states, 145);
  t.is(run.transitions, 312);
  t.is(run.frontier, 0);
  t.is(run.trace, null);
  t.deepEqual(await readdir(directory), []);
});

test("a mutant is violated: exit code 1, and the trace that is written replays", async (t) => {
  const directory = await directoryWith(t);
  const { code, document } = await turncoatJson(directory, "check", "pbft/quorum-2f");
  t.is(code, 1);
  t.is(document.verdict, "violated");
  const [run] = document.runs;
  t.regex(run.trace.file, /^traces\/pbft-quorum-2f-agreement-equivocating-primary-[0-9a-f]{8}\.json$/);
  t.is(run.trace.actions, 4);
  t.deepEqual(await readdir(`${directory}/traces`), [run.trace.file.slice("traces/".length)]);
  const replayed = await turncoatJson(directory, "replay", run.trace.file);
  t.is(replayed.code, 0);
  t.is(replayed.document.runs[0].outcome, "reproduced");
  t.is(replayed.document.runs[0].explanation, run.reason);
});

test("without options a mutant runs where it is known to fall, with options where they say", async (t) => {
  const directory = await directoryWith(t);
  const settingOf = async (...options: string[]) => {
    const { document } = await turncoatJson(directory, "check", "pbft/quorum-2f", ...options);
    return document.runs.map((run: { adversary: string; byzantine: string[]; bounds: object }) => [
      run.adversary,
      run.byzantine.join(),
      run.bounds,
    ]);
  };
  t.deepEqual(await settingOf(), [["equivocating-primary", "r0", { views: 0, requests: 2, slots: 1 }]]);
  t.deepEqual(await settingOf("--adversary", "silent", "--property", "agreement", "--max-depth", "1"), [
    ["silent", "r0", { views: 1, requests: 2, slots: 1 }],
    ["silent", "r1", { views: 1, requests: 2, slots: 1 }],
    ["silent", "r2", { views: 1, requests: 2, slots: 1 }],
  ]);
});

test("--traces says where the trace goes, and a place that cannot be is said after the verdict", async (t) => {
  const directory = await directoryWith(t, { occupied: "" });
  const { document } = await turncoatJson(directory, "check", "pbft/quorum-2f", "--traces", "here/there");
  t.regex(document.runs[0].trace.file, /^here\/there\/pbft-quorum-2f-/);
  const refused = await turncoat(
    directory,
    "check",
    "pbft/quorum-2f",
    "--traces",
    "occupied/there",
    "--json",
  );
  t.is(refused.code, 1, "the verdict is told all the same");
  t.is(parse(refused).runs[0].trace.file, null);
  t.regex(
    refused.stderr.trim().split("\n").at(-1)!,
    /^turncoat: A trace could not be written to occupied\/there: ENOTDIR/,
  );
});

test("the report for people names the verdict, the reason and the trace, without colours", async (t) => {
  const directory = await directoryWith(t);
  const { code, stdout, stderr } = await turncoat(directory, "check", "pbft/quorum-2f");
  t.is(code, 1);
  t.false(stdout.includes("\x1b"));
  t.regex(stdout, /^turncoat 0\.1\.0 check \(node v[\d.]+\)\n/);
  t.true(stdout.includes("pbft/quorum-2f (n=4, f=1, async network, 2 requests, 1 slot, no client nodes)\n"));
  t.true(stdout.includes("│ violated in 4 actions (4 visible) │"));
  t.regex(stdout, /r0, views 0-0: violated: r1 executed c0:1:A at slot 1, but r\d executed c1:1:B there\.\n/);
  t.regex(stdout, /look at it with: turncoat replay traces\/pbft-quorum-2f-/);
  t.regex(stdout, /\n1 of 1 runs: 0 with every property holding, 1 not\. \d+\.\d+ s\.\n$/);
  t.regex(
    stderr,
    /^(\[1\/1\] .*\n)*\[1\/1\] pbft\/quorum-2f, equivocating-primary at r0, views 0-0: violated \(4 actions\), \d+ states, [\d.]+ s\n$/,
  );
});

test("a limit that is reached is inconclusive: exit code 3, or 0 with --allow-inconclusive", async (t) => {
  const directory = await directoryWith(t);
  const options = [...quickly, "--property", "agreement"];
  for (const [limit, reason] of [
    [["--max-states", "100"], "the limit of 100 states was reached"],
    [["--max-depth", "2"], "the depth limit of 2 was reached"],
    [["--max-memory", "1MB"], "the limit of 1 MiB of memory was reached"],
    [
      ["--max-seconds", "0.001", "--reduce", "none", "--views", "2"],
      "the limit of 0.001 seconds was reached",
    ],
  ] as const) {
    const { code, document } = await turncoatJson(directory, "check", "pbft", ...options, ...limit);
    t.is(code, 3);
    t.is(document.verdict, "inconclusive");
    t.is(document.runs[0].verdict, "inconclusive");
    t.is(document.runs[0].reason, reason);
  }
  const allowed = await turncoatJson(
    directory,
    ...["check", "pbft", ...options, "--max-states", "100", "--allow-inconclusive"],
  );
  t.is(allowed.code, 0);
  t.is(allowed.document.verdict, "inconclusive");
});

test("--allow-inconclusive does not excuse a violation", async (t) => {
  const { code } = await turncoat(await directoryWith(t), "check", "pbft/quorum-2f", "--allow-inconclusive");
  t.is(code, 1);
});

test("a property that was never exercised is vacuous: exit code 3, whatever is allowed", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", ...quickly, "--property", "agreement,integrity", "--allow-inconclusive"],
  );
  t.is(code, 3);
  t.is(document.verdict, "vacuous");
  t.is(
    document.runs[0].reason,
    "integrity was never exercised: a slot that a correct replica has executed must have committed there once more",
  );
  t.deepEqual(
    document.runs[0].properties.map(({ name, verdict }: { name: string; verdict: string }) => [
      name,
      verdict,
    ]),
    [
      ["agreement", "holds"],
      ["integrity", "vacuous"],
    ],
  );
});

test("an adversary that is asked for where it has no move makes the run vacuous", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", "--views", "0", "--adversary", "equivocating-primary", "--byzantine", "r3"],
    ...["--property", "agreement"],
  );
  t.is(code, 3);
  t.is(document.runs[0].reason, "the adversary equivocating-primary at r3 had no move that changed anything");
});

test("liveness where the primary of the last view is Byzantine is outside: exit code 3", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", "--views", "0", "--adversary", "silent", "--byzantine", "r0"],
    ...["--property", "clients-are-served"],
  );
  t.is(code, 3);
  t.is(document.verdict, "outside");
  t.is(document.runs[0].reason, "the primary of the last view, r0, is Byzantine; use --views 1");
});

test("more Byzantine replicas than f are allowed, and the report says that nothing is promised", async (t) => {
  const directory = await directoryWith(t);
  const options = ["check", "pbft", "--views", "0", "--byzantine", "r1,r0", "--property", "agreement"];
  const people = await turncoat(directory, ...options);
  t.is(people.code, 1);
  t.true(
    people.stdout.includes(
      "\npbft, arbitrary at r0, r1, views 0-0: outside the contract of the protocol " +
        "(it needs n >= 3f+1 and at most f replicas that are Byzantine or crash).\n",
    ),
  );
  const { document } = await turncoatJson(directory, ...options);
  t.deepEqual(document.runs[0].byzantine, ["r0", "r1"]);
  t.is(document.runs[0].insideContract, false);
});

test("an f above (n-1)/3 is allowed, and the report says that nothing is promised", async (t) => {
  const { document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", "--faults", "2", "--views", "0", "--adversary", "silent", "--byzantine", "r0"],
    ...["--property", "agreement"],
  );
  t.is(document.runs[0].faults, 2);
  t.is(document.runs[0].insideContract, false);
});

test("a replica that is named twice is one replica", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", "--views", "0", "--byzantine", "r0,r0", "--property", "agreement"],
  );
  t.is(code, 0);
  t.deepEqual(document.runs[0].byzantine, ["r0"]);
  t.is(document.runs[0].insideContract, true);
});

test("several adversaries make one run each; none is a run without one", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", "--views", "0", "--adversary", "none,silent", "--property", "validity"],
    ...["--reduce", "none", "--max-states", "10"],
  );
  t.is(code, 3);
  t.deepEqual(
    document.runs.map(
      (run: { adversary: string; byzantine: string[]; clients: boolean; reduction: string }) => [
        run.adversary,
        run.byzantine,
        run.clients,
        run.reduction,
      ],
    ),
    [
      [null, [], false, "none"],
      ["silent", ["r0"], false, "none"],
      ["silent", ["r1"], false, "none"],
      [null, [], true, "none"],
      ["silent", ["r0"], true, "none"],
      ["silent", ["r1"], true, "none"],
    ],
  );
});

for (const [what, args, message] of [
  [
    "fewer than 4 replicas",
    ["pbft", "--replicas", "3"],
    "turncoat: PBFT needs at least 4 replicas to tolerate one fault; 3 were asked for.",
  ],
  [
    "an unknown property",
    ["pbft", "--property", "agreement,speed"],
    'turncoat: There is no property named "speed". There are: agreement, validity, integrity, clients-are-served, checkpoint-agreement, checkpoint-durability, bounded-log, linearizability, catching-up, all-execute, nobody-waits-for-ever, totality, termination, null-agreement.',
  ],
  [
    "an unknown adversary",
    ["pbft", "--adversary", "loud"],
    'turncoat: There is no adversary named "loud". There are: silent, replayer, delayer, selective-sender, amnesiac, twin, mutator, equivocating-primary, lying-voter, checkpoint-liar, certificate-withholder, view-change-liar, new-view-forger, byzantine-client, arbitrary.',
  ],
  ["a path where there is no file", ["./nowhere.ts"], "turncoat: There is no file ./nowhere.ts."],
  [
    "options of a setting without a protocol",
    ["--views", "1", "--property", "agreement"],
    "turncoat: Options that say what to check need a protocol (--property, --views), as in: turncoat check pbft --property ...",
  ],
  [
    "a protocol and a suite",
    ["pbft", "--suite", "small"],
    "turncoat: Name a protocol or a --suite, not both.",
  ],
  [
    "an adversary that has no move anywhere",
    ["./sound.ts", "--adversary", "none", "--faults", "0", "--property", "clients-are-served"],
    'turncoat: clients-are-served watches clients, and ./sound.ts has none. Nodes with the role "client" make it have some: `nodes` of docs/writing-a-protocol.md.',
  ],
  [
    "an unknown option",
    ["pbft", "--view", "1"],
    "error: unknown option '--view'\n(Did you mean --views?)\n(turncoat --help shows what there is)",
  ],
  [
    "an option that another command has under that name",
    ["pbft", "--time", "1"],
    "error: unknown option '--time'\n(Did you mean --max-seconds?)\n(turncoat --help shows what there is)",
  ],
  [
    "an adversary where nobody can be Byzantine",
    ["streamlet", "--replicas", "3", "--adversary", "silent"],
    "turncoat: Nothing to check: with f = 0 nobody can be Byzantine, so silent has no move: use --replicas 4 or more (n >= 3f+1), or --adversary none.",
  ],
  [
    "a value that is not a whole number",
    ["pbft", "--views", "one"],
    "error: option '--views <v>' argument 'one' is invalid. Use a whole number of at least 0.\n(turncoat --help shows what there is)",
  ],
  [
    "a network that there is not",
    ["pbft", "--network", "pigeons"],
    'turncoat: There is no network named "pigeons". There are: async, once, once:keep, fifo, reordering:K, lossy:K, lossy, lossy-fifo:K, lossy-fifo, duplicating:K, duplicating, partitions:K, partitions, one-way-partitions:K, one-way-partitions, bridge-partitions:K, bridge-partitions (K: how many messages or cuts, from 1 to 9999).',
  ],
  [
    "a suite that there is not",
    ["--suite", "huge"],
    "error: option '--suite <name>' argument 'huge' is invalid. Allowed choices are tour, small, standard, full, neighbours, neighbours-slow.\n(turncoat --help shows what there is)",
  ],
  [
    "two protocols",
    ["pbft", "pbft"],
    "error: too many arguments for 'check'. Expected 1 argument but got 2.\n(turncoat --help shows what there is)",
  ],
] as const) {
  test(`${what} is refused with one message and exit code 2`, async (t) => {
    const directory = await directoryWith(t, { "sound.ts": moduleOf({}) });
    refusedWith(t, await turncoat(directory, "check", ...args), message);
  });
}

test("an unknown protocol is refused with the names that there are", async (t) => {
  const outcome = await turncoat(await directoryWith(t), "check", "zab");
  t.is(outcome.code, 2);
  t.is(outcome.stdout, "");
  t.is(
    outcome.stderr,
    'turncoat: There is no protocol named "zab". Built-in are: pbft, pbft-macs, pbft-recovery, bracha, two-phase-commit, paxos, raft, viewstamped, ibft, tendermint, hotstuff, fast-hotstuff, streamlet, simplex, minimmit, grandpa, autobahn, common-coin, go-exercise, distalgo, tutorial. turncoat list tells all. A module of your own is named by its path, as in ./my-protocol.ts.\n',
  );
});

test("a replica that there is not is refused", async (t) => {
  const args = ["check", "pbft", "--byzantine", "r4", "--property", "agreement", "--json"];
  const outcome = await turncoat(await directoryWith(t), ...args);
  refusedWith(t, outcome, "turncoat: There is no node r4; there are r0, r1, r2, r3.");
});

test("the example falls to a lying sender, and its trace finds the module by its path", async (t) => {
  const directory = await directoryWith(t);
  const outcome = await turncoat(
    root,
    ...["check", "./examples/broadcast.ts", "--adversary", "arbitrary", "--byzantine", "r0", "--json"],
    ...["--traces", directory],
  );
  t.is(outcome.code, 1);
  const [run] = parse(outcome).runs;
  t.is(run.protocol, "./examples/broadcast.ts");
  t.is(run.mutant, null);
  t.is(run.trace.actions, 4);
  const replayed = await turncoatJson(root, "replay", run.trace.file);
  t.is(replayed.code, 0);
  t.is(replayed.document.runs[0].outcome, "reproduced");
  t.is(replayed.document.runs[0].original, null);
});

test("two properties that are violated in one run are named, each with a trace of its own", async (t) => {
  const directory = await directoryWith(t);
  const { code, stdout } = await turncoat(
    directory,
    ...["check", join(root, "test/cases/throwing-property.ts"), "--adversary", "none", "--continue"],
    ...["--property", "under-two,under-three"],
  );
  t.is(code, 1);
  t.true(stdout.includes("│ under-two violated in 4 actions; under-three violated in 6 actions │"));
  const told = [...stdout.matchAll(/^ {2}(\S+) violated in (\d) actions: the trace is in (\S+);/gm)];
  t.deepEqual(
    told.map(([, property, actions]) => [property, actions]),
    [
      ["under-two", "4"],
      ["under-three", "6"],
    ],
  );
  const replayed = await Promise.all(
    told.map(async ([, , , file]) => replay(await readTrace(join(directory, file!)))),
  );
  t.deepEqual(
    replayed.map((one) => [one.property, one.outcome, one.outcome === "reproduced" && one.after]),
    [
      ["under-two", "reproduced", 4],
      ["under-three", "reproduced", 6],
    ],
  );
});

test("what a check did not try is said where nothing was found", async (t) => {
  const step = `(_, state, { kind, request }) => kind !== "request" || request !== "a" || state.n > 0 ? stay(state)
    : [{ state: { n: 1 }, effects: [], events: [{ kind: "executed", slot: 1, position: 1, request, result: null }] }]`;
  const directory = await directoryWith(t, { "mine.ts": moduleOf({ step }) });
  const lastOf = async (...args: string[]) =>
    (await turncoat(directory, "check", ...args)).stdout.trim().split("\n").at(-1)!;
  const summary = /^\d of \d runs: /;
  const silence =
    "Nobody lied here: a silent node says nothing. One that may say anything: turncoat check ./mine.ts --adversary arbitrary";
  t.is(await lastOf("./mine.ts"), silence);
  t.is(await lastOf("./mine.ts", "--byzantine", "r1", "--requests", "1"), silence);
  t.regex(await lastOf("./mine.ts", "--adversary", "silent"), summary);
  t.regex(await lastOf("two-phase-commit"), summary);
  const elsewhere = ["--adversary", "silent", "--byzantine", "r3", "--property", "agreement"];
  t.is(
    await lastOf("pbft/quorum-2f", ...elsewhere),
    "pbft/quorum-2f is a mutant, and has another setting that exposes it: turncoat check pbft/quorum-2f",
  );
  t.regex(await lastOf("pbft", ...elsewhere), summary);
});
