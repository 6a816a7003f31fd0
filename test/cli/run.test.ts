// `turncoat keys`, `run`, `trace` and `conform` as a user runs them: one cluster of four processes.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { purpose, randomFor } from "../../src/simulate/random.js";
import { clusterFiles } from "../support/cluster.js";
import { etcdRecord } from "../support/etcd-records.js";
import {
  type Document,
  directoryWith,
  main,
  parse,
  refusedWith,
  root,
  turncoat,
  turncoatJson,
} from "./support.js";

test("a cluster of four processes serves its client", async (t) => {
  const directory = await directoryWith(t);
  const args = ["run", "--local", "4", "--requests", "3", "--dir", "cluster", "--timeout", "20s", "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: directory,
    encoding: "utf8",
  });
  t.is(status, 0, stderr);
  const document: Document = parse({ code: status, stdout, stderr });
  t.deepEqual([document.end, document.served, document.requests, document.highestView], ["served", 3, 3, 0]);
  t.deepEqual(document.lost, []);
  t.deepEqual(Object.keys(document.counters), ["r0", "r1", "r2", "r3", "c0"]);
  t.is(document.counters.r0.byType["pre-prepare"], 9);
  for (const { dropped } of Object.values<Document>(document.counters))
    t.deepEqual([...new Set(Object.values(dropped))], [0]);
  const log = readFileSync(join(directory, "cluster/r0.log"), "utf8").trim().split("\n");
  const said = log.map((line) => JSON.parse(line).msg);
  t.deepEqual([said[0], said[1], said.at(-1)], ["listening", "progress", "stopped"]);
  await isHeldAgainstTheModel(t, directory);
  t.is(statSync(join(directory, "cluster/r0.json")).mode & 0o777, 0o600);
});

/** The records can be merged and conform; without the first vote that a node has received they do not. */
async function isHeldAgainstTheModel(t: ExecutionContext, directory: string): Promise<void> {
  const merging = await turncoat(directory, "trace", "merge", "cluster", "--out", "merged.ndjson");
  t.regex(merging.stdout, /^merged\.ndjson: \d+ steps of c0, r0, r1, r2, r3\n$/);
  const { code, document } = await turncoatJson(directory, "conform", "merged.ndjson");
  t.deepEqual([code, document.verdict, document.rejection, document.byzantine], [0, "conforms", null, []]);
  t.is(document.explained, document.steps);
  const lines = readFileSync(join(directory, "merged.ndjson"), "utf8").split("\n");
  const moved = ['"kind":"executed","slot":1', '"kind":"executed","slot":2'] as const;
  const altered = lines.map((line) => (line.includes('"node":"r2"') ? line.replace(...moved) : line));
  writeFileSync(join(directory, "altered.ndjson"), altered.join("\n"));
  const outcome = await turncoat(directory, "conform", "altered.ndjson");
  t.is(outcome.code, 1);
  t.regex(
    outcome.stdout,
    /^rejected: pbft explains the first \d+ of \d+ steps of r0, r1, r2, r3, c0; .* s\n/,
  );
  t.regex(
    outcome.stdout,
    /\n {4}the model: r2 executes c0:1:A at slot 1, .*; the record: r2 executes c0:1:A at slot 2, /,
  );
}

test("records of others are held against the model through a mapping; a model's pairs of actions are emitted", async (t) => {
  const random = randomFor(1, purpose.choice);
  const record = etcdRecord((limit) => random.below(limit), { lines: 100 });
  const directory = await directoryWith(t, {
    "theirs.ndjson": record,
    "unmapped.ndjson": record.replaceAll('"Ready"', '"Unready"'),
    "map.json": readFileSync(join(root, "examples/etcd-raft.map.json"), "utf8"),
  });
  const map = ["--map", "map.json"];
  const { code, document } = await turncoatJson(directory, "conform", "theirs.ndjson", ...map);
  t.deepEqual([code, document.verdict, document.explained], [0, "conforms", document.events]);
  const unmapped = await turncoat(directory, "conform", "unmapped.ndjson", ...map);
  t.is(unmapped.code, 3);
  t.regex(
    unmapped.stdout,
    /\nNo rule maps \d+ events, the first at line 4 of unmapped.ndjson: add a rule, or one with "ignore"\n/,
  );
  const emitted = await turncoatJson(directory, "emit-traces", "two-phase-commit", "--out", "emitted");
  t.deepEqual([emitted.code, emitted.document.left, emitted.document.states], [0, [], 288]);
  const [file] = emitted.document.files as readonly string[];
  t.regex((await turncoat(directory, "replay", file!)).stdout, /two-phase-commit: holds now\n$/);
  refusedWith(
    t,
    await turncoat(directory, "emit-traces", "two-phase-commit", "--out", "emitted"),
    "turncoat: emitted has traces of an earlier call, 1.json for one: remove them, or name another directory (--out).",
  );
});

test("a node that cannot begin ends, although whoever has started it still holds its input", async (t) => {
  const { directory, files, nodes } = await clusterFiles(t);
  const taken = createServer().listen(nodes[0]!.member);
  await once(taken, "listening");
  const child = spawn(process.execPath, [main, "run", files[0]!, "--with-parent"], {
    ...{ cwd: directory, stdio: ["pipe", "ignore", "pipe"] },
  });
  let said = "";
  child.stderr!.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  taken.close();
  t.is(code, 2);
  t.regex(said, /cannot be listened on: listen EADDRINUSE/);
});

test("a node's file that is not there is refused", async (t) => {
  refusedWith(
    t,
    await turncoat(await directoryWith(t), "run", "r0.json"),
    "turncoat: There is no file r0.json; or run a whole cluster: turncoat run pbft --local 4",
  );
});
