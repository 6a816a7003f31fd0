// `turncoat simulate` as people and programs meet it.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { directoryWith, moduleOf, refusedWith, start, turncoat, turncoatJson } from "./support.js";

const sweep = [
  "--sweep",
  "byzantine=0..3",
  "--adversary",
  "random",
  "--trials",
  "3",
  "--seed",
  "5",
  "--delay",
  "5..35",
];

test("one run as JSON: the contract's fields, and null for what a clock on the wall would show", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    "simulate",
    "--seed",
    "1",
    "--requests",
    "2",
  );
  t.is(code, 0);
  t.deepEqual(
    [document.command, document.seed, document.verdict, document.seconds],
    ["simulate", 1, "holds", null],
  );
  const [run, ...more] = document.runs;
  t.is(more.length, 0);
  t.like(run, {
    protocol: "pbft",
    mutant: null,
    replicas: 4,
    faults: 1,
    adversary: null,
    byzantine: [],
    insideContract: true,
    verdict: "holds",
    reason: null,
    requests: 2,
    succeeded: 2,
    agreement: true,
    latencyMs: { p50: 50, p95: 50, p99: 50, mean: 50, max: 50 },
    throughputPerSecond: 20,
    messages: { "pre-prepare": 6, commit: 24, prepare: 18, reply: 8, request: 2 },
    viewChanges: 0,
    wallSeconds: null,
    eventsPerSecond: null,
  });
});

test("--timing shows the wall's clock", async (t) => {
  const { document } = await turncoatJson(await directoryWith(t), "simulate", "--timing");
  t.true(document.runs[0].wallSeconds > 0);
  t.true(document.runs[0].eventsPerSecond > 0);
});

test("one seed gives one document, byte for byte, on one worker and on two; another seed another", async (t) => {
  const directory = await directoryWith(t);
  const json = async (...more: string[]) =>
    (await turncoat(directory, "simulate", "--json", ...sweep, ...more)).stdout;
  const first = await json("--workers", "1");
  t.is(await json("--workers", "1"), first);
  t.is(await json("--workers", "2"), first);
  t.not(await json("--workers", "1", "--seed", "6"), first);
});

test("trial t of a sweep is the run with the seed plus t", async (t) => {
  const directory = await directoryWith(t);
  const { document } = await turncoatJson(directory, "simulate", ...sweep, "--workers", "1");
  const single = await turncoatJson(
    directory,
    ...["simulate", "--adversary", "random", "--byzantine", "1", "--seed", "7", "--delay", "5..35"],
  );
  t.deepEqual(document.runs[3 + 2], single.document.runs[0]);
});

test("a sweep: points beyond f are outside the contract and do not decide the verdict", async (t) => {
  const { code, document } = await turncoatJson(await directoryWith(t), "simulate", ...sweep);
  t.is(code, 0);
  t.is(document.verdict, "holds");
  t.deepEqual(
    document.points.map((point: { [name: string]: unknown }) => [
      (point.labels as { byzantine: number }).byzantine,
      point.insideContract,
      point.verdict,
      point.successes,
      point.trials,
    ]),
    [
      [0, true, "holds", 3, 3],
      [1, true, "holds", 3, 3],
      [2, false, "outside", 0, 3],
      [3, false, "outside", 0, 3],
    ],
  );
});

test("a single run outside the contract has no answer: exit code 3", async (t) => {
  const run = ["simulate", "--replicas", "7", "--adversary", "silent", "--byzantine", "4"];
  const { code, document } = await turncoatJson(await directoryWith(t), ...run);
  t.is(code, 3);
  t.is(document.verdict, "outside");
});

test("a violation has exit code 1, a limit 3, or 0 with --allow-inconclusive", async (t) => {
  const directory = await directoryWith(t);
  const simulate = async (...options: string[]) => (await turncoat(directory, "simulate", ...options)).code;
  t.is(await simulate("tutorial", "--adversary", "silent", "--byzantine", "r0"), 1);
  t.is(await simulate("--max-time", "20"), 3);
  t.is(await simulate("--max-time", "20", "--allow-inconclusive"), 0);
});

test("CSV has a head and a row for each run, SVG and HTML need nothing from elsewhere", async (t) => {
  const directory = await directoryWith(t);
  const files = ["--csv", "rows.csv", "--svg", "plots.svg", "--html", "page.html"];
  t.is((await turncoat(directory, "simulate", ...sweep, ...files)).code, 0);
  const read = (name: string) => readFile(join(directory, name), "utf8");
  const lines = (await read("rows.csv")).trimEnd().split("\n");
  t.is(lines.length, 1 + 4 * 3);
  t.true(
    lines[0]!.startsWith(
      "replicas,clients,operations_per_client,network_delay,replica_delay_ms,byzantine,primary_byzantine,view_changed," +
        "throughput_per_second,run_time_seconds,wall_seconds,processor_seconds_per_replica,safe,live,messages,heap_bytes,",
    ),
  );
  t.true(lines[1]!.startsWith("4,1,1,uniform,0,0,false,false,"));
  t.true((await read("plots.svg")).startsWith("<svg"));
  const page = await read("page.html");
  t.is(page.match(/<svg/g)?.length, 5); // four plots, and the run where there are no scripts
  const addresses = page.match(/https?:[^"'<> )]+/g) ?? [];
  t.true(addresses.every((address) => address.startsWith("http://www.w3.org/"))); // names of XML, not addresses
  t.notRegex(page, /<script[^>]* src|<link|@import/);
  t.true(page.includes("The run with seed 5, step by step"));
});

test("a sweep file: base, points and axes", async (t) => {
  const file = {
    base: { delay: 5 },
    points: [{ replicas: 4 }, { replicas: 7 }],
    sweep: { requests: [1, 2] },
    trials: 1,
  };
  const directory = await directoryWith(t, { "sweep.json": JSON.stringify(file) });
  const { document } = await turncoatJson(directory, "simulate", "--sweep", "sweep.json", "--seed", "1");
  t.deepEqual(
    document.points.map((point: { labels: object; succeeded: number }) => [point.labels, point.succeeded]),
    [
      [{ replicas: 4, requests: 1 }, 1],
      [{ replicas: 4, requests: 2 }, 2],
      [{ replicas: 7, requests: 1 }, 1],
      [{ replicas: 7, requests: 2 }, 2],
    ],
  );
});

test("--record writes the records of the run with --trace-seed, and refuses a directory that has files before any run is made", async (t) => {
  const directory = await directoryWith(t);
  const words = ["simulate", "--seed", "5", "--trials", "3", "--trace-seed", "7", "--record", "records"];
  const first = await turncoat(directory, ...words);
  t.is(first.code, 0);
  t.regex(first.stdout, /The run with seed 7 is recorded in records: turncoat conform records/);
  t.is((await turncoat(directory, "conform", "records")).code, 0);
  const again = await turncoat(directory, ...words);
  t.deepEqual([again.code, again.stdout], [2, ""]);
  t.is(again.stderr, "turncoat: records has files in it: name a new directory for the records.\n");
});

test("--trace records a run, the one with --trace-seed if that is given, and replay reads it", async (t) => {
  const directory = await directoryWith(t);
  const trials = ["simulate", "--trials", "3", "--seed", "5", "--delay", "5..35", "--trace", "run.json"];
  const first = await turncoat(directory, ...trials);
  t.is(first.code, 0);
  t.true(first.stdout.includes("The run with seed 5 is in run.json: turncoat replay run.json\n"));
  const chosen = await turncoat(directory, ...trials, "--trace-seed", "7");
  t.true(chosen.stdout.includes("The run with seed 7 is in run.json"));
  const { code, stdout } = await turncoat(directory, "replay", "run.json");
  t.is(code, 0);
  t.regex(
    stdout,
    /^pbft, n = 4, f = 1, Byzantine: none\nsimulated with seed 7, views 0\.\.0, 1 client with 1 request each\n/,
  );
  refusedWith(
    t,
    await turncoat(directory, ...trials, "--json", "--trace-seed", "8"),
    "turncoat: No run has the seed 8: the seeds are 5 to 7.",
  );
  refusedWith(
    t,
    await turncoat(directory, "minimize", "run.json"),
    "turncoat: This is the trace of a simulated run, which no search can go on from: read it with turncoat replay, or as a page with --emit html.",
  );
});

const refused: readonly [string[], string][] = [
  [
    ["--delay", "fast"],
    "--delay fast: use a time such as 10, 10ms, 2s or 500us (without a unit: milliseconds).",
  ],
  [["--delay", "35..5"], "--delay 35..5: the range ends before it begins."],
  [["--delay", "wan:moon"], '--delay wan:moon: there is no preset "moon"; there are ibm-2024, aws-2017.'],
  [["--drop", "2"], "--drop 2: use a probability between 0 and 1."],
  [["--replicas", "three"], "--replicas three: use a whole number of at least 1."],
  [["--replicas", "3"], "PBFT needs at least 4 replicas to tolerate one fault; 3 were asked for."],
  [
    ["--byzantine", "each"],
    "--byzantine each: a simulation is one run, so say which replicas, or how many (a sweep can vary that).",
  ],
  [["--byzantine", "r1"], "Byzantine replicas need an adversary: name one with --adversary."],
  [["--adversary", "silent", "--byzantine", "5"], "5 Byzantine replicas were asked for, and there are 4."],
  [
    ["--adversary", "arbitrary"],
    'There is no adversary that can be simulated named "arbitrary". There are: silent, mute-primary, selective, delayed, lying-voter, hasty, equivocating-primary, random.',
  ],
  [
    ["--partition", "5..1:r0|r1"],
    "--partition 5..1:r0|r1: a partition needs two groups or more, and a time after its beginning at which it heals.",
  ],
  [["--partition", "0..1:r0|r7"], "A partition names r7, and there is no such node in this run."],
  [["--svg", "x.svg"], "--svg draws sweeps: give --sweep, or --trials."],
];
for (const [options, message] of refused)
  test(`simulate ${options.join(" ")} is refused`, async (t) => {
    const outcome = await turncoat(await directoryWith(t), "simulate", "--json", ...options);
    refusedWith(t, outcome, `turncoat: ${message}`);
  });

test("a sweep file with a misspelt option is refused, with its place", async (t) => {
  const directory = await directoryWith(t, { "sweep.json": '{ "base": { "replica": 4 } }' });
  const { code, stderr } = await turncoat(directory, "simulate", "--sweep", "sweep.json", "--json");
  t.is(code, 2);
  t.regex(stderr, /sweep\.json is not a sweep file/);
  t.regex(stderr, /base\.replica: is not a known field; did you mean "replicas"/);
});

test("a protocol of the user's that throws is named, with the input, in a worker, too", async (t) => {
  const directory = await directoryWith(t, {
    "mine.ts": moduleOf({ step: '() => { throw new Error("no"); }' }),
  });
  for (const trials of ["1", "2"]) {
    const more = ["--workers", "2", "--trials", trials, "--json"];
    const outcome = await turncoat(directory, "simulate", "./mine.ts", ...more);
    t.is(outcome.code, 2);
    t.is(outcome.stdout, "");
    t.regex(
      outcome.stderr,
      /^turncoat: step\(\) of r0 threw "no" on the input request\.\n {4}at Object\.step \(.*mine\.ts:\d+:\d+\)\n$/,
    );
  }
});

test("a puppet that forges is refused", async (t) => {
  const source = `
import { pbft } from ${JSON.stringify(new URL("../../src/protocols/pbft/index.js", import.meta.url).href)};
export default pbft();
export const puppets = [{
  name: "forger", summary: "signs as r1",
  attach: () => ({ says: (to, message) => [{ to, message: { ...message, signer: "r1" } }] }),
}];
`;
  const directory = await directoryWith(t, { "mine.mjs": source });
  const outcome = await turncoat(
    directory,
    "simulate",
    "./mine.mjs",
    "--adversary",
    "forger",
    "--byzantine",
    "r0",
    "--json",
  );
  refusedWith(t, outcome, "turncoat: The adversary forger shows a statement of r1 that it cannot have.");
});

test("an interrupt keeps the points that are finished", async (t) => {
  const directory = await directoryWith(t);
  const many = ["--sweep", "seed=1..100000", "--workers", "2", "--csv", "rows.csv", "--json"];
  const { child, done } = start(directory, "simulate", ...many);
  const rows = async () =>
    (await readFile(join(directory, "rows.csv"), "utf8").catch(() => "")).split("\n").length;
  while ((await rows()) < 5) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  const { code, stdout, stderr } = await done;
  t.is(code, 130);
  t.regex(stderr, /Interrupted/);
  const { runs } = JSON.parse(stdout);
  t.true(runs.length >= 3 && runs.length < 100_000);
  t.is(await rows(), runs.length + 2); // the head, and the end of the last line
});

test("an interrupted sweep is drawn as far as it is, and points that lack trials are marked everywhere", async (t) => {
  const directory = await directoryWith(t);
  const files = ["--csv", "rows.csv", "--svg", "plots.svg", "--html", "page.html"];
  const many = ["--sweep", "byzantine=0..6", "--adversary", "silent", "--replicas", "10", "--trials", "5000"];
  const { child, done } = start(
    directory,
    "simulate",
    ...many,
    "--seed",
    "1",
    "--workers",
    "2",
    "--json",
    ...files,
  );
  const read = (name: string) => readFile(join(directory, name), "utf8").catch(() => "");
  while ((await read("rows.csv")).split("\n").length < 5)
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  const { code, stdout } = await done;
  t.is(code, 130);
  const { complete, points } = JSON.parse(stdout);
  t.false(complete);
  const { trials, planned } = points.at(-1);
  t.is(planned, 5000);
  t.true(trials < 5000);
  const made = `${trials.toLocaleString("en-US")} of 5,000 trials`;
  t.true((await read("plots.svg")).includes(made));
  const page = await read("page.html");
  t.true(page.includes(made));
  t.true(page.includes(`/${trials} of 5,000<`));
  t.regex(page, /<li>Not complete: 1 of 7 points lack trials/);
  const rows = (await read("rows.csv")).trimEnd().split("\n");
  t.true(rows[0]!.endsWith(",trial,trials"));
  t.true(rows[1]!.endsWith(",1,5000"));
});

test("a sweep in which nothing can be drawn is refused before it begins", async (t) => {
  const options = ["--sweep", "delay=5,10ms", "--svg", "x.svg", "--csv", "rows.csv", "--json"];
  const directory = await directoryWith(t);
  refusedWith(
    t,
    await turncoat(directory, "simulate", ...options),
    "turncoat: There is nothing to draw: no option that is a number was varied.",
  );
  t.deepEqual(await readdir(directory), []);
});
