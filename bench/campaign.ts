// Campaigns on several machines, where it hurts: workers killed with -9 at random moments and the server restarted twice (is the
// result still that of one local campaign?), what the queue costs, how much memory the server needs for 10,000 blocks, and how soon a
// failure is told everywhere, and what happens to a worker that is cut off from the server. Needs redis-server, and the last part root
// and `ip`. `npm run bench:campaign`, or with one of: kills, cost, memory, told, cut.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Redis } from "ioredis";
import { CampaignStore, defaultAhead, startCampaign } from "../src/campaign/index.js";
import { type Job, openQueue, queuePrefix } from "../src/campaign/jobs.js";
import { packages } from "../src/campaign/server.js";
import { localFile, mergedFile, planFor } from "../test/support/campaigns.js";
import { type RedisServer, serverFor } from "../test/support/redis.js";
import { benchArguments, refuse } from "./arguments.js";

const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const cleanups: (() => unknown)[] = [];
const context = { teardown: (clean: () => unknown) => void cleanups.push(clean) };

function worker(url: string, name: string): ChildProcess {
  return spawn(process.execPath, [main, "campaign", "work", name, "--threads", "1"], {
    env: { ...process.env, TURNCOAT_REDIS: url, NODE_V8_COVERAGE: undefined },
    stdio: "ignore",
  });
}

/** Waits for one to three blocks more, or the end. */
async function someBlocksMore(store: CampaignStore): Promise<void> {
  const part = async () => (await store.progress())!.parts[0]!;
  const wanted = (await part()).blocks + 1 + Math.floor(Math.random() * 3);
  for (let now = await part(); now.blocks < wanted && !now.isOver; now = await part()) await pause(50);
}

/** Kills a worker at a random moment and starts another, so many times; restarts the server twice meanwhile. */
async function killAll(server: RedisServer, store: CampaignStore, kills: number): Promise<void> {
  const workers = [worker(server.url, store.name), worker(server.url, store.name)];
  for (let kill = 1; kill <= kills; kill++) {
    const victim = kill % workers.length;
    await someBlocksMore(store);
    await pause(Math.random() * 1000);
    if (workers[victim]!.exitCode !== null) break; // the campaign is over
    const gone = once(workers[victim]!, "exit");
    workers[victim]!.kill("SIGKILL");
    await gone;
    if (kill === 7 || kill === 14) {
      await server.kill();
      await server.begin();
    }
    workers[victim] = worker(server.url, store.name);
    const { blocks, merged } = (await store.progress())!.parts[0]!;
    console.log(`  kill ${kill}: ${blocks} blocks, ${merged} merged`);
  }
  await Promise.all(workers.map((one) => (one.exitCode === null ? once(one, "exit") : null)));
}

async function kills(): Promise<void> {
  const { server, redis } = await serverFor(context);
  const plan = await planFor("two-phase-commit", { maxRuns: 402_000 });
  await startCampaign(redis, "kills", plan);
  const store = new CampaignStore(redis, "kills");
  await killAll(server, store, 20);
  const { blocks, runs, isOver } = (await store.progress())!.parts[0]!;
  const isSame = (await mergedFile(redis, "kills", plan)) === (await localFile(plan));
  console.log(`kills: ${blocks} blocks and ${runs} runs counted (81 and 402,000 planned), over: ${isOver}`);
  console.log(
    `kills: the campaign file is ${isSame ? "the same, byte for byte," : "NOT THE SAME"} as that of one local campaign`,
  );
  if (!isSame || blocks !== 81 || runs !== 402_000) process.exitCode = 1;
}

/** CPU seconds of the server so far. */
async function serverSeconds(redis: Redis): Promise<number> {
  const info = await redis.info("cpu");
  const [user, system] = ["user", "sys"].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}:(.*)`).exec(info)![1]),
  );
  return user! + system!;
}

/** What handing out a block and keeping its result of 100 kB costs, the server's share included. */
async function cost(): Promise<void> {
  const { redis } = await serverFor(context);
  const blocks = 400;
  const plan = await planFor("bracha", { maxRuns: blocks * 5000 });
  const store = new CampaignStore(redis, "cost");
  await startCampaign(redis, "cost", plan);
  const { Worker } = await packages();
  const bytes = randomFillSync(Buffer.alloc(100_000));
  const [own, theirs] = [process.cpuUsage(), await serverSeconds(redis)];
  let made = 0;
  const done = new Promise<void>((resolve) => {
    const takes = new Worker<Job>(
      "cost",
      async ({ data }) => {
        if (data.kind !== "block") return;
        await store.needs(0, data.block, true);
        await store.level(0);
        await store.keep(0, data.block, { bytes, runs: 5000, events: 1, by: "w" });
        if (++made === blocks) resolve();
      },
      { connection: redis as never, prefix: queuePrefix, concurrency: 2 },
    );
    context.teardown(() => takes.close());
  });
  await done;
  const { user, system } = process.cpuUsage(own);
  const each = ((user + system) / 1e6 + (await serverSeconds(redis)) - theirs) / blocks;
  console.log(
    `cost: ${(each * 1000).toFixed(1)} ms of CPU for each block, ${((100 * each) / 5).toFixed(2)} % of a block of 5 s`,
  );
}

/** 10,000 results of 100 kB, merged sixteen at a time into a state as large as it gets. */
async function memory(): Promise<void> {
  const { redis } = await serverFor(context, ["--maxmemory", "1gb", "--maxmemory-policy", "noeviction"]);
  const plan = await planFor("bracha", { maxRuns: 50_000_000 });
  const store = new CampaignStore(redis, "memory");
  await startCampaign(redis, "memory", plan);
  const [bytes, state] = [randomFillSync(Buffer.alloc(100_000)), randomFillSync(Buffer.alloc(4_500_000))];
  for (let block = 0; block < 10_000; block++) {
    await store.keep(0, block, { bytes, runs: 5000, events: 1, by: "w" });
    const to = block + 1 - defaultAhead; // as far behind as back-pressure allows
    const step = { level: 0, knownInARow: 0, isOver: false, failures: [], seen: null, fault: null, state };
    if (to > 0 && to % 16 === 0) await store.merge(0, { ...step, from: to - 16, to });
  }
  const peak = Number(/used_memory_peak:(\d+)/.exec(await redis.info("memory"))![1]);
  const queue = await openQueue(redis, "memory");
  await queue.obliterate({ force: true });
  await queue.close();
  await store.remove();
  console.log(
    `memory: 10,000 blocks of 100 kB, ${defaultAhead} of them not merged: the server needed ${Math.round(peak / 1e6)} MB at most; ${await redis.dbsize()} keys are left after its removal`,
  );
}

/** From when a run has violated a property until two worker processes have said so; and until its minimized trace is in the server. */
async function told(): Promise<void> {
  const { server, redis } = await serverFor(context);
  const heard: number[] = [];
  const workers = [1, 2].map(() =>
    spawn(process.execPath, [main, "campaign", "work", "--threads", "1"], {
      env: { ...process.env, TURNCOAT_REDIS: server.url, NODE_V8_COVERAGE: undefined },
      stdio: ["ignore", "ignore", "pipe"],
    }),
  );
  for (const { stderr } of workers)
    stderr!.on("data", (text) => `${text}`.includes("Found: ") && heard.push(Date.now()));
  const seconds: number[] = [];
  const minimized: number[] = [];
  for (let campaign = 0; campaign < 5; campaign++) {
    const name = `told-${campaign}`;
    heard.length = 0;
    await startCampaign(
      redis,
      name,
      await planFor("two-phase-commit/prepared-may-abort", { maxRuns: 200_000 }),
    );
    const store = new CampaignStore(redis, name);
    while (heard.length < workers.length) await pause(5);
    const [{ atMs } = { atMs: 0 }] = await store.told();
    seconds.push((Math.max(...heard) - atMs) / 1000);
    for (let part = (await store.progress())!.parts[0]!; ; part = (await store.progress())!.parts[0]!) {
      if (part.toMinimize.length > 0 && part.toMinimize.every((path) => path === null)) break;
      await pause(20);
    }
    minimized.push((Date.now() - atMs) / 1000);
    console.log(`  ${seconds.at(-1)} s, minimized after ${minimized.at(-1)} s`);
  }
  for (const worker of workers) worker.kill("SIGTERM");
  const most = (all: readonly number[]) => Math.max(...all).toFixed(2);
  const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1]!.toFixed(2);
  console.log(
    `told: of five failures both workers had told after ${middle(seconds)} s (median; ${most(seconds)} s at most); minimized after ${middle(minimized)} s (${most(minimized)} s at most)`,
  );
  if (Math.max(...seconds) > 2) process.exitCode = 1;
}

/** A worker in a network namespace of its own, where root can cut it off from the server; null where that is not possible. */
function namespace(port: number) {
  const ip = (...args: readonly string[]) => spawnSync("ip", args).status === 0;
  const name = `turncoat-${process.pid}`;
  if (!ip("netns", "add", name)) return null;
  context.teardown(() => {
    ip("netns", "del", name); // and the devices with it
  });
  const outside = `tc${process.pid}`;
  ip("link", "add", outside, "type", "veth", "peer", "name", "inside", "netns", name);
  ip("addr", "add", "10.77.0.1/24", "dev", outside);
  ip("link", "set", outside, "up");
  ip("-n", name, "addr", "add", "10.77.0.2/24", "dev", "inside");
  ip("-n", name, "link", "set", "inside", "up");
  const args = ["netns", "exec", name, process.execPath, main, "campaign", "work", "cut", "--threads", "1"];
  return {
    cut: () => ip("link", "set", outside, "down"),
    mend: () => ip("link", "set", outside, "up"),
    worker: () =>
      spawn("ip", args, {
        env: { ...process.env, TURNCOAT_REDIS: `redis://10.77.0.1:${port}`, NODE_V8_COVERAGE: undefined },
        stdio: ["ignore", "ignore", "inherit"],
      }),
  };
}

/** Cuts a worker off for longer than its lock holds while another goes on: is anything lost, or counted twice? */
async function cut(): Promise<void> {
  const open = ["--bind", "0.0.0.0", "--protected-mode", "no"];
  const { server, redis } = await serverFor(context, ["--appendonly", "yes", ...open]);
  const there = namespace(Number(new URL(server.url).port));
  if (there === null) {
    console.log("cut: not done, for it needs root and the command ip");
    return;
  }
  const plan = await planFor("two-phase-commit", { maxRuns: 202_000 });
  await startCampaign(redis, "cut", plan);
  const store = new CampaignStore(redis, "cut");
  const blocks = async () => (await store.progress())!.parts[0]!.blocks;
  const ends: Promise<unknown>[] = [];
  const far = there.worker();
  ends.push(once(far, "exit"));
  while ((await store.workers.all()).length === 0 || (await blocks()) === 0) await pause(50);
  for (let time = 1; time <= 2; time++) {
    there.cut();
    const before = await blocks();
    if (time === 1) ends.push(once(worker(server.url, "cut"), "exit")); // takes over what the other one has
    await pause(15_000);
    there.mend();
    console.log(`  cut ${time}: 15 s, ${(await blocks()) - before} blocks were counted meanwhile`);
    await pause(3000);
  }
  const codes = await Promise.all(ends);
  const { blocks: counted, runs, isOver } = (await store.progress())!.parts[0]!;
  const isSame = (await mergedFile(redis, "cut", plan)) === (await localFile(plan));
  console.log(
    `cut: ${counted} blocks and ${runs} runs counted (41 and 202,000 planned), over: ${isOver}, both workers ended with ${JSON.stringify(codes)}; the campaign file is ${isSame ? "the same, byte for byte" : "NOT THE SAME"}`,
  );
  if (!isSame || counted !== 41 || runs !== 202_000) process.exitCode = 1;
}

const parts: { readonly [name: string]: () => Promise<void> } = { kills, cost, memory, told, cut };
const { positionals } = benchArguments({ allowPositionals: true });
const [wanted] = positionals;
if (wanted !== undefined && !(wanted in parts))
  refuse(`there is no part ${wanted}: ${Object.keys(parts).join(", ")}`);
for (const [name, part] of Object.entries(parts)) if (wanted === undefined || wanted === name) await part();
for (const clean of cleanups.reverse()) await clean();
