// A simulation calls nothing violated where nothing is wrong, and still calls what is wrong violated.

import test from "ava";
import * as Schema from "effect/Schema";
import { describeSetting, findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { networks } from "../../src/model/network.js";
import {
  type Behaviour,
  type Context,
  defineProtocol,
  type Effect,
  type Input,
  inTurn,
  type Json,
  type NodeSpec,
  replicaIds,
  reply,
} from "../../src/protocol/index.js";
import { run as runOf } from "../../src/simulate/engine.js";
import type { RawOptions } from "../../src/simulate/parameters.js";
import { defaults, parametersFrom } from "../../src/simulate/raw-options.js";
import { simulate } from "../../src/simulate/result.js";
import { type Simulation, simulationFrom } from "../../src/simulate/setting.js";
import { unmet } from "../../src/simulate/unmet.js";

import { planToSee } from "../../src/suite/plan.js";
import type { Verdict } from "../../src/verdict/verdict.js";
import { alarmsInTrouble, alarmsOf, correctForms } from "./false-alarms.js";

/** Many events in a run: the long test has them. */
const slow = ["streamlet", "simplex", "minimmit", "grandpa"];
/** Its primary may not fail: it says so, and has nobody to take over. */
const withoutViewChange = ["tutorial"];

test("no correct protocol is called violated where nobody lies", async (t) => {
  for (const form of correctForms.filter(({ name }) => ![...slow, ...withoutViewChange].includes(name))) {
    const { alarms } = await alarmsOf(form, { replicas: [4, 7], clients: [0], seeds: 1 });
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
  const { alarms, verdicts } = await alarmsOf(form, { replicas: [4, 6], clients: [0], seeds: 5 });
  t.deepEqual(alarms, []);
  t.deepEqual(verdicts, { holds: 60 });
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

test("no correct protocol is called violated where messages were lost at first, a partition healed, or a replica was down", async (t) => {
  for (const form of correctForms.filter(({ name }) => ![...slow, ...withoutViewChange].includes(name)))
    t.deepEqual(await alarmsInTrouble(form, 2), []);
});

const apart = { protocol: "pbft", clients: 0, partition: ["20..1500:r0|r1,r2,r3"], seed: 1 };

test("a replica of PBFT that was cut off, and left the view in which the others executed everything, is owed no more than a checkpoint", async (t) => {
  const { verdict, reason } = await simulate(parametersFrom(apart));
  t.is(verdict, "outside");
  t.is(
    reason,
    "not live, and not promised: r0 left a view before its messages had come, and is alone in a later one until the next stable checkpoint " +
      "(at most f replicas may be; clients are served without it): 1 correct replica has not executed everything; r0 lacks c0:1:A",
  );
  // In the middle of a run others go on to later views with it, and it executes what they have.
  t.is((await simulate(parametersFrom({ ...apart, clients: 1 }))).verdict, "holds");
  // With checkpoints it installs the state of the others, which is as good as executing.
  const installed = await simulate(parametersFrom({ ...apart, requests: 6, checkpointInterval: "2" }));
  t.deepEqual([installed.verdict, installed.succeeded, installed.executed], ["holds", 6, 18]);
});

/** PBFT with one replica's step replaced where it hears what `ignores` says. */
async function deaf(asked: RawOptions, ignores: (message: { readonly tag?: string }) => boolean) {
  const simulation = await simulationFrom(parametersFrom(asked));
  const nodes = simulation.nodes.map(({ behaviour, ...spec }): NodeSpec<Json> => {
    const own = behaviour as Behaviour<Json, Json>;
    const step: typeof own.step = (context, state, input) =>
      input.kind === "message" && ignores(bodyOf(input.message))
        ? [{ state, effects: [], events: [] }]
        : own.step(context, state, input);
    return spec.id === "r0" ? { ...spec, behaviour: { ...own, step } } : { ...spec, behaviour };
  });
  const changed: Simulation = { ...simulation, nodes };
  return unmet(changed, await runOf(changed));
}

function bodyOf(message: Json): { readonly tag?: string } {
  return ((message as { readonly body?: object }).body ?? message) as object;
}

test("a replica that stays behind although a checkpoint is stable is a violation, and so is one that is in no later view", async (t) => {
  t.deepEqual(await deaf({ ...apart, requests: 6, checkpointInterval: "2" }, ({ tag }) => tag === "state"), [
    "violated",
    "not live",
  ]);
  t.deepEqual(await deaf({ ...apart, partition: [] }, ({ tag }) => tag === "commit"), [
    "violated",
    "not live",
  ]);
});

test("only at most f replicas may stay behind, and only if the others have executed everything", async (t) => {
  const simulation = await simulationFrom(parametersFrom(apart));
  const outcome = await runOf(simulation);
  const with_ = (standing: readonly (readonly [number, number])[]) =>
    unmet(simulation, {
      ...outcome,
      standing: standing.map(([view, executed], index) => ({ node: `r${index}`, view, executed })),
    })[0];
  t.is(
    with_([
      [1, 0],
      [0, 1],
      [0, 1],
      [0, 1],
    ]),
    "outside",
  );
  t.is(
    with_([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]),
    "violated",
  );
  t.is(
    with_([
      [0, 0],
      [0, 1],
      [0, 1],
      [0, 1],
    ]),
    "violated",
  );
  t.is(
    with_([
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 1],
    ]),
    "violated",
  );
  // The one request that is left was executed by three.
  t.is(outcome.measures.fewestExecutors(), 3);
});

test("a protocol that does not say what it promises may leave a replica behind", async (t) => {
  const simulation = await simulationFrom(parametersFrom(apart));
  const { promises: _, stalls: __, ...protocol } = simulation.entry.protocol;
  const changed: Simulation = { ...simulation, entry: { ...simulation.entry, protocol } };
  const [verdict, reason] = unmet(changed, await runOf(changed));
  t.is(verdict, "inconclusive");
  t.regex(
    reason,
    /^r0 went on to a later view alone, and the others have executed everything; the protocol does not say/,
  );
});

test("what a crashed server, a lying coordinator or a second recovery leaves undone is not owed", async (t) => {
  const verdictOf = async (asked: RawOptions) => {
    const { verdict, reason } = await simulate(parametersFrom(asked));
    return reason === null ? verdict : `${verdict}: ${reason}`;
  };
  const paxos = {
    ...{ protocol: "paxos", replicas: 3, clients: 1, seed: 1 },
    property: "clients-are-served",
  };
  t.is(
    await verdictOf({ ...paxos, crash: ["r0:25"] }),
    "outside: not live, and not promised: the client asks r0 alone to propose its value, and r0 is faulty: the client of A still waits",
  );
  t.is(await verdictOf({ ...paxos, crash: ["r1:25"] }), "holds");
  const commit = {
    protocol: "two-phase-commit",
    clients: 0,
    seed: 2,
    adversary: "random",
    drop: 0.2,
    gst: "2s",
  };
  t.regex(
    await verdictOf({ ...commit, delay: "5..35", byzantine: "r0" }),
    /^outside: not live, outside the contract: /,
  );
  // A recovery request may take the first slot.
  t.is(await verdictOf({ protocol: "pbft-recovery", seed: 4, crash: ["r0:15..1500"] }), "holds");
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

/**
 * Replicas say hello in each view, and decide in one in which they hear all in the order of their names. With `never` they do not decide even then.
 */
const orderly = (never: boolean) =>
  defineProtocol({
    ...{ name: "orderly", summary: "decides where all are heard in order", promises: "termination" },
    messages: { hello: { view: Schema.Number } },
    state: { view: Schema.Number, heard: Schema.Array(Schema.String), hasDecided: Schema.Boolean },
    initial: { view: 0, heard: [], hasDecided: false },
    primary: inTurn,
    view: ({ view }) => view,
    onStart: (_, state) => reply(state).broadcast({ tag: "hello", view: 0 }).setTimer("view"),
    onTimer: {
      view: (_, state) =>
        reply({ ...state, view: state.view + 1, heard: [] })
          .broadcast({ tag: "hello", view: state.view + 1 })
          .setTimer("view"),
    },
    on: {
      hello: ({ self, config }, state, { from, message }) => {
        if (message.view !== state.view || state.hasDecided) return state;
        const heard = [...state.heard, from];
        const others = replicaIds(config).filter((id) => id !== self);
        const decides =
          !never && others.every((id, index) => heard.filter((one) => one !== self)[index] === id);
        return decides
          ? reply({ ...state, heard, hasDecided: true }).executed({ request: "A" })
          : { ...state, heard };
      },
    },
  });

async function runOfProtocol(defined: unknown, change: RawOptions) {
  const asked = { protocol: "ibft", replicas: 7, clients: 0, seed: 1, property: "termination", ...change };
  const simulation = await simulationFrom(parametersFrom(asked));
  const protocol = defined as Simulation["entry"]["protocol"];
  const nodes = protocol.nodes(simulation.config);
  const changed: Simulation = { ...simulation, entry: { ...simulation.entry, protocol }, nodes };
  const outcome = await runOf(changed);
  const verdicts = outcome.watch.verdicts(changed, outcome).map(({ verdict, reason }) => [verdict, reason]);
  const succeeded = outcome.measures.latencies.length;
  return { verdicts, views: outcome.highestView, succeeded };
}

async function runOrderly(never: boolean, change: RawOptions) {
  const { verdicts, ...rest } = await runOfProtocol(orderly(never), change);
  const [[verdict, reason]] = verdicts as [[Verdict, string]];
  return { verdict, reason, ...rest };
}

test("many views that failed by chance are no proof that a protocol is not live: without chance one serves", async (t) => {
  const unlucky = await runOrderly(false, { delay: "5..35" });
  t.deepEqual(unlucky, {
    verdict: "inconclusive",
    reason:
      "60 views ended in which nobody was served, and then everybody was once all messages took the same time: the views had bad luck " +
      "(other seeds may tell, or less variable delays)",
    ...{ views: 60, succeeded: 0 },
  });
  t.is((await runOrderly(false, { delay: "20" })).verdict, "holds");
});

test("of two goals that which was met without chance alone does not hold, beside the other, which is violated", async (t) => {
  const { verdicts, views, succeeded } = await runOfProtocol(orderly(false), {
    ...{ delay: "5..35", requests: 2, property: "termination,all-execute" },
  });
  t.deepEqual(verdicts, [
    [
      "inconclusive",
      "60 views ended in which this goal was not met, and then it was once all messages took the same time: the views had bad luck " +
        "(other seeds may tell, or less variable delays)",
    ],
    ["violated", "not live: 7 correct replicas have not executed everything; r0 lacks B"],
  ]);
  t.deepEqual([views, succeeded], [120, 0]);
});

test("what serves nobody without chance either is not live", async (t) => {
  const reason = "not live: 7 of 7 correct replicas have not decided, r0 among them";
  const stuck = { verdict: "violated", reason, succeeded: 0 };
  t.deepEqual(await runOrderly(true, { delay: "5..35" }), { ...stuck, views: 120 });
  t.deepEqual(await runOrderly(true, { delay: "20" }), { ...stuck, views: 60 });
  t.deepEqual(await runOrderly(true, { delay: "20", duplicate: 0.1 }), { ...stuck, views: 120 });
});

/** Leaders rotate, timers stay as they are, and of two requests the first is executed in view 30, the second never. */
const late = defineProtocol({
  ...{ name: "late", summary: "executes one request late", promises: "all-execute" },
  messages: { hello: { view: Schema.Number } },
  state: { view: Schema.Number },
  initial: { view: 0 },
  primary: inTurn,
  view: ({ view }) => view,
  onStart: (_, state) => reply(state).setTimer("view"),
  onTimer: {
    view: (_, { view }) => {
      const next = reply({ view: view + 1 }).setTimer("view");
      return view + 1 === 30 ? next.executed({ request: "A" }) : next;
    },
  },
  on: { hello: (_, state) => state },
});

test("after a late success a run waits no longer than its timers have grown", async (t) => {
  const { verdicts, views } = await runOfProtocol(late, {
    ...{ delay: "20", requests: 2, property: "all-execute", maxEvents: 5000 },
  });
  t.deepEqual(verdicts, [
    ["violated", "not live: 7 correct replicas have not executed everything; r0 lacks B"],
  ]);
  t.is(views, 90);
});
