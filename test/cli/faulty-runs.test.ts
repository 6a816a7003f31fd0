// A run that ends with a fault of the user's code is one run: what the others have come to is told all the same, everywhere.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, parse, turncoat } from "./support.js";

const module = `import * as Schema from "effect/Schema";
import { replicaIds } from "turncoat";

const boom = (): never => {
  throw new Error("boom");
};
const ping = { kind: "broadcast", message: { tag: "ping" } };
const behaviour = {
  state: Schema.Struct({ n: Schema.Number }),
  init: () => [{ state: { n: 0 }, effects: [ping], events: [] }],
  step: ({ config }: { config: { replicas: number } }, state: { n: number }, input: { kind: string }) => {
    if (input.kind !== "message" || state.n === 3) return [{ state, effects: [], events: [] }];
    if (config.replicas === 3 && state.n === 1) boom();
    const events = [{ kind: "custom", name: "heard", data: state.n }];
    return [{ state: { n: state.n + 1 }, effects: [], events }];
  },
  stable: (state: unknown) => state,
};
export default {
  name: "mine",
  summary: "throws where there are three replicas",
  message: Schema.Struct({ tag: Schema.String }),
  nodes: (config: never) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
  requests: () => ["a", "b"],
  digest: (request: string) => request,
};
export const properties = [{
  name: "quiet", summary: "nobody hears three", kind: "always", observes: "both", exercise: "somebody hears",
  monitor: () => ({
    init: 0,
    on: (most: number, _: string, { data }: { data: number }) => Math.max(most, data + 1),
    verdict: (most: number) => (most < 3 ? "holds" : "violated"),
    exercised: (most: number) => most,
    explain: () => "three are heard",
  }),
}];`;

const request = {
  protocol: "./mine.ts",
  adversaries: ["none"],
  faults: 0,
  network: "once",
  properties: ["quiet"],
};
const suites = [
  {
    name: "mine",
    requests: [
      { ...request, replicas: 2 },
      { ...request, replicas: 3 },
      { ...request, replicas: 4, expect: "violated" },
    ],
  },
];
const files = { "mine.ts": module, "turncoat.config.json": JSON.stringify({ suites }) };
const fault =
  /^turncoat: r\d threw "boom", on .*\n {4}at boom \(.*mine\.ts:5:9\)\n {4}at Object\.step \(.*mine\.ts:13:\d+\)\n {2}The run that leads there has 2 actions: turncoat replay (traces\/mine-quiet-none-\w+\.json)\n {4}1 {2}deliver .*\n {4}2 {2}deliver .*\n {2}The run: \.\/mine\.ts, no adversary, views 0-0, once\.$/m;

for (const workers of ["1", "2"])
  test(`check tells the verdicts of the other runs, with ${workers} threads`, async (t) => {
    const directory = await directoryWith(t, files);
    const reports = ["--junit", "report.xml", "--html", "report.html"];
    const { code, stdout, stderr } = await turncoat(directory, "check", "--workers", workers, ...reports);
    t.is(code, 2);
    t.regex(stderr, fault);
    const verdicts = [...stdout.matchAll(/│ quiet +│ [\w-]+ +│ (.*?) +│/g)].map(([, verdict]) => verdict);
    t.deepEqual(verdicts, ["holds", "fault", "violated in 3 actions"]);
    t.regex(stdout, /\n3 of 3 runs: 2 with every property holding, 0 not, 1 with a fault of your code\. /);
    const xml = readFileSync(join(directory, "report.xml"), "utf8");
    t.regex(xml, /tests="3" failures="0" errors="1"/);
    t.regex(xml, /<error message="r\d threw &quot;boom&quot;.*at boom \(.*mine\.ts:5:9\).*type="fault"/);
    const page = readFileSync(join(directory, "report.html"), "utf8");
    t.is([...page.matchAll(/<details id="run-\d"/g)].length, 3);
    t.is((await turncoat(directory, "replay", fault.exec(stderr)![1]!)).code, 0);
  });

test("as JSON, the run stands beside those that have a verdict", async (t) => {
  const directory = await directoryWith(t, files);
  const outcome = await turncoat(directory, "check", "--json");
  t.is(outcome.code, 2);
  const { verdict, asExpected, runs, faultyRuns } = parse(outcome);
  t.deepEqual([verdict, asExpected], ["violated", false]);
  t.deepEqual(
    runs.map((run: { replicas: number; verdict: string }) => [run.replicas, run.verdict]),
    [
      [2, "holds"],
      [4, "violated"],
    ],
  );
  t.is(faultyRuns.length, 1);
  const [{ replicas, code: kind, frames, trace }] = faultyRuns;
  t.deepEqual([replicas, kind, trace.actions], [3, "protocol-threw", 2]);
  t.regex(frames[0], /^at boom \(.*mine\.ts:5:9\)$/);
  t.true(readdirSync(join(directory, "traces")).includes(trace.file.replace("traces/", "")));
});

test("if no run has a verdict, the fault alone is told, and reports have it too", async (t) => {
  const directory = await directoryWith(t, files);
  const alone = [
    "check",
    "./mine.ts",
    "--replicas",
    "3",
    "--faults",
    "0",
    "--adversary",
    "none",
    "--json",
    "--property",
    "quiet",
    "--junit",
    "alone.xml",
  ];
  const outcome = await turncoat(directory, ...alone);
  t.deepEqual([outcome.code, outcome.stdout], [2, ""]);
  t.regex(outcome.stderr, /^turncoat: r\d threw "boom"/);
  t.regex(readFileSync(join(directory, "alone.xml"), "utf8"), /tests="1" failures="0" errors="1"/);
});

const twoAdversaries = `${module}
export const adversaries = [{
  name: "odd", summary: "throws", speaks: true, forwards: false, strength: 1,
  canMove: () => true,
  observes: () => true,
  moves: () => boom(),
}];`;

test("fuzz tells the other campaigns, and its report keeps them", async (t) => {
  const directory = await directoryWith(t, { "mine.ts": twoAdversaries });
  const campaign = [
    "fuzz",
    "./mine.ts",
    "--replicas",
    "4",
    "--adversary",
    "odd,none",
    "--seed",
    "1",
    "--network",
    "once",
    "--property",
    "quiet",
  ];
  const saved = ["--runs", "50", "--report", "report.json", "--junit", "report.xml", "--json"];
  const outcome = await turncoat(directory, ...campaign, ...saved);
  const { code, stderr } = outcome;
  t.is(code, 2, stderr);
  t.regex(stderr, /^turncoat: The adversary odd, as r\d, threw "boom"\.\n {4}at boom \(.*mine\.ts:5:9\)/m);
  const { verdict, runs, faultyRuns } = parse(outcome);
  t.is(verdict, "violated");
  t.deepEqual([runs.length, runs[0].adversary], [1, null]);
  t.true(faultyRuns.length >= 1);
  t.deepEqual([faultyRuns[0].adversary, faultyRuns[0].code], ["odd", "adversary-threw"]);
  t.is(JSON.parse(readFileSync(join(directory, "report.json"), "utf8")).campaigns.length, 1);
  t.regex(readFileSync(join(directory, "report.xml"), "utf8"), /<error message="The adversary odd/);
});
