// A cluster of real nodes in one process: real sockets, TLS, signatures, logs and records.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { findProtocol } from "../../src/catalogue/index.js";
import { conform, traceOfConformance } from "../../src/conform/index.js";
import { type Event, type Json, type NodeId, sign } from "../../src/protocol/index.js";
import { recordName } from "../../src/records/files.js";
import { merged, type RecordedStep, type Records, readRecords } from "../../src/records/index.js";
import { audit } from "../../src/run/audit.js";
import { wireFaults } from "../../src/run/byzantine/kinds.js";
import { ByzantineService } from "../../src/run/byzantine/service.js";
import type { NodeSettings } from "../../src/run/cluster.js";
import { portOf, serveMetrics } from "../../src/run/metrics.js";
import { NodeService } from "../../src/run/service.js";
import { purpose, randomFor } from "../../src/simulate/random.js";
import { decodeTrace, encodeTrace, replay, type Trace } from "../../src/trace/index.js";
import { root } from "../cli/support.js";
import {
  type AttackKind,
  attack,
  attackKinds,
  connected,
  elsewhere,
  oversizeFrame,
  soundFrame,
  written,
} from "../support/attacker.js";
import { clientOf, clusterFiles, started } from "../support/cluster.js";
import { isInPlace, type Planted, type PlantKind, planted, plantKinds } from "../support/planted.js";

test.serial("a node that cannot begin leaves its address, and its log as it was", async (t) => {
  const { nodes } = await clusterFiles(t, { protocol: "bracha", requests: 1 });
  const one = nodes[0]!;
  const throwing = () => {
    throw new Error("no beginning");
  };
  const behaviour = { ...one.spec.behaviour, init: throwing };
  const failing = { ...one, spec: { ...one.spec, behaviour } } as unknown as NodeSettings;
  const fails = () =>
    t.throwsAsync(new NodeService(failing, { fail: throwing }).start(), { message: /no beginning/ });
  const log = join(one.directory, "log");
  const begins = async (isAgain: boolean) => {
    const sound = new NodeService(one, { fail: (error) => t.fail(String(error)) });
    t.is(await sound.start(), isAgain);
    await sound.stop();
    return readFileSync(log);
  };
  await fails();
  t.false(existsSync(log));
  const before = await begins(false);
  await fails();
  t.deepEqual(readFileSync(log), before);
  await begins(true);
});

test.serial("more requests than the protocol has are refused before anything is written", async (t) => {
  const options = { protocol: join(root, "examples/broadcast.ts"), requests: 20 };
  await t.throwsAsync(clusterFiles(t, options), {
    code: "bad-option",
    message: /20 requests are asked for, but there are only 3 requests of broadcast/,
  });
  const { nodes } = await clusterFiles(t, { ...options, requests: 3 });
  t.is(nodes.length, 4);
});

const nothingDropped = {
  malformed: 0,
  "bad-signature": 0,
  oversize: 0,
  "unknown-sender": 0,
  "queue-full": 0,
  "too-long": 0,
  "deferred-too-many": 0,
  duplicate: 0,
  unproven: 0,
};

test.serial("four replicas serve a client, and after a restart from their logs another one", async (t) => {
  const { nodes } = await clusterFiles(t, { clients: 2 });
  const startAll = () => Promise.all(nodes.slice(0, 4).map((node) => started(t, node)));
  const replicas = await startAll();
  const first = await clientOf(t, nodes[4]!, 3);
  t.deepEqual(await first.served, ["A@1", "A@2", "A@3"]);
  for (const { counters } of replicas) t.deepEqual({ ...counters.dropped, duplicate: 0 }, nothingDropped);
  for (const replica of [first.service, ...replicas]) await replica.stop();

  const again = await startAll();
  const second = await clientOf(t, nodes[5]!, 2);
  t.deepEqual(await second.served, ["B@4", "B@5"]);
  for (const replica of [second.service, ...again]) await replica.stop();

  const records = recordsOf(nodes);
  const { steps, missing } = merged(records);
  t.deepEqual(missing, {});
  const starts = steps.filter(({ input }) => input.kind === "restart").map(({ node }) => node);
  t.deepEqual(starts.sort(), ["r0", "r1", "r2", "r3"]);
  await conforms(t, records);
  for (const kind of plantKinds) await isRejected(t, records, kind);
  await isTold(t, records);
});

/** The longest explained prefix is a trace, and each node that could go on is told, with its reason. */
async function isTold(t: ExecutionContext, records: Records): Promise<void> {
  const whole = await replay(roundTrip(traceOfConformance(await conform(records), records)));
  const starts = records.steps.filter(({ input }) => input.kind === "start").length;
  t.is(whole.outcome, "holds now");
  t.is(whole.steps.length, records.steps.length - starts + 4); // a restart is a crash and a restart
  const mutant = await conform(records, { protocol: "pbft/quorum-2f" });
  const guard =
    /^the model: (r.) sends to all replicas: commit .*; the record: \1 sets the timer view-change to 1$/;
  const failing = mutant.frontier.filter(({ waits }) => !waits);
  t.deepEqual(failing.map(({ node }) => node).sort(), ["r1", "r2", "r3"]);
  for (const { reason } of failing) t.regex(reason, guard);
  for (const { reason } of mutant.frontier.filter(({ waits }) => waits))
    t.regex(reason, /^it comes after step \d+ of r\d, and only \d+ of r\d are explained$/);
  const prefix = await replay(roundTrip(traceOfConformance(mutant, records)));
  t.is(prefix.outcome, "holds now");
  t.is(prefix.steps.length, mutant.explained - starts);
}

function roundTrip(trace: Trace): Trace {
  return decodeTrace(encodeTrace(trace), "trace");
}

function recordsOf(nodes: readonly NodeSettings[]): Records {
  return readRecords(nodes.map(({ directory }) => join(directory, recordName)));
}

/** The model explains the records, also with one node that is not believed. */
async function conforms(t: ExecutionContext, records: Records): Promise<void> {
  for (const byzantine of [[], ["r1"]]) {
    const found = await conform(records, { byzantine });
    t.is(found.rejection, null);
    t.is(found.explained, records.steps.filter(({ node }) => !byzantine.includes(node)).length);
  }
}

/** A change of this kind, where it matters, is found in its place. */
async function isRejected(t: ExecutionContext, records: Records, kind: PlantKind): Promise<void> {
  const random = randomFor(1, purpose.choice);
  let change = planted(records, kind, random);
  // A vote that made nobody send anything may have made no difference.
  const isIdle = ({ step }: Planted) =>
    kind === "vote-dropped" && !step.effects.some(({ kind: effect }) => effect === "broadcast");
  while (isIdle(change)) change = planted(records, kind, random);
  const { rejection } = await conform(change.records);
  t.true(
    rejection !== null && isInPlace(kind, change.step, rejection),
    `${kind}: ${JSON.stringify(rejection)}`,
  );
}

test.serial(
  "without the first primary the others change the view, with proofs that all can verify",
  async (t) => {
    const { nodes } = await clusterFiles(t, { timeout: "100ms" });
    const replicas = await Promise.all(nodes.slice(1, 4).map((node) => started(t, node)));
    const { service, served } = await clientOf(t, nodes[4]!, 3);
    t.deepEqual(await served, ["A@1", "A@2", "A@3"]);
    for (const { counters, driver } of replicas) {
      t.true(driver.view! > 0);
      t.deepEqual({ ...counters.dropped, duplicate: 0 }, nothingDropped);
    }
    const server = await serveMetrics(replicas[0]!, { host: "127.0.0.1", port: 0 });
    const response = await fetch(`http://127.0.0.1:${portOf(server)}/metrics`);
    const metrics = await response.text();
    server.close();
    t.regex(metrics, /^turncoat_executed_total [1-3]$/m);
    t.regex(metrics, /^turncoat_messages_sent_total\{type="view-change"\} [1-9]/m);
    t.regex(metrics, /^turncoat_messages_dropped_total\{reason="bad-signature"\} 0$/m);
    t.regex(metrics, /^turncoat_view [1-9]/m);
    onlyShown(t, metrics);
    for (const node of [service, ...replicas]) await node.stop();
    const running = recordsOf(nodes.slice(1));
    const found = await conform(running);
    t.deepEqual([found.rejection, found.byzantine], [null, ["r0"]]);
    // r0 has not run, and is taken for Byzantine: it might have signed anything, but not in the name of others.
    const forged = await conform(withForgery(running, "r2"));
    t.regex(forged.rejection!.reason, /^r0 is Byzantine, and can still not have said that/);
  },
);

/** Every metric that the dashboard in examples/cluster asks for is one of these. */
function onlyShown(t: ExecutionContext, metrics: string): void {
  const { panels } = JSON.parse(readFileSync("examples/cluster/grafana/turncoat.json", "utf8"));
  const asked = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
    targets.flatMap(({ expr }) =>
      expr.match(/[a-z][a-z0-9]*_[a-z0-9_]+/g)!.filter((name) => !isPromql(name)),
    ),
  );
  t.true(asked.length >= panels.length);
  for (const name of asked) t.regex(metrics, new RegExp(`^${name}[ {]`, "m"), name);
}

function isPromql(name: string): boolean {
  return name === "histogram_quantile";
}

/** Somebody receives a vote of this node, that it has never cast, through r0. */
function withForgery(records: Records, signer: NodeId): Records {
  const at = records.steps.findLastIndex(({ node, input }) => node === "r1" && input.kind === "message");
  const step = records.steps[at]!;
  const message = sign(signer, { tag: "prepare", view: 0, slot: 1, digest: "forged" }) as unknown as Json;
  const forged: RecordedStep = { ...step, input: { kind: "message", from: signer, via: "r0", message } };
  return { ...records, steps: records.steps.map((one) => (one === step ? forged : one)) };
}

test.serial("replicas without clients have all requests from the start, and execute them", async (t) => {
  const { nodes } = await clusterFiles(t, { protocol: "hotstuff", timeout: "150ms" });
  const replicas = nodes.map((node) => {
    let done = () => {};
    const executed = new Promise<void>((resolve) => {
      done = resolve;
    });
    const observe = (events: readonly Event[]) => events.some(({ kind }) => kind === "executed") && done();
    return { executed, service: started(t, node, { observe }) };
  });
  await Promise.all(replicas.map(({ executed }) => executed));
  for (const { service } of replicas) await (await service).stop();
  const { rejection, explained } = await conform(recordsOf(nodes));
  t.is(rejection, null);
  t.true(explained > 30);
});

test.serial("a leader proves that it is one of those whose statements it has collected", async (t) => {
  // In Fast-HotStuff a leader counts a new-view of its own, which it sends nobody. Behaviours of its compare texts, with the keys in order.
  const { nodes } = await clusterFiles(t, { protocol: "fast-hotstuff", timeout: "100ms" });
  const replicas = await Promise.all(nodes.map((node) => started(t, node)));
  while (!replicas.every(({ driver, counters }) => driver.view! > 4 && counters.accepted > 10))
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const replica of replicas) await replica.stop();
  for (const { counters } of replicas) t.deepEqual({ ...counters.dropped, duplicate: 0 }, nothingDropped);
  const { rejection, explained } = await conform(recordsOf(nodes));
  t.is(rejection, null);
  t.true(explained > 40);
});

test.serial(
  "with a mutator as the first primary the others serve, and the model explains what they did",
  async (t) => {
    const { nodes } = await clusterFiles(t, { timeout: "150ms" });
    const entry = await findProtocol("pbft");
    const byzantine = new ByzantineService(nodes[0]!, wireFaults("mutator", entry, nodes[0]!, 7), 7);
    await byzantine.start();
    const replicas = await Promise.all(nodes.slice(1, 4).map((node) => started(t, node)));
    const { service, served } = await clientOf(t, nodes[4]!, 3);
    t.is((await served).length, 3);
    t.true(byzantine.counters.sent > 0);
    for (const one of [service, byzantine, ...replicas]) await one.stop();
    const found = await conform(recordsOf(nodes.slice(1)));
    t.deepEqual([found.rejection, found.byzantine], [null, ["r0"]]);
    const files = new Map(
      nodes.slice(1).map(({ member, directory }) => [member.id, [join(directory, recordName)]]),
    );
    // Of the two answers that serve a client one may be of the Byzantine replica, and the others are stopped at once.
    t.deepEqual(await audit(files, 1), {
      ...{ executed: 3, accepted: 3, twice: [], disagreements: [], missing: [], invented: [] },
    });
  },
);

test.serial("what a Byzantine node makes up on the wire is counted and dropped", async (t) => {
  const { nodes } = await clusterFiles(t);
  const [victim, attacker] = [nodes[0]!, nodes[3]!];
  const service = await started(t, victim);
  const { counters } = service;
  const socket = await connected(attacker, victim.member);
  const foreign = elsewhere(attacker);
  const each = 10;
  for (let number = 0; number < each; number++)
    for (const kind of Object.keys(attackKinds) as AttackKind[])
      await written(socket, attack(kind, attacker, foreign, "r1", number));
  // What is sound is taken still, a byte at a time as well.
  for (const byte of soundFrame(attacker, 1)) await written(socket, Buffer.from([byte]));
  await written(socket, oversizeFrame());
  await new Promise((resolve) => socket.once("close", resolve));

  // Another cluster's node has the same name, and other keys.
  const other = await clusterFiles(t);
  const strange = await connected(other.nodes[3]!, victim.member).catch(() => null);
  if (strange !== null && !strange.destroyed) await new Promise((resolve) => strange.once("close", resolve));

  const kinds = Object.values(attackKinds);
  t.is(counters.accepted, 1);
  t.deepEqual(
    { ...counters.dropped },
    {
      ...nothingDropped,
      malformed: each * kinds.filter((reason) => reason === "malformed").length,
      "bad-signature": each * kinds.filter((reason) => reason === "bad-signature").length,
      oversize: 1,
      "unknown-sender": 1,
    },
  );
  await service.stop();
  // Of its own steps it can say what it likes; of others' nobody asks it.
  t.deepEqual(recordsOf([victim]).steps.at(-1)!.clock, { r0: 2, r3: 1 });
});
