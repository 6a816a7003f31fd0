// The tables of parameters: what they say agrees with itself, and everything that is made of them agrees with them.

import test from "ava";
import { builtins } from "../../src/catalogue/index.js";
import { writtenOptions } from "../../src/parameters/asking.js";
import { flag, withOption } from "../../src/parameters/parameter.js";
import { timedParameters } from "../../src/parameters/search.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { simulationFrom } from "../../src/simulate/setting.js";
import type { RequestSchema } from "../../src/suite/config.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest, FuzzRequest } from "../../src/suite/request.js";
import { Trace } from "../../src/trace/schema.js";

/** A value of each parameter that can be asked for, as it is written, and as the library has it. */
const examples: { readonly [name: string]: readonly [written: string, value: unknown] } = {
  replicas: ["7", 7],
  faults: ["0", 0],
  adversaries: ["silent,arbitrary", ["silent", "arbitrary"]],
  byzantine: ["r0,r1", ["r0", "r1"]],
  properties: ["agreement", ["agreement"]],
  network: ["lossy:2", "lossy:2"],
  views: ["0", 0],
  crashes: ["2", 2],
  losing: ["unsynced", "unsynced"],
  recovery: ["always", "always"],
  requests: ["3", 3],
  slots: ["4", 4],
  clients: ["yes", true],
  checkpointInterval: ["2", 2],
  window: ["4", 4],
  batch: ["2", 2],
  operations: ["2", 2],
  reads: ["1", 1],
  readOnly: ["", true],
  authentication: ["authenticators", "authenticators"],
  set: ["epochs=3,mode=fast", { epochs: "3", mode: "fast" }],
  gstMs: ["60", 60],
  deltaMs: ["0.5", 0.5],
  timeoutMs: ["20", 20],
  withinDeltas: ["49", 49],
};

test("what an option reads is what a line that repeats a run writes", (t) => {
  t.deepEqual(
    withOption(timedParameters).map(([name]) => name),
    Object.keys(examples),
  );
  for (const [name, { kind }, option] of withOption(timedParameters)) {
    const [written, value] = examples[name]!;
    if (!kind.isSwitch) t.deepEqual(kind.read(written), value, name);
    t.deepEqual(writtenOptions(timedParameters, { [name]: value }), [`${flag(option)} ${written}`.trim()]);
  }
});

test("what a shell would take for several words is quoted", (t) => {
  const values = { properties: ["at most one leader", "it's"] };
  t.deepEqual(writtenOptions(timedParameters, values), ["--property 'at most one leader,it'\\''s'"]);
});

test("no two parameters have one option", (t) => {
  const options = withOption(timedParameters).map(([, , option]) => option);
  t.is(new Set(options).size, options.length);
});

test("the keys of a setting in a trace file stand in the order in which they always stood", (t) => {
  const { config, bounds } = Trace.fields.setting.fields;
  t.deepEqual(Object.keys(config.fields), [
    ...[
      "replicas",
      "faults",
      "requests",
      "slots",
      "clients",
      "checkpointInterval",
      "window",
      "batch",
      "pipeline",
    ],
    ...[
      "operations",
      "paced",
      "showsWaiting",
      "showsSkipped",
      "reads",
      "readOnly",
      "authentication",
      "tentative",
    ],
    ...["keepsEarlyVotes", "set"],
  ]);
  t.deepEqual(Object.keys(bounds.fields), ["views", "crashes", "losing", "recovery"]);
});

/** That two types are the same: each can be assigned to the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test("a configuration can say what a suite's request says, and nothing else compiles", (t) => {
  const isSame: Same<typeof RequestSchema.Type, CheckRequest> = true;
  // @ts-expect-error: times are the fuzzer's; a suite is for searches, which have none
  const timed: CheckRequest = { protocol: "pbft", timing: { gstMs: 60 } };
  const fuzzed: FuzzRequest = { protocol: "pbft", timing: { gstMs: 60 } };
  t.true(isSame);
  t.deepEqual<object, object>(timed, fuzzed);
});

test("a parameter that a protocol does not understand is refused, and not ignored", (t) => {
  const one = builtins.find(({ name }) => name === "tendermint")!;
  t.throws(() => plan(one, { protocol: "tendermint", batch: 2 }), {
    code: "bad-option",
    message: "tendermint has no parameter batch: leave out --batch.",
  });
  t.true(plan(one, { protocol: "tendermint", reads: 0, authentication: "signatures" }).length > 0);
});

test("a simulation refuses it, too; what it has by default is nobody's request", async (t) => {
  const words = { protocol: "tendermint", clients: 0 };
  await t.throwsAsync(simulationFrom(parametersFrom({ ...words, batch: 2 })), {
    code: "bad-option",
    message: "tendermint has no parameter batch: leave out --batch.",
  });
  t.is((await simulationFrom(parametersFrom({ ...words, pipeline: "none" }))).config.batch, 1);
});

test("the parameters of a simulation that nobody sets are these", (t) => {
  t.deepEqual(parametersFrom({}), {
    ...{ protocol: "pbft", replicas: 4, faults: 1, clients: 1, requests: 1 },
    ...{ batch: 1, pipeline: null, checkpointInterval: 128, window: null, tentative: false },
    ...{ adversary: null, byzantine: [], properties: null },
    ...{ delay: { kind: "constant", ms: 10 }, drop: 0, duplicate: 0, reorder: 0, reorderMs: 20 },
    ...{ processingDelayMs: 0, processors: null, bandwidthMbps: null, timeoutMs: 500, partitions: [] },
    ...{ gstMs: null, maxTimeMs: null, maxEvents: null, seed: 1 },
    ...{ authentication: null, reads: null, readOnly: false, payload: 0, maxMessage: null, fifo: false },
    ...{ crashes: [], crypto: null, timerJitter: null },
  });
  const { faults, byzantine } = parametersFrom({ replicas: 10, adversary: "silent" });
  t.deepEqual({ faults, byzantine }, { faults: 3, byzantine: { count: 3, which: "any" } });
});

test("every built-in protocol declares what it understands", (t) => {
  t.deepEqual(
    builtins.filter(({ protocol }) => protocol.parameters === undefined).map(({ name }) => name),
    [],
  );
});
