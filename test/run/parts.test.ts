// The parts of a node that runs: frames, differences of states, the log, records.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  appendFileSync,
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
import fc from "fast-check";
import type { Json } from "../../src/protocol/index.js";
import {
  type Clock,
  merged,
  type RecordedStep,
  type RecordHead,
  RecordWriter,
  readRecords,
  recordFilesIn,
} from "../../src/records/index.js";
import { DurableLog } from "../../src/run/durable-log.js";
import { FrameReader, frameBytesMax, frameOf } from "../../src/run/frames.js";
import { difference, patched } from "../../src/run/json-patch.js";
import { Signatures } from "../../src/run/signatures.js";

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

test("a log that was cut anywhere has what was written before", (t) => {
  const file = join(directoryOf(t), "log");
  const states: Json[] = [{ view: 0, log: [] }];
  const log = new DurableLog(file, owner);
  t.is(log.recover(), null);
  log.begin(states[0]!, [["r1", "digest", "signature"]]);
  const sizes = [readFileSync(file).length];
  for (let view = 1; view < 4; view++) {
    const next = { view, log: Array.from({ length: view }, (_, index) => ({ slot: index })) };
    t.true(log.write(next, [["r2", `digest ${view}`, "signature"]], () => []));
    states.push(next);
    sizes.push(readFileSync(file).length);
  }
  t.false(log.write(states[3]!, [], () => []));
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
  new DurableLog(file, owner).begin(null, []);
  t.throws(() => new DurableLog(file, { ...owner, node: "r1" }).recover(), {
    message: /is the log of r0 in the cluster 1, not of r1 in 1/,
  });
  t.throws(() => new DurableLog(file, { ...owner, cluster: "2" }).recover(), { message: /not of r0 in 2/ });
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
