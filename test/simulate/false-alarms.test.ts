// A simulation calls nothing violated where nothing is wrong, and still calls what is wrong violated.

import test from "ava";
import { describeSetting, findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { networks } from "../../src/model/network.js";
import type { Behaviour, Context, Effect, Input, Json, NodeSpec } from "../../src/protocol/index.js";
import { run as runOf } from "../../src/simulate/engine.js";
import { defaults, parametersFrom } from "../../src/simulate/raw-options.js";
import { simulate } from "../../src/simulate/result.js";
import { type Simulation, simulationFrom } from "../../src/simulate/setting.js";
import { unmet } from "../../src/simulate/unmet.js";
import { planToSee } from "../../src/suite/plan.js";
import { alarmsOf, correctForms } from "./false-alarms.js";

/** Many events in a run: the long test has them. */
const slow = ["streamlet", "simplex", "minimmit", "grandpa"];
/** Its primary may not fail: it says so, and has nobody to take over. */
const withoutViewChange = ["tutorial"];

test("no correct protocol is called violated where nobody lies", async (t) => {
  for (const form of correctForms.filter(({ name }) => ![...slow, ...withoutViewChange].includes(name))) {
    const { alarms } = await alarmsOf(form, { replicas: [4, 7], clients: [0], seeds: 2 });
    t.deepEqual(alarms, []);
  }
});

test("clients that ask at the same time: what gives way to another one need not be served", async (t) => {
  const replicas = [4];
  const alarmsWith = async (name: string) => {
    const form = correctForms.find((one) => one.name === name)!;
    return alarmsOf(form, { replicas, clients: [4], seeds: 10 });
  };
  const paxos = await alarmsWith("paxos");
  t.deepEqual(paxos.alarms, []);
  t.deepEqual(Object.keys(paxos.verdicts), ["outside"]);
  t.deepEqual((await alarmsWith("pbft")).alarms, []);
  t.deepEqual((await alarmsWith("viewstamped")).alarms, []);
});

test("who relies on messages that come once is refused where they may come again", async (t) => {
  const once = { protocol: "common-coin", replicas: 4, clients: 0, requests: 2, seed: 374348 };
  await t.throwsAsync(simulate(parametersFrom({ ...once, duplicate: 0.2 })), {
    code: "bad-option",
    message: "common-coin relies on each message coming at most once: leave out --duplicate.",
  });
  t.is((await simulate(parametersFrom(once))).verdict, "holds");
  const entry = await findProtocol("common-coin");
  const description = describeSetting(
    await settingFrom(planToSee(entry, { protocol: "common-coin" })[0]!.description),
  );
  for (const { name } of networks) {
    const network = name.replace("K", "2");
    const made = settingFrom({ ...description, network });
    if (network === "async" || network.startsWith("duplicating"))
      await t.throwsAsync(made, {
        message: `common-coin relies on each message coming at most once, and may not hold on ${network}: use --network once.`,
      });
    else t.is((await made).network, network);
  }
});

test("a leader that goes on without the certificate that it needed may have better luck in a later view", async (t) => {
  const asked = { protocol: "fast-hotstuff", replicas: 7, clients: 0, delay: "5..35", seed: 9 };
  const { verdict, viewChanges } = await simulate(parametersFrom(asked));
  t.deepEqual([verdict, viewChanges], ["holds", 14]);
  const form = correctForms.find(({ name }) => name === "fast-hotstuff")!;
  const { alarms, verdicts } = await alarmsOf(form, { replicas: [4, 6], clients: [0], seeds: 20 });
  t.deepEqual(alarms, []);
  t.deepEqual(verdicts, { holds: 240 });
});

test("a replica that has left the view in which the others were served has timers that are too short", async (t) => {
  const asked = { protocol: "pbft", replicas: 5, clients: 0, requests: 2, delay: "5..200", seed: 76 };
  const { verdict, reason } = await simulate(parametersFrom(asked));
  t.is(verdict, "inconclusive");
  t.is(
    reason,
    "a view ended, and no timer ran longer than 500 ms, which may be too short for a view in which a message takes 200 ms (use a larger --timeout): " +
      "1 correct replica has not executed everything; r3 lacks c0:1:A",
  );
  t.is((await simulate(parametersFrom({ ...asked, timeout: "2s" }))).verdict, "holds");
});

/** Fast-HotStuff, with another step. */
async function rotating(
  step: (state: { readonly view: number }, input: Input<Json>) => number | null,
  delay = 1,
) {
  const simulation = await simulationFrom({
    ...{ ...defaults, protocol: "fast-hotstuff", clients: 0, requests: 1, seed: 1 },
  });
  const armed: Effect<Json> = { kind: "set-timer", timer: "view", delay };
  const replaced = ({ behaviour, ...spec }: NodeSpec<Json>): NodeSpec<Json> => {
    const own = behaviour as Behaviour<Json, Json>;
    const moved: Behaviour<Json, Json> = {
      ...own,
      init: (context, from) => own.init(context, from).map((start) => ({ ...start, effects: [armed] })),
      step(_context: Context, state: Json, input: Input<Json>) {
        const view = step(state as { readonly view: number }, input);
        if (view === null) return [{ state, effects: [], events: [] }];
        return [{ state: { ...(state as object), view } as Json, effects: [armed], events: [] }];
      },
    };
    return { ...spec, behaviour: moved };
  };
  const changed: Simulation = { ...simulation, nodes: simulation.nodes.map(replaced) };
  const outcome = await runOf(changed);
  return { verdict: unmet(changed, outcome), views: outcome.highestView, timeMs: outcome.time / 1000 };
}

test("leaders that decide nothing in sixty views are not live", async (t) => {
  const { verdict, views } = await rotating(({ view }, { kind }) => (kind === "timer" ? view + 1 : null));
  t.deepEqual(verdict, ["violated", "not live"]);
  t.is(views, 60);
});

test("a run does not end before the timers of its first view have run out, however long they are", async (t) => {
  const long = await rotating(({ view }, { kind }) => (kind === "timer" ? view + 1 : null), 20);
  t.deepEqual([long.views, long.timeMs], [60, 600_000]);
});
