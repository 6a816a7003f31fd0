// What links between nodes promise: nothing is lost between two that run, and nobody can make a node hold more than it has room for.

import { pbkdf2, X509Certificate } from "node:crypto";
import { EventEmitter } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import test, { type ExecutionContext } from "ava";
import { type Json, sign } from "../../src/protocol/index.js";
import { Acknowledger } from "../../src/run/acknowledgements.js";
import { type NodeSettings, readNode } from "../../src/run/cluster.js";
import { Connection } from "../../src/run/connections.js";
import { Counters } from "../../src/run/counters.js";
import { Deferred, type DeferredMessage, deferredOfSender } from "../../src/run/deferred.js";
import { DurableLog } from "../../src/run/durable-log.js";
import { frameBytesMax, frameOf } from "../../src/run/frames.js";
import { Listener } from "../../src/run/listener.js";
import { NetworkProxy } from "../../src/run/nemesis/proxy.js";
import { rotateKeys } from "../../src/run/plan.js";
import { Timers } from "../../src/run/timers.js";
import { tlsOptions } from "../../src/run/tls.js";
import { Transport } from "../../src/run/transport.js";
import { connected, soundFrame } from "../support/attacker.js";
import { clientOf, clusterFiles, started } from "../support/cluster.js";

/** Waits until something is so. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The peer as it is behind a proxy. */
async function behind(proxy: NetworkProxy, settings: NodeSettings, peer: NodeSettings) {
  const port = await proxy.add(settings.member.id, peer.member.id, peer.member);
  return { ...peer.member, port };
}

test.serial("frames that are under way when connections break arrive over the next ones", async (t) => {
  const { nodes } = await clusterFiles(t);
  const [sender, receiver] = [nodes[0]!, nodes[1]!];
  const proxy = new NetworkProxy();
  const received = new Set<string>();
  const listener = new Listener(receiver, new Counters(), (_, content, handled) => {
    received.add(content.toString());
    handled();
  });
  await listener.listen();
  const counters = new Counters();
  const connection = new Connection(sender, await behind(proxy, sender, receiver), counters);
  // Every fifth piece is lost with its connection; then all is well again.
  proxy.suffer("r0", "r1", { loss: 0.2 });
  for (let number = 0; number < 300; number++) {
    connection.send(frameOf(`frame ${number}`)!);
    if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  proxy.suffer("r0", "r1", {});
  await until(() => connection.waitingBytes === 0);
  t.is(received.size, 300);
  t.is(counters.dropped["queue-full"], 0);

  // While nothing passes what was sent waits; a connection that has ended in the meantime makes no difference.
  proxy.suffer("r0", "r1", { isHeld: true });
  connection.send(frameOf("held")!);
  t.is(connection.waitingBytes, 8);
  proxy.suffer("r0", "r1", {});
  await until(() => received.has("held"));
  connection.close();
  listener.close();
  proxy.close();
});

test.serial("what waits for a receiver is bounded, and what is more is counted", async (t) => {
  const { nodes } = await clusterFiles(t);
  const counters = new Counters();
  const connection = new Connection(nodes[0]!, nodes[1]!.member, counters); // nobody listens there
  const frame = frameOf("x".repeat(frameBytesMax))!;
  for (let number = 0; number < 10; number++) connection.send(frame);
  t.is(counters.dropped["queue-full"], 3);
  t.true(connection.waitingBytes <= 8 * 2 ** 20);
  connection.close();
});

test.serial("strangers that show nothing do not keep others out", async (t) => {
  const { nodes } = await clusterFiles(t);
  const [sender, receiver] = [nodes[0]!, nodes[1]!];
  let received = 0;
  const listener = new Listener(receiver, new Counters(), () => received++);
  await listener.listen();
  const { host, port } = receiver.member;
  const strangers = Array.from({ length: 100 }, () => connect({ host, port }).on("error", () => {}));
  await Promise.all(strangers.map((one) => new Promise((resolve) => one.once("connect", resolve))));
  const connection = new Connection(sender, receiver.member, new Counters());
  connection.send(frameOf("here")!);
  await until(() => received === 1);
  await until(() => strangers.filter(({ closed }) => closed).length >= 36);
  for (const one of [...strangers, connection, listener]) "destroy" in one ? one.destroy() : one.close();
  t.pass();
});

test.serial("a message that others have made too long is counted, and the node goes on", async (t) => {
  const { nodes } = await clusterFiles(t);
  const counters = new Counters();
  const transport = new Transport(nodes[0]!, counters, () => {});
  const vote = { tag: "prepare", view: 0, slot: 1, digest: "x".repeat(frameBytesMax) };
  transport.send({ to: null, message: sign("r0", vote) as unknown as Json, step: 1 });
  t.is(counters.dropped["too-long"], 1);
  t.is(counters.sent, 0);
});

test.serial("old keys are accepted until a moment, and new ones from the beginning", async (t) => {
  const { directory, files, nodes } = await clusterFiles(t);
  const old = nodes[1]!;
  const day = 24 * 60 * 60 * 1000;
  /** Whether r0, with the files as they are now, takes a message of r1 with these keys. */
  const isTaken = async (settings: NodeSettings): Promise<boolean> => {
    const { counters, ...r0 } = await startedFrom(t, files[0]!);
    const socket = await connected(settings, nodes[0]!.member);
    socket.write(soundFrame(settings, 1));
    await until(() => counters.accepted + counters.dropped["unknown-sender"] > 0);
    socket.destroy();
    await r0.stop();
    return counters.accepted === 1;
  };
  t.true(await isTaken(old));
  await rotateKeys(directory, ["r1"], new Date(Date.now() + day));
  const renewed = await readNode(files[1]!);
  t.notDeepEqual(renewed.tlsKey, old.tlsKey);
  t.deepEqual([await isTaken(old), await isTaken(renewed)], [true, true]);
  // What it has signed with the old key others may show as well.
  const { cluster } = await readNode(files[0]!);
  t.deepEqual(cluster.publicKeys.get("r1")!.length, 2);

  await rotateKeys(directory, ["r1"], new Date(Date.now() - 1));
  const last = await readNode(files[1]!);
  // The one before was not to be accepted any longer; the first still is.
  t.deepEqual([await isTaken(last), await isTaken(renewed), await isTaken(old)], [true, false, true]);
  await t.throwsAsync(rotateKeys(directory, ["r9"], new Date()), {
    message: /has no node r9: it has r0, r1, /,
  });
});

test.serial("a connection ends with the time of the certificate that was shown on it", async (t) => {
  const { nodes } = await clusterFiles(t);
  const [sender, receiver] = [nodes[0]!, nodes[1]!];
  const known = { node: sender.member.id, untilMs: Number.POSITIVE_INFINITY };
  const { fingerprint256 } = new X509Certificate(sender.member.certificate);
  const cluster = { ...receiver.cluster, byFingerprint: new Map([[fingerprint256, known]]) };
  const [received, counters] = [[] as string[], new Counters()];
  const listener = new Listener({ ...receiver, cluster }, counters, (_, content) =>
    received.push(content.toString()),
  );
  await listener.listen();
  const socket = await connected(sender, receiver.member);
  socket.write(frameOf("before")!);
  await until(() => received.length === 1);
  known.untilMs = Date.now();
  socket.write(frameOf("after")!);
  await until(() => socket.closed || received.length > 1);
  t.deepEqual([received, counters.dropped["unknown-sender"]], [["before"], 1]);
  listener.close();
});

test.serial(
  "a node ends its connection to another with the time of the certificate that the other shows, and makes none with it after that",
  async (t) => {
    const { nodes } = await clusterFiles(t);
    const [sender, receiver] = [nodes[0]!, nodes[1]!];
    const seen = { before: 0, after: 0, closed: 0 };
    let isOver = false;
    const { cert, key } = tlsOptions(receiver);
    const ca = nodes.map(({ member }) => member.certificate);
    const server = createServer({ cert, key, ca, requestCert: true }, (socket) => {
      socket.on("error", () => {});
      socket.on("data", () => {
        isOver ? seen.after++ : seen.before++;
        socket.write(Buffer.from([0, 0, 0, 1])); // acknowledges it
      });
      socket.on("close", () => seen.closed++);
    });
    await new Promise<void>((resolve) => server.listen(receiver.member.port, "127.0.0.1", resolve));
    const { fingerprint256 } = new X509Certificate(receiver.member.certificate);
    const untilMs = Date.now() + 3000;
    const cluster = {
      ...sender.cluster,
      byFingerprint: new Map([[fingerprint256, { node: "r1", untilMs }]]),
    };
    const { certificate, publicKey } = receiver.member;
    // The newer certificate is one that the node at this address does not have.
    const earlier = [{ certificate, publicKey, until: new Date(untilMs).toISOString() }];
    const peer = { ...receiver.member, certificate: nodes[2]!.member.certificate, earlier };
    const connection = new Connection({ ...sender, cluster }, peer, new Counters());
    connection.send(frameOf("before")!);
    await until(() => seen.closed > 0);
    isOver = true;
    connection.send(frameOf("after")!);
    const attempts = new Promise<void>((resolve) => server.once("tlsClientError", () => resolve()));
    await attempts; // it has connected again, and refused what it was shown
    t.is(seen.after, 0);
    t.true(Date.now() >= untilMs);
    t.true(connection.waitingBytes > 0);
    connection.close();
    server.close();
  },
);

async function startedFrom(t: ExecutionContext, file: string) {
  const service = await started(t, await readNode(file));
  return { counters: service.counters, stop: () => service.stop() };
}

test("each sender has room for its own deferred messages", (t) => {
  let dropped = 0;
  const deferred = new Deferred(() => dropped++);
  const of = (from: string, number: number): DeferredMessage => ({ kind: "message", from, message: number });
  deferred.add("r1 0", of("r1", 0));
  for (let number = 0; number < deferredOfSender + 5; number++)
    deferred.add(`r2 ${number}`, of("r2", number));
  deferred.add("r2 7", of("r2", -1)); // is there
  t.is(dropped, 5);
  t.is(deferred.size, 1 + deferredOfSender);
  const all = deferred.take();
  t.deepEqual([all[0], all[1]], [of("r1", 0), of("r2", 5)]);
  t.is(deferred.size, 0);
});

const owner = { cluster: "1", node: "r0" };

async function logWith(t: ExecutionContext, entries: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-links-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "log");
  const log = new DurableLog(file, owner);
  for (let view = 0; view <= entries; view++) {
    writeView(log, view);
    await log.sync();
  }
  log.close();
  return file;
}

function writeView(log: DurableLog, view: number): boolean {
  const standing = { id: "1", step: 1, sent: 0, acknowledged: {}, received: {}, deferred: {} };
  const entry = { stable: { view }, signatures: [], standing, sent: [] };
  return log.write(entry, () => ({ signatures: [], sent: [] }));
}

test("a disk that fills while the log is synced is told as what it is: no space", async (t) => {
  const log = new DurableLog(await logWith(t, 0), owner);
  writeView(log, 1);
  t.true(writeView(log, 2));
  // Nothing else gets a thread for a while, so the sync begins after the disk has filled.
  for (let thread = 0; thread < 8; thread++) pbkdf2("password", "salt", 200_000, 64, "sha512", () => {});
  const syncing = log.sync();
  log.fillDisk();
  await t.notThrowsAsync(syncing);
  t.throws(() => writeView(log, 3), { message: /could not be written: ENOSPC/ });
  log.close();
});

test("a log that is damaged before its end is refused, and zeros at its end are none of it", async (t) => {
  const file = await logWith(t, 3);
  appendFileSync(file, Buffer.alloc(100));
  t.deepEqual(new DurableLog(file, owner).recover()?.stable, { view: 3 });
  const bytes = readFileSync(file);
  const at = bytes.indexOf('"value":2');
  bytes[at + 8] = 0x39;
  writeFileSync(file, bytes);
  t.throws(() => new DurableLog(file, owner).recover(), {
    message:
      /is damaged at byte \d+, which was on the disk before what stands behind it was written: neither a crash nor a power cut does that\./,
  });
});

test("a log goes on before what a power cut has damaged of what was not synced, and is refused if it was synced", async (t) => {
  for (const isSynced of [false, true])
    for (const damaged of ["length", "content"]) {
      const file = await logWith(t, 0);
      const log = new DurableLog(file, owner);
      log.begin(log.recover()!);
      const standing = { id: "1", step: 1, sent: 0, acknowledged: {}, received: {}, deferred: {} };
      const write = (view: number) =>
        log.write({ stable: { view }, signatures: [], standing, sent: [] }, () => ({
          signatures: [],
          sent: [],
        }));
      write(1);
      await log.sync();
      const at = readFileSync(file).length;
      write(2);
      if (isSynced) await log.sync();
      write(3);
      log.close();
      const bytes = readFileSync(file);
      bytes.fill(0, damaged === "length" ? at : at + 10, at + 12); // the block was not written, and the next one was
      writeFileSync(file, bytes);
      const recovered = () => new DurableLog(file, owner).recover()?.stable;
      if (isSynced)
        t.throws(recovered, { message: new RegExp(`is damaged at byte ${at}, which was on the disk`) });
      else t.deepEqual(recovered(), { view: 1 });
    }
});

test("of frames that are handled nothing is kept while one before them waits for the disk", (t) => {
  const acknowledged: number[] = [];
  const socket = new EventEmitter() as unknown as TLSSocket;
  Object.assign(socket, {
    ...{ writable: true, writableLength: 0 },
    write: (bytes: Buffer) => acknowledged.push(bytes.readUInt32BE()),
  });
  const acknowledger = new Acknowledger(socket);
  const waits = acknowledger.arrived();
  for (let malformed = 0; malformed < 10_000; malformed++) acknowledger.arrived()();
  t.is(acknowledger.remembered, 1);
  waits();
  t.is(acknowledger.remembered, 0);
  return until(() => acknowledged.length > 0).then(() => t.deepEqual(acknowledged, [10_001]));
});

test.serial("a node whose disk is full ends and sends nothing more, also while it stops", async (t) => {
  const { nodes } = await clusterFiles(t);
  const failures: string[] = [];
  const full = await started(t, nodes[3]!, { fail: (error) => failures.push(String(error)) });
  const others = await Promise.all(nodes.slice(0, 3).map((node) => started(t, node)));
  full.fillDisk();
  const { service, served } = await clientOf(t, nodes[4]!, 2);
  t.deepEqual(await served, ["A@1", "A@2"]);
  await until(() => failures.length > 0);
  t.regex(failures[0]!, /log could not be written: .*ENOSPC|no space/i);
  t.is(full.counters.sent, 0); // it has accepted a proposal, and its vote depends on what it could not write
  await full.stop();
  t.is(failures.length, 1);
  for (const one of [service, ...others]) await one.stop();

  // Nobody hears of it otherwise, if the disk fills as the node stops.
  const again = await started(t, (await readNode(join(nodes[3]!.directory, "../r3.json")))!);
  again.fillDisk();
  again.driver.message("r0", { from: "r0", message: prePrepare(), step: 1, sent: undefined }, () => t.fail());
  const error = await t.throwsAsync(again.stop());
  t.regex(String(error), /ENOSPC|no space/i);
  t.is(again.counters.sent, 0);
});

function prePrepare(): Json {
  const request = sign("c0", { tag: "request", client: "c0", timestamp: 3, operation: "A" });
  return sign("r0", { tag: "pre-prepare", view: 0, slot: 3, digest: "c0:3:A", request }) as unknown as Json;
}

test("timers read a clock that can jump", async (t) => {
  const expired: string[] = [];
  const timers = new Timers(50_000, (timer) => expired.push(timer));
  timers.set("early");
  timers.set("late", 2);
  timers.jump(60_000);
  await until(() => expired.length > 0);
  t.deepEqual(expired, ["early"]);
  timers.jump(-60_000);
  timers.set("soon", 1e-6);
  await until(() => expired.length > 1);
  t.deepEqual(expired, ["early", "soon"]);
  timers.cancelAll();
});
