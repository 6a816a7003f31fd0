// Parameters of a protocol's own: set on the command line, in configurations and in the library; part of settings, traces, identities,
// captions and of the lines that repeat a run.

import test from "ava";
import * as Schema from "effect/Schema";
import { agreement } from "../../properties/index.js";
import { describeSetting, findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { fuzz } from "../../src/fuzz/fuzz.js";
import { identityWith } from "../../src/identity/identity.js";
import { combinationsOf, completed } from "../../src/model/own-parameters.js";
import { parameters } from "../../src/parameters/search.js";
import { defineProtocol, type Json, type Protocol, reply } from "../../src/protocol/index.js";
import { settingCaption, settingJson } from "../../src/render/setting.js";
import { repeatLine } from "../../src/report/fuzz.js";
import { plan } from "../../src/suite/plan.js";
import { suiteRuns } from "../../src/suite/runs.js";
import { decodeTrace, encodeTrace } from "../../src/trace/codec.js";
import { traceOf } from "../../src/trace/create.js";
import { replay } from "../../src/trace/replay.js";
import { directoryWith, turncoat } from "../cli/support.js";

const path = "./examples/streamlet.ts";
const config = { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false };
const counter = defineProtocol({
  name: "counter",
  summary: "shows its parameters",
  messages: { none: {} },
  state: {},
  initial: {},
  parameters: {
    epochs: 3,
    mode: { schema: Schema.Literals(["slow", "fast"]), default: "slow" },
    loud: false,
    rate: 0.5,
    least: { schema: Schema.Int.check(Schema.isGreaterThan(0)), default: 1, help: "at least so many" },
  },
  onStart: ({ config: { set } }, state) => reply(state).shows("set", [set.epochs, set.mode, set.loud]),
  on: { none: (_, state) => state },
}) as unknown as Protocol<Json, Json>;
const defaults = { epochs: 3, mode: "slow", loud: false, rate: 0.5, least: 1 };

test("a configuration has a value of each, and a text is read", (t) => {
  t.deepEqual(completed(counter, config).set, defaults);
  const set = { epochs: "5", mode: "fast", loud: "yes", rate: "0.25" };
  t.deepEqual(completed(counter, { ...config, set }).set, {
    epochs: 5,
    mode: "fast",
    loud: true,
    rate: 0.25,
    least: 1,
  });
  t.is(completed(agreementless, config).set, undefined);
});

const agreementless: Protocol<Json, Json> = { ...counter, ownParameters: undefined as never };

for (const [set, message] of [
  [
    { epohcs: 1 },
    /^counter has no parameter "epohcs" to set\. Did you mean "epochs"\? There are: epochs, mode, loud, rate, least\.$/,
  ],
  [{ epochs: "many" }, /^epochs=many cannot be set: Expected number/],
  [{ epochs: -1 }, /^epochs=-1 cannot be set: /],
  [{ epochs: 1.5 }, /^epochs=1\.5 cannot be set: /],
  [{ mode: "quick" }, /^mode=quick cannot be set: Expected "slow" \| "fast"/],
  [{ loud: 1 }, /^loud=1 cannot be set: Expected boolean/],
  [{ least: 0 }, /^least=0 cannot be set: /],
] as const)
  test(`refused: ${JSON.stringify(set)}`, async (t) => {
    t.throws(() => completed(counter, { ...config, set }), { code: "bad-option", message });
    const setting = { protocol: counter, config: { ...config, set }, byzantine: [], adversary: null };
    const around = { network: "async", bounds: { views: 0 }, properties: [agreement] };
    await t.throwsAsync(search({ ...setting, ...around }), { code: "bad-option", message });
  });

test("one run for each combination of values", (t) => {
  const sets = combinationsOf(counter, { epochs: "1..2", mode: "slow,fast", least: 4 });
  t.deepEqual(sets, [
    { epochs: 1, mode: "slow", least: 4 },
    { epochs: 1, mode: "fast", least: 4 },
    { epochs: 2, mode: "slow", least: 4 },
    { epochs: 2, mode: "fast", least: 4 },
  ]);
  t.throws(() => combinationsOf(counter, { epochs: "3..2" }), { message: /the range ends before it begins/ });
});

test("suites sweep them, and captions and names tell the runs apart", async (t) => {
  const set = { consecutive: "2,3" };
  const requests = [{ protocol: path, adversaries: ["none"], requests: 1, views: 0, set }];
  const runs = await suiteRuns([{ name: "mine", requests }]);
  t.deepEqual(
    runs.map(({ description }) => description.config.set),
    [{ consecutive: 2 }, { consecutive: 3 }],
  );
  t.deepEqual(
    runs.map(({ description }) => settingCaption(description)),
    [2, 3].map((k) => `n=4, f=1, async network, 1 request, 1 height, consecutive=${k}, no client nodes`),
  );
  t.deepEqual(Object(settingJson(runs[0]!.description, true)).set, { consecutive: 2 });
  const [one, other] = runs.map(({ description }) => identityWith(description, {}).digest);
  t.not(one, other);
});

test("a trace has them all, and a replay restores them", async (t) => {
  const file = "./test/support/cases/eager.ts";
  const [run] = plan(await findProtocol(file), { protocol: file, adversaries: ["none"], set: { enough: 2 } });
  const setting = await settingFrom(run!.description);
  const { counterexample } = await search(setting);
  const trace = traceOf(setting, counterexample!, { protocol: file });
  t.deepEqual(trace.setting.config.set, { enough: 2 });
  t.deepEqual(describeSetting({ ...setting, config }).config.set, { enough: 3 });
  const read = decodeTrace(encodeTrace(trace), "it");
  t.is((await replay(read)).outcome, "reproduced");
  const safe = {
    ...read,
    setting: { ...read.setting, config: { ...read.setting.config, set: { enough: 3 } } },
  };
  t.is((await replay(safe)).outcome, "holds now");
  const campaign = await fuzz(setting, { seed: 1, maxRuns: 1 });
  t.regex(repeatLine(run!, campaign), / --set enough=2 /);
});

test("the command line sets them, and the line that repeats a campaign says so", async (t) => {
  const entry = await findProtocol(path);
  const [run] = plan(entry, { protocol: path, adversaries: ["none"], set: { consecutive: "2" } });
  t.deepEqual(run!.description.config.set, { consecutive: 2 });
  t.true("set" in parameters);
  const directory = await directoryWith(t);
  const { stderr, code } = await turncoat(directory, "check", "pbft", "--set", "a=1", "--set", "b=2");
  t.is(code, 2);
  t.regex(stderr, /pbft has no parameter "a" to set\. It declares none/);
});
