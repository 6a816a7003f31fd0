// What machines and networks do in a simulation: crashes, order, limits, payloads, and what cryptography costs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { builtins } from "../../src/catalogue/index.js";
import { conform } from "../../src/conform/index.js";
import { restartOutcomes } from "../../src/model/disk.js";
import type { Json } from "../../src/protocol/index.js";
import { readRecords, recordFilesIn, SimulatedRecords } from "../../src/records/index.js";
import { crashFrom, DownTimes } from "../../src/simulate/crash.js";
import { cryptoFrom, cryptoText, measuredCrypto } from "../../src/simulate/crypto.js";
import { Processors } from "../../src/simulate/engine/processors.js";
import { Measures } from "../../src/simulate/measures.js";
import { signaturesIn } from "../../src/simulate/message-size.js";
import { networkOf } from "../../src/simulate/network.js";
import type { RunObserver } from "../../src/simulate/observer.js";
import { defaults, parametersFrom } from "../../src/simulate/raw-options.js";
import { observe, record } from "../../src/simulate/result.js";
import { simulationFrom } from "../../src/simulate/setting.js";
import { sweepOf } from "../../src/simulate/sweep/index.js";
import { run } from "./support.js";

const crash = (...texts: string[]) => ({ crashes: texts.map(crashFrom) });

test("the common coin bears no fault beside the one in its exchange: with another one it is outside its contract", async (t) => {
  const { faults } = parametersFrom({ protocol: "common-coin" });
  t.is(faults, 0);
  const result = await run({ protocol: "common-coin", faults, clients: 0, ...crash("r0:5") });
  t.is(result.verdict, "outside");
  t.is((await run({ protocol: "common-coin", faults, clients: 0 })).verdict, "holds");
});

test("a primary that is down for a while gets the request when it is back", async (t) => {
  const result = await run(crash("r0:5..400"));
  t.is(result.verdict, "holds");
  t.deepEqual([result.latencyMs!.p50, result.viewChanges, result.messages.prepare], [440, 0, 9]);
});

test("a primary that stays down is replaced, and is one of the f faulty ones", async (t) => {
  const result = await run(crash("r0:5"));
  t.is(result.verdict, "holds");
  t.true(result.insideContract);
  t.deepEqual([result.latencyMs!.p50, result.viewChanges, result.executed], [1060, 1, 3]);
  const two = await run(crash("r0:5", "r1:5"));
  t.is(two.verdict, "outside");
  t.false(two.insideContract);
  const both = await run({ ...crash("r0:5"), adversary: "silent", byzantine: ["r1"] });
  t.false(both.insideContract);
});

test("a request has succeeded once all that stay have executed it: one that is gone does not count, and one that comes back counts once", async (t) => {
  const words = { protocol: "viewstamped", replicas: 3, clients: 0, timerJitter: 1, delay: "1..40", seed: 7 };
  const result = await run(parametersFrom({ ...words, crash: ["r0:74.044"] }));
  const [, , allExecute] = result.properties;
  t.deepEqual([allExecute!.verdict, result.succeeded, result.executed], ["holds", 1, 3]);
  const measures = new Measures(2);
  const executed = { kind: "executed", slot: 1, position: 1, request: "A", result: null } as const;
  measures.issue("A", 0);
  t.deepEqual(
    ["r1", null, "r1", "r2"].map((executor) => measures.observe(executed, 10, executor)),
    [false, false, false, true],
  );
});

test("what a replica has deferred comes again after a crash", async (t) => {
  const patient = fileURLToPath(new URL("../support/patient.js", import.meta.url));
  const result = await run({
    protocol: patient,
    clients: 0,
    properties: ["all-execute"],
    ...crash("r1:100..200"),
  });
  t.is(result.verdict, "holds");
  t.deepEqual([result.executed, result.delivered], [4, 4]); // r1 hears it twice
});

test("all may be down at one time if all come back, and what was on their disks is there", async (t) => {
  const result = await run({ ...crash("r0:45..900", "r1:45..900", "r2:45..900", "r3:45..900"), requests: 3 });
  t.is(result.verdict, "holds");
  t.deepEqual([result.succeeded, result.agreement], [3, true]);
});

test("a crash and a restart stand in the recording, and nothing reaches the node in between", async (t) => {
  const { recorder, result } = await record({ ...defaults, ...crash("r1:25..80") });
  const outages = recorder.steps.filter(({ action: { kind } }) => kind === "crash" || kind === "restart");
  t.deepEqual(
    outages.map(({ timeMs, action, now }) => [timeMs, action.kind, now.node, now.down]),
    [
      [25, "crash", "r1", true],
      [80, "restart", "r1", false],
    ],
  );
  t.is(result.verdict, "holds");
  const between = recorder.steps.filter(({ now, timeMs }) => now.node === "r1" && timeMs > 25 && timeMs < 80);
  t.is(between.length, 0);
});

test("what is not on a disk is gone after a crash: a server votes twice in one term", async (t) => {
  const verdicts = async (protocol: string) => {
    const found: string[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const base = { protocol, replicas: 3, faults: 1, clients: 0, properties: ["election-safety"], seed };
      const slow = {
        timerJitter: 0.1,
        delay: { kind: "uniform", minMs: 1, maxMs: 300 } as const,
        maxEvents: 400,
      };
      found.push(
        (await run({ ...base, ...slow, ...crash("r2:620..640", "r2:800..820", "r2:1000..1020") })).verdict,
      );
    }
    return found;
  };
  t.true((await verdicts("raft/vote-not-on-disk")).includes("violated"));
  t.false((await verdicts("raft")).includes("violated"));
});

test("timers that jitter break ties", async (t) => {
  const raft = { protocol: "raft", replicas: 3, faults: 1, clients: 0 };
  t.is((await run({ ...raft, timerJitter: 0 })).succeeded, 0);
  t.is((await run({ ...raft, timerJitter: 1 })).succeeded, 1);
});

test("nobody has to ask for it where no view has a leader", async (t) => {
  const jitters = ["raft", "viewstamped", "pbft"].map(
    async (protocol) =>
      (await simulationFrom(parametersFrom({ protocol, clients: 0 }))).parameters.timerJitter,
  );
  t.deepEqual(await Promise.all(jitters), [1, 0, 0]);
  const [byDefault, asked] = [{}, { timerJitter: 1 }].map((jitter) =>
    run({ protocol: "raft", properties: ["agreement", "all-execute"], seed: 4, ...jitter }),
  );
  const [{ wall: _, ...one }, { wall: __, ...other }] = [await byDefault!, await asked!];
  t.is(one.verdict, "holds");
  t.deepEqual(one, other);
});

test("a message that a busy replica has not handled when it crashes is handled when it is back", async (t) => {
  const result = await run({ ...crash("r0:12..300"), processingDelayMs: 5 });
  t.is(result.verdict, "holds");
  t.true(result.latencyMs!.p50 > 300);
});

test("what a busy replica had not handled when it crashed comes before what has arrived since, if links keep order", async (t) => {
  const words = {
    processingDelay: 15,
    crash: ["r1:120..400"],
    delay: "1..60",
    clients: 3,
    requests: 3,
    seed: 2,
  };
  const overtakings = async (fifo: boolean) => {
    const simulation = await simulationFrom(parametersFrom({ ...words, fifo }));
    const numbers = new Map<string, number>();
    const places = new Map<unknown, Map<number, readonly [link: string, number: number]>>();
    const last = new Map<string, number>();
    let [count, handled] = [0, 0];
    const observer = hearing({
      sent: (from, to, input) => {
        const link = `${from} ${to}`;
        numbers.set(link, (numbers.get(link) ?? 0) + 1);
        places.set(input, (places.get(input) ?? new Map()).set(to, [link, numbers.get(link)!]));
      },
      took: ({ node, input, again }) => {
        if (input.kind !== "message" || again) return;
        const [link, number] = places.get(input)!.get(node)!;
        handled++;
        if (number < (last.get(link) ?? 0)) count++;
        last.set(link, Math.max(number, last.get(link) ?? 0));
      },
    });
    t.is((await observe(simulation, observer)).verdict, "holds");
    t.true(handled > 200);
    return count;
  };
  t.is(await overtakings(true), 0);
  t.true((await overtakings(false)) > 5);
});

test("on shared processors a replica handles messages in the order in which they came, however long each takes", async (t) => {
  const simulation = await simulationFrom(parametersFrom({ processors: 2, crypto: "0/10ms" }));
  const processors = new Processors(simulation);
  const ms = (node: number, signatures: number, at = 0, crash = Number.POSITIVE_INFINITY) =>
    processors.finish(node, at * 1000, { tag: "certificate", vote: {}, atLeast: signatures }, crash * 1000) /
    1000;
  t.deepEqual([ms(0, 5), ms(0, 1), ms(1, 1), ms(0, 1)], [50, 50, 20, 50]);
  t.is(processors.busy, 80_000);
  t.deepEqual([ms(1, 9, 50, 60), ms(1, 1, 50, 60), ms(1, 1, 70)], [140, 60, 80]);
});

test("the work of a processor ends with a crash", async (t) => {
  const simulation = await simulationFrom(parametersFrom({ processingDelay: 5 }));
  const processors = new Processors(simulation);
  const ms = (time: number) => processors.finish(0, time * 1000, null, 12_000) / 1000;
  t.deepEqual([ms(0), ms(0), ms(1), ms(1)], [5, 10, 15, 17]);
  t.is(processors.busy, 12_000);
  t.is(processors.finish(0, 13_000, null), 18_000);
});

test("down times: what is there, what waits, and what never arrives", (t) => {
  const down = new DownTimes(
    [crashFrom("r1:2..5"), crashFrom("r1:9"), crashFrom("r2:1..2")],
    ["r0", "r1", "r2"],
  );
  t.deepEqual(
    [0, 1999, 2000, 4999, 5000, 8999, 9000].map((at) => down.reaches(1, at)),
    [...[0, 1999, 5000, 5000, 5000, 8999, Number.POSITIVE_INFINITY]],
  );
  t.deepEqual(
    [0, 2000, 2001, 9001].map((at) => down.nextCrash(1, at)),
    [2000, 2000, 9000, Number.POSITIVE_INFINITY],
  );
  t.is(down.reaches(0, 3000), 3000);
  t.deepEqual(down.of(0), []);
});

for (const [words, message] of [
  [{ crash: ["r1"] }, "--crash r1: use node:from..to, as in r1:300..800, or node:from if it stays down."],
  [{ crash: ["r1:3..2"] }, "--crash r1:3..2: a restart comes after the crash."],
  [{ crash: ["c0:3..4"] }, "There is no replica c0 that could crash; there are r0, r1, r2, r3."],
  [{ crash: ["r1:1..5", "r1:4"] }, "Two crashes of r1 overlap: the second one begins before it is back."],
  [
    { crash: ["r1:1"], byzantine: "r1", adversary: "silent" },
    "r1 is Byzantine, so it does not crash: name another one, or leave the crash out.",
  ],
  [
    { protocol: "raft", payload: 5 },
    "The requests of raft are names, so nothing tells which messages carry one: leave out --payload.",
  ],
  [
    { crypto: "fast" },
    "--crypto fast: use measured, published, or times to sign, to verify and to hash 1,000 bytes: 25us/35us/2us.",
  ],
  [{ maxMessage: 0 }, "--max-message 0: use a whole number of at least 1."],
  [{ protocol: "bracha", readOnly: true }, "bracha has no parameter readOnly: leave out --read-only."],
] as const)
  test(`refused: ${JSON.stringify(words)}`, async (t) => {
    const error = await t.throwsAsync(async () => simulationFrom(parametersFrom(words)));
    t.is(error.message, message);
  });

test("over links that keep order nothing overtakes, whatever delays are drawn", async (t) => {
  const overtakings = async (fifo: boolean) => {
    const words = {
      delay: "1..50",
      duplicate: 0.2,
      drop: 0.1,
      gst: 400,
      reorder: 0.3,
      fifo,
      crash: ["r1:100..300"],
    };
    const network = networkOf(await simulationFrom(parametersFrom({ ...words, seed: 7 })));
    const last = new Map<number, number>();
    let count = 0;
    for (let sent = 0; sent < 2000; sent++)
      for (const at of network.arrivals(0, 1 + (sent % 3), sent * 500, 100)) {
        if (at < (last.get(sent % 3) ?? 0)) count++;
        last.set(sent % 3, Math.max(at, last.get(sent % 3) ?? 0));
      }
    return count;
  };
  t.is(await overtakings(true), 0);
  t.true((await overtakings(false)) > 500);
});

test("what is longer than a message may be is not sent, and is counted", async (t) => {
  const result = await run({ payload: 1000, maxMessage: 1000 });
  t.deepEqual([result.messagesTooLong, result.succeeded, result.delivered], [33, 0, 0]);
  t.is(result.properties.find(({ name }) => name === "clients-are-served")!.verdict, "outside");
  t.regex(
    result.properties.at(-1)!.reason!,
    /^not live, and 33 messages were too long to be sent \(--max-message\)/,
  );
  t.is((await run({ payload: 1000, maxMessage: 2000 })).messagesTooLong, 0);
});

test("a payload counts where a request is, and not where its digest is", async (t) => {
  const [plain, loaded] = [await run(), await run({ payload: 10_000 })];
  const more = Object.fromEntries(
    Object.entries(loaded.bytes).map(([type, bytes]) => [type, bytes - plain.bytes[type]!]),
  );
  t.deepEqual(more, { request: 10_000, "pre-prepare": 30_000, prepare: 0, commit: 0, reply: 0 });
  t.is(loaded.messages["pre-prepare"], 3);
  const batched = await run({ payload: 10_000, clients: 3, batch: 3, pipeline: 1 });
  t.true(batched.bytes["pre-prepare"]! > 3 * 30_000);
});

test("signatures are counted as sizes are", (t) => {
  const signed = (body: unknown) => ({ tag: "signed", signer: "r0", body });
  t.is(signaturesIn(signed({ tag: "vote" })), 1);
  t.is(signaturesIn(signed({ request: signed({}), proof: { tag: "certificate", vote: {}, atLeast: 3 } })), 5);
  t.is(signaturesIn([{ tag: "collection", bodies: [signed(1), signed(2)], atLeast: 2 }, "r0", null]), 4);
});

test("cryptography takes the time of who signs, and of who verifies", async (t) => {
  const costs = cryptoFrom("1ms/2ms");
  const result = await run({ crypto: costs });
  // The primary verifies the client's signature and signs (3 ms), a backup verifies two and signs (5), and so on. That the client signs is 1 ms.
  t.is(result.verdict, "holds");
  t.true(result.latencyMs!.p50 > 50 + 1 + 3 + 5 + 3);
  // They sign 1 pre-prepare, 3 prepares, 4 commits and 4 replies, and verify 1 request, 3 pre-prepares with 2 signatures each, 9 prepares and
  // 12 commits.
  const busy = result.processorUse * 4 * result.virtualSeconds * 1000;
  t.is(Math.round(busy), 12 + 2 * (1 + 6 + 9 + 12));
  t.deepEqual(
    await run({ crypto: cryptoFrom("0/0/0") }).then(({ latencyMs }) => latencyMs),
    (await run()).latencyMs,
  );
});

test("costs are words that make the same run elsewhere", (t) => {
  t.deepEqual(cryptoFrom(cryptoText(cryptoFrom("published"))), { signMs: 0.025, verifyMs: 0.035, hashMs: 0 });
  const costs = measuredCrypto();
  t.deepEqual(cryptoFrom(cryptoText(costs)), costs);
  t.true(costs.signMs > 0 && costs.verifyMs > 0);
  const { points } = sweepOf(
    { title: null, description: null, base: { crypto: "measured" }, points: [{}], axes: [], trials: 1 },
    {},
  );
  t.is(points[0]!.words.crypto, cryptoText(costs));
});

test("authenticators, and reads that are not ordered, are simulated as they are searched", async (t) => {
  const result = await run({ authentication: "authenticators", requests: 3, reads: 2, readOnly: true });
  t.is(result.verdict, "holds");
  t.deepEqual(
    [result.messages.read, result.messages["read-reply"], result.messages["pre-prepare"]],
    [8, 8, 3],
  );
  const ordered = await run({ requests: 3, reads: 2 });
  t.deepEqual([ordered.messages.read, ordered.messages["pre-prepare"]], [undefined, 9]);
});

/** An observer that hears of nothing but what is given. */
const hearing = (some: Partial<RunObserver>): RunObserver => {
  const nothing = () => {};
  return {
    ...{ attach: nothing, took: nothing, began: nothing, allBegan: nothing, sent: nothing, handled: nothing },
    ...{ crashed: nothing, restarted: nothing },
    ...some,
  };
};

/** Protocols whose replicas ask for what they have lost. */
const asking: readonly string[] = ["viewstamped"];

for (const { protocol } of builtins.filter(({ name }) => !name.includes("/")))
  test(`a node of ${protocol.name} that comes back says nothing that it may have said otherwise before`, async (t) => {
    const faults = protocol.resilience === "crash" ? { replicas: 3, faults: 1 } : {};
    const simulation = await simulationFrom({
      ...defaults,
      ...faults,
      protocol: protocol.name,
      timerJitter: 1,
      maxEvents: 300,
    });
    const states = new Map<number, Set<Json>>();
    await observe(
      simulation,
      hearing({
        took: ({ node, outcome }) => {
          states.set(node, (states.get(node) ?? new Set()).add(outcome.state));
        },
      }),
    );
    t.true(states.size >= 3);
    const { nodes, config } = simulation;
    for (const [node, own] of states)
      for (const state of own) {
        const spec = nodes[node]!;
        const outcomes = restartOutcomes(spec, { self: spec.id, config }, state, "volatile");
        t.true(outcomes.length > 0);
        if (asking.includes(protocol.name)) continue;
        const sent = outcomes.flatMap(({ effects }) =>
          effects.filter(({ kind }) => kind === "send" || kind === "broadcast"),
        );
        t.deepEqual(sent, [], `${spec.id} in ${JSON.stringify(state)}`);
      }
  });

test("a replica that recovers asks again: the primary of the view of which it was told was itself", async (t) => {
  const words = {
    protocol: "viewstamped",
    replicas: 3,
    clients: 0,
    delay: "1..50",
    crash: ["r0:20..300"],
    seed: 5,
  };
  const result = await run(parametersFrom(words));
  t.is(result.verdict, "holds");
  t.is(result.messages.recovery, 4);
});

for (const [name, words] of [
  ["a network that loses, doubles and reorders", { duplicate: 0.3, reorder: 0.3, drop: 0.1, gst: 600 }],
  ["a liar", { adversary: "random", byzantine: "r1", delay: "1..50" }],
  ["crashes", { crash: ["r1:40..200", "r0:300"], requests: 3, delay: "5..60" }],
  ["batches and checkpoints", { batch: 3, clients: 4, pipeline: 2, checkpointInterval: 2, tentative: true }],
  ["votes that are not kept early", { protocol: "hotstuff", clients: 0, requests: 1, delay: "1..50" }],
  ["chance", { protocol: "common-coin", clients: 0, requests: 1, delay: "1..50" }],
] as const)
  test(`the records of a simulated run conform: ${name}`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
    try {
      const simulation = await simulationFrom(parametersFrom({ clients: 2, requests: 5, seed: 4, ...words }));
      const records = new SimulatedRecords(simulation, join(directory, "records"), {});
      await observe(simulation, records);
      records.close();
      const files = simulation.nodes.flatMap(({ id }) => recordFilesIn(join(directory, "records", id)));
      const found = await conform(readRecords(files), {});
      t.is(found.rejection, null);
      t.is(found.explained, found.steps.length);
      t.true(found.steps.length > 30);
      t.throws(() => new SimulatedRecords(simulation, directory, {}), {
        message: /has files in it: name a new directory/,
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
