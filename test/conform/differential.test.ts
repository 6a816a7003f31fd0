// Conformance against the enumeration of all executions: on records of random executions of random protocols, as they are and with a change
// planted in them.

import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { conformTo } from "../../src/conform/index.js";
import type { Setting } from "../../src/model/setting.js";
import type { Json } from "../../src/protocol/index.js";
import type { RecordedStep, Records } from "../../src/records/index.js";
import { naiveConform } from "../support/naive-conform.js";
import { randomModels } from "../support/random-protocol.js";
import { type Draw, durableSettingOf, recordedRun } from "../support/record-runs.js";

function found(setting: Setting, records: Records) {
  const { protocol, config, byzantine } = setting;
  const held = { protocol, name: "random", specs: protocol.nodes(config), config };
  return conformTo(held, records, { byzantine });
}

/** Changes of one step; what they leave may be an execution or not. */
const changes: { readonly [name: string]: (step: RecordedStep, draw: Draw) => RecordedStep } = {
  digest: (step) => ({ ...step, digest: `${step.digest.slice(1)}0` }),
  choice: (step, draw) => ({ ...step, choice: `choice ${draw(2)}` }),
  event: (step) => ({ ...step, events: step.events.slice(1) }),
  effect: (step, draw) => ({
    ...step,
    effects: draw(2)
      ? step.effects.slice(1)
      : [...step.effects, { kind: "broadcast", message: { tag: "ping" } }],
  }),
  again: ({ input, ...step }) => ({
    ...step,
    input: input.kind === "message" ? (input.again ? without(input) : { ...input, again: true }) : input,
  }),
  sender: ({ input, ...step }, draw) => ({
    ...step,
    input:
      input.kind === "message"
        ? draw(2)
          ? { ...input, from: `r${draw(3)}` }
          : { ...input, via: `r${draw(3)}` }
        : input,
  }),
  message: ({ input, ...step }, draw) => ({
    ...step,
    input:
      input.kind === "message"
        ? { kind: "message", from: input.from, message: draw(2) ? { tag: "ping" } : signedBy(`r${draw(2)}`) }
        : input,
  }),
  timer: ({ input, ...step }, draw) => ({
    ...step,
    input: input.kind === "timer" ? { kind: "timer", timer: `t${draw(2)}` } : input,
  }),
  disk: ({ input, ...step }, draw) => ({
    ...step,
    input: input.kind === "restart" ? { kind: "restart", stable: { at: draw(4) } } : input,
  }),
  forgets: ({ input, ...step }) => ({
    ...step,
    input: input.kind === "restart" ? { kind: "start" } : input,
  }),
};

const signedBy = (signer: string): Json => ({ tag: "signed", signer, body: { tag: "vote" } });

function without({ again: _, ...input }: Extract<RecordedStep["input"], { kind: "message" }>) {
  return input;
}

/** The records without a step, as if it had never been. */
function dropped({ heads, steps }: Records, gone: RecordedStep): Records {
  const number = gone.clock[gone.node]!;
  return {
    heads,
    steps: steps
      .filter((step) => step !== gone)
      .map((step) => {
        const count = step.clock[gone.node];
        if (count === undefined || (step.node === gone.node ? count <= number : count < number)) return step;
        return { ...step, clock: { ...step.clock, [gone.node]: count - 1 } };
      }),
  };
}

/** Runs with a stream of draws. */
const runs = fc.record({
  model: randomModels,
  draws: fc.infiniteStream(fc.nat(0x7fffffff)),
  crashes: fc.boolean(),
});

/** Draws of a run of fast-check. */
function drawOf(draws: Iterator<number>): Draw {
  return (limit) => (draws.next().value as number) % limit;
}

/** Says the same as the enumeration. */
function agrees(
  t: ExecutionContext,
  setting: Setting,
  records: Records,
  about: string,
  isWhole: boolean,
): boolean {
  const naive = naiveConform(setting, records);
  const { rejection, explained, frontier, order } = found(setting, records);
  t.is(rejection === null, naive.conforms, `${about}: ${JSON.stringify(rejection)}`);
  if (isWhole) t.is(explained, naive.longest, about);
  t.is(explained, order.length);
  t.is(frontier.length === 0, naive.conforms);
  return naive.conforms;
}

test("a planted change in what a random protocol has done is rejected exactly if no order of steps explains it", (t) => {
  const told = { lies: 0, again: 0, restarts: 0, legal: 0, illegal: 0 };
  for (const { model, draws, crashes } of fc.sample(runs, { seed: 21, numRuns: 50 })) {
    const draw = drawOf(draws);
    const setting = durableSettingOf(model);
    const records = recordedRun(setting, draw, 14, { crashes });
    t.true(agrees(t, setting, records, "as it is", !crashes));
    for (const { input } of records.steps) {
      if (input.kind === "message" && setting.byzantine.includes(input.via ?? input.from)) told.lies++;
      if (input.kind === "message" && input.again) told.again++;
      if (input.kind === "restart") told.restarts++;
    }
    for (const [name, change] of Object.entries(changes)) {
      const places = records.steps.flatMap((step, at) => {
        const changed = change(step, draw);
        return JSON.stringify(changed) === JSON.stringify(step) ? [] : [{ at, changed }];
      });
      if (places.length === 0) continue;
      const { at, changed } = places[draw(places.length)]!;
      const planted = { ...records, steps: records.steps.with(at, changed) };
      agrees(t, setting, planted, name, !crashes) ? told.legal++ : told.illegal++;
    }
    const gone = records.steps[draw(records.steps.length)]!;
    agrees(t, setting, dropped(records, gone), "dropped", !crashes) ? told.legal++ : told.illegal++;
  }
  t.deepEqual(told, { lies: 201, again: 8, restarts: 35, legal: 281, illegal: 252 });
});

test("what a faulty driver does to a random protocol is rejected exactly if no order of steps explains it", (t) => {
  const told = { disk: [0, 0], echo: [0, 0], again: [0, 0] };
  for (const fault of ["disk", "echo", "again"] as const)
    for (const { model, draws } of fc.sample(runs, { seed: 22, numRuns: 60 })) {
      const setting = durableSettingOf(model);
      const records = recordedRun(setting, drawOf(draws), 14, { crashes: fault === "disk", fault });
      told[fault][agrees(t, setting, records, fault, fault !== "disk") ? 0 : 1]!++;
    }
  t.deepEqual(told, { disk: [55, 5], echo: [20, 40], again: [59, 1] });
});

test("what Byzantine nodes show of others' statements is rejected exactly if these cannot have been made by then", (t) => {
  const told = [0, 0];
  for (const { model, draws } of fc.sample(runs, { seed: 25, numRuns: 60 })) {
    const setting = durableSettingOf(model);
    const records = recordedRun(setting, drawOf(draws), 14, { crashes: false, fault: "signatures" });
    told[agrees(t, setting, records, "signatures", true) ? 0 : 1]!++;
  }
  t.deepEqual(told, [36, 24]);
});

test("a node that says up to which step its disk has everything is believed exactly if it can have been there", (t) => {
  const told = { legal: 0, illegal: 0, kept: 0 };
  for (const { model, draws } of fc.sample(runs, { seed: 24, numRuns: 60 })) {
    const draw = drawOf(draws);
    const setting = durableSettingOf(model);
    const whole = recordedRun(setting, draw, 12, { crashes: true });
    const restarts = whole.steps.flatMap((step, at) => (step.input.kind === "restart" ? [{ step, at }] : []));
    if (restarts.length !== 1) continue;
    const [{ step, at }] = restarts as [(typeof restarts)[0]];
    for (const changed of [step, changes.disk!(step, draw)]) {
      const records = { ...whole, steps: whole.steps.with(at, changed) };
      const before = Array.from({ length: changed.clock[changed.node]! }, (_, kept) => kept);
      const accepted = before.filter((kept) => {
        const input = { ...changed.input, kept } as RecordedStep["input"];
        const named = { ...records, steps: records.steps.with(at, { ...changed, input }) };
        return found(setting, named).rejection === null;
      });
      const { conforms } = naiveConform(setting, records);
      t.is(accepted.length > 0, conforms);
      conforms ? told.legal++ : told.illegal++;
      told.kept += accepted.length;
    }
  }
  t.deepEqual(told, { legal: 30, illegal: 14, kept: 112 });
});
