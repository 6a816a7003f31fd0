// Campaigns on several machines: the same bytes as one local campaign, whoever makes the blocks, and nothing
// lost or counted twice when workers and the server are killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ava from "ava";
import {
  CampaignStore,
  decodeState,
  givenUp,
  openQueue,
  startCampaign,
  stopCampaign,
  work,
} from "../../src/campaign/index.js";
import { decodeOutcome, encodeOutcome } from "../../src/campaign/merge.js";
import { threadStartOf } from "../../src/campaign/plan.js";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { tellingRefusals } from "../../src/cli/campaign-server.js";
import { mergedState } from "../../src/cli/campaign-status.js";
import { campaignNow } from "../../src/cli/explore-campaign.js";
import { campaignApp } from "../../src/explorer/campaign.js";
import { BlockMaker } from "../../src/fuzz/block.js";
import { minimizedFailure, strategyNamed } from "../../src/fuzz/index.js";
import { UserError } from "../../src/model/errors.js";
import { encodeTrace } from "../../src/trace/index.js";
import { directoryWith, main, moduleOf, turncoat } from "../cli/support.js";
import { localFile, mergedFile, planFor } from "../support/campaigns.js";
import { hasRedis, serverFor } from "../support/redis.js";

const test = hasRedis ? ava : ava.skip;

ava("a block's bytes depend on nothing but its number", async (t) => {
  const plan = await planFor("two-phase-commit", { maxRuns: 11_000 });
  const start = threadStartOf(plan, plan.parts[0]!);
  const setting = await settingFrom(plan.parts[0]!.setting);
  const maker = () => new BlockMaker(setting, { ...start, strategy: strategyNamed(start.strategy) });
  const [inOrder, backwards] = [maker(), maker()];
  const first: Uint8Array[] = [];
  for (const block of [0, 1, 2]) first.push(encodeOutcome(await inOrder.make(block)));
  for (const block of [2, 1, 0]) t.deepEqual(encodeOutcome(await backwards.make(block)), first[block]);
  t.deepEqual(
    first.map((bytes) => decodeOutcome(bytes, "it").counts.runs),
    [5000, 5000, 1000],
  );
  t.throws(() => decodeOutcome(first[0]!.subarray(0, 40), "it"), { message: /^it is damaged: / });
});

test("two workers end with the bytes of one local campaign", async (t) => {
  const { redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit", { maxRuns: 11_000 });
  t.true(await startCampaign(redis, "two", plan));
  t.false(await startCampaign(redis, "two", plan), "the same again changes nothing");
  const queue = await openQueue(redis, "two");
  await queue.add("wrong", { kind: "block", part: 9, block: 0 }, { jobId: "wrong", lifo: true });
  const troubles: string[] = [];
  await redis.config("SET", "maxmemory", "1");
  const refusals: string[] = [];
  const onTrouble = (job: string, reason: string) => {
    if (!reason.startsWith("OOM ")) return troubles.push(job);
    refusals.push(job);
    return redis.config("SET", "maxmemory", "0");
  };
  const worker = () => work({ redis, name: "two", plan, threads: 1, onTrouble });
  const done = await Promise.all([worker(), worker()]);
  t.deepEqual([done[0].end, done[1].end, done[0].blocks + done[1].blocks], ["over", "over", 3]);
  t.is(await mergedFile(redis, "two", plan), await localFile(plan));
  const { parts } = (await new CampaignStore(redis, "two").progress())!;
  t.like(parts[0], { merged: 3, blocks: 3, runs: 11_000, isOver: true });
  t.deepEqual(new Set(refusals), new Set(["Storing in the server"]), "a server that is full is waited for");
  t.deepEqual(troubles, ["wrong"]);
  t.deepEqual(
    (await givenUp(redis, "two")).map(({ job }) => job),
    ["wrong"],
  );
  const { workers, minutes, seen } = await new CampaignStore(redis, "two").history();
  const sums = [workers, minutes].map((some) => some.reduce((sum, { runs }) => sum + runs, 0));
  t.deepEqual([...sums, seen.at(-1)!.runs], [11_000, 11_000, 11_000]);
  await stopCampaign(redis, "two", false);
  await t.throwsAsync(startCampaign(redis, "two", plan), { message: /^The campaign two was stopped, / });
  await queue.close();
  await stopCampaign(redis, "two", true);
  t.deepEqual(await redis.keys("*"), [], "nothing is left of what was removed");
});

test("a campaign that has got the name of another shows nothing of what was merged of that", async (t) => {
  let asked = 0;
  const store = {
    name: "got-the-name-of-another",
    state: async () => {
      asked++;
      return null;
    },
  };
  for (const [startedAtMs, merged] of [
    [1, 3],
    [1, 3],
    [2, 3],
    [2, 4],
  ] as const)
    await mergedState(store, 0, { startedAtMs, parts: [{ merged }] as never });
  t.is(asked, 3);
});

test("a failure is told to all workers, and minimized by one of them to the trace of a local campaign", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit/prepared-may-abort", { maxRuns: 10_000 });
  await startCampaign(redis, "f", plan);
  const now = () => campaignNow(new CampaignStore(redis, "f"), { redis, shown: server.url });
  const app = campaignApp({ token: "t", now, admit: () => {} });
  const get = (path: string) => app.request(`http://127.0.0.1:1/t/${path}`);
  const before = await get("");
  t.deepEqual([before.status, before.headers.get("refresh")], [200, "5"]);
  t.false((await before.text()).includes("look at it"));
  const told = [new Set<string>(), new Set<string>()];
  const worker = (number: number) =>
    work({ redis, name: "f", plan, threads: 1, onFailure: ({ path }) => told[number]!.add(path) });
  const done = await Promise.all([worker(0), worker(1)]);
  t.deepEqual([done[0].end, done[1].end, done[0].minimized + done[1].minimized], ["over", "over", 1]);
  const store = new CampaignStore(redis, "f");
  const { setting: description, identity } = plan.parts[0]!;
  const { failures } = decodeState((await store.state(0))!, "f");
  const failure = failures[0]!;
  t.true(told.every((paths) => paths.has(failure.path)));
  t.deepEqual((await store.progress())!.parts[0]!.toMinimize, [null]);
  const origin = { setting: await settingFrom(description), description, parts: identity.parts };
  const { adversaries } = await findProtocol(description.protocol);
  const { strategy, seed } = plan;
  const trace = await minimizedFailure({ ...origin, strategy, seed }, failure, { adversaries });
  t.true(trace.minimal);
  t.is(await store.minimized(0, failure.path), encodeTrace(trace));
  t.false(await store.keepMinimized(0, failure.path, "another"), "it is kept once");
  const page = await get("");
  t.is(page.headers.get("refresh"), null, "a campaign that is over is asked for once");
  const text = await page.text();
  t.is(text.split('<a href="failure/1">look at it</a>').length, 2);
  t.regex(text, /<pre>f: over, /);
  const shown = await get("failure/1");
  t.deepEqual(
    [shown.status, shown.headers.get("content-security-policy")?.includes("script-src 'sha256-")],
    [200, true],
  );
  t.true((await shown.text()).includes(`"${trace.violates.property}"`));
  for (const wrong of ["failure/0", "failure/2", "failure/x"]) t.is((await get(wrong)).status, 400, wrong);
  t.is((await app.request("http://127.0.0.1:1/other/")).status, 403);
  const loading = () => Promise.reject(new Error("LOADING Redis is loading the dataset in memory"));
  const restarting = campaignApp({
    ...{ token: "t", admit: () => {} },
    now: () => tellingRefusals({ shown: "redis://here" }, loading),
  });
  const waits = await restarting.request("http://127.0.0.1:1/t/");
  t.deepEqual([waits.status, (await waits.text()).split(":")[0]], [400, "redis"]);
  const refusing = campaignApp({
    ...{ token: "t", now },
    admit: () => {
      throw new UserError("bad-module", "not admitted");
    },
  });
  t.is((await refusing.request("http://127.0.0.1:1/t/failure/1")).status, 400);
  const directory = await directoryWith(t);
  const { code } = await turncoat(directory, "campaign", "result", "f", "--redis", server.url);
  t.is(code, 1);
  const files = readdirSync(join(directory, "traces"));
  t.deepEqual(
    files.map((file) => readFileSync(join(directory, "traces", file), "utf8")),
    [encodeTrace(trace)],
  );
});

test("a result is counted once, and not at all after it was merged or when the campaign is gone", async (t) => {
  const { redis } = await serverFor(t);
  const store = new CampaignStore(redis, "once");
  await store.begin("{}", 1);
  const kept = { bytes: Buffer.from("x"), runs: 5000, events: 7, by: "w" };
  t.is(await store.keep(0, 1, kept), "counted");
  t.is(await store.keep(0, 1, { ...kept, bytes: Buffer.from("y") }), "again");
  t.like((await store.progress())!.parts[0], { ready: 0, runs: 5000, events: 7, blocks: 1 });
  t.is(await store.keep(0, 0, kept), "counted");
  t.like((await store.progress())!.parts[0], { ready: 2, runs: 10_000 });
  const step = {
    from: 0,
    to: 2,
    state: Buffer.from("s"),
    level: 3,
    knownInARow: 0,
    isOver: false,
    failures: [],
    seen: null,
    fault: null,
  };
  t.true(await store.merge(0, step));
  t.false(await store.merge(0, step), "somebody else was first");
  t.deepEqual((await store.snapshot(0))!.unmerged, []);
  t.is(await store.keep(0, 0, kept), "again");
  t.like((await store.progress())!.parts[0], { merged: 2, level: 3, runs: 10_000 });
  const other = new CampaignStore(redis, "once", "another plan");
  t.is(await other.progress(), null);
  t.is(await other.keep(0, 2, kept), "gone");
  t.false(await other.merge(0, { ...step, from: 2, to: 3 }));
  await t.throwsAsync(other.needs(0, 2, true), { message: /another one has its name/ });
  const news = {
    part: 0,
    block: 2,
    run: 10_001,
    path: "p",
    property: "agreement",
    actions: 3,
    by: "w",
    atMs: 0,
  };
  await other.tellFailure(news);
  t.is((await store.progress())!.parts[0]!.failing, null, "another plan's failure is not this one's");
  t.is(await new CampaignStore(redis, "once", "{}").keep(0, 2, kept), "counted");
  t.true(await store.merge(0, { ...step, from: 2, to: 3, isOver: true }));
  t.is(await store.keep(0, 4, kept), "again", "nothing is kept of a part that is over");
  await redis.flushall();
  t.is(await store.keep(0, 2, kept), "gone");
  await store.tellFailure(news);
  t.deepEqual(await redis.keys("*"), [], "a failure that comes late brings nothing back");
});

test("a worker is killed, the server is restarted, and nothing is lost or counted twice", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit", { maxRuns: 11_000 });
  await startCampaign(redis, "k", plan);
  const child = spawn(process.execPath, [main, "campaign", "work", "k", "--threads", "1"], {
    env: { ...process.env, TURNCOAT_REDIS: server.url },
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  const store = new CampaignStore(redis, "k");
  while ((await store.progress())!.parts[0]!.blocks === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGKILL");
  await gone;
  await server.kill();
  await server.begin();
  const { end, again } = await work({ redis, name: "k", plan, threads: 1 });
  t.deepEqual([end, again], ["over", 0]);
  t.like((await store.progress())!.parts[0], { blocks: 3, runs: 11_000 });
  t.is(await mergedFile(redis, "k", plan), await localFile(plan));
});

test("a failure that was told is in the result, also if its block was dropped in the middle", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit/prepared-may-abort", { maxRuns: Number.POSITIVE_INFINITY });
  await startCampaign(redis, "s", plan);
  const store = new CampaignStore(redis, "s");
  const { strategy, ...start } = threadStartOf(plan, plan.parts[0]!);
  const setting = await settingFrom(plan.parts[0]!.setting);
  const maker = new BlockMaker(setting, { ...start, strategy: strategyNamed(strategy) });
  const made = await maker.make(0, () => false);
  const { run, path } = made.failures[0]!;
  await store.tellFailure({
    part: 0,
    block: 0,
    run,
    path,
    property: "agreement",
    actions: 9,
    by: "w",
    atMs: 0,
  });
  await stopCampaign(redis, "s", false);
  const directory = await directoryWith(t);
  const url = server.url.replace("//", "//:secret@");
  const args = ["result", "s", "--redis", url, "--no-minimize", "--summary", "s.md"];
  const { code, stdout, stderr } = await turncoat(directory, "campaign", ...args);
  t.is(code, 1, stderr);
  t.regex(stdout, /violated: r0 executed commit at slot 1, but r2 executed abort there/);
  t.true(stdout.includes(`--path '${path}'`), stdout);
  const summary = readFileSync(join(directory, "s.md"), "utf8");
  t.true(summary.includes("campaign result s --redis redis://127.0.0.1:"), summary);
  t.notRegex(summary + stdout + stderr, /secret/);
});

test("a worker whose code changes while it works ends, and its blocks are left to others", async (t) => {
  const { redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit", { maxRuns: 10 });
  const [part] = plan.parts;
  const identity = { ...part!.identity, parts: { ...part!.identity.parts, turncoat: "another" } };
  const other = { ...plan, parts: [{ ...part!, identity }] };
  await startCampaign(redis, "c", other);
  const { end, blocks } = await work({ redis, name: "c", plan: other, threads: 1 });
  t.deepEqual([end, blocks], ["changed", 0]);
  const queue = await openQueue(redis, "c");
  t.is(await queue.getDelayedCount(), 1, "the block is handed out again");
  await queue.close();
});

test("a worker with other code refuses, and says what differs", async (t) => {
  const { server } = await serverFor(t);
  const fields = 'resilience: "crash", properties: []';
  const directory = await directoryWith(t, { "mine.ts": moduleOf({ fields }) });
  const there = (...args: readonly string[]) =>
    turncoat(directory, "campaign", ...args, "--redis", server.url);
  const started = await there("start", "./mine.ts", "--name", "m", "--runs", "10", "--adversary", "none");
  t.is(started.code, 0, started.stderr);
  writeFileSync(join(directory, "mine.ts"), `// changed\n${moduleOf({ fields })}`);
  const { code, stderr } = await there("work", "m");
  t.is(code, 2);
  t.regex(
    stderr,
    /does not have the code that m was started with.* What differs: \.\/mine\.ts has changed\. /,
  );
  const result = await there("result", "m");
  t.is(result.code, 2, "also where nothing is merged yet");
  t.regex(result.stderr, /does not have the code that m was started with/);
  const secret = await turncoat(
    directory,
    "campaign",
    "status",
    "--redis",
    `${server.url.replace("//", "//:secret@")}x`,
  );
  t.is(secret.code, 2);
  t.notRegex(secret.stderr, /secret/);
});
