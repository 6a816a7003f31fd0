// JSON Schemas of what `--json` prints, and of configurations: made from schemas, of which those of settings come from the tables of
// parameters. Every field is named here, so that a document with a field that is not, or without one that is, is not valid.

import * as Schema from "effect/Schema";
import { MapSchema } from "../conform/index.js";
import { IdentitySchema } from "../identity/schema.js";
import type { ParameterTable } from "../parameters/parameter.js";
import { storedSchemas } from "../parameters/schemas.js";
import { parameters, timedParameters } from "../parameters/search.js";
import { ConfigSchema } from "../suite/config.js";

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0));
const amount = Schema.Number;
const text = Schema.String;
const orNull = Schema.NullOr;
const maybe = Schema.optionalKey;
const tally = Schema.Record(text, count);
const list = Schema.Array;
const Coverage = orNull(
  Schema.Struct({
    unseenAtLeast: count,
    atMost: Schema.Struct({ share: amount, high: amount }),
    seen: Schema.Struct({ estimate: amount, low: amount, high: amount }),
    nextRunFindsNew: Schema.Struct({ low: amount, high: amount }),
  }),
);
const Verdict = Schema.Literals(["holds", "violated", "inconclusive", "vacuous", "outside"]).annotate({
  identifier: "Verdict",
});
const Identity = IdentitySchema.annotate({ identifier: "Identity" });

/** The fields that parameters have among a run's own, or among its bounds. */
function fieldsOf(table: ParameterTable, where: "run" | "bounds") {
  const entries = Object.entries(table).filter(([, { json }]) => json === where);
  return Object.fromEntries(
    entries.map(([name, { kind, always }]) => [name, always ? kind.stored : maybe(kind.stored)]),
  );
}

const property = {
  name: text,
  kind: Schema.Literals(["always", "eventually", "sometimes"]),
  verdict: Verdict,
  reason: orNull(text),
  comparisons: count,
};
const Property = Schema.Struct({ ...property, example: maybe(Schema.Unknown) }).annotate({
  identifier: "Property",
});

const withoutVerdict = {
  protocol: text,
  mutant: orNull(text),
  ...fieldsOf(parameters, "run"),
  adversary: orNull(text),
  byzantine: list(text),
  network: text,
  timing: maybe(Schema.Struct(storedSchemas(timedParameters, "timing"))),
  bounds: Schema.Struct(fieldsOf(parameters, "bounds")),
  insideContract: Schema.Boolean,
  expected: orNull(Schema.Union([Verdict, Schema.Literal("any")])),
};

const setting = {
  ...withoutVerdict,
  identity: orNull(Identity),
  verdict: Verdict,
  reason: orNull(text),
};

const Witnesses = Schema.Struct({
  ...{ decisions: count, agreementComparisons: count, viewChanges: count, messages: tally },
  adversaryMoves: tally,
  faults: maybe(
    Schema.Struct({
      ...{ crashes: maybe(count), recoveries: maybe(count), losses: maybe(count), duplicates: maybe(count) },
      partitions: maybe(count),
    }),
  ),
});

const FoundTrace = Schema.Struct({
  file: orNull(text),
  property: text,
  actions: count,
  loop: maybe(count),
  minimal: Schema.Boolean,
});

const CheckRun = Schema.Struct({
  ...setting,
  asExpected: Schema.Boolean,
  /** With `--cache`: the result is of an earlier run, and nothing that it depends on has changed since. */
  cached: maybe(Schema.Literal(true)),
  properties: list(Property),
  caveats: list(text),
  reduction: Schema.Literals(["none", "sleep-sets", "visible-steps", "dominance"]),
  ...{ states: count, transitions: count, depth: count, frontier: count, stepCalls: count, symmetry: count },
  deadMessages: Schema.Boolean,
  refused: list(Schema.Struct({ reduction: text, reason: text })),
  ...{ seconds: amount, statesPerSecond: amount, bytesPerState: amount, peakMemoryBytes: count },
  witnesses: Witnesses,
  unsaved: maybe(text),
  /** If searches inside a node were made by tallies: see docs/what-holds-means.md. */
  tallies: maybe(Schema.Struct({ named: Schema.Boolean, searches: count, checks: count })),
  /** With `--continue`. */
  past: maybe(Schema.Struct({ violating: count, complete: Schema.Boolean })),
  /** With `--explain`. */
  explanation: maybe(Schema.Unknown),
  trace: orNull(FoundTrace),
  traces: list(FoundTrace),
}).annotate({ identifier: "CheckedRun" });

const MinimizedTrace = orNull(Schema.Struct({ file: text, actions: count, minimal: Schema.Boolean }));

const FuzzRun = Schema.Struct({
  ...setting,
  properties: list(Property),
  strategy: text,
  foundBy: orNull(text),
  strategies: Schema.Record(
    text,
    Schema.Struct({ runs: count, events: count, decided: count, novel: count }),
  ),
  ...{ maxActions: count, seed: count, path: orNull(text), runs: count, events: count },
  ...{ eventsPerSecond: amount, distinctStates: count, distinctStatesEstimated: Schema.Boolean },
  coverage: Coverage,
  ...{ decided: count, undecided: count, decisionsPerRun: amount, kinds: tally },
  timed: maybe(
    Schema.Struct({
      isRecoverable: Schema.Boolean,
      served: count,
      notServed: Schema.Struct({ late: count, round: count }),
      undecided: Schema.Struct({ actions: count, views: count }),
      ...{ waited: count, longestWaitDeltas: amount },
    }),
  ),
  caveats: list(text),
  warnings: list(text),
  repeat: orNull(text),
  ...{ stepCalls: count, seconds: amount, peakMemoryBytes: count },
  witnesses: Witnesses,
  trace: MinimizedTrace,
  failures: list(
    Schema.Struct({
      ...{ run: count, path: text, strategy: text, times: count, property: text, explanation: text },
      ...{ repeat: text, trace: MinimizedTrace },
    }),
  ),
});

const Latency = orNull(Schema.Struct({ p50: amount, p95: amount, p99: amount, mean: amount, max: amount }));

const SimulatedRun = Schema.Struct({
  ...{ protocol: text, mutant: orNull(text), replicas: count, faults: count, adversary: orNull(text) },
  ...{ byzantine: list(text), insideContract: Schema.Boolean, identity: Identity, clients: count },
  timerJitter: amount,
  ...{ seed: count, verdict: Verdict, reason: orNull(text), properties: list(Schema.Struct(property)) },
  set: maybe(parameters.set.kind.stored),
  end: Schema.Literals(["done", "patience", "quiet", "interrupted", "overloaded", "limit"]),
  ...{ requests: count, succeeded: count, agreement: orNull(Schema.Boolean), latencyMs: Latency },
  ...{ throughputPerSecond: orNull(amount), virtualSeconds: amount, messages: tally, bytes: tally },
  ...{ messagesBetweenReplicas: count, messagesTooLong: count },
  ...{ messagesPerSecond: orNull(amount), bytesPerSecond: orNull(amount) },
  ...{ delivered: count, events: count, executed: count, viewChanges: count, processorUse: amount },
  ...{ wallSeconds: orNull(amount), eventsPerSecond: orNull(amount), heapBytes: orNull(count) },
});

const Point = Schema.Struct({
  labels: Schema.Record(text, Schema.Union([text, amount])),
  ...{ trials: count, planned: count, insideContract: Schema.Boolean, verdict: Verdict, successes: count },
  ...{ agreements: count, disagreements: count, requests: count, succeeded: count, latencyMs: Latency },
  ...{ meanThroughputPerSecond: orNull(amount), meanMessages: amount, meanBytes: amount },
  viewChanges: amount,
});

const replayed = {
  outcome: Schema.Literals(["reproduced", "holds now", "diverged"]),
  explanation: orNull(text),
  divergedAt: orNull(count),
  divergedBecause: maybe(orNull(text)),
};

const ReplayedRun = Schema.Struct({
  ...{ file: text, protocol: text, mutant: orNull(text), property: text, actions: count },
  expected: Schema.Literals(["reproduced", "holds now"]),
  identity: orNull(Identity),
  codeChanges: orNull(list(text)),
  ...replayed,
  repaired: orNull(Schema.Struct({ skipped: list(count), after: count })),
  original: orNull(Schema.Struct({ protocol: text, ...replayed })),
});

/** A run that has no verdict, because code of the user's was at fault. */
const FaultyRun = Schema.Struct({
  ...withoutVerdict,
  ...{ code: text, message: text, frames: list(text), property: orNull(text), origin: orNull(text) },
  trace: orNull(Schema.Struct({ file: text, actions: count })),
});
const withFaults = { faultyRuns: maybe(list(FaultyRun)) };

/** What the documents of commands with runs begin with. */
function documentOf<const Name extends string, S extends Schema.Top, More extends Schema.Struct.Fields>(
  command: Name,
  run: S,
  more: More,
) {
  return Schema.Struct({
    turncoat: text,
    command: Schema.Literal(command),
    ...more,
    verdict: Verdict,
    seconds: orNull(amount),
    runs: list(run),
  });
}

const MinimizeDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("minimize"), file: text, output: orNull(text) },
  ...{ property: text, adversary: orNull(text), identity: maybe(Identity), actionsBefore: count },
  ...{ actions: count, loop: maybe(count) },
  removed: list(Schema.Struct({ part: text, before: text, after: text })),
  kept: list(Schema.Struct({ part: text, tried: list(text) })),
  ...{ needed: list(list(count)), shortest: Schema.Boolean, minimal: Schema.Boolean, replays: count },
  seconds: amount,
});

const HistoryDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("history"), file: text, object: text, verdict: Verdict },
  ...{ operations: count, unanswered: count, ordered: count, steps: count, stuck: orNull(count) },
  ...{ part: orNull(text), reason: orNull(text), seconds: amount },
});

const Counters = Schema.Struct({
  ...{ accepted: count, sent: count, sentBytes: count, syncs: count, byType: tally, dropped: tally },
});

const Latencies = orNull(Schema.Struct({ p50: amount, p95: amount, p99: amount, mean: amount, max: amount }));

const RunDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("run"), protocol: text, replicas: count, directory: text },
  end: Schema.Literals(["served", "interrupted", "out-of-time", "lost"]),
  lost: list(Schema.Struct({ node: text, said: text })),
  ...{ served: count, requests: count, seconds: amount },
  latencyMs: Latencies,
  highestView: count,
  ...{ byzantine: maybe(Schema.Record(text, text)), outside: maybe(Schema.Boolean), faults: tally },
  counters: Schema.Record(text, orNull(Counters)),
  audit: Schema.Struct({
    ...{ executed: count, accepted: count, twice: list(text), disagreements: list(text) },
    ...{ missing: list(text), invented: list(text) },
  }),
});

const Candidate = { node: text, number: count, what: text, reason: text, step: Schema.Unknown };

const LoadDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("load"), protocol: text, clients: count, rate: amount },
  ...{ planned: count, sent: count, late: count, served: count, seconds: amount, throughput: orNull(amount) },
  ...{ latencyMs: Latencies, serviceTimeMs: Latencies, kept: Schema.Boolean },
});

const ConformDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("conform"), protocol: text },
  verdict: Schema.Literals(["conforms", "rejected", "inconclusive"]),
  ...{ correct: list(text), byzantine: list(text), steps: count, explained: count, missing: tally },
  otherCode: list(text),
  rejection: orNull(Schema.Struct(Candidate)),
  frontier: list(Schema.Struct({ ...Candidate, waits: Schema.Boolean })),
  seconds: amount,
});

const CampaignWorker = Schema.Struct({
  ...{ name: text, threads: count, blocks: count, runs: count, isDraining: Schema.Boolean },
  doing: Schema.optionalKey(list(text)),
});

const CampaignStatusDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("campaign status"), campaign: text, seed: Schema.Int },
  ...{ state: Schema.Literals(["running", "over", "stopped"]), seconds: amount },
  parts: list(
    Schema.Struct({
      setting: text,
      blocks: orNull(count),
      ...{ made: count, merged: count, runs: count, events: count, isOver: Schema.Boolean },
      coverage: Coverage,
    }),
  ),
  failures: list(
    Schema.Struct({
      ...{ part: count, block: count, run: count, path: text, property: text, actions: count, by: text },
      atMs: count,
    }),
  ),
  givenUp: list(Schema.Struct({ job: text, reason: text })),
  workers: list(CampaignWorker),
});

/** With `--check`. */
const SearchesStatusDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("campaign status"), campaign: text, seed: Schema.Null },
  ...{ state: Schema.Literals(["running", "over", "stopped"]), seconds: amount },
  searches: Schema.Struct({ planned: count, made: count, states: count }),
  unexpected: list(
    Schema.Struct({ run: count, setting: text, expected: orNull(text), verdict: text, by: text }),
  ),
  givenUp: list(Schema.Struct({ job: text, reason: text })),
  workers: list(CampaignWorker),
});

/** With `--map`. */
const MappedConformDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("conform"), map: text, protocol: text },
  verdict: Schema.Literals(["conforms", "rejected", "inconclusive"]),
  ...{ correct: list(text), byzantine: list(text), events: count, explained: count, candidates: count },
  ...{ ignored: tally, skipped: count, unmapped: Schema.Struct({ count, first: orNull(text) }) },
  rejection: orNull(
    Schema.Struct({
      ...{ place: text, what: text },
      obstacles: list(Schema.Struct({ reason: text, candidates: count })),
    }),
  ),
  seconds: amount,
});

const Pairs = list(Schema.Tuple([text, text]));

const EmitDocument = Schema.Struct({
  ...{ turncoat: text, command: Schema.Literal("emit-traces"), setting: text, files: list(text) },
  ...{
    kinds: list(text),
    covered: Pairs,
    left: Pairs,
    violating: Pairs,
    absent: Pairs,
    exhaustive: Schema.Boolean,
  },
  states: count,
});

const Items = maybe(list(Schema.Struct({ name: text, summary: text })));

const ListDocument = Schema.Struct({
  ...{
    protocols: Items,
    mutants: Items,
    adversaries: Items,
    puppets: Items,
    properties: Items,
    networks: Items,
    parameters: Items,
    rules: Items,
  },
});

const SufficiencyPart = Schema.Struct({
  mutants: list(
    Schema.Struct({
      ...{ mutant: text, flaw: text, changes: list(text), verdicts: list(text) },
      by: orNull(
        Schema.Struct({
          ...{ property: text, adversary: orNull(text), byzantine: list(text), views: count, actions: count },
        }),
      ),
    }),
  ),
  unchanged: list(text),
  unnoticed: list(text),
});

/** A document of `--json`. */
const Output = Schema.Union([
  documentOf("check", CheckRun, {
    ...{ seed: Schema.Null, asExpected: Schema.Boolean, ...withFaults },
    /** With `--mutants`. */
    sufficiency: maybe(SufficiencyPart),
  }),
  documentOf("tour", CheckRun, { seed: Schema.Null, asExpected: Schema.Boolean }),
  documentOf("fuzz", FuzzRun, { seed: count, ...withFaults }),
  documentOf("replay", ReplayedRun, {
    /** Files that are no traces that can be replayed. */
    unread: maybe(list(Schema.Struct({ file: text, code: text, message: text, frames: list(text) }))),
    /** Files that were not replayed, because of an interrupt. */
    notBegun: maybe(count),
  }),
  documentOf("simulate", SimulatedRun, {
    seed: count,
    complete: maybe(Schema.Boolean),
    points: maybe(list(Point)),
  }),
  MinimizeDocument,
  HistoryDocument,
  RunDocument,
  CampaignStatusDocument,
  SearchesStatusDocument,
  LoadDocument,
  ConformDocument,
  MappedConformDocument,
  EmitDocument,
  ListDocument,
]);

/** By the name of their file in docs/json-schema. */
export const jsonSchemas: { readonly [name: string]: object } = {
  output: jsonSchema(Output),
  config: jsonSchema(ConfigSchema),
  map: jsonSchema(MapSchema),
};

function jsonSchema(schema: Schema.Top): object {
  const { schema: root, definitions } = Schema.toJsonSchemaDocument(schema, {
    onExcessProperty: "error",
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...root,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}
