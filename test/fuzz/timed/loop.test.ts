// A lasso with actions in it: a protocol that is busy for ever and gets nowhere. Its replica turns round at every timeout; its client waits.

import test from "ava";
import * as Schema from "effect/Schema";
import { clientsAreServed } from "../../../properties/clients-are-served.js";
import { fuzz, strategyNamed } from "../../../src/fuzz/index.js";
import { minimize } from "../../../src/minimize/index.js";
import type { Setting } from "../../../src/model/setting.js";
import type { Behaviour, Json, Protocol, Step } from "../../../src/protocol/index.js";
import { traceOf } from "../../../src/trace/create.js";
import { replayIn } from "../../../src/trace/replay.js";
import { fourReplicas, timing } from "../../support/settings.js";

const Hand = Schema.Struct({ turned: Schema.Boolean });
type Hand = typeof Hand.Type;

function turn(turned: boolean): Step<Json, Json> {
  return { state: { turned }, effects: [{ kind: "set-timer", timer: "turn", delay: 1.5 }], events: [] };
}

const replica: Behaviour<Json, Json, string, Json, Json> = {
  state: Hand as unknown as Schema.Schema<Json>,
  init: () => [turn(false)],
  step: (_context, state, input) =>
    input.kind === "timer" ? [turn(!(state as Hand).turned)] : [{ state, effects: [], events: [] }],
  stable: (state) => state,
};

const client: Behaviour<Json, Json, string, Json, Json> = {
  ...replica,
  init: () => [{ state: { turned: false }, effects: [], events: [] }],
  step: (_context, state, input) => [
    { state, effects: [], events: input.kind === "request" ? [{ kind: "invoked", request: "A" }] : [] },
  ],
};

const busy: Protocol<Json, Json> = {
  name: "busy",
  summary: "turns round and round",
  message: Schema.Struct({ tag: Schema.String }) as unknown as Schema.Schema<Json>,
  nodes: () => [
    { id: "r0", role: "replica", behaviour: replica },
    { id: "c0", role: "client", behaviour: client },
  ],
  requests: () => ["A"],
  digest: String,
};

const setting: Setting = {
  ...{ protocol: busy, config: { ...fourReplicas, replicas: 1, faults: 0, requests: 1, clients: true } },
  ...{ byzantine: [], adversary: null, network: "async", bounds: { views: 0 } },
  ...{ properties: [clientsAreServed], timing },
};

test("a run that comes round is a stem and a loop, and says so", async (t) => {
  const { counterexample } = await fuzz(setting, { seed: 1, maxRuns: 1, strategy: strategyNamed("uniform") });
  const { actions, loop, schedule, explanation } = counterexample!;
  // A turn takes 30 ms; the first at which GST is over is at 60 ms, and two later all is as it was.
  const tick = { kind: "timer", node: "r0", timer: "turn" } as const;
  t.deepEqual(actions, [tick]);
  t.deepEqual(loop, [tick, tick]);
  t.deepEqual(schedule, { timesMs: [30, 60, 90], untilMs: 120, againMs: 60 });
  t.is(
    explanation,
    "at 120 ms everything is as it was at 60 ms, so it can go on like this for ever, and the client of A still waits",
  );
  const replayed = replayIn(setting, "clients-are-served", counterexample!);
  t.is(replayed.outcome, "reproduced");
  t.deepEqual(replayed.outcome === "reproduced" && [replayed.after, replayed.loop], [3, 2]);
  t.deepEqual(traceOf(setting, counterexample!).schedule, schedule);
});

test("the loop has to close, and what is owed in it cannot be left out", async (t) => {
  const { counterexample } = await fuzz(setting, { seed: 1, maxRuns: 1, strategy: strategyNamed("uniform") });
  const { schedule } = counterexample!;
  const outcome = (change: object) =>
    replayIn(setting, "clients-are-served", { ...counterexample!, ...change }).outcome;
  t.is(outcome({ schedule: { ...schedule, untilMs: 119 } }), "holds now");
  t.is(outcome({ loop: counterexample!.loop!.slice(1) }), "diverged");
  const minimized = await minimize(setting, counterexample!, { adversaries: [] });
  t.deepEqual(minimized.counterexample, counterexample);
});
