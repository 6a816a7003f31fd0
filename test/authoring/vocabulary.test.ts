// A protocol's vocabulary (what it calls its views and slots, if it has any) and its resilience: everything that people read, type or are
// refused follows both, and files keep their names.

import test from "ava";
import * as Schema from "effect/Schema";
import { agreement, integrity, totality } from "../../properties/index.js";
import { declared, findProtocol, moduleEntry, settingIn } from "../../src/catalogue/index.js";
import { requestFrom } from "../../src/cli/options.js";
import { search } from "../../src/explore/search.js";
import { mostFaults, nodesText, outsideContractText } from "../../src/model/contract.js";
import { insideContract } from "../../src/model/setting.js";
import type { Vocabulary } from "../../src/parameters/vocabulary.js";
import {
  defineProtocol,
  type Event,
  type Json,
  type Protocol,
  type Resilience,
  reply,
} from "../../src/protocol/index.js";
import { header, renderReplay } from "../../src/render/render.js";
import {
  settingCaption,
  settingCells,
  settingJson,
  settingName,
  viewsHead,
} from "../../src/render/setting.js";
import { repeatLine } from "../../src/report/fuzz.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { simulationFrom } from "../../src/simulate/setting.js";
import { isInsideContract } from "../../src/simulate/unmet.js";
import { type PlannedRun, plan } from "../../src/suite/plan.js";
import { decodeTrace, encodeTrace } from "../../src/trace/codec.js";
import { traceOf } from "../../src/trace/create.js";
import { replayIn } from "../../src/trace/replay.js";
import { storyOf } from "../../src/viewer/tell.js";

/** Each replica goes to its next view and decides for the first request that it hears of: two of them differ. */
function eager(name: string, vocabulary?: Vocabulary, resilience?: Resilience): Protocol<Json, Json> {
  return defineProtocol({
    name,
    summary: "decides at once",
    ...(vocabulary && { vocabulary }),
    ...(resilience && { resilience }),
    messages: { go: { epoch: Schema.Number, height: Schema.Number } },
    state: { view: Schema.Number, decided: Schema.Boolean },
    initial: { view: 0, decided: false },
    view: (state) => state.view,
    onRequest: (_, state, request) =>
      state.decided
        ? state
        : reply({ view: 1, decided: true })
            .broadcast({ tag: "go", epoch: 1, height: 2 })
            .executed({ request }),
    on: { go: (_, state) => state },
  }) as unknown as Protocol<Json, Json>;
}

const entryOf = (protocol: Protocol<Json, Json>) => moduleEntry({ default: protocol }, protocol.name);
const own = { views: "epochs", slots: "heights" } as const;
const none = { views: null, slots: null };

/** A run of one of these protocols, and its counterexample replayed. */
async function violated(protocol: Protocol<Json, Json>) {
  const entry = entryOf(protocol);
  const [run] = plan(entry, { protocol: entry.name, adversaries: ["none"], properties: ["agreement"] });
  const { description } = run!;
  const setting = settingIn(entry, description);
  const { counterexample } = await search(setting);
  return { description, setting, counterexample: counterexample!, run: run! };
}

test("captions, names, tables, traces in words and the viewer say a protocol's own words", async (t) => {
  const { description, setting, counterexample, run } = await violated(eager("own-words", own));
  t.is(settingCaption(description), "n=4, f=1, async network, 2 requests, 1 height, no client nodes");
  t.is(settingName(description), "own-words, no adversary, epochs 0-1");
  t.is(viewsHead([description]), "epochs");
  t.deepEqual(settingCells(description, "epochs"), ["own-words", "none", "-", "0-1", "agreement"]);
  t.deepEqual(settingCells(description), ["own-words", "none", "-", "epochs 0-1", "agreement"]);
  t.is(
    header(setting)[1],
    "async network, epochs 0..1, 2 requests, 1 height; replicas have all requests from the start",
  );
  const result = replayIn(setting, "agreement", counterexample);
  const text = renderReplay(result).join("\n");
  t.regex(
    text,
    /agreement is violated after 0 actions: r0 executed A at height 1, but r3 executed B there\./,
  );
  t.notRegex(text, /slot|view/);
  const story = storyOf(result, "one");
  t.deepEqual(story.words, { view: "epoch", slot: "height" });
  t.regex(
    repeatLine(run, { maxActions: 1, strategy: "mixed", seed: 1, path: null } as never),
    / --epochs 1 .* --heights 1 /,
  );
});

test("a protocol without views and slots is asked for none, and nothing says any", async (t) => {
  const protocol = eager("none-of-it", none);
  const { description, setting, counterexample } = await violated(protocol);
  t.is(description.bounds.views, 0);
  t.is(settingCaption(description), "n=4, f=1, async network, 2 requests, no client nodes");
  t.is(settingName(description), "none-of-it, no adversary");
  t.is(viewsHead([description]), null);
  t.deepEqual(settingCells(description, null), ["none-of-it", "none", "-", "agreement"]);
  t.is(header(setting)[1], "async network, 2 requests; replicas have all requests from the start");
  t.is(counterexample.explanation, "r0 executed A, but r3 executed B");
  const entry = entryOf(protocol);
  for (const asked of [{ views: 1 }, { slots: 2 }])
    t.throws(() => plan(entry, { protocol: entry.name, ...asked }), {
      message: `none-of-it has no ${Object.keys(asked)[0]}: leave out --${Object.keys(asked)[0]}.`,
    });
  // Two requests need two slots only where there are slots.
  const served = { properties: ["all-execute"], requests: 2, adversaries: ["none"] };
  t.is(plan(entry, { protocol: entry.name, ...served }).length, 2);
  t.throws(() => plan(entryOf(eager("own-words", own)), { protocol: "own-words", ...served }), {
    message: /do not fit into fewer heights \(1\).*use --heights 2/,
  });
});

test("a table of protocols with different words says them in its cells", async (t) => {
  const runs = [await violated(eager("own-words", own)), await violated(eager("none-of-it", none))];
  const head = viewsHead(runs.map(({ description }) => description));
  t.is(head, "views");
  t.deepEqual(
    runs.map(({ description }) => settingCells(description, head)[3]),
    ["epochs 0-1", "-"],
  );
});

test("files and JSON keep the names views and slots", async (t) => {
  const { description, setting, counterexample } = await violated(eager("own-words", own));
  const trace = JSON.parse(encodeTrace(traceOf(setting, counterexample, { protocol: "own-words" })));
  t.deepEqual(Object.keys(trace.setting.bounds), ["views"]);
  t.is(trace.setting.config.slots, 1);
  t.notThrows(() => decodeTrace(JSON.stringify(trace), "trace.json"));
  t.deepEqual(Object(settingJson(description, true)).bounds, { views: 1, requests: 2, slots: 1 });
});

test("options have the protocol's words besides the usual ones, and no others", async (t) => {
  await findProtocol("./examples/streamlet.ts");
  const asked = (options: object) => requestFrom("./examples/streamlet.ts", options);
  t.deepEqual(asked({ epochs: 2, heights: 3 }), { protocol: "./examples/streamlet.ts", views: 2, slots: 3 });
  t.is(asked({ views: 2 }).views, 2);
  t.throws(() => asked({ rounds: 2 }), { message: /has no rounds; it calls them epochs: use --epochs\./ });
  t.throws(() => asked({ epochs: 2, views: 2 }), { message: /--epochs and --views are the same/ });
  t.throws(() => requestFrom("paxos", { indexes: 2 } as never), {
    message: "paxos has no indexes; it has no slots: leave out --indexes.",
  });
  t.is(requestFrom("raft", { terms: 3, indexes: 2 } as never).slots, 2);
});

test("properties speak in the protocol's words", (t) => {
  const config = { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false };
  const facts = (vocabulary: Vocabulary) => ({ config, correct: ["r0", "r1"], issued: ["A"], vocabulary });
  const executed: Event = { kind: "executed", slot: 2, position: 1, request: "A", result: null };
  const once = totality.monitor(facts(own));
  t.is(
    once.explain(once.on(once.init, "r0", executed)),
    "r0 executed something at height 2, and r1 never does",
  );
  const twice = integrity.monitor(facts(own));
  t.is(
    twice.explain(twice.on(twice.on(twice.init, "r0", executed), "r0", executed)),
    "r0 executed height 2 twice (A the second time)",
  );
  const noun = { one: "height", many: "heights" };
  const exercise = agreement.exercise as (words: object) => string;
  t.is(exercise({ slots: noun }), "two correct replicas must have executed a request at the same height");
  t.is(exercise({ slots: null }), "two correct replicas must have executed a request");
});

test("words and resilience that mean nothing are refused where they are declared", (t) => {
  t.throws(() => eager("wrong", { views: "cycles" as never }), {
    message:
      /^wrong: vocabulary\.views is "cycles": use one of views, epochs, rounds, terms, ballots, iterations, phases, or null/,
  });
  const wrong = { ...eager("wrong"), vocabulary: { slots: "rows" as never } };
  t.throws(() => entryOf(wrong), { message: /The protocol in wrong: vocabulary\.slots is "rows"/ });
  t.throws(() => entryOf({ ...eager("wrong"), resilience: "strong" as never }), {
    message: /resilience of wrong is "strong": use one of byzantine, crash, fast-byzantine, or/,
  });
  t.throws(() => entryOf({ ...eager("wrong"), resilience: { nodes: () => Number.NaN } }), {
    message: "resilience.nodes() of wrong must give a number of nodes; for 0 it gave NaN.",
  });
});

test("a run has four replicas unless somebody says otherwise, or as many as bear one fault", (t) => {
  const sizes = (resilience?: Resilience) => {
    const entry = entryOf(eager("some", undefined, resilience));
    const [{ description }] = plan(entry, { protocol: entry.name, adversaries: ["none"] }) as [PlannedRun];
    const { replicas, faults } = parametersFrom({ protocol: entry.name });
    return [description.config.replicas, description.config.faults, replicas, faults];
  };
  t.deepEqual(sizes(), [4, 1, 4, 1]);
  t.deepEqual(sizes("crash"), [4, 1, 4, 1]);
  t.deepEqual(sizes("fast-byzantine"), [6, 1, 6, 1]);
  t.deepEqual(sizes({ nodes: (f) => (f === 0 ? 3 : 1000) }), [4, 0, 4, 0]); // nobody asks for a thousand by accident
});

for (const [resilience, text, faults] of [
  [undefined, "n >= 3f+1", [0, 0, 1, 1, 2, 3]],
  ["crash", "n >= 2f+1", [0, 1, 1, 2, 3, 5]],
  ["fast-byzantine", "n >= 5f+1", [0, 0, 0, 0, 1, 2]],
  [{ nodes: (f: number) => f + 1 }, "n >= f+1", [0, 2, 3, 4, 6, 10]],
  [{ nodes: (f: number) => 2 ** f }, "n >= 4 for f=2", [0, 1, 2, 2, 2, 3]],
] as const)
  test(`the most faults that ${text} bears`, (t) => {
    const protocol = { name: "some", ...(resilience && { resilience }) };
    t.is(nodesText(protocol, 2), text);
    t.deepEqual(
      [1, 3, 4, 5, 7, 11].map((replicas) => mostFaults(protocol, replicas)),
      [...faults],
    );
  });

test("the contract is the protocol's own: Raft bears a crash of three, and no lie", async (t) => {
  const entry = await findProtocol("raft");
  const inside = (replicas: number, faults: number, byzantine: readonly string[], adversary: string | null) =>
    insideContract({
      protocol: entry.protocol,
      config: { replicas, faults, requests: 1, slots: 1, clients: false },
      byzantine,
      adversary: entry.adversaries.find(({ name }) => name === adversary) ?? null,
      bounds: { views: 1, crashes: byzantine.length === 0 ? faults : 0 },
    });
  t.true(inside(3, 1, [], null));
  t.false(inside(4, 2, [], null));
  t.true(inside(5, 2, [], null));
  t.true(inside(3, 1, ["r0"], "silent"));
  t.false(inside(3, 1, ["r0"], "twin"));
  t.is(
    outsideContractText(declared("raft"), 1),
    "outside the contract of the protocol (it needs n >= 2f+1 and at most f replicas that crash, and nobody lies)",
  );
  t.is(
    outsideContractText(declared("pbft"), 1),
    "outside the contract of the protocol (it needs n >= 3f+1 and at most f replicas that are Byzantine or crash)",
  );
  const [run] = plan(entry, { protocol: "raft", replicas: 5 });
  t.is(run!.description.config.faults, 2);
});

test("simulations take f and the contract from the protocol, too", async (t) => {
  const faults = (protocol: string, replicas: number) => parametersFrom({ protocol, replicas }).faults;
  t.deepEqual(
    [3, 4, 5, 7].map((replicas) => [faults("raft", replicas), faults("pbft", replicas)]),
    [
      [1, 0],
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  );
  const inside = async (adversary: string, replicas: number, count: number) =>
    isInsideContract(
      await simulationFrom(
        parametersFrom({ protocol: "raft", replicas, adversary, byzantine: `first:${count}` }),
      ),
    );
  t.true(await inside("silent", 3, 1));
  t.false(await inside("silent", 3, 2));
  t.false(await inside("random", 3, 1));
});
