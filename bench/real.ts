// What checking a class costs: a realm, an instance, a call, a snapshot, evaluations, memory. It also checks
// that evaluations are the same in another process. `npm run bench:real`.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findProtocol } from "../src/index.js";
import type { Input, Json } from "../src/protocol/index.js";
import { bundle } from "../src/real/bundle.js";
import type { Node } from "../src/real/inside/node.js";
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

/** A state and an input, as a line of a file. */
interface Line {
  readonly self: string;
  readonly state: Json;
  readonly input: Input<Json>;
  readonly digest: string;
}

async function behaviours() {
  const { protocol } = await findProtocol(file);
  return new Map(protocol.nodes(config).map(({ id, behaviour }) => [id, behaviour]));
}

type Behaviours = Awaited<ReturnType<typeof behaviours>>;

/** Evaluates an input. Returns the next state, and a digest of everything that happens. */
function evaluate(all: Behaviours, self: string, state: Json, input: Input<Json>) {
  const [outcome] = all.get(self)!.step({ self, config }, state, input);
  const { at, view } = outcome!.state as { at: string; view: number };
  const what = JSON.stringify([at, view, outcome!.effects, outcome!.events]);
  return {
    next: outcome!.state as Json,
    digest: createHash("sha256").update(what).digest("hex").slice(0, 16),
  };
}

/** Random walks of single nodes, over all messages they could receive. */
async function walk(target: string): Promise<number> {
  const all = await behaviours();
  const lines: string[] = [];
  let seed = 1;
  const below = (bound: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * bound);
  };
  const started = cpuMicros();
  while (lines.length < evaluations) {
    const self = ids[below(4)]!;
    let state = all.get(self)!.init({ self, config }, { kind: "start" })[0]!.state as Json;
    for (let step = 0; step < 8 && lines.length < evaluations; step++) {
      const message = { type: ["send", "echo"][below(2)]!, value: ["A", "B"][below(2)]! };
      const input: Input<Json> =
        below(6) === 0
          ? { kind: "request", request: ["A", "B"][below(2)]! }
          : { kind: "message", from: ids[below(4)]!, message };
      const { next, digest } = evaluate(all, self, state, input);
      lines.push(JSON.stringify({ self, state, input, digest } satisfies Line));
      state = next;
    }
  }
  say("inputs answered, new ones twice, a CPU second", (evaluations / (cpuMicros() - started)) * 1e6, "");
  writeFileSync(target, lines.reverse().join("\n"));
  return lines.length;
}

/** Evaluates them in another process, in reverse order, and counts the differences. */
async function verify(source: string): Promise<void> {
  const all = await behaviours();
  let [count, differences] = [0, 0];
  for await (const text of createInterface({ input: createReadStream(source) })) {
    const { self, state, input, digest } = JSON.parse(text) as Line;
    count++;
    if (evaluate(all, self, state, input).digest !== digest) differences++;
  }
  console.log(
    `${count.toLocaleString("en-US")} evaluations once more in another process: ${differences} differences`,
  );
  process.exitCode = differences === 0 ? 0 : 1;
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
