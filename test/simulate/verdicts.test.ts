// No silent passes: what a run that did not go well is called, and that every property can fail here, too.

import test from "ava";
import { builtins } from "../../src/catalogue/registry.js";
import type { Behaviour, Context, Input, Json, NodeSpec } from "../../src/protocol/index.js";
import { simulationJson } from "../../src/report/simulate-json.js";
import { run as runOf } from "../../src/simulate/engine.js";
import { defaults } from "../../src/simulate/raw-options.js";
import { simulationFrom } from "../../src/simulate/setting.js";
import { unmet } from "../../src/simulate/unmet.js";
import { constant, run } from "./support.js";

test("four silent replicas of seven: not live, outside the contract, and the run ends", async (t) => {
  const result = await run({ replicas: 7, adversary: "silent", byzantine: { count: 4, which: "any" } });
  t.is(result.verdict, "outside");
  t.is(result.reason, "not live, outside the contract: the client of c0:1:A still waits");
  t.is(result.end.kind, "gave-up");
  t.is(simulationJson(result, false, { digest: "", parts: {} }).end, "patience");
  t.false(result.insideContract);
  t.is(result.succeeded, 0);
  t.is(result.agreement, null);
  t.deepEqual(
    result.properties.map(({ name, verdict }) => [name, verdict]),
    [
      ["agreement", "outside"],
      ["validity", "outside"],
      ["clients-are-served", "outside"],
    ],
  );
});

test("a protocol without view changes is not live with a silent primary, and that is a violation", async (t) => {
  const result = await run({ protocol: "pbft/primary-forever", adversary: "silent", byzantine: ["r0"] });
  t.is(result.verdict, "violated");
  t.is(result.reason, "not live: the client of c0:1:A still waits");
});

test("an equivocating primary breaks agreement where votes are counted whatever they are for", async (t) => {
  const flawed = {
    protocol: "pbft/votes-ignore-digest",
    adversary: "equivocating-primary",
    byzantine: ["r0"],
    clients: 2,
  };
  const result = await run(flawed);
  t.is(result.verdict, "violated");
  t.false(result.agreement);
  t.is((await run({ ...flawed, protocol: "pbft" })).verdict, "holds");
});

test("timers that are too short for a view are no proof that a protocol is not live", async (t) => {
  const slow = {
    protocol: "hotstuff",
    clients: 0,
    delay: { kind: "uniform", minMs: 1, maxMs: 200 } as const,
    seed: 3,
  };
  const result = await run(slow);
  t.is(result.verdict, "inconclusive");
  t.is(
    result.reason,
    "120 views ended, and no timer ran longer than 500 ms, which may be too short for a view in which a message takes 200 ms (use a larger --timeout): " +
      "4 of 4 correct replicas have not decided, r0 among them",
  );
  t.is((await run({ ...slow, timeoutMs: 4000 })).verdict, "holds");
});

test("where one decision is all that is promised, one is waited for, however many values are proposed", async (t) => {
  const several = { protocol: "ibft", clients: 0, requests: 3, seed: 1 };
  const result = await run(several);
  t.is(result.verdict, "holds");
  t.deepEqual(
    result.properties.map(({ name, comparisons }) => [name, comparisons]),
    [
      ["agreement", 6],
      ["validity", 1],
      ["termination", 4],
    ],
  );
  t.deepEqual([result.requests, result.succeeded, result.end.kind], [1, 1, "done"]);
  // One that does not even decide is told.
  const stuck = { ...several, adversary: "silent", byzantine: { count: 1, which: "any" } } as const;
  t.is((await run(stuck)).verdict, "holds");
  t.is(
    (await run({ ...stuck, protocol: "ibft/lock-never-released", drop: 0.3, gstMs: 400 })).end.kind,
    "done",
  );
  // Who asks for all of them waits for all.
  const asked = await run({ ...several, properties: ["all-execute"] });
  t.deepEqual([asked.requests, asked.succeeded, asked.end.kind], [3, 1, "quiet"]);
  t.is(asked.reason, "not live: 4 correct replicas have not executed everything; r0 lacks B");
  const broadcast = await run({ ...stuck, protocol: "bracha", byzantine: ["r0"] });
  t.is(broadcast.verdict, "vacuous");
  t.is(broadcast.reason, "every correct replica must have executed a request at one slot");
});

test("no protocol that comes with Turncoat is called not live for what it does not promise", async (t) => {
  const correct = builtins.filter(({ mutant, protocol }) => mutant === null && protocol.name !== "paxos");
  t.is(correct.length, 23);
  // Who decides on what nobody asks for owes no request.
  t.deepEqual(
    correct.flatMap(({ name, protocol }) => (protocol.promises === undefined ? [name] : [])),
    ["two-phase-commit", "streamlet", "simplex", "minimmit", "grandpa", "common-coin"],
  );
  for (const { name, defaults: { replicas = 4 } = {} } of correct)
    for (const faulty of [{}, { adversary: "silent", byzantine: ["r0"] }]) {
      const result = await run({ protocol: name, replicas, requests: 3, seed: 1, ...faulty });
      // The tutorial says that its primary may fail, and has nobody to take over.
      if (name === "tutorial" && "adversary" in faulty) t.is(result.verdict, "violated");
      else t.not(result.verdict, "violated", `${name}: ${result.reason}`);
    }
});

test("every protocol keeps what it says that it promises, where nobody is faulty", async (t) => {
  const promising = builtins.filter(
    ({ mutant, protocol }) => mutant === null && protocol.promises !== undefined,
  );
  t.is(promising.length, 17);
  for (const { name, protocol, defaults: { replicas = 4 } = {} } of promising) {
    const asked = { protocol: name, replicas, clients: 0, requests: 3, properties: [protocol.promises!] };
    for (const seed of [1, 2, 3]) {
      const { verdict, reason } = await run({
        ...asked,
        seed,
        delay: { kind: "uniform", minMs: 5, maxMs: 35 },
      });
      t.is(verdict, "holds", `${name}: ${reason}`);
    }
  }
});

test("servers that stand for election at the same moments for ever are no proof that a protocol is not live", async (t) => {
  const raft = { protocol: "raft", replicas: 3, seed: 1, timerJitter: 0 };
  const hint =
    "the protocol names no leader of a view, and timers of one length ran out at the same moment, so nodes may have stood for election together each time: use --timer-jitter 1";
  const asked = { ...raft, properties: ["all-execute"] };
  const inStep = await run(asked);
  t.is(inStep.verdict, "inconclusive");
  t.is(inStep.reason, `${hint}: 3 correct replicas have not executed everything; r0 lacks A`);
  t.is((await run({ ...asked, timerJitter: 1 })).verdict, "holds");
  t.is(simulationJson(inStep, false, { digest: "", parts: {} }).timerJitter, 0);
  t.is(simulationJson(await run({ protocol: "raft" }), false, { digest: "", parts: {} }).timerJitter, 1);
  t.is(
    (await run({ ...raft, properties: ["agreement"] })).reason,
    `two correct replicas must have executed a request at the same index (${hint})`,
  );
});

test("servers none of which has a timer left do not stand for election together for ever: that is a violation", async (t) => {
  const simulation = await simulationFrom({
    ...{ ...defaults, protocol: "raft", replicas: 3, faults: 1, clients: 0, requests: 1, seed: 1 },
    properties: ["all-execute"],
  });
  const deaf = ({ behaviour, ...spec }: NodeSpec<Json>): NodeSpec<Json> => ({
    ...spec,
    behaviour: {
      ...(behaviour as Behaviour<Json, Json>),
      step: (_context: Context, state: Json) => [{ state, effects: [], events: [] }],
    },
  });
  const outcome = await runOf({ ...simulation, nodes: simulation.nodes.map(deaf) });
  t.is(outcome.end.kind, "quiet");
  t.true(outcome.measures.longestTimer > 0);
  t.deepEqual(unmet(simulation, outcome), ["violated", "not live"]);
});

test("timers that differ by less than messages take break no tie", async (t) => {
  const raft = { protocol: "raft", replicas: 3, seed: 3, requests: 1, properties: ["all-execute"] };
  for (const timerJitter of [1e-7, 0.001]) {
    const { verdict, reason } = await run({ ...raft, timerJitter });
    t.is(verdict, "inconclusive");
    t.regex(reason!, /ran out within 1 ms, in which few messages of 10 ms arrive/);
  }
});

/** Raft's servers, if all of them do nothing but set their timer again, and stay in the last term. */
async function climbing(lastTerm: number) {
  const simulation = await simulationFrom({
    ...{ ...defaults, protocol: "raft", replicas: 3, faults: 1, clients: 0, requests: 1, seed: 1 },
    properties: ["all-execute"],
  });
  const step = (_context: Context, state: Json) => {
    const before = state as { readonly term: number };
    const after = { ...before, term: Math.min(before.term + 1, lastTerm) };
    return [{ state: after, effects: [{ kind: "set-timer", timer: "election" } as const], events: [] }];
  };
  const climbs = ({ behaviour, ...spec }: NodeSpec<Json>): NodeSpec<Json> => ({
    ...spec,
    behaviour: { ...(behaviour as Behaviour<Json, Json>), step },
  });
  const nodes = simulation.nodes.map(climbs);
  return unmet(simulation, await runOf({ ...simulation, nodes }));
}

test("nodes without a leader that stay in one view are not live, and such as go on to the next may yet be", async (t) => {
  t.deepEqual(await climbing(2), ["violated", "not live"]);
  const [verdict, reason] = await climbing(1000);
  t.is(verdict, "inconclusive");
  t.regex(
    reason,
    /^the protocol names no leader of a view, and after \d+ of them nodes still went on to the next/,
  );
});

test("an entry of an earlier term that waits for a request that does not come is no violation, and ends a run soon", async (t) => {
  // The leader crashes when the others have its entry, and before it tells them that this is committed.
  const crashes = [{ node: "r2", fromMs: 930, toMs: null }];
  const asked = { protocol: "raft", replicas: 3, faults: 1, requests: 1, seed: 1, crashes };
  const left = await run(asked);
  t.is(left.verdict, "inconclusive");
  t.is(
    left.reason,
    "the protocol names no leader of a view, and after 9 of them nodes still went on to the next, which might have served (other seeds may tell): " +
      "2 correct replicas have not executed everything; r0 lacks A",
  );
  t.is(left.events, 84);
  // A request of the new leader's own term commits it.
  t.is((await run({ ...asked, requests: 2 })).verdict, "holds");
});

test("servers that hear from their leader do not stand for election: whatever the seed, the first one serves all", async (t) => {
  const raft = { protocol: "raft", replicas: 5, faults: 2, requests: 3 } as const;
  for (let seed = 1; seed <= 40; seed++) {
    const { verdict, succeeded } = await run({
      ...raft,
      seed,
      delay: { kind: "uniform", minMs: 5, maxMs: 200 },
    });
    t.deepEqual([verdict, succeeded], ["holds", 3]);
  }
});

test("a protocol's own property that a run did not put to the test counts only for those who have named it", async (t) => {
  const raft = { protocol: "raft", replicas: 3, faults: 1, requests: 1, seed: 1 };
  const { verdict, properties } = await run(raft);
  const of = (name: string) => properties.find((property) => property.name === name)?.verdict;
  t.deepEqual([verdict, of("agreement"), of("leader-completeness")], ["holds", "holds", "vacuous"]);
  const named = await run({ ...raft, properties: ["agreement", "leader-completeness"] });
  t.is(named.verdict, "vacuous");
});

test("a property that is not put to the test is vacuous", async (t) => {
  const result = await run({ properties: ["integrity"], requests: 2 });
  t.is(result.verdict, "vacuous");
  t.is(result.reason, "a slot that a correct replica has executed must have committed there once more");
});

test("a limit that is reached first is inconclusive", async (t) => {
  const byTime = await run({ maxTimeMs: 45 });
  t.is(byTime.verdict, "inconclusive");
  t.is(byTime.reason, "the limit of 45 ms was reached: the client of c0:1:A still waits");
  t.is((await run({ maxTimeMs: 50 })).verdict, "holds");
  const byEvents = await run({ maxEvents: 10, properties: ["clients-are-served"] });
  t.is(byEvents.reason, "the limit of 10 events was reached: the client of c0:1:A still waits");
  t.is(byEvents.events, 10);
});

test("if the network loses everything for ever, nothing is promised", async (t) => {
  const result = await run({ drop: 1, properties: ["clients-are-served"] });
  t.is(result.verdict, "outside");
  t.regex(result.reason!, /^not live, and the network loses messages to the end/);
});

test("what is lost before the global stabilization time arrives after it", async (t) => {
  const result = await run({ drop: 1, gstMs: 300 });
  t.is(result.verdict, "holds");
  t.deepEqual(result.latencies, [350_000]); // the request 10 after 300; the rest is 4 * 10
});

test("a partition without a quorum on either side serves nobody until it heals", async (t) => {
  const groups = [
    ["r0", "r1"],
    ["r2", "r3"],
  ];
  const result = await run({ partitions: [{ fromMs: 0, toMs: 2000, groups }] });
  t.is(result.verdict, "holds");
  t.true(result.latencyMs!.max > 2000);
});

test("a partition that leaves the client with a quorum goes unnoticed", async (t) => {
  const groups = [["r0", "r1", "r2"], ["r3"]];
  const result = await run({ partitions: [{ fromMs: 0, toMs: 100_000, groups }] });
  t.deepEqual(result.latencies, [50_000]);
});

test("duplicated and reordered messages change nothing but time", async (t) => {
  const result = await run({ duplicate: 1, reorder: 0.5, requests: 5, clients: 2, delay: constant(5) });
  t.is(result.verdict, "holds");
  t.is(result.succeeded, 10);
  t.is(result.delivered, 2 * Object.values(result.messages).reduce((a, b) => a + b));
});

test("without clients a replica that gives up on the view may stay behind: more is asked than PBFT owes", async (t) => {
  const parameters = {
    replicas: 10,
    clients: 0,
    adversary: "random",
    timeoutMs: 100,
    reorder: 0.05,
  } as const;
  const result = await run({
    ...parameters,
    byzantine: ["r1", "r3", "r8"],
    delay: { kind: "uniform", minMs: 5, maxMs: 35 },
    seed: 14,
  });
  t.is(result.verdict, "inconclusive");
  t.is(result.executed, 5);
  t.true(result.agreement);
});

test("a clock that only the two-thousandth step asks, without using the answer, is an error", async (t) => {
  const simulation = await simulationFrom({ ...defaults, requests: 100 });
  let steps = 0;
  const late = ({ behaviour, ...spec }: NodeSpec<Json>): NodeSpec<Json> => ({
    ...spec,
    behaviour: {
      ...(behaviour as Behaviour<Json, Json>),
      step(context: Context, state: Json, input: Input<Json>) {
        try {
          if (++steps === 2000) Date.now();
        } catch {}
        return (behaviour as Behaviour<Json, Json>).step(context, state, input);
      },
    },
  });
  await t.throwsAsync(runOf({ ...simulation, nodes: simulation.nodes.map(late) }), {
    message: /^step\(\) of [rc]\d is nondeterministic: it asked Date\.now\. /,
  });
  t.is(steps, 2000);
});
