// The parts of a node that runs: frames, differences of states, the log, records.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import { conformTo } from "../../src/conform/index.js";
import type { Parts } from "../../src/identity/identity.js";
import type { Behaviour, Config, Json } from "../../src/protocol/index.js";
import {
  type Clock,
  merged,
  type RecordedStep,
  type RecordHead,
  RecordWriter,
  readRecords,
  recordFilesIn,
} from "../../src/records/index.js";
import type { SentMessage, Standing } from "../../src/run/deliveries.js";
import { DurableLog, type LogEntry } from "../../src/run/durable-log.js";
import { FrameReader, frameBytesMax, frameOf } from "../../src/run/frames.js";
import { difference, patched } from "../../src/run/json-patch.js";
import { NodeDriver } from "../../src/run/node.js";
import { type KeptSignature, Signatures } from "../../src/run/signatures.js";

function directoryOf(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-parts-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

test("frames come out as they were, however the stream is cut", (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 })), fc.array(fc.nat(50)), (texts, cuts) => {
      const stream = Buffer.concat(texts.map((text) => frameOf(text)!));
      const found: string[] = [];
      const reader = new FrameReader((content) => found.push(content.toString()));
      let at = 0;
      for (const cut of cuts) {
        t.true(reader.push(stream.subarray(at, at + cut)));
        at = Math.min(stream.length, at + cut);
      }
      reader.push(stream.subarray(at));
      t.deepEqual(found, texts);
    }),
  );
});

test("a frame that is too long is refused as soon as its length is there, and cannot be made", (t) => {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(frameBytesMax + 1);
  const reader = new FrameReader(() => t.fail());
  t.true(reader.push(head.subarray(0, 3)));
  t.false(reader.push(head.subarray(3)));
  t.is(frameOf("x".repeat(frameBytesMax + 1)), null);
});

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, 0, 1, "a", "b"),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "__proto__"), tie("json"), { maxKeys: 3 }),
  ),
}));

test("the difference of two values makes the one of the other, also after its way through a file", (t) => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const patch = difference(before, after);
      const back = patch === null ? before : patched(before, JSON.parse(JSON.stringify(patch)));
      t.is(JSON.stringify(sorted(back)), JSON.stringify(sorted(after)));
    }),
  );
});

/** With sorted keys: their order means nothing. */
function sorted(value: Json): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}

const owner = { cluster: "1", node: "r0" };

const standing: Standing = { id: "1", step: 1, sent: 0, acknowledged: {}, received: {}, deferred: {} };

function entry(stable: Json, ...signatures: readonly KeptSignature[]): LogEntry {
  return { stable, signatures, standing, sent: [] };
}

const nothingElse = () => ({ signatures: [], sent: [] });

test("a log that was cut anywhere has what was written before", (t) => {
  const file = join(directoryOf(t), "log");
  const states: Json[] = [{ view: 0, log: [] }];
  const log = new DurableLog(file, owner);
  t.is(log.recover(), null);
  log.begin(entry(states[0]!, ["r1", "digest", "signature"]));
  const sizes = [readFileSync(file).length];
  for (let view = 1; view < 4; view++) {
    const next = { view, log: Array.from({ length: view }, (_, index) => ({ slot: index })) };
    t.true(log.write(entry(next, ["r2", `digest ${view}`, "signature"]), nothingElse));
    states.push(next);
    sizes.push(readFileSync(file).length);
  }
  t.false(log.write(entry(states[3]!), nothingElse));
  log.close();
  for (let size = sizes.at(-1)!; size >= sizes[0]!; size--) {
    truncateSync(file, size);
    const entries = sizes.findLastIndex((one) => one <= size);
    const recovered = new DurableLog(file, owner).recover();
    t.deepEqual(recovered?.stable, states[entries]);
    t.is(recovered?.signatures.length, 1 + entries);
  }
  truncateSync(file, sizes[0]! - 1);
  t.is(new DurableLog(file, owner).recover(), null);
});

test("a log is refused by another node, and in another cluster", (t) => {
  const file = join(directoryOf(t), "log");
  new DurableLog(file, owner).begin(entry(null));
  t.throws(() => new DurableLog(file, { ...owner, node: "r1" }).recover(), {
    message: /is the log of r0 in the cluster 1, not of r1 in 1/,
  });
  t.throws(() => new DurableLog(file, { ...owner, cluster: "2" }).recover(), { message: /not of r0 in 2/ });
});

test("a log has what was sent and deferred with the steps that did; what was only received need not be on the disk", (t) => {
  const file = join(directoryOf(t), "log");
  const message = (number: number): SentMessage => ({
    number,
    to: "r1",
    step: number,
    message: `m${number}`,
  });
  const log = new DurableLog(file, owner);
  const write = (standing: Standing, ...sent: readonly SentMessage[]) =>
    log.write({ stable: 0, signatures: [], standing, sent }, () => ({ signatures: [], sent }));
  t.false(write(standing, message(1)), "the first entry begins the log, which is synced");
  t.true(write({ ...standing, step: 2, sent: 2 }, message(2)));
  const received = { r1: ["2", 5] as const };
  t.false(write({ ...standing, step: 3, sent: 2, received }));
  const deferred = { later: { kind: "message" as const, from: "r1", message: "vote" } };
  const last = { ...standing, step: 4, sent: 2, received, deferred };
  t.true(write(last));
  t.false(write({ ...last }));
  log.close();
  const recovered = { stable: 0, signatures: [], standing: last, sent: [message(1), message(2)] };
  t.deepEqual(new DurableLog(file, owner).recover(), recovered);

  const earlier = new DurableLog(file, owner); // a version that kept no standing
  earlier.begin({ ...recovered, standing: null, sent: [] });
  t.is(earlier.recover()?.standing, null);
  earlier.write({ stable: 0, signatures: [], standing: { ...last, deferred: {} }, sent: [] }, nothingElse);
  earlier.close();
  t.deepEqual(new DurableLog(file, owner).recover()?.standing, { ...last, deferred: {} });
});

/** Counts the votes that it hears, and says so to all; it defers what is not a vote until it has heard two, and throws at a bad one. */
const counting: Behaviour<number, Json, never, never, number> = {
  state: Schema.Number,
  init: (_, from) => [{ state: from.kind === "start" ? 0 : from.stable, effects: [], events: [] }],
  stable: (state) => state,
  step: (_, state, input) => {
    if (input.kind !== "message") return [{ state, effects: [], events: [] }];
    if (input.message === "bad") throw new Error("a bad message");
    if (input.message !== "vote" && state < 2)
      return [{ state, effects: [{ kind: "defer", key: String(input.message) }], events: [] }];
    return [
      { state: state + 1, effects: [{ kind: "broadcast", message: `heard ${state + 1}` }], events: [] },
    ];
  },
};

const thrown = (error: unknown) => {
  throw error;
};

/** A life of such a node, on the disk in a directory; what it sends is acknowledged by whoever calls what stands beside it. */
function lifeIn(
  directory: string,
  fail: (error: unknown) => void = thrown,
  record = new RecordWriter(directory, head("r0")),
  log = new DurableLog(join(directory, "log"), owner),
) {
  const context = { self: "r0", config: {} as Config };
  const { privateKey } = generateKeyPairSync("ed25519");
  const out: (readonly [
    message: Json,
    to: string | null,
    settled: (receiver: string, isAcknowledged: boolean) => void,
  ])[] = [];
  const dropped: string[] = [];
  const pauses: boolean[] = [];
  const driver = new NodeDriver({
    ...{
      spec: { id: "r0", role: "replica", behaviour: counting } as never,
      context,
      timeoutMs: 1000,
      record,
    },
    ...{ log, replicas: ["r1", "r2"] },
    signatures: new Signatures({
      cluster: "1",
      self: "r0",
      signingKey: privateKey,
      publicKeys: new Map([["r1", []]]),
    }),
    send: ({ message, to }, settled = () => {}) => out.push([message, to, settled]),
    dropped: (reason) => dropped.push(reason),
    fail,
    ...{ pause: (isPaused) => pauses.push(isPaused), observe: () => {}, timed: () => {} },
  });
  driver.begin();
  const hear = (message: Json, log: string, number: number) =>
    new Promise<void>((handled) =>
      driver.message("r1", { from: "r1", message, step: number, sent: [log, number] }, handled),
    );
  return {
    out,
    dropped,
    hear,
    pauses,
    stop: () => driver.stop(),
    messages: () => out.map(([message, to]) => [message, to]),
  };
}

test("what is not acknowledged is sent again after a crash, what was handled is not handled again, and nothing deferred is forgotten", async (t) => {
  const directory = directoryOf(t);
  const first = lifeIn(directory);
  await first.hear("vote", "aa", 1);
  t.deepEqual(first.messages(), [["heard 1", null]]);
  first.out[0]![2]("r1", true);
  await first.hear("early", "aa", 2); // it is deferred; and the disk hears of the acknowledgement with it

  const second = lifeIn(directory);
  t.deepEqual(second.messages(), [["heard 1", "r2"]]);
  await second.hear("early", "aa", 2);
  t.deepEqual(second.dropped, ["duplicate"]);
  await second.hear("vote", "aa", 3); // and then the deferred one
  t.deepEqual(second.messages().slice(1), [
    ["heard 2", null],
    ["heard 3", null],
  ]);
  second.out[0]![2]("r2", true);
  second.out[1]![2]("r1", false); // given up: only another life tries again
  second.out[1]![2]("r2", true);
  await second.hear("vote", "bb", 1); // r1 has an empty disk, and begins to count anew

  const third = lifeIn(directory);
  t.deepEqual(third.messages(), [
    ["heard 2", "r1"],
    ["heard 3", "r1"],
    ["heard 3", "r2"],
    ["heard 4", "r1"],
    ["heard 4", "r2"],
  ]);
  t.deepEqual(third.dropped, []);
  const restarts = readRecords(recordFilesIn(directory)).steps.flatMap(({ input, clock }) =>
    input.kind === "restart" ? [[clock.r0, input.kept]] : [],
  );
  t.deepEqual(restarts, [
    [4, 3],
    [9, 8],
  ]);
});

test("a node stops reading while too many messages wait to be acknowledged, also if they make it send nothing", async (t) => {
  const { hear, pauses, dropped, stop } = lifeIn(directoryOf(t));
  const all = Array.from({ length: 5_001 }, () => hear("early", "aa", 1));
  t.deepEqual(pauses, [true]);
  await Promise.all(all);
  t.deepEqual(pauses, [true, false]);
  t.is(dropped.length, 5_000);
  await stop();
});

test("a node that begins again keeps in its log what it keeps itself of signatures, so that the log does not grow with each life", async (t) => {
  const directory = directoryOf(t);
  const file = join(directory, "log");
  const log = new DurableLog(file, owner);
  log.begin(entry(0, ["r1", "digest", "signature"], ["r9", "digest", "of a node that has left"]));
  log.write(entry(1, ["r1", "digest", "signature"]), nothingElse);
  log.close();
  await lifeIn(directory).stop();
  t.deepEqual(new DurableLog(file, owner).recover()?.signatures, [["r1", "digest", "signature"]]);
});

test("a node whose record was taken away counts no step again that others may know of", async (t) => {
  const directory = directoryOf(t);
  const first = lifeIn(directory);
  await first.hear("vote", "aa", 1);
  await first.stop();
  rmSync(join(directory, "record.ndjson"));
  await lifeIn(directory).stop();
  const { steps, heads } = readRecords(recordFilesIn(directory));
  t.deepEqual(
    steps.map(({ clock }) => clock.r0),
    [3],
  );
  t.throws(() => merged({ steps, heads }), {
    message: "the record of r0 is not whole: its step number 1 has the number 3 in its own clock.",
  });
});

test("a message at which the behaviour has thrown is not acknowledged, and comes again", async (t) => {
  const directory = directoryOf(t);
  const failures: string[] = [];
  const life = () => lifeIn(directory, (error) => failures.push(String(error)));
  const first = life();
  await first.hear("vote", "aa", 1);
  const acknowledged: number[] = [];
  void first.hear("vote", "aa", 2).then(() => acknowledged.push(2));
  void first.hear("bad", "aa", 3).then(() => acknowledged.push(3));
  await first.stop();
  t.deepEqual([acknowledged, first.messages()], [[], [["heard 1", null]]]);

  const second = life();
  void second.hear("vote", "aa", 2);
  void second.hear("bad", "aa", 3);
  await second.stop();
  t.deepEqual(second.dropped, []);
  t.is(failures.length, 2);
  t.regex(failures[1]!, /a bad message/);
});

/** What the disk may have of a file: what was synced for certain, and all that was written. */
interface OnDisk {
  readonly written: Buffer;
  synced: number;
}

/** A node's log and record that note what the disk has of both whenever something is synced: then a power cut may come. */
function noting(directory: string) {
  const moments: { readonly log: OnDisk; readonly record: OnDisk }[] = [];
  const file = { log: join(directory, "log"), record: join(directory, "record.ndjson") };
  const synced = { log: 0, record: 0 };
  const bytesOf = (name: "log" | "record") =>
    existsSync(file[name]) ? readFileSync(file[name]) : Buffer.alloc(0);
  const note = () => {
    const onDisk = (name: "log" | "record") => ({ written: bytesOf(name), synced: synced[name] });
    moments.push({ log: onDisk("log"), record: onDisk("record") });
  };
  const during = async (name: "log" | "record", sync: () => Promise<void>) => {
    const { length } = bytesOf(name);
    note();
    await sync();
    synced[name] = length;
    note();
  };
  class Record extends RecordWriter {
    override sync() {
      return during("record", () => super.sync());
    }
  }
  class Log extends DurableLog {
    override begin(entry: Parameters<DurableLog["begin"]>[0]) {
      super.begin(entry);
      synced.log = bytesOf("log").length;
      note();
    }
    override sync() {
      return during("log", () => super.sync());
    }
  }
  return { moments, record: new Record(directory, head("r0")), log: new Log(file.log, owner) };
}

/** What a power cut may leave of a file: it ends at any line or entry behind what was synced, or within one; or a block of it was not written. */
function leftOf({ written, synced }: OnDisk): Buffer[] {
  const cuts = new Set([synced, written.length]);
  for (let at = written.indexOf(10, synced); at >= 0; at = written.indexOf(10, at + 1))
    for (const cut of [at - 20, at, at + 1, at + 2]) if (cut > synced && cut < written.length) cuts.add(cut);
  const ends = [...cuts].map((cut) => written.subarray(0, cut));
  const hole = Math.min(written.length, synced + 40);
  const holed = Buffer.concat([
    written.subarray(0, synced),
    Buffer.alloc(hole - synced),
    written.subarray(hole),
  ]);
  return hole > synced ? [...ends, holed] : ends;
}

test("whatever a power cut leaves behind what was synced, the node goes on and the model explains its record", async (t) => {
  const directory = directoryOf(t);
  const { moments, record, log } = noting(directory);
  const life = lifeIn(directory, thrown, record, log);
  for (const [index, message] of ["vote", "early", "vote", "early"].entries())
    await life.hear(message, "aa", index + 1);
  // These three are handled together: their steps stand behind what was synced.
  await Promise.all(["vote", "vote", "vote"].map((message, index) => life.hear(message, "aa", index + 5)));
  await life.stop();
  const spec = { id: "r0", role: "replica", behaviour: counting } as never;
  const others = ["r1", "r2"].map((id) => ({ id, role: "replica", behaviour: counting }) as never);
  const protocol = {
    ...{ name: "counting", message: Schema.String, requests: () => [], nodes: () => [spec, ...others] },
  } as never;
  const held = { protocol, name: "counting", specs: [spec, ...others], config: {} as Config };
  const seen = new Set<string>();
  for (const moment of moments)
    for (const recordLeft of leftOf(moment.record))
      for (const logLeft of leftOf(moment.log)) {
        const key = `${recordLeft.toString("latin1")} ${logLeft.toString("latin1")}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const after = join(directory, String(seen.size));
        mkdirSync(after);
        writeFileSync(join(after, "record.ndjson"), recordLeft);
        writeFileSync(join(after, "log"), logLeft);
        const again = lifeIn(after);
        await again.hear("vote", "bb", 1);
        await again.stop();
        const { rejection, missing } = conformTo(held, readRecords(recordFilesIn(after)));
        t.is(rejection, null, `${rejection?.what}: ${rejection?.reason}`);
        t.deepEqual(missing, {});
      }
  t.true(seen.size > 20); // what is synced with what is not up to the system
});

function head(node: string): RecordHead {
  return {
    kind: "head",
    format: "turncoat-record",
    version: 1,
    turncoat: "0",
    cluster: "1",
    node,
    protocol: "pbft",
    config: {},
  };
}

function step(node: string, at: number, clock: Clock): RecordedStep {
  return { kind: "step", node, at, clock, input: { kind: "start" }, effects: [], events: [], digest: "" };
}

test("a record goes on where it was, without a line that was cut", (t) => {
  const directory = directoryOf(t);
  const file = join(directory, "record.ndjson");
  const first = new RecordWriter(directory, head("r0"));
  t.deepEqual(first.lastClock, {});
  first.add(step("r0", 1, { r0: 1 }));
  first.close();
  appendFileSync(file, '{"kind":"step","node":"r0"');
  const second = new RecordWriter(directory, head("r0"));
  t.deepEqual(second.lastClock, { r0: 1 });
  second.add(step("r0", 2, { r0: 2, r1: 4 }));
  second.close();
  const { steps } = readRecords([file]);
  t.deepEqual(
    steps.map(({ clock }) => clock),
    [{ r0: 1 }, { r0: 2, r1: 4 }],
  );
});

test("a record that other code goes on with begins another file, and says of both what wrote them", (t) => {
  const directory = directoryOf(t);
  const written = (at: number, code?: Parts) => {
    const record = new RecordWriter(directory, { ...head("r0"), ...(code && { code: [code] }) });
    record.add(step("r0", at, { r0: at }));
    record.close();
    const records = readRecords(recordFilesIn(directory));
    return [recordFilesIn(directory).length, records.steps.length, records.heads.get("r0")!.code];
  };
  const [old, now] = [{ turncoat: "1" }, { turncoat: "2" }];
  t.deepEqual(written(1, old), [1, 1, [old]]);
  t.deepEqual(written(2, old), [1, 2, [old]]);
  t.deepEqual(written(3, now), [2, 3, [old, now]]);
  t.deepEqual(written(4, now), [2, 4, [old, now]]);
  t.deepEqual(written(5, old), [3, 5, [old, now]]);
  t.deepEqual(written(6), [4, 6, undefined], "what one file does not say nobody knows");
});

test("a record that has grown goes on in another file, also after a crash", (t) => {
  const directory = directoryOf(t);
  const clocks = Array.from({ length: 7 }, (_, index) => ({ r0: index + 1 }));
  let written = 0;
  const write = (count: number) => {
    const record = new RecordWriter(directory, head("r0"), 300); // two steps each
    t.deepEqual(record.lastClock, written === 0 ? {} : { r0: written });
    for (let more = 0; more < count; more++) {
      record.add(step("r0", written, { r0: ++written }));
      record.flush();
    }
    record.close();
  };
  write(3);
  write(1);
  writeFileSync(join(directory, "record.ndjson"), ""); // as if it had crashed as that began
  write(1);
  renameSync(join(directory, "record-000002.ndjson"), join(directory, "elsewhere"));
  write(2);
  renameSync(join(directory, "elsewhere"), join(directory, "record-000002.ndjson"));
  const files = recordFilesIn(directory);
  t.deepEqual(
    files.map((file) => file.slice(directory.length + 1)),
    ["record-000001.ndjson", "record-000002.ndjson", "record-000003.ndjson", "record.ndjson"],
  );
  const { steps, heads } = readRecords(files);
  t.deepEqual(
    steps.map(({ clock }) => clock),
    clocks,
  );
  t.deepEqual(heads.get("r0"), head("r0"));
  t.throws(() => readRecords([files[0]!, files[2]!]), {
    message: /begins file 3 of the record of r0, and file 2 was not read before it\.$/,
  });
});

test("merged steps agree with the clocks, whatever the nodes' own clocks say", (t) => {
  const heads = new Map(["r0", "r1"].map((node) => [node, head(node)]));
  const of = (...steps: RecordedStep[]) => merged({ heads, steps });
  const [sent, received] = [step("r0", 900, { r0: 1 }), step("r1", 100, { r0: 1, r1: 1 })];
  t.deepEqual(of(received, sent).steps, [sent, received]);
  t.deepEqual(of(step("r1", 1, { r0: 7, r1: 1 })).missing, { r0: 7 });
  t.throws(() => of(step("r0", 1, { r0: 2 })), {
    message: "the record of r0 is not whole: its step number 1 has the number 2 in its own clock.",
  });
  t.throws(() => of(step("r0", 1, { r0: 1, r1: 1 }), step("r1", 1, { r0: 1, r1: 1 })), {
    message:
      "the clocks contradict each other: each of step 1 of r0, step 1 of r1 is said to come after another of them.",
  });
});

test("what is no record is refused, with the line", (t) => {
  const file = join(directoryOf(t), "record.ndjson");
  const refused = (text: string) => {
    writeFileSync(file, text);
    return t.throws(() => readRecords([file]))!.message.replaceAll(file, "FILE");
  };
  t.is(refused(""), "FILE: there is no record in it.");
  t.is(
    refused("{"),
    "line 1 of FILE is not JSON: it looks truncated: it ends before everything that was opened is closed.",
  );
  t.is(
    refused(JSON.stringify(step("r0", 1, {}))),
    "line 1 of FILE is a step of r0, and no head of r0 stands before it.",
  );
  const [one, other] = [JSON.stringify(head("r0")), JSON.stringify({ ...head("r1"), cluster: "2" })];
  t.is(refused(`${one}\n${one}\n`), "line 2 of FILE is a second head of r0: name each record once.");
  t.is(refused(`${one}\n${other}\n`), "the records of r0 and r1 are of different clusters: 1 and 2.");
  t.is(
    refused(`${one}\n{"kind":"step","node":1}`),
    "line 2 of FILE is not a step of a record: .node: expected a string, found 1.",
  );
});

test("a node with a new key signs again what it has signed with the old one, whatever its log has", (t) => {
  const [old, renewed] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
  const known = (...keys: readonly KeyObject[]) =>
    new Map([["r0", keys.map((key) => ({ key, untilMs: Number.POSITIVE_INFINITY }))]]);
  const of = (self: string, signingKey: KeyObject, ...keys: readonly KeyObject[]) =>
    new Signatures({ cluster: "c", self, signingKey, publicKeys: known(...keys) });
  const before = of("r0", old.privateKey, old.publicKey);
  const signature = before.sign("vote");
  t.deepEqual(before.all(), []);

  const other = of("r1", old.privateKey, old.publicKey, renewed.publicKey);
  t.true(other.verify("r0", "vote", signature));
  t.is(other.all().length, 1);

  // Logs of earlier versions have the node's own signatures, too.
  const after = of("r0", renewed.privateKey, renewed.publicKey, old.publicKey);
  after.restore(other.all());
  t.true(after.verify("r0", "vote", signature)); // somebody shows it
  t.true(of("r2", old.privateKey, renewed.publicKey).verify("r0", "vote", after.sign("vote")));
});
