// Traces of every kind that there is, replayed: what each exporter must be able to write.

import { search } from "../../src/explore/search.js";
import type { ReplayedTrace } from "../../src/export/index.js";
import type { Setting } from "../../src/model/setting.js";
import type { Effect, Json } from "../../src/protocol/index.js";
import type { RawOptions } from "../../src/simulate/parameters.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { record } from "../../src/simulate/result.js";
import { readTrace, replay, replayIn, traceOf } from "../../src/trace/index.js";
import { traceOfSimulation } from "../../src/trace/replay-simulated.js";
import { root } from "../cli/support.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverAfter, neverBoth } from "../support/toy-properties.js";
import { equivocation } from "../trace/fixtures.js";

/** A text with everything that means something in one of the formats. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is awkward on purpose
export const awkward = 'ping; #1 <b>"x" & 100%% $$y$$ `z` ${w} \\n\nend: loop r1->>r2';

const set = (...timers: string[]): Effect<Json>[] => timers.map((timer) => ({ kind: "set-timer", timer }));

const one = { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false };

/** One node that goes round in circles after one step. */
const circling = toySetting(
  {
    init: () => to("start", set("go", "on")),
    step: (_context, state, input) => {
      if (input.kind !== "timer") return to(state);
      if (state === "start") return to(input.timer === "go" ? "here" : state, set(input.timer));
      return to(input.timer === "on" ? (state === "here" ? "there" : "here") : state, set(input.timer));
    },
  },
  { config: one, properties: [eventually("x")] },
);

/** A promise that a crash makes one forget. */
const forgetful = toySetting(
  {
    init: () => to("up", set("go"), [seen("begun")]),
    step: (_context, state, input) =>
      input.kind === "timer" ? to("promised", [], [seen("promised")]) : to(state),
  },
  {
    config: one,
    bounds: { views: 0, crashes: 1, losing: "volatile" },
    properties: [neverAfter("promised", "begun")],
  },
);

/** r0 says one thing to r1, who counts how often it hears it. */
const telling = (changes: Partial<Setting>) =>
  toySetting(
    {
      init: ({ self }) =>
        to(
          0,
          self === "r0" ? [{ kind: "send", to: "r1", message: { tag: "ping", text: awkward, n: null } }] : [],
        ),
      step: (_context, state, input) =>
        input.kind === "message"
          ? to((state as number) + 1, [], [seen(state === 0 ? "once" : "twice")])
          : to(state),
    },
    changes,
  );

const lossy = telling({ network: "lossy:1", properties: [eventually("once")] });
const duplicating = telling({ network: "duplicating:1", properties: [neverBoth("once", "twice")] });
const idle = toySetting({}, { config: one, properties: [eventually("x")] });

async function found(setting: Setting): Promise<ReplayedTrace> {
  const { counterexample } = await search(setting, { reduction: "none" });
  return {
    trace: traceOf(setting, counterexample!),
    result: replayIn(setting, counterexample!.property, counterexample!),
    file: "traces/toy.json",
  };
}

async function inCorpus(flaw: string): Promise<ReplayedTrace> {
  const file = `corpus/pbft-${flaw}.json`;
  const trace = await readTrace(`${root}/${file}`);
  return { trace, result: await replay(trace), file };
}

/** A simulation in which a primary tells the replicas two requests for one slot; with quorums of 2f both are executed. */
export const contradicting = {
  ...{ adversary: "equivocating-primary", byzantine: "r0" },
  ...{ requests: 2, seed: 1, clients: 0 },
};

/** Each with what it is: how many actions, of which so many are a loop. */
export const kinds: readonly (readonly [
  name: string,
  actions: number,
  loop: number,
  make: () => Promise<ReplayedTrace>,
])[] = [
  [
    "two requests at one slot",
    4,
    0,
    async () => {
      const trace = await equivocation();
      return { trace, result: await replay(trace), file: "traces/equivocation.json" };
    },
  ],
  ["a new view without reason", 14, 0, () => inCorpus("new-view-unjustified")],
  ["a client that waits", 4, 0, () => inCorpus("primary-forever")],
  ["a circle", 1, 2, () => found(circling)],
  ["a crash", 3, 0, () => found(forgetful)],
  ["a loss", 1, 0, () => found(lossy)],
  ["a doubled message", 3, 0, () => found(duplicating)],
  ["nothing at all", 0, 0, () => found(idle)],
  ["a simulated run", 42, 0, async () => (await simulated("pbft/quorum-2f", contradicting)).replayed],
];

/** A run that was recorded, replayed. */
export async function simulated(protocol: string, options: RawOptions) {
  const words = { ...options, protocol };
  const recording = await record(parametersFrom(words));
  const trace = traceOfSimulation(recording, words, { origin: "a test", parts: {} });
  return { recording, replayed: { trace, result: await replay(trace), file: "traces/simulated.json" } };
}

/** The trace of one kind. */
export function traceNamed(name: string): Promise<ReplayedTrace> {
  return kinds.find(([candidate]) => candidate === name)![3]();
}
