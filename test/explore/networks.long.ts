// Networks on which a message is delivered at most once, and crashes: against the naive search, and against published
// figures.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import { agreement } from "../../properties/agreement.js";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import { UserError } from "../../src/model/errors.js";
import type { Bounds, Setting } from "../../src/model/setting.js";
import type { Behaviour, Config, Context, Event, Json, Property } from "../../src/protocol/index.js";
import { compareWithNaive, remembering } from "../support/against-naive.js";
import { naiveSearch } from "../support/naive.js";
import { everythingSeen, randomModels, settingOf, slotAgreement } from "../support/random-protocol.js";
import { pbftSetting } from "../support/settings.js";
import { eventually } from "../support/toy-properties.js";

function agreeOn(
  name: string,
  network: string,
  bounds: Partial<Bounds>,
  properties: readonly Property[],
  atLeast: number,
  reduction: Reduction = "none",
): void {
  test(`${name}: fast and naive search agree on random protocols`, async (t) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(randomModels, async (model) => {
        const base = remembering(settingOf(model, properties));
        const setting = { ...base, network, bounds: { ...base.bounds, ...bounds } };
        const outcome = await compareWithNaive(setting, reduction);
        if (outcome === null) return;
        compared++;
        t.deepEqual(outcome.found, outcome.expected);
      }),
      { seed: 1, numRuns: 40, endOnFailure: true },
    );
    t.true(compared >= atLeast, `${compared} compared`);
  });
}

const all = ["once", "once:keep", "fifo", "lossy:1", "duplicating:1"];
const further = ["reordering:2", "reordering:3", "lossy", "lossy-fifo:1", "lossy-fifo", "duplicating"];
const parting = ["partitions:1", "partitions:2", "partitions", "one-way-partitions:1", "bridge-partitions:1"];
for (const network of [...all, ...further, ...parting]) {
  agreeOn(`${network}, safety`, network, {}, [everythingSeen, slotAgreement], 15);
  agreeOn(`${network}, liveness`, network, {}, [eventually("x")], 15);
}
agreeOn("fifo with crashes", "fifo", { crashes: 1, losing: "volatile" }, [everythingSeen], 10);
agreeOn(
  "once with crashes that lose nothing",
  "once",
  { crashes: 1, losing: "nothing" },
  [everythingSeen],
  10,
);
for (const reduction of ["none", "visible-steps"] as const) {
  for (const losing of ["volatile", "nothing"] as const) {
    const bounds = { crashes: 2, losing };
    agreeOn(`crashes losing ${losing}, ${reduction}`, "async", bounds, [everythingSeen], 15, reduction);
    agreeOn(
      `crashes losing ${losing}, liveness, ${reduction}`,
      "async",
      bounds,
      [eventually("x")],
      15,
      reduction,
    );
  }
}

for (const network of ["async", "once", "fifo", "lossy:1", "duplicating:1"])
  for (const recovery of ["maybe", "always"] as const) {
    const bounds = { crashes: 1, losing: "unsynced", recovery } as const;
    agreeOn(`${network}, recovery ${recovery}, safety`, network, bounds, [everythingSeen], 8);
    agreeOn(`${network}, recovery ${recovery}, liveness`, network, bounds, [eventually("x")], 8);
    if (network !== "async") continue;
    agreeOn(`recovery ${recovery}, visible steps`, network, bounds, [eventually("x")], 8, "visible-steps");
  }

function paxos(requests: number): Promise<Setting> {
  return settingFrom({
    protocol: "paxos",
    config: { replicas: 3, faults: 0, requests, slots: 1, clients: true },
    byzantine: [],
    adversary: null,
    network: "once:keep",
    bounds: { views: 0 },
    properties: ["linearizable"],
  });
}

test("single-decree Paxos with two clients has the published number of states", async (t) => {
  const result = await search(await paxos(2));
  t.is(result.verdict, "holds");
  t.is(result.states, 16_668);
  t.is(result.transitions, 32_970); // the published figure counts the initial state as generated, too
  t.is(result.depth, 20); // published as 21: there the initial state has depth 1
  t.is(result.reduction, "none");
});

test("visible steps are refused where messages are used up", async (t) => {
  const setting = pbftSetting("silent", "r0", { network: "once" });
  const error = await t.throwsAsync(search(setting, { reduction: "visible-steps" }), {
    instanceOf: UserError,
  });
  t.regex(error.message, /async network only.*use --reduce none/);
});

test("PBFT decides on networks that deliver once: so many states, and as many as the naive search finds", async (t) => {
  const expected = { once: 2394, fifo: 780, "lossy:1": 9744 };
  for (const [network, states] of Object.entries(expected)) {
    const base = pbftSetting("silent", "r3", { network, properties: [agreement] });
    const setting = { ...base, config: { ...base.config, requests: 1 } };
    const result = await search(setting);
    t.is(result.verdict, "holds", network);
    t.is(result.states, states, network);
    t.true(result.witnesses.agreementComparisons > 0, network);
    t.is(naiveSearch(setting).states, states, network);
  }
});

test("a view change goes through where messages of later views are deferred, not sent again", async (t) => {
  const base = pbftSetting("silent", "r0", {
    network: "fifo",
    bounds: { views: 1 },
    properties: [agreement],
  });
  const setting = { ...base, config: { ...base.config, requests: 1 } };
  const result = await search(setting);
  t.is(result.verdict, "holds");
  t.is(result.witnesses.viewChanges, 1);
  t.true(result.witnesses.agreementComparisons > 0);
  t.is(result.states, 925);
});

test("a search with inboxes goes on from its checkpoint, and ends with the same counts", async (t) => {
  const setting = pbftSetting("silent", "r3", { network: "lossy:1", properties: [agreement] });
  const whole = await search(setting);
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  const checkpoint = { file: join(directory, "a.checkpoint"), setting: null };
  const cut = await search(setting, { checkpoint, maxStates: 1000 });
  t.is(cut.verdict, "inconclusive");
  const resumed = await search(setting, { checkpoint, resume: true });
  t.is(resumed.verdict, "holds");
  t.deepEqual(
    [resumed.states, resumed.transitions, resumed.depth],
    [whole.states, whole.transitions, whole.depth],
  );
  rmSync(directory, { recursive: true });
});

/** r0 hears from r1 and puts it on stable storage; only what was heard before its crash shows after its restart. */
const lateWitness: Setting["protocol"] = {
  name: "late-witness",
  summary: "an event that only a crash after a silent delivery can show",
  message: Schema.Literal("m") as unknown as Setting["protocol"]["message"],
  nodes: () =>
    ["r0", "r1"].map((id) => ({
      id,
      role: "replica" as const,
      behaviour: {
        state: Schema.Literals(["fresh", "heard", "deaf"]),
        init: (context, from) => {
          if (from.kind === "start")
            return [{ state: "fresh", effects: [{ kind: "broadcast", message: "m" }], events: [] }];
          const hasHeard = context.self === "r0" && from.stable === "heard";
          const events: Event[] = hasHeard ? [{ kind: "custom", name: "x", data: null }] : [];
          return [{ state: "deaf", effects: [], events }];
        },
        step: (_context, state, input) => [
          { state: input.kind === "message" && state === "fresh" ? "heard" : state, effects: [], events: [] },
        ],
        stable: (state) => state,
      } satisfies Behaviour<"fresh" | "heard" | "deaf", Json>,
    })),
  requests: () => [],
  digest: String,
};

test("a crash after a silent delivery is not the same as one before it", async (t) => {
  const base = pbftSetting("silent", "r3", { protocol: lateWitness, byzantine: [], adversary: null });
  const config = { ...base.config, replicas: 2, faults: 0 };
  const bounds = { views: 0, crashes: 1, losing: "volatile" as const };
  const setting = { ...base, config, bounds, properties: [everythingSeen] };
  for (const reduction of ["none", "visible-steps"] as const) {
    const outcome = await compareWithNaive(setting, reduction);
    t.deepEqual(outcome!.found, outcome!.expected);
    t.is((outcome!.found as { observations: string[] }).observations.length, 2);
  }
});

test("a replica that has lost what it promised breaks agreement after one crash", async (t) => {
  const forgetful = withoutStableStorage(pbftSetting("silent", "r3").protocol);
  const setting = pbftSetting("arbitrary", "r0", {
    protocol: forgetful,
    bounds: { views: 0, crashes: 1, losing: "volatile" },
    properties: [agreement],
  });
  const result = await search(setting);
  t.is(result.verdict, "violated");
  t.true(result.counterexample!.actions.some(({ kind }) => kind === "crash"));
  t.true(result.counterexample!.actions.some(({ kind }) => kind === "restart"));
  const durable = await search({ ...setting, protocol: pbftSetting("silent", "r3").protocol });
  t.is(durable.verdict, "holds");
  const intact = await search({ ...setting, bounds: { ...setting.bounds, losing: "nothing" } });
  t.is(intact.verdict, "holds");
});

/** The same protocol, whose replicas have nothing on stable storage. */
function withoutStableStorage(protocol: Setting["protocol"]): Setting["protocol"] {
  const nodes = (config: Config) =>
    protocol.nodes(config).map((spec) => ({
      ...spec,
      behaviour: {
        ...spec.behaviour,
        init: (context: Context) => spec.behaviour.init(context, { kind: "start" }),
        stable: () => null,
      },
    }));
  return { ...protocol, name: "forgetful", nodes };
}
