// Classes in virtual time: their clients are nodes, and have to be served within k Delta after GST.

import test from "ava";
import { simulationDefaults } from "../../src/api/simulate.js";
import { fuzz } from "../../src/fuzz/index.js";
import { findProtocol, settingFrom } from "../../src/index.js";
import { simulate } from "../../src/simulate/result.js";
import { plan } from "../../src/suite/plan.js";
import type { FuzzRequest } from "../../src/suite/request.js";
import { traceOf } from "../../src/trace/create.js";
import { replayIn } from "../../src/trace/replay.js";
import { check, fixture, realFile } from "./support.js";

/** A leader that executes what one other node has stored. Nodes are deaf at first: what comes then is lost, and `retry` says whether it is sent again. */
const storing = (retry: boolean) => `
class Leader {
  #asked = new Set(); #done = new Set(); warm = false; io;
  constructor(io) { this.io = io; setTimeout(() => this.warmUp(), 1200); }
  warmUp() { this.warm = true; }
  async propose(value) {
    if (this.io.self !== "r0" || (this.#asked.has(value) && !${retry})) throw new Error("no");
    this.#asked.add(value);
    this.io.broadcast({ type: "store", value });
  }
  async hear(from, { type, value }) {
    if (type === "stored") { if (!this.#done.has(value)) this.io.executed(value); this.#done.add(value); }
    else if (this.warm) { this.io.send(from, { type: "stored", value }); this.io.executed(value); }
  }
}
const make = (io) => {
  const leader = new Leader(io);
  return { roots: { leader }, message: (from, m) => leader.hear(from, m), request: (value) => leader.propose(value) };
};`;

async function settingOf(file: string, request: Partial<FuzzRequest> = {}) {
  const timing = { withinDeltas: 100 };
  const [run, ...others] = plan(await findProtocol(file), { protocol: file, timing, ...request });
  if (others.length > 0) throw new Error("more than one run");
  return settingFrom(run!.description);
}

const seeded = { seed: 1, maxRuns: 20 };

for (const network of ["fifo", "once"])
  test(`a client whose request is lost and never sent again is not served, for ever, which replays: ${network}`, async (t) => {
    const setting = await settingOf(await realFile(t, storing(false), { network }));
    t.deepEqual(setting.timing, { gstMs: 1000, deltaMs: 10, timeoutMs: 500, withinDeltas: 100 });
    t.is(setting.network, network);
    const { counterexample } = await fuzz(setting, seeded);
    t.regex(counterexample!.explanation, /everything is as it was at .* and the client of A still waits$/);
    t.is(replayIn(setting, "clients-are-served", counterexample!).outcome, "reproduced");
    t.deepEqual(traceOf(setting, counterexample!).schedule, counterexample!.schedule);
  });

test("a client whose request is sent again is served: asked anew at 1,500 ms, and answered 40 ms later at most", async (t) => {
  const result = await fuzz(await settingOf(await realFile(t, storing(true))), seeded);
  t.is(result.counterexample, null);
  t.is(result.verdict, "holds");
  t.like(result.timed, { served: 20, waited: 20, longestWait: 540_000 });
});

test("what a class cannot be asked is refused", async (t) => {
  const file = await realFile(t, storing(true));
  const refused = (request: Partial<FuzzRequest>, message: RegExp) =>
    t.throwsAsync(settingOf(file, request), { message });
  await refused(
    { network: "async" },
    /a class has to be given each message once: use --network fifo or once/,
  );
  await refused({ timing: {} }, /give one in Deltas, as in --within 100/);
  const untimed = /The clients of a class are nodes of timed runs only: /;
  await t.throwsAsync(check(file, { clients: true }), { message: untimed });
  await t.throwsAsync(check(file, { properties: ["clients-are-served"] }), { message: untimed });
});

test("a simulation serves the clients of a class one request after the other", async (t) => {
  const file = await realFile(t, storing(true));
  const parameters = {
    ...simulationDefaults,
    protocol: file,
    replicas: 3,
    faults: 0,
    clients: 2,
    requests: 2,
    seed: 1,
  };
  const result = await simulate(parameters);
  t.is(result.verdict, "holds");
  t.is(result.parameters.timerJitter, 0); // what comes before all are warm is left out: its timers are as long as it says
  t.deepEqual([result.requests, result.succeeded], [4, 4]);
  t.is(result.messages["client asks"], 2 * 3 * 5);
});

/** The time at which each node's timer runs out, as it says. */
const drawing = `
const make = (io) => {
  const drawn = [Math.random(), Math.random()];
  return { roots: { drawn }, request: () => io.event("drawn", drawn) };
};`;

test("seeded random numbers are no choices, the same in every run, and differ from node to node", async (t) => {
  const drawn = async () => {
    const { protocol } = await findProtocol(await realFile(t, drawing, { random: "seeded" }));
    const config = { replicas: 2, faults: 0, requests: 1, slots: 1, clients: false };
    return protocol.nodes(config).map(({ id, behaviour }) => {
      const outcomes = behaviour.init({ self: id, config }, { kind: "start" });
      t.is(outcomes.length, 1);
      return JSON.parse((outcomes[0]!.state as { at: string }).at) as object;
    });
  };
  const [r0, r1] = await drawn();
  t.deepEqual(await drawn(), [r0, r1]);
  t.is(new Set([r0, r1].flatMap((state) => (state as { drawn: number[] }).drawn)).size, 4);
  t.like(r0, { "@draws": 2 });
  await t.throwsAsync(findProtocol(await realFile(t, drawing, { random: "random" })), {
    message: /`random` must be a list of numbers from 0 to below 1, or "seeded"/,
  });
  t.is((await check(fixture("careful.real.ts"))).states, 14);
});
