// One search inside a node may have no end: limits, interrupts and progress are looked at inside of it. What has little time or memory is serial:
// nothing else runs in its thread.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { Expansion } from "../../src/explore/expansion.js";
import { growingFields } from "../../src/explore/growth.js";
import { search } from "../../src/explore/search.js";
import { VisitedSet } from "../../src/explore/visited.js";
import type { Setting } from "../../src/model/setting.js";
import { Successors } from "../../src/model/successors.js";
import { TransitionSystem } from "../../src/model/system.js";
import { limitReached, maxLocalStates, withoutTimeOf } from "../../src/verdict/limits.js";
import { Abandoned } from "../../src/watch/clock.js";

const counter = fileURLToPath(new URL("../../../test/cases/counter.ts", import.meta.url));

let counting: Setting;
test.before(async () => {
  counting = await settingFrom({
    protocol: counter,
    config: { replicas: 1, faults: 0, requests: 1, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0 },
    properties: ["agreement"],
  });
});

function fileFor(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return join(directory, "run.checkpoint");
}

test("a search inside one node is given up with so many states, and names what grows", (t) => {
  const system = new TransitionSystem(counting);
  const expansion = new Expansion(system, "visible-steps", 500);
  const { vector } = system.initial()[0]!;
  const visited = new VisitedSet(system.width, () => system.largestNumbers());
  t.throws(() => expansion.successors(visited, -1, vector, new Successors()), { instanceOf: Abandoned });
  const { node, states, growing } = expansion.visible!.local!;
  t.deepEqual([node, states, growing], ["r0", 500, ["ticks"]]);
});

test("so many states are ten thousands, or as many as may be stored", (t) => {
  t.is(maxLocalStates({}), Number.POSITIVE_INFINITY);
  t.is(maxLocalStates({ maxStates: 1000 }), 50_000);
  t.is(maxLocalStates({ maxStates: 60_000 }), 60_000);
  const now = { states: 1, seconds: 0, memoryBytes: 0, local: { states: 50_000 } };
  t.is(limitReached({ maxStates: 1000 }, now), "the limit of 1000 states was reached");
  t.is(limitReached({ maxStates: 60_000 }, now), null);
  // Of a limit that searches before have used up in part, what was asked for is told.
  const left = withoutTimeOf(withoutTimeOf({ maxSeconds: 60 }, 24.7), 10);
  t.is(limitReached(left, { ...now, seconds: 25 }), null);
  t.is(limitReached(left, { ...now, seconds: 26 }), "the limit of 60 seconds was reached");
});

test.serial("a limit of seconds ends it, and progress shows its local states", async (t) => {
  const local: number[] = [];
  const result = await search(counting, {
    maxSeconds: 1.5,
    onProgress: (progress) => local.push(progress.local?.states ?? 0),
  });
  t.is(result.verdict, "inconclusive");
  t.regex(
    result.reason!,
    /^the limit of 1\.5 seconds was reached inside a single step of r0, .*r0's ticks grows/,
  );
  t.true(local.some((states) => states > 0));
});

test.serial("a limit of memory ends it", async (t) => {
  const result = await search(counting, { maxMemoryBytes: process.memoryUsage.rss() + 2 ** 25 });
  t.regex(result.reason!, /^the limit of \d+ MiB of memory was reached inside a single step of r0/);
});

test.serial("an interrupt ends it", async (t) => {
  const control = new AbortController();
  const onProgress = ({ local }: { readonly local?: object }) => local && setImmediate(() => control.abort());
  const result = await search(counting, { signal: control.signal, onProgress });
  t.is(result.reason, "the search was interrupted");
  t.true(result.interrupted);
});

test.serial("a search that was cut inside a node can be resumed", async (t) => {
  const checkpoint = { file: fileFor(t), setting: "counter" };
  const cut = await search(counting, { maxSeconds: 0.3, checkpoint });
  t.is(cut.unsaved, null);
  t.true(existsSync(checkpoint.file));
  const resumed = await search(counting, { maxSeconds: 0.3, checkpoint, resume: true });
  t.deepEqual([resumed.verdict, resumed.states, resumed.frontier], ["inconclusive", 1, 1]);
});

test("a field grows if it is larger in every sample", (t) => {
  const series = Array.from({ length: 9 }, (_, n) => ({
    n,
    log: "x".repeat(n),
    inner: { seen: [n] },
    list: Array(n).fill(0),
  }));
  t.deepEqual(growingFields(series), ["n", "log", "list"]);
  t.deepEqual(growingFields(series.slice(0, 4)), []);
  t.deepEqual(growingFields([...series].reverse()), []);
});
