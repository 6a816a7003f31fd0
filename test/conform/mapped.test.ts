// Others' records, read through a mapping: those of a Raft with the habits of etcd's, and what is wrong with records and mappings.

import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { conformMapped, conformMappedTo, foreignRecords, readMap } from "../../src/conform/index.js";
import { type Json, sign } from "../../src/protocol/index.js";
import { purpose, randomFor } from "../../src/simulate/random.js";
import { replay } from "../../src/trace/index.js";
import { traceOfRecords } from "../../src/trace/replay-recorded.js";
import { etcdRecord } from "../support/etcd-records.js";
import { type Line as LogLine, mappingOf, naiveMapped, randomLines } from "../support/naive-mapped.js";
import { randomModels, settingOf } from "../support/random-protocol.js";
import type { Draw } from "../support/record-runs.js";

const map = readMap("examples/etcd-raft.map.json");

function recordOf(seed: number, lines = 300): string {
  const random = randomFor(seed, purpose.choice);
  return etcdRecord((limit) => random.below(limit), { lines });
}

test("records of a Raft like etcd's conform to the shipped one, and the explanation is a trace", async (t) => {
  let events = 0;
  for (let seed = 1; seed <= 6; seed++) {
    const found = await conformMapped(foreignRecords(recordOf(seed), "etcd"), map);
    t.deepEqual(
      [found.rejection, found.explained, found.skipped],
      [null, found.events, 1],
      `seed ${seed}: ${JSON.stringify(found.rejection)}`,
    );
    t.deepEqual(found.unmapped, { count: 0, first: null });
    events += found.events;
    const heads = found.nodes.map((node) => ({
      ...{
        kind: "head" as const,
        format: "turncoat-record" as const,
        version: 1 as const,
        turncoat: "",
        cluster: "",
        node,
      },
      ...{ protocol: "raft", config: { ...found.config } },
    }));
    const { steps } = found;
    const replayed = await replay(
      traceOfRecords({ protocol: "raft", heads, steps, byzantine: [], explanation: "" }),
    );
    t.deepEqual([replayed.outcome, replayed.steps.length], ["holds now", steps.length - 3]);
  }
  t.is(events, 1813);
});

type Event = { readonly [field: string]: Json };
interface Line {
  readonly event: {
    readonly name: string;
    readonly state: Event;
    readonly msg?: Event;
    readonly log: number;
  };
}

test("elections of a package that others have written conform, and a vote that it has refused is none", async (t) => {
  const liferaft = readMap("examples/liferaft.map.json");
  const lines = readFileSync("examples/liferaft.ndjson", "utf8").trimEnd().split("\n");
  const found = (text: readonly string[]) =>
    conformMapped(foreignRecords(text.join("\n"), "liferaft"), liferaft);
  const { rejection, explained, unmapped } = await found(lines);
  t.deepEqual([rejection, explained, unmapped.count], [null, 150, 0]);
  const at = lines.findIndex((line) => line.includes('"granted":false') && line.includes('"event":"vote"'));
  const planted = await found(lines.with(at, lines[at]!.replace('"granted":false', '"granted":true')));
  t.is(planted.rejection?.place, `line ${at + 1} of liferaft`);
  t.deepEqual([planted.explained, planted.events], [at, 150]);
  // What cannot be read behind a rejection does not hide it.
  const skipping = { ...liferaft, skip: [{ event: "$never" }] };
  const cut = [...lines.slice(0, -1).map((line) => line.replace("{", '{"never":"",')), lines.at(-1)!];
  const read = (text: readonly string[]) =>
    conformMapped(foreignRecords(text.join("\n"), "liferaft"), skipping);
  await t.throwsAsync(read(cut), { message: /^line 150 of liferaft has no field never/ });
  const both = await read(cut.with(at, cut[at]!.replace('"granted":false', '"granted":true')));
  t.deepEqual([both.rejection?.place, both.events], [planted.rejection?.place, 150]);
});

/** The server that is neither the sender nor the receiver. */
const third = ({ from, to }: Event) => String(6 - Number(from) - Number(to));
const other = (vote: Json | undefined) => String(((Number(vote) + 1) % 3) + 1);

/** Changes of one line that no execution has, by what they change. */
const plants: readonly (readonly [string, RegExp, (line: Line) => object])[] = [
  [
    "an entry too many",
    /"SendAppendEntriesResponse".*"reject":false/,
    ({ event }) => ({ ...event, log: event.log + 1 }),
  ],
  [
    "a commit too early",
    /"name":"Commit"/,
    ({ event }) => ({ ...event, state: { ...event.state, commit: 9 } }),
  ],
  ["another term", /"BecomeLeader"/, ({ event }) => ({ ...event, state: { ...event.state, term: 9 } })],
  [
    "a vote for another",
    /"SendRequestVoteResponse".*"reject":false/,
    ({ event }) => ({ ...event, msg: { ...event.msg, to: third(event.msg!) } }),
  ],
  [
    "a longer append",
    /"ReceiveAppendEntriesRequest".*"MsgApp"/,
    ({ event }) => ({ ...event, msg: { ...event.msg, entries: 6 } }),
  ],
  [
    "an older log",
    /"ReceiveRequestVoteRequest"/,
    ({ event }) => ({ ...event, msg: { ...event.msg, index: 0 } }),
  ],
  [
    "a vote kept",
    /"name":"Ready".*"role":"StateFollower"/,
    ({ event }) => ({ ...event, state: { ...event.state, vote: other(event.state.vote) } }),
  ],
  [
    "an answer of another",
    /"ReceiveAppendEntriesResponse".*"from":"1","to":"[23]"/,
    ({ event }) => ({ ...event, msg: { ...event.msg, index: 9 } }),
  ],
];

test("a planted change is rejected at its line, with the guard that fails", async (t) => {
  const reasons: string[] = [];
  for (const [name, place, change] of plants) {
    let planted = 0;
    for (let seed = 1; seed <= 4; seed++) {
      const lines = recordOf(seed, 200).trimEnd().split("\n");
      const isSelf = (line: string) => /"from":"(\d)","to":"\1"/.test(line);
      const at = lines.findIndex((line, index) => index > 20 && place.test(line) && !isSelf(line));
      if (at < 0) continue;
      planted++;
      const parsed = JSON.parse(lines[at]!) as Line;
      const text = lines.with(at, JSON.stringify({ ...parsed, event: change(parsed) })).join("\n");
      const { rejection, events, skipped } = await conformMapped(foreignRecords(text, "etcd"), map);
      t.is(events + skipped, lines.length, "also those behind it are counted");
      t.is(rejection?.place, `line ${at + 1} of etcd`, name);
      if (planted === 1) reasons.push(`${name}: ${rejection?.obstacles.map(({ reason }) => reason)}`);
    }
    t.true(planted > 0, name);
  }
  t.deepEqual(reasons, [
    "an entry too many: in the state of r2 log has 1 elements, and not 2",
    "a commit too early: in the state of r1 commit is 1, and not 7",
    "another term: in the state of r1 term is 3, and not 8",
    'a vote for another: in the state of r0 votedFor is "r2", and not "r1"',
    "a longer append: r1 has not sent that to r2 by then. Most like it: append term 3 prev index 0 prev term 0 no entries commit 0, where entries has 0 elements, and not 6",
    "an older log: r2 has not sent that to r0 by then. Most like it: request-vote term 2 last index 0 last term 0, where lastIndex is 0, and not -2",
    'a vote kept: in the state of r0 votedFor is "r2", and not "r1"',
    "an answer of another: r0 has not sent that to r1 by then. Most like it: append-reply term 3 ok index 1, where index is 1, and not 7",
  ]);
});

test("what nobody has logged is guessed, within the bound", async (t) => {
  const lines = recordOf(1)
    .split("\n")
    .filter((line) => !line.includes('"BecomeCandidate"'));
  const records = foreignRecords(lines.join("\n"), "etcd");
  const asIs = await conformMapped(records, map);
  t.regex(asIs.rejection!.obstacles[0]!.reason, /^r\d has not sent that to r\d by then/);
  const inputs = [{ timer: "election" }];
  const guessed = await conformMapped(records, { ...map, unlogged: { inputs, max: 1 } });
  t.deepEqual([guessed.rejection, guessed.explained], [null, guessed.events]);
});

test("an event that no rule maps is counted and told; what cannot be read is refused with its place", async (t) => {
  const records = foreignRecords(recordOf(1), "etcd");
  const unread = await conformMapped(records, { ...map, rules: map.rules.slice(0, 1) });
  t.deepEqual([unread.rejection, unread.unmapped.first], [null, "line 3 of etcd"]);
  t.is(unread.unmapped.count, records.length - 1 - 3);
  const text = (change: (line: string) => string) =>
    foreignRecords(recordOf(1).split("\n").map(change).join("\n"), "etcd");
  await t.throwsAsync(
    conformMapped(
      text((line) => line.replace('"nid"', '"id"')),
      map,
    ),
    {
      message:
        "line 3 of etcd has no field event.nid, which the mapping reads. Its event has name, id, state, role, log, conf.",
    },
  );
  await t.throwsAsync(
    conformMapped(
      text((line) => line.replace('"nid":"1"', '"nid":"7"')),
      map,
    ),
    {
      message: "line 3 of etcd: $node does not know 7: `nodes` has 1, 2, 3.",
    },
  );
  await t.throwsAsync(conformMapped(records, { ...map, nodes: { "1": "r7" } }), {
    message: "The mapping names a node r7: with its config there are r0, r1, r2.",
  });
  t.throws(() => foreignRecords('{"a":1}\n{"a":', "etcd"), { message: /^line 2 of etcd is not JSON/ });
});

/** Changes of one line; what they leave may be explained or not. */
const lineChanges: { readonly [name: string]: (line: LogLine, draw: Draw) => LogLine } = {
  place: (line, draw) => ("at" in line ? { ...line, at: draw(4) } : line),
  sender: (line, draw) => ("from" in line ? { ...line, from: `r${draw(3)}` } : line),
  node: (line, draw) => ({ ...line, node: `r${draw(2)}` }),
  tag: (line, draw) => ("tag" in line ? { ...line, tag: draw(2) ? "pong" : "vote" } : line),
  timer: (line, draw) => ("timer" in line ? { ...line, timer: `t${draw(2)}` } : line),
  lie: (line) =>
    line.kind === "lie" ? { ...line, message: sign("r0", { tag: "vote" }) as unknown as Json } : line,
};

test("a mapped record is rejected exactly if no execution explains it, and at the same line as the enumeration says", (t) => {
  const told = { events: 0, lies: 0, several: 0, legal: 0, illegal: 0 };
  const runs = fc.record({ model: randomModels, draws: fc.infiniteStream(fc.nat(0x7fffffff)) });
  for (const { model, draws } of fc.sample(runs, { seed: 23, numRuns: 60 })) {
    const draw: Draw = (limit) => (draws.next().value as number) % limit;
    const setting = settingOf({ ...model, views: null }, []);
    const map = mappingOf(setting);
    const agrees = (lines: readonly LogLine[], about: string): boolean => {
      const text = lines.map((line) => JSON.stringify(line)).join("\n");
      const records = lines.length === 0 ? [] : foreignRecords(text, "log");
      const found = conformMappedTo(setting.protocol, "random", records, map);
      const naive = naiveMapped(setting, lines);
      t.is(found.explained, naive, `${about}: ${JSON.stringify(found.rejection)}\n${text}`);
      t.is(found.rejection === null, naive === lines.length);
      if (found.candidates > 1) told.several++;
      return found.rejection === null;
    };
    const lies = setting.byzantine.flatMap((self) =>
      setting.adversary!.moves(
        {
          self,
          byzantine: setting.byzantine,
          to: "replica",
          config: setting.config,
          views: 1,
          beyond: false,
        } as never,
        {} as never,
      ),
    ) as Json[];
    const lines = randomLines(setting, draw, 14, lies);
    t.true(agrees(lines, "as it is"));
    told.events += lines.length;
    told.lies += lines.filter(({ kind }) => kind === "lie").length;
    for (const [name, change] of Object.entries(lineChanges)) {
      const places = lines.flatMap((line, at) => {
        const changed = change(line, draw);
        const isCorrect = !setting.byzantine.includes(changed.node);
        return isCorrect && JSON.stringify(changed) !== JSON.stringify(line) ? [{ at, changed }] : [];
      });
      if (places.length === 0) continue;
      const { at, changed } = places[draw(places.length)]!;
      agrees(lines.with(at, changed), name) ? told.legal++ : told.illegal++;
    }
    const [gone, swapped] = [draw(lines.length + 1), draw(lines.length + 1)];
    const without = lines.filter((_, index) => index !== gone);
    agrees(without, "dropped") ? told.legal++ : told.illegal++;
    const moved = [...lines.slice(swapped), ...lines.slice(0, swapped)];
    agrees(moved, "moved") ? told.legal++ : told.illegal++;
  }
  t.deepEqual(told, { events: 653, lies: 188, several: 183, legal: 89, illegal: 313 });
});
