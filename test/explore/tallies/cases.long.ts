// Searches by tallies on protocols that count votes in earnest: the same counts and verdicts as whole searches, and executions that
// can be replayed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { agreement } from "../../../properties/agreement.js";
import { search } from "../../../src/explore/search.js";
import type { Setting } from "../../../src/model/setting.js";
import type { Json, Protocol } from "../../../src/protocol/index.js";
import { replayIn } from "../../../src/trace/replay.js";
import simplex from "../../cases/simplex.js";
import { adversaries, streamlet } from "../../cases/streamlet.js";
import { fourReplicas, pbftMutant, pbftSetting } from "../../support/settings.js";

const config = { replicas: 4, faults: 1, requests: 1, slots: 3, clients: false };

function streamletSetting(consecutive: number, byzantine: string, views: number, requests = 1): Setting {
  return {
    protocol: streamlet("streamlet", consecutive) as unknown as Protocol<Json, Json>,
    config: { ...config, requests },
    byzantine: [byzantine],
    adversary: adversaries[0] as never,
    network: "async",
    bounds: { views },
    properties: [agreement],
  };
}

const simplexSetting: Setting = {
  protocol: simplex as unknown as Protocol<Json, Json>,
  config,
  byzantine: [],
  adversary: null,
  network: "async",
  bounds: { views: 1 },
  properties: [agreement],
};

const views01 = { config: fourReplicas, bounds: { views: 1 } };

for (const [name, setting, visible, dominant] of [
  ["Streamlet, r3 Byzantine, views 0-1", streamletSetting(3, "r3", 1), 32, 26],
  ["PBFT, r0 Byzantine, views 0-1", pbftSetting("arbitrary", "r0", views01), 14_420, 9_187],
  ["PBFT, r2 Byzantine, views 0-1", pbftSetting("arbitrary", "r2", views01), 7_324, 4_526],
] as const)
  test(`searches by tallies store the same states: ${name}`, async (t) => {
    for (const [reduction, states] of [
      ["visible-steps", visible],
      ["dominance", dominant],
    ] as const)
      for (const tallies of ["never", "always"] as const)
        t.is((await search(setting, { reduction, tallies })).states, states);
  });

test("Simplex without an adversary, views 0-1: the same states", async (t) => {
  const whole = await search(simplexSetting, { tallies: "never" });
  const tallied = await search(simplexSetting, { tallies: "always" });
  t.deepEqual([tallied.verdict, tallied.states], [whole.verdict, whole.states]);
});

test("only searches that are too large rely on tallies by default, and the result says so", async (t) => {
  const small = await search(streamletSetting(3, "r3", 0));
  t.is(small.tallies, undefined);
  const large = await search(streamletSetting(3, "r3", 1), { tallies: "always" });
  t.like(large.tallies, { named: false });
  t.true(large.tallies!.searches > 0 && large.tallies!.checks > 0);
});

test("a search that is resumed says what it has rested on before", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-tallies-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const checkpoint = { file: join(directory, "it.checkpoint"), setting: "streamlet" };
  const setting = streamletSetting(3, "r3", 1);
  const cut = await search(setting, { tallies: "always", checkpoint, maxStates: 20 });
  t.is(cut.verdict, "inconclusive");
  t.true(cut.tallies!.searches > 0);
  const resumed = await search(setting, { tallies: "never", checkpoint, resume: true });
  t.is(resumed.states, 32);
  t.deepEqual(resumed.tallies, cut.tallies);
  const again = await search(setting, { tallies: "always", checkpoint, maxStates: 20 });
  const other = await search(setting, { tallies: "always", checkpoint, resume: true });
  t.is(other.states, 32);
  t.true(other.tallies!.searches > again.tallies!.searches);
});

for (const [name, setting, depth, length] of [
  ["one notarized block is final", streamletSetting(1, "r0", 1, 2), 4, 9],
  [
    "quorum-2f of PBFT",
    pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") }),
    4,
    4,
  ],
] as const)
  test(`a violation found by tallies is as short, and can be replayed: ${name}`, async (t) => {
    for (const tallies of ["never", "always"] as const)
      for (const reduction of ["visible-steps", "dominance"] as const) {
        const result = await search(setting, { reduction, tallies });
        t.deepEqual([result.depth, result.counterexample!.actions.length], [depth, length]);
        t.is(replayIn(setting, "agreement", result.counterexample!).outcome, "reproduced");
      }
  });
