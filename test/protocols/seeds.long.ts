// The protocols of other people's texts: what holds, what breaks. docs/findings.md tells the story.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { fuzz } from "../../src/fuzz/index.js";
import { plan } from "../../src/suite/plan.js";
import { suiteOutcomes } from "../support/other-protocols.js";

test("the Go exercise's protocol, repaired, holds in one view; each of its own rules breaks something", async (t) => {
  t.deepEqual(await suiteOutcomes("go-exercise"), [
    "go-exercise, silent at r3, views 0-0: holds, 37 states",
    "go-exercise, silent at r3, views 0-0: holds, 471 states",
    "go-exercise, arbitrary at r0, views 0-0: holds, 219 states",
    "go-exercise, arbitrary at r1, views 0-0: holds, 185 states",
    "go-exercise/votes-ignore-payload, arbitrary at r0, views 0-0: agreement violated, 10 actions, 356 states",
    "go-exercise/primary-prepares, arbitrary at r0, views 0-0: agreement violated, 11 actions, 5271 states",
    "go-exercise/prepares-of-all-backups, silent at r3, views 0-0: termination violated, 7 actions, 9 states",
    "go-exercise/payload-unchecked, arbitrary at r0, views 0-0: validity violated, 8 actions, 210 states",
    "go-exercise/own-vote-unchecked, silent at r3, views 0-0: termination violated, 11 actions, 41 states",
    "go-exercise/commits-what-it-hears, arbitrary at r1, views 0-0: termination violated, 16 actions, 449 states",
    "go-exercise/commits-unprepared, arbitrary at r1, views 0-0: termination violated, 12 actions, 193 states",
    "go-exercise/executes-once-or-never, silent at r3, views 0-0: all-execute violated, 26 actions, 536 states",
    "go-exercise/view-change-forgets, silent at r3, views 0-1: termination violated, 11 actions, 1386 states",
    "go-exercise/as-written, silent at r3, views 0-0: termination violated, 7 actions, 9 states",
  ]);
});

test("as it is written, nobody has to lie for it to disagree: its view change is enough", async (t) => {
  const setting = await settingFrom({
    protocol: "go-exercise/as-written",
    config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 1 },
    properties: ["agreement"],
  });
  const { verdict, counterexample } = await fuzz(setting, { seed: 1, maxRuns: 1000 });
  t.is(verdict, "violated");
  t.true(counterexample?.actions.every(({ kind }) => kind === "deliver" || kind === "timer"));
});

test("the DistAlgo report's protocol survives one failed primary, and not two in a row", async (t) => {
  t.deepEqual(await suiteOutcomes("distalgo"), [
    "distalgo, silent at r0, views 0-1, with clients: holds, 84 states",
    "distalgo, silent at r2, views 0-1, with clients: holds, 2298 states",
    "distalgo, equivocating-primary at r0, views 0-1: holds, 3930 states",
    "distalgo, arbitrary at r2, views 0-1: holds, 4526 states",
    "distalgo/one-view-change, silent at r0, r1, views 0-2, with clients: clients-are-served violated, 31 actions, 143 states",
  ]);
});

test("the tutorial agrees, executes what nobody has asked for, and stops with its primary", async (t) => {
  t.deepEqual(await suiteOutcomes("tutorial"), [
    "tutorial, silent at r3, views 0-0: holds, 22 states",
    "tutorial, arbitrary at r0, views 0-0: holds, 17515 states",
    "tutorial, arbitrary at r0, views 0-0: validity violated, 11 actions, 229 states",
    "tutorial, silent at r0, views 0-0: termination violated, 0 actions, 1 states",
  ]);
});

test("with n = 3f and quorums of n-f two replicas that lie break agreement; with quorums of 2f+1 nothing is found", async (t) => {
  const six = {
    ...{ replicas: 6, faults: 2, byzantine: ["r0", "r1"], adversaries: ["arbitrary"], views: 0 },
    ...{ properties: ["agreement"], requests: 2, slots: 1, clients: false },
  } as const;
  const found: string[] = [];
  for (const protocol of ["pbft/quorum-2f", "pbft"]) {
    const [planned] = plan(await findProtocol(protocol), { protocol, ...six });
    const { counterexample } = await fuzz(await settingFrom(planned!.description), { seed: 1, maxRuns: 300 });
    found.push(`${protocol}: ${counterexample ? counterexample.property : "nothing"}`);
  }
  t.deepEqual(found, ["pbft/quorum-2f: agreement", "pbft: nothing"]);
});
