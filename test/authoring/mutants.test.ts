// Mutants of one's own: a module exports them, and they are protocols like any other; `check --mutants` tells what exposes each, and which
// rules nothing puts to the test.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { findProtocol, settingFrom, splitModuleName } from "../../src/catalogue/index.js";
import { mutantsIn } from "../../src/catalogue/mutants.js";
import { search } from "../../src/explore/search.js";
import { fuzz } from "../../src/fuzz/fuzz.js";
import { minimizeTrace } from "../../src/minimize/minimize-trace.js";
import { defineProtocol, type Json, type Protocol } from "../../src/protocol/index.js";
import { noPaint } from "../../src/render/paint.js";
import { splitName } from "../../src/render/setting.js";
import type { CompletedRun } from "../../src/report/check.js";
import { simulationJson } from "../../src/report/simulate-json.js";
import { mutantsOf, sufficiencyLines, sufficiencyOf } from "../../src/report/sufficiency.js";
import { defaults } from "../../src/simulate/raw-options.js";
import { simulate } from "../../src/simulate/result.js";
import { axisFrom, sweepOf } from "../../src/simulate/sweep/index.js";
import { plan } from "../../src/suite/plan.js";
import { suiteRuns } from "../../src/suite/runs.js";
import { traceOf } from "../../src/trace/create.js";
import { replay } from "../../src/trace/replay.js";
import { directoryWith, root, turncoat } from "../cli/support.js";

const module = "./test/support/cases/eager.ts";

test("a mutant is named behind the path of its module", async (t) => {
  t.deepEqual(splitModuleName(`${module}/two-votes`), [module, "two-votes"]);
  for (const name of [module, "pbft/quorum-2f", "./a.ts/b.ts", "file:///a/b.ts"])
    t.deepEqual(splitModuleName(name), [name, null]);
  t.deepEqual(splitName(`${module}/two-votes`), [module, "two-votes"]);
  const entry = await findProtocol(`${module}/two-votes`);
  t.is(entry.original, module);
  t.is(entry.ownMutant?.flaw, "two votes decide");
  t.deepEqual(
    entry.ownMutants?.map(({ name, changes }) => [name.split("/").at(-1), changes]),
    [
      ["two-votes", ["enough"]],
      ["one-vote", ["enough"]],
      ["votes-again", ["mayVote"]],
      ["no-harm", ["harmless"]],
    ],
  );
  await t.throwsAsync(findProtocol(`${module}/two-vots`), { message: /Did you mean ".*\/two-votes"\?/ });
});

test("without options a mutant runs where its module says that it is exposed", async (t) => {
  const entry = await findProtocol(`${module}/one-vote`);
  const runs = plan(entry, { protocol: entry.name });
  t.deepEqual(
    runs.map(({ description: { adversary, properties, config } }) => [adversary, properties, config.set]),
    [[null, ["agreement"], { enough: 1 }]],
  );
  const [asked] = plan(entry, { protocol: entry.name, adversaries: ["none"], set: { enough: 4 } });
  t.deepEqual(
    [asked!.description.properties, asked!.description.config.set],
    [["agreement", "validity"], { enough: 4 }],
  );
});

test("a trace of a mutant is replayed on it and on its original, whose parameters are its own", async (t) => {
  const entry = await findProtocol(`${module}/two-votes`);
  const [run] = plan(entry, { protocol: entry.name, adversaries: ["none"] });
  const setting = await settingFrom(run!.description);
  const trace = traceOf(setting, (await search(setting)).counterexample!, { protocol: entry.name });
  t.deepEqual(trace.setting.config.set, { enough: 2 });
  t.is((await replay(trace)).outcome, "reproduced");
  t.is((await replay(trace, module)).outcome, "holds now");
});

test("rules and handlers are replaced, and what is not there cannot be", (t) => {
  const base = defineProtocol({
    name: "base",
    summary: "base",
    messages: { hello: {} },
    state: {},
    initial: {},
    rules: { says: () => "right" },
    on: {
      hello: ({ rules }, state) => [
        { state, effects: [], events: [{ kind: "custom", name: rules.says(), data: 1 }] },
      ],
    },
  });
  const config = { replicas: 1, faults: 0, requests: 1, slots: 1, clients: false };
  const shown = (protocol: typeof base) => {
    const context = { self: "r0", config };
    const input = { kind: "message", from: "r1", message: { tag: "hello" } } as const;
    return protocol.nodes(config)[0]!.behaviour.step(context, {}, input)[0]!.events[0];
  };
  t.like(shown(base), { name: "right" });
  t.like(shown(base.with({ rules: { says: () => "wrong" } })), { name: "wrong" });
  t.is(shown(base.with({ on: { hello: (_, state) => state } })), undefined);
  t.deepEqual(base.with({ rules: { says: () => "x" }, on: {} }).mutation?.changes, ["says"]);
  t.throws(() => base.with({ rules: { say: () => "x" } } as never), {
    message: /base has no rules\.say to replace: there are says/,
  });
  t.throws(() => base.with({ set: { epochs: 1 } } as never), {
    message: /base has no set\.epochs to replace: there are none/,
  });
  const json = base as unknown as Protocol<Json, Json>;
  t.is(mutantsIn({ other: json }, json, "./x.ts")[0]!.protocol, json);
  for (const [exported, message] of [
    [[], /must be an object/],
    [{ "a b": {} }, /cannot be called "a b"/],
    [{ a: 1 }, /neither a variation nor a protocol/],
    [
      { a: { rules: { say: () => 1 } } },
      /The mutant \.\/x\.ts\/a: base has no rules\.say to replace: there are says\.$/,
    ],
    [{ a: { rules: { says: 1 } } }, /The mutant \.\/x\.ts\/a: base: `rules\.says` has to be a function\.$/],
  ] as const)
    t.throws(() => mutantsIn(exported, json, "./x.ts"), { code: "bad-module", message });
  const { with: _, ...plain } = base;
  t.throws(() => mutantsIn({ a: {} }, plain as never, "./x.ts"), { message: /by defineProtocol only/ });
});

test("check --mutants: one table, what exposes each, and what nothing tests", async (t) => {
  const directory = await directoryWith(t);
  const file = `${root}/test/support/cases/eager.ts`;
  const { code, stdout } = await turncoat(
    directory,
    "check",
    file,
    "--mutants",
    "--adversary",
    "none",
    "--json",
  );
  const { sufficiency, asExpected, runs } = JSON.parse(stdout);
  t.is(code, 3);
  t.true(asExpected);
  t.deepEqual(
    runs.map(({ mutant, verdict }: { mutant: string; verdict: string }) => [mutant, verdict]),
    [
      [null, "holds"],
      ["two-votes", "violated"],
      ["one-vote", "violated"],
      ["votes-again", "violated"],
      ["no-harm", "holds"],
    ],
  );
  t.deepEqual(
    sufficiency.mutants.map(({ by }: { by: { actions: number } | null }) => by?.actions ?? null),
    [3, 0, 5, null],
  );
  t.deepEqual([sufficiency.unchanged, sufficiency.unnoticed], [["untouched"], ["harmless"]]);
});

test("check --mutants counts apart the mutants of which nothing is known", async (t) => {
  const directory = await directoryWith(t);
  const file = `${root}/test/support/cases/eager.ts`;
  const words = ["check", file, "--mutants", "--adversary", "none", "--max-states", "3"];
  const { code, stdout } = await turncoat(directory, ...words, "--summary", "a.md");
  t.is(code, 3);
  t.regex(stdout, /\n5 of 5 runs: 1 as expected, 1 not, 3 undecided\. /);
  t.regex(readFileSync(join(directory, "a.md"), "utf8"), /\n1 of 5 runs as expected, 3 undecided, /);
});

test("fuzz, minimize, simulate and suites take a mutant as any other protocol", async (t) => {
  const name = `${module}/two-votes`;
  const [run] = await suiteRuns([
    { name: "mine", requests: [{ protocol: name, adversaries: ["none"], expect: "violated" }] },
  ]);
  t.deepEqual([run!.description.protocol, run!.expected], [name, "violated"]);
  const setting = await settingFrom(run!.description);
  const { failures } = await fuzz(setting, { maxRuns: 50, seed: 1 });
  const trace = traceOf(setting, failures[0]!.counterexample, { protocol: name });
  const { trace: minimal } = await minimizeTrace(trace);
  t.is(minimal.setting.protocol, name);
  t.deepEqual(minimal.setting.config.set, { enough: 2 });
  t.is(minimal.actions.length, 2); // among fewer replicas
  t.is((await replay(minimal, module)).outcome, "holds now");
  const untimed = { ...defaults, protocol: name, clients: 0, properties: ["agreement"] };
  t.deepEqual((await simulate(untimed)).parameters.set, { enough: 2 });
});

test("simulations set parameters of the protocol's own, and sweep them", async (t) => {
  const asked = (set: string | readonly string[]) =>
    sweepOf(
      { title: null, description: null, base: {}, points: [{}], axes: [], trials: 1 },
      { protocol: module, set },
    ).points[0]!.parameters;
  t.deepEqual(asked("enough=2").set, { enough: "2" });
  const result = await simulate({ ...asked(["enough=2", "enough=4"]), clients: 0 });
  t.deepEqual(result.parameters.set, { enough: 4 });
  t.is(result.executed, 4); // of four votes for the one request
  t.deepEqual(Object(simulationJson(result, false, { digest: "", parts: {} })).set, { enough: 4 });
  t.is((await simulate({ ...asked("enough=5"), clients: 0 })).executed, 0);
  await t.throwsAsync(simulate(asked("enuogh=1")), {
    message: /has no parameter "enuogh" to set. Did you mean "enough"\?/,
  });
  await t.throwsAsync(simulate(asked("enough=many")), { message: /enough=many cannot be set/ });
  await t.throwsAsync(simulate({ ...defaults, set: { enough: 1 } }), {
    message: /pbft has no parameter "enough"/,
  });
  const axes = [axisFrom("set=enough=2,enough=3")];
  const { points } = sweepOf(
    { title: null, description: null, base: {}, points: [{}], axes, trials: 1 },
    { protocol: module, set: "other=1" },
  );
  t.deepEqual(
    points.map(({ parameters }) => parameters.set),
    [
      { other: "1", enough: "2" },
      { other: "1", enough: "3" },
    ],
  );
});

test("what a defined protocol does not understand is refused, without its author saying so", async (t) => {
  const entry = await findProtocol(module);
  t.throws(() => plan(entry, { protocol: module, batch: 2 }), {
    message: /has no parameter batch: leave out --batch\./,
  });
});

test("rules that no mutant changes are named, with what to do, and so are mutants of which nobody knows what they change", async (t) => {
  const entry = await findProtocol(module);
  const [first] = entry.ownMutants!;
  const whole = { ...first!, name: `${module}/whole`, changes: [] };
  const lines = sufficiencyLines(sufficiencyOf({ ...entry, ownMutants: [whole] }, []), noPaint);
  t.deepEqual(lines.slice(2), [
    "Put to the test by no mutant: mayVote, untouched, harmless, enough.",
    "  Whether mayVote is needed, a mutant shows that replaces it: `mutants` of docs/writing-a-protocol.md.",
    `  What ${module}/whole changes is not known: whole protocols, and no variations.`,
  ]);
});

test("a mutant that nothing exposes does no harm only if a run of it holds", async (t) => {
  const entry = await findProtocol("bracha");
  const [first] = mutantsOf(entry);
  const made = (verdict: string) =>
    ({
      planned: { description: { protocol: first!.mutant } },
      result: { verdict },
    }) as unknown as CompletedRun;
  const lineOf = (...verdicts: string[]) =>
    sufficiencyLines(sufficiencyOf(entry, verdicts.map(made)), noPaint)[1]!.replace(/^.*\): /, "");
  const more = "Try more views, another adversary or another property";
  t.is(lineOf("vacuous", "holds"), `by nothing. ${more}; or the change does no harm.`);
  t.is(
    lineOf("holds", "inconclusive"),
    `by nothing, but some of its runs have reached a limit. Raise that. ${more}; or the change does no harm.`,
  );
  t.is(
    lineOf("vacuous", "inconclusive", "vacuous"),
    "by nothing, but no run of it holds (inconclusive, vacuous), so nothing is known of it. Raise the limit that was reached.",
  );
  t.is(lineOf(), `by nothing, but no run of it holds (none was made), so nothing is known of it. ${more}.`);
});

test("built-in protocols have mutants, too", async (t) => {
  const { mutants, unchanged } = sufficiencyOf(await findProtocol("bracha"), []);
  t.true(mutants.length > 3);
  t.true(mutants.every(({ by, verdicts }) => by === null && verdicts.length === 0));
  t.deepEqual(unchanged, []);
});
