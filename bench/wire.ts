// A Byzantine node on the wire: `npm run bench:wire -- [--frames N]`.
//
// Three replicas run as processes. The fourth is this process, which sends r0 N frames (default: 100000) that it must not take: malformed ones,
// forged signatures, certificates that prove nothing, messages of another cluster; then oversize frames, frames that never end, connections
// with another cluster's certificates, and connections that show none. None may be accepted, each must be counted. Then it floods r0 with
// 20000 copies of one sound message, each of which must be taken and recorded. The memory of r0 must stay bounded, and the three must serve a client
// afterwards. Exit code 1 otherwise.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { recordFilesIn } from "../src/records/index.js";
import { type Member, type NodeSettings, readNode } from "../src/run/cluster.js";
import { frameBytesMax } from "../src/run/frames.js";
import { strangersMax } from "../src/run/listener.js";
import { clusterPlan, freePorts, writeCluster } from "../src/run/plan.js";
import {
  type AttackKind,
  attack,
  attackKinds,
  connected,
  elsewhere,
  oversizeFrame,
  soundFrame,
  written,
} from "../test/support/attacker.js";
import { benchArguments, positiveNumber } from "./arguments.js";
import { type ReplicaProcess, replicaOf } from "./replica-process.js";
import { servedBy } from "./served-cluster.js";

const { values } = benchArguments({ options: { frames: { type: "string", default: "100000" } } });
const kinds = Object.keys(attackKinds) as AttackKind[];
const each = Math.ceil(positiveNumber(values.frames, "--frames") / kinds.length);
const [oversize, endless, strange, mute, flood] = [200, 60, 50, 300, 20_000];
/** How much more memory r0 may hold afterwards, in megabytes: its own garbage, and 16,384 signatures of the attacker. */
const growthMbMax = 150;
const expected = {
  malformed: each * kinds.filter((kind) => attackKinds[kind] === "malformed").length,
  "bad-signature": each * kinds.filter((kind) => attackKinds[kind] === "bad-signature").length,
  ...{ oversize, "unknown-sender": strange + mute },
};
/** Of the connections that show nothing so many may still be waited for when the replica stops, and are not counted then. */
const uncountedMax = Math.min(mute, strangersMax);
const directory = mkdtempSync(join(tmpdir(), "turncoat-wire-"));

try {
  const ports = await freePorts(5);
  const plan = await clusterPlan({ timeout: "5s" }, (index) => ({ host: "127.0.0.1", port: ports[index]! }));
  const files = await writeCluster(plan, join(directory, "cluster"));
  const nodes = await Promise.all(files.map(readNode));
  const foreignFiles = await writeCluster(plan, join(directory, "foreign"));
  const foreign = await readNode(foreignFiles[3]!);
  const replicas = files.slice(0, 3).map(replicaOf);
  await Promise.all(replicas.map(({ listening }) => listening));
  await attackAll(replicas[0]!, nodes, foreign);
  for (const { child } of replicas) child.stdin!.end();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Attacks a replica in every way; the exit code is 1 if it counted something else, grew, or the client was not served. */
async function attackAll(
  victim: ReplicaProcess,
  nodes: readonly NodeSettings[],
  foreign: NodeSettings,
): Promise<void> {
  const memory = () => memoryMb(victim.child.pid!);
  const [attacker, target] = [nodes[3]!, nodes[0]!.member];
  const before = memory();
  await sendAll(attacker, target);
  const during = memory();
  const open = await connectBadly(attacker, target, foreign);
  const silent = await Promise.all(Array.from({ length: mute }, () => stranger(target)));
  await floodWith(attacker, target);
  const after = memory();
  const results = await servedBy(nodes[4]!, 5);
  for (const one of [...open, ...silent]) one.destroy();
  victim.child.stdin!.end();
  const counters = await victim.stopped;
  console.log(
    `memory of r0: ${before} MB before, ${during} MB after the frames, ${after} MB with ${endless} frames that never end, of which 3 connections are kept`,
  );
  console.table({ expected, counted: counters?.dropped });
  const taken = recordedFrom(nodes[0]!, "r3");
  console.log(`of ${flood} copies of a sound message ${taken} were taken and recorded`);
  console.log(`the client was served: ${results.join(", ")}`);
  const isRight = Object.entries(expected).every(([reason, count]) => {
    const counted = counters?.dropped[reason as "malformed"] ?? -1;
    return counted <= count && counted >= count - (reason === "unknown-sender" ? uncountedMax : 0);
  });
  if (!isRight || taken !== flood || after - before > growthMbMax || results.length !== 5)
    process.exitCode = 1;
}

/** Sends frames of all kinds over one connection. */
async function sendAll(attacker: NodeSettings, target: Member): Promise<void> {
  const since = performance.now();
  const socket = await connected(attacker, target);
  const other = elsewhere(attacker);
  for (let number = 0; number < each; number++)
    for (const kind of kinds) await written(socket, attack(kind, attacker, other, "r1", number));
  socket.end();
  await closed(socket);
  const seconds = (performance.now() - since) / 1000;
  const frames = each * kinds.length;
  console.log(`${frames} frames in ${seconds.toFixed(1)} s: ${Math.round(frames / seconds)} a second`);
}

/** Sends one message over and over, as fast as it is read. */
async function floodWith(attacker: NodeSettings, target: Member): Promise<void> {
  const since = performance.now();
  const socket = await connected(attacker, target);
  const frame = soundFrame(attacker, 1);
  for (let number = 0; number < flood; number++) await written(socket, frame);
  socket.end();
  await closed(socket);
  console.log(`${flood} sound frames in ${((performance.now() - since) / 1000).toFixed(1)} s`);
}

/** A connection that shows nothing. */
function stranger({ host, port }: Member): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(socket));
    socket.on("error", () => {}); // it is hung up on
  });
}

/** How many messages of a node stand in another one's record. */
function recordedFrom({ directory }: NodeSettings, from: string): number {
  return recordFilesIn(directory)
    .map((file) => readFileSync(file, "utf8").split(`"kind":"message","from":"${from}"`).length - 1)
    .reduce((sum, count) => sum + count, 0);
}

/** Sends frames that are too long and frames that never end, and comes as somebody else; the connections that are still open. */
async function connectBadly(
  attacker: NodeSettings,
  target: Member,
  foreign: NodeSettings,
): Promise<readonly TLSSocket[]> {
  for (let number = 0; number < oversize; number++) {
    const one = await connected(attacker, target);
    one.write(oversizeFrame());
    await closed(one);
  }
  const open: TLSSocket[] = [];
  for (let number = 0; number < endless; number++) {
    const one = await connected(attacker, target);
    const unfinished = Buffer.alloc(4 + frameBytesMax - 1);
    unfinished.writeUInt32BE(frameBytesMax, 0);
    await written(one, unfinished);
    open.push(one);
  }
  for (let number = 0; number < strange; number++) {
    const one = await connected(foreign, target).catch(() => null);
    if (one !== null) await closed(one);
  }
  return open;
}

function closed(socket: {
  readonly destroyed: boolean;
  once(event: "close", heard: () => void): unknown;
}): Promise<void> {
  return new Promise((resolve) => (socket.destroyed ? resolve() : socket.once("close", () => resolve())));
}

/** The resident memory of a process. */
function memoryMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024);
}
