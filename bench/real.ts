// What checking a class costs: a realm, an instance, a call, a snapshot, evaluations, memory. It also checks
// that evaluations are the same in another process, where each is made afresh. `npm run bench:real`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundle } from "../src/real/bundle.js";
import { type Entry, historyOf } from "../src/real/history.js";
import type { Node } from "../src/real/inside/node.js";
import { Instances, type Making, type Result } from "../src/real/instances.js";
import { Realm } from "../src/real/realm.js";
import { Snapshots } from "../src/real/snapshot.js";
import { benchArguments } from "./arguments.js";

const file = fileURLToPath(new URL("../../bench/echo.real.ts", import.meta.url));
const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
const evaluations = 100_000;
const ids = ["r0", "r1", "r2", "r3"];
const around = { random: [0.5], disk: "atomic", clock: "stands", tickMs: 1000 } as const;

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU microseconds for each of `count` calls. */
function each(count: number, call: (index: number) => void): number {
  const before = cpuMicros();
  for (let index = 0; index < count; index++) call(index);
  return (cpuMicros() - before) / count;
}

const say = (what: string, figure: number, unit: string) =>
  console.log(
    `${what.padEnd(44)} ${figure < 10 ? figure.toFixed(2) : Math.round(figure).toLocaleString("en-US")} ${unit}`,
  );

async function costs(): Promise<void> {
  const started = cpuMicros();
  const made = await bundle(file);
  say("bundling (in this process)", (cpuMicros() - started) / 1000, "ms");
  say("a realm", each(20, () => new Realm(made, file)) / 1000, "ms");
  const realm = new Realm(made, file);
  const create = () => {
    const node = realm.inside.create("r0", ids, JSON.stringify(config), null, around);
    realm.run(node, () => node.begin());
    return node;
  };
  say("an instance", each(20_000, create), "us");
  const message = JSON.stringify({ type: "echo", value: "A" });
  const nodes = Array.from({ length: 20_000 }, create);
  say(
    "a call: a message, an async handler",
    each(nodes.length, (index) => call(realm, nodes[index]!, message)),
    "us",
  );
  const snapshots = new Snapshots(realm.inside, { unordered: true, closures: false });
  say(
    "a snapshot",
    each(nodes.length, (index) => snapshots.of(nodes[index]!)),
    "us",
  );
  say("length of a snapshot", snapshots.of(nodes[0]!).length, "characters");
  nodes.length = 0;
  memory(create);
}

function memory(create: () => Node): void {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const kept: Node[] = [];
  for (let index = 0; index < evaluations; index++) kept.push(create());
  globalThis.gc?.();
  say(
    "memory of an instance, of 100,000 kept",
    (process.memoryUsage().heapUsed - before) / kept.length,
    "bytes",
  );
  kept.length = 0;
  for (let index = 0; index < evaluations; index++) create();
  globalThis.gc?.();
  say("memory left by 100,000 that were let go", (process.memoryUsage().heapUsed - before) / 1e6, "MB");
}

function call(realm: Realm, node: Node, message: string): void {
  node.takeUp([]);
  realm.run(node, () => node.message("r1", message));
}

/** A state, as a history that leads to it, and an input, as a line of a file. */
interface Line {
  readonly self: string;
  readonly at: string;
  readonly history: readonly Entry[];
  readonly input: Entry;
  readonly digest: string;
}

/** Makes instances that remember nothing yet. */
async function freshInstances(): Promise<(self: string) => Instances> {
  const made = await bundle(file);
  const afresh = (): Making => {
    const realm = new Realm(made, file);
    const snapshots = new Snapshots(realm.inside, { unordered: true, closures: false });
    return { ...around, realm, snapshots, closer: () => [], afresh };
  };
  const making = afresh();
  return (self) => new Instances(making, self, ids, config);
}

/** A digest of everything that happens on an input. */
function digestOf({ at, view, sent, said, set, cancelled }: Result): string {
  const what = JSON.stringify([at, view, sent, said, set, cancelled]);
  return createHash("sha256").update(what).digest("hex").slice(0, 16);
}

/**
 * Random walks of single nodes, over all messages they could receive, as a search asks for them: what an input
 * has come to before is mostly answered from memory.
 */
async function walk(target: string): Promise<void> {
  const fresh = await freshInstances();
  const all = new Map(ids.map((id) => [id, fresh(id)]));
  const lines: string[] = [];
  let seed = 1;
  const below = (bound: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * bound);
  };
  const started = cpuMicros();
  while (lines.length < evaluations) {
    const self = ids[below(4)]!;
    let { at, history } = all.get(self)!.start(null)[0]!;
    for (let step = 0; step < 8 && lines.length < evaluations; step++) {
      const message = { type: ["send", "echo"][below(2)]!, value: ["A", "B"][below(2)]! };
      const input: Entry =
        below(6) === 0
          ? ["request", JSON.stringify(["A", "B"][below(2)]!)]
          : ["message", ids[below(4)]!, JSON.stringify(message)];
      const result = all.get(self)!.step(at, history, input)[0]!;
      const line: Line = { self, at, history: history.entries(), input, digest: digestOf(result) };
      lines.push(JSON.stringify(line));
      ({ at, history } = result);
    }
  }
  say(
    "inputs answered, most of them from memory",
    (evaluations / (cpuMicros() - started)) * 1e6,
    "a CPU second",
  );
  const real = [...all.values()].reduce((sum, { counts }) => sum + counts.evaluations, 0);
  say("evaluations for these 100,000", real, "");
  writeFileSync(target, lines.reverse().join("\n"));
}

/**
 * Answers them in another process, in reverse order, and counts the differences. Nothing is remembered here: for each line
 * an instance is made and taken to its state, twice, and is given the input.
 */
async function verify(source: string): Promise<void> {
  const fresh = await freshInstances();
  let [count, real, differences] = [0, 0, 0];
  const started = cpuMicros();
  for await (const text of createInterface({ input: createReadStream(source) })) {
    const { self, at, history, input, digest } = JSON.parse(text) as Line;
    const instances = fresh(self);
    const results = instances.step(at, historyOf(history), input);
    count++;
    real += instances.counts.evaluations;
    if (results.length !== 1 || digestOf(results[0]!) !== digest) differences++;
  }
  say("evaluations in another process, each afresh", (real / (cpuMicros() - started)) * 1e6, "a CPU second");
  console.log(
    `${count.toLocaleString("en-US")} inputs evaluated ${real.toLocaleString("en-US")} times in another process, none answered from memory: ${differences} differences`,
  );
  process.exitCode = differences === 0 && count === evaluations && real === 2 * count ? 0 : 1;
}

/** The script starts itself with `--verify` in another process. */
const { values } = benchArguments({ options: { verify: { type: "string" } } });
if (values.verify !== undefined) await verify(values.verify);
else {
  await costs();
  const place = mkdtempSync(join(tmpdir(), "turncoat-bench-real-"));
  try {
    const lines = join(place, "evaluations.jsonl");
    await walk(lines);
    const { stdout, status } = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.url), "--verify", lines],
      { encoding: "utf8" },
    );
    process.stdout.write(stdout);
    process.exitCode = status ?? 1;
  } finally {
    rmSync(place, { recursive: true });
  }
}
