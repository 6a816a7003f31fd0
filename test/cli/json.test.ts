// The JSON documents of `check` and `fuzz`, field by field: what programs rely on.

import test from "ava";
import { type Document, directoryWith, turncoatJson } from "./support.js";

/** The type of every field: `string`, `integer`, `number`, `boolean`, `null`, an array of them, or an object of them. */
type Shape = string | readonly Shape[] | { readonly [field: string]: Shape };

function shapeOf(value: unknown): Shape {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, shapeOf(item)]));
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** The same document with measured numbers, which may happen to be integers, marked as such. */
function measured(document: Document, fields: readonly string[]): Document {
  for (const field of fields) if (typeof document[field] === "number") document[field] = 0.5;
  return document;
}

/** What both commands say of what was run. */
const setting = {
  protocol: "string",
  mutant: "null",
  replicas: "integer",
  faults: "integer",
  adversary: "string",
  byzantine: ["string"],
  network: "string",
  clients: "boolean",
  bounds: { views: "integer", requests: "integer", slots: "integer" },
  insideContract: "boolean",
  identity: {
    digest: "string",
    parts: { effect: "string", "pure-rand": "string", "ts-pattern": "string", turncoat: "string" },
  },
} as const;

const witnesses = {
  decisions: "integer",
  agreementComparisons: "integer",
  viewChanges: "integer",
  messages: { prepare: "integer", commit: "integer" },
  adversaryMoves: { "pre-prepare": "integer", commit: "integer" },
} as const;

const property = {
  name: "string",
  kind: "string",
  verdict: "string",
  reason: "string",
  comparisons: "integer",
} as const;

const trace = { file: "string", actions: "integer", minimal: "boolean" } as const;

/** A trace of `check`: several may be about several properties. */
const foundTrace = { ...trace, property: "string" } as const;

const searched = {
  ...setting,
  expected: "null",
  asExpected: "boolean",
  verdict: "string",
  reason: "null",
  properties: [{ ...property, reason: "null" }],
  caveats: [],
  reduction: "string",
  states: "integer",
  transitions: "integer",
  depth: "integer",
  frontier: "integer",
  stepCalls: "integer",
  symmetry: "integer",
  deadMessages: "boolean",
  refused: [],
  seconds: "number",
  statesPerSecond: "integer",
  bytesPerState: "integer",
  peakMemoryBytes: "integer",
  witnesses,
  trace: "null",
  traces: [],
} as const;

const strategyCounts = { runs: "integer", events: "integer", decided: "integer", novel: "integer" } as const;

const fuzzed = {
  ...setting,
  expected: "null",
  verdict: "string",
  reason: "string",
  properties: [property],
  strategy: "string",
  foundBy: "null",
  strategies: { uniform: strategyCounts },
  maxActions: "integer",
  seed: "integer",
  path: "null",
  runs: "integer",
  events: "integer",
  eventsPerSecond: "integer",
  distinctStates: "integer",
  distinctStatesEstimated: "boolean",
  coverage: {
    unseenAtLeast: "integer",
    atMost: { share: "number", high: "number" },
    seen: { estimate: "number", low: "number", high: "number" },
    nextRunFindsNew: { low: "number", high: "number" },
  },
  decided: "integer",
  undecided: "integer",
  decisionsPerRun: "number",
  kinds: { deliver: "integer", inject: "integer" },
  caveats: [],
  warnings: [],
  repeat: "null",
  stepCalls: "integer",
  seconds: "number",
  peakMemoryBytes: "integer",
  witnesses,
  trace: "null",
  failures: [],
} as const;

const failure = {
  ...{ run: "integer", path: "string", strategy: "string", times: "integer", property: "string" },
  ...{ explanation: "string", repeat: "string", trace },
} as const;

function documentOf(seed: string, run: Shape): Shape {
  return {
    turncoat: "string",
    command: "string",
    seed,
    verdict: "string",
    ...("reduction" in (run as object) && { asExpected: "boolean" }), // `check` alone has expectations
    seconds: "number",
    runs: [run],
  };
}

const correct = ["pbft", "--views", "0", "--adversary", "arbitrary", "--byzantine", "r0"];

async function shapeFrom(directory: string, ...args: readonly string[]): Promise<Shape> {
  const { document } = await turncoatJson(directory, ...args);
  measured(document, ["seconds"]);
  for (const run of document.runs) measured(run, ["seconds"]);
  return shapeOf(document);
}

test("check prints the fields of the contract where everything holds", async (t) => {
  const args = ["check", ...correct, "--property", "agreement"];
  t.deepEqual(await shapeFrom(await directoryWith(t), ...args), documentOf("null", searched));
});

test("check prints the fields of the contract where a property is violated", async (t) => {
  t.deepEqual(
    await shapeFrom(await directoryWith(t), "check", "pbft/quorum-2f"),
    documentOf("null", {
      ...searched,
      mutant: "string",
      reason: "string",
      properties: [property],
      witnesses: { ...witnesses, messages: { commit: "integer" } },
      trace: foundTrace,
      traces: [foundTrace],
    }),
  );
});

test("fuzz prints the fields of the contract where nothing is violated", async (t) => {
  const args = [
    "fuzz",
    ...correct,
    "--property",
    "agreement",
    "--seed",
    "7",
    "--runs",
    "20",
    "--strategy",
    "uniform",
  ];
  t.deepEqual(await shapeFrom(await directoryWith(t), ...args), documentOf("integer", fuzzed));
});

test("fuzz prints the fields of the contract where a property is violated", async (t) => {
  t.deepEqual(
    await shapeFrom(
      await directoryWith(t),
      ...["fuzz", "pbft/quorum-2f", "--seed", "1", "--strategy", "uniform"],
    ),
    documentOf("integer", {
      ...fuzzed,
      ...{ mutant: "string", path: "string", foundBy: "string", repeat: "string" },
      // The first run fails: of what correct replicas say it delivers commits alone.
      kinds: { deliver: "integer", inject: "integer" },
      coverage: "null", // too few runs to tell
      decisionsPerRun: "integer",
      witnesses: { ...witnesses, messages: { commit: "integer" } },
      trace,
      failures: [failure],
    }),
  );
});

test("what was run is said in the words of the command line", async (t) => {
  const { document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft/quorum-2f", "--replicas", "5", "--views", "2", "--slots", "2", "--requests", "3"],
    ...[
      "--adversary",
      "silent",
      "--byzantine",
      "r4",
      "--property",
      "agreement,validity",
      "--max-states",
      "1",
    ],
  );
  const [run] = document.runs;
  const { protocol, mutant, replicas, faults, adversary, byzantine, network, clients, bounds } = run;
  t.is(document.turncoat, "0.1.0");
  t.is(document.command, "check");
  t.deepEqual(
    { protocol, mutant, replicas, faults, adversary, byzantine, network, clients, bounds },
    {
      protocol: "pbft",
      mutant: "quorum-2f",
      replicas: 5,
      faults: 1,
      adversary: "silent",
      byzantine: ["r4"],
      network: "async",
      clients: false,
      bounds: { views: 2, requests: 3, slots: 2 },
    },
  );
  t.deepEqual(
    run.properties.map(({ name, kind }: { name: string; kind: string }) => [name, kind]),
    [
      ["agreement", "always"],
      ["validity", "always"],
    ],
  );
});

test("a liveness run says so", async (t) => {
  const { code, document } = await turncoatJson(
    await directoryWith(t),
    ...["check", "pbft", "--adversary", "silent", "--byzantine", "r0", "--property", "clients-are-served"],
  );
  t.is(code, 0);
  const [run] = document.runs;
  t.is(run.clients, true);
  t.is(run.reduction, "visible-steps");
  t.is(run.bounds.requests, 1);
  t.is(run.properties[0].kind, "eventually");
  t.is(run.witnesses.viewChanges, 1);
});
