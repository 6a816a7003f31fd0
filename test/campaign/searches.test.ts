// Campaigns of searches: the counts of one local check, also if a worker is lost in the middle.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ava from "ava";
import {
  CampaignStore,
  decodeRun,
  openQueue,
  runsOf,
  startCampaign,
  stopCampaign,
  work,
} from "../../src/campaign/index.js";
import type { Bench } from "../../src/campaign/maker.js";
import { deflated, encodeRun } from "../../src/campaign/run-bytes.js";
import { RunMaker } from "../../src/campaign/run-maker.js";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import { directoryWith, turncoat } from "../cli/support.js";
import { hasRedis, serverFor } from "../support/redis.js";
import { madeHere, searchesOf, untimed } from "../support/searches.js";

const test = hasRedis ? ava : ava.skip;

const protocols = ["two-phase-commit", "two-phase-commit/prepared-may-abort", "pbft/quorum-2f"];

test("two workers end with the searches of one local check", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await searchesOf(protocols);
  t.true(await startCampaign(redis, "s", plan));
  const directory = await directoryWith(t);
  const result = (...more: readonly string[]) =>
    turncoat(directory, "campaign", "result", "s", "--redis", server.url, "--json", ...more);
  const early = await result();
  t.is(early.code, 3, "nothing is made, and nothing has passed");
  const unexpected: string[] = [];
  const onUnexpected = ({ run, verdict }: { readonly run: number; readonly verdict: string }) =>
    unexpected.push(`${run} ${verdict}`);
  const worker = () => work({ redis, name: "s", plan, threads: 1, onUnexpected });
  const done = await Promise.all([worker(), worker()]);
  t.deepEqual([done[0].end, done[1].end, done[0].blocks + done[1].blocks], ["over", "over", 3]);
  t.true(unexpected.includes("1 violated"));
  const store = new CampaignStore(redis, "s");
  t.deepEqual(
    (await store.unexpected()).map(({ run, verdict }) => `${run} ${verdict}`),
    ["1 violated", "2 violated"],
  );
  const made = await Promise.all((await store.results(0, [0, 1, 2])).map((bytes) => decodeRun(bytes!)));
  t.deepEqual(made.map(untimed), await madeHere(plan));
  const { code, stdout } = await result("--ndjson", "all.ndjson", "--html", "all.html");
  t.is(code, 1);
  const lines = readFileSync(join(directory, "all.ndjson"), "utf8").trimEnd().split("\n");
  const kinds = lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
  t.deepEqual(
    kinds.filter((kind) => kind !== "worker" && kind !== "minute"), // of which there are one or two
    ["campaign", "part", "unexpected", "unexpected", "result", "result", "result"],
  );
  t.regex(readFileSync(join(directory, "all.html"), "utf8"), /<h2>Campaign s<\/h2>/);
  const told = await turncoat(directory, "campaign", "status", "s", "--redis", server.url, "--json");
  t.like(JSON.parse(told.stdout), { state: "over", searches: { planned: 3, made: 3 } }); // and as the schema says
  const { runs } = JSON.parse(stdout) as { readonly runs: readonly { readonly verdict: string }[] };
  t.deepEqual(
    runs.map(({ verdict }) => verdict),
    ["holds", "violated", "violated"],
  );
});

test("as long as searches are missing, the result of those that hold is inconclusive", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await searchesOf(protocols);
  await startCampaign(redis, "h", plan);
  const result = await search(await settingFrom(runsOf(plan)[0]!.description), {});
  const bytes = await deflated(encodeRun({ result }));
  await new CampaignStore(redis, "h").keep(0, 0, { bytes, runs: 1, events: 288, by: "w", total: 3 });
  const directory = await directoryWith(t);
  const { code, stdout } = await turncoat(
    directory,
    ...["campaign", "result", "h", "--redis", server.url, "--json", "--html", "half.html"],
  );
  const { verdict, asExpected, runs } = JSON.parse(stdout);
  t.deepEqual([code, verdict, asExpected, runs.length], [3, "inconclusive", false, 1]);
  t.is(runs[0].verdict, "holds");
  t.regex(readFileSync(join(directory, "half.html"), "utf8"), /<h1>turncoat check: inconclusive<\/h1>/);
});

test("a search goes on from where a lost worker has saved it, with the counts of an undisturbed one", async (t) => {
  const { redis } = await serverFor(t);
  const options = { reduction: "none", maxStates: 6000 } as const;
  const plan = await searchesOf(["pbft"], options, "any");
  await startCampaign(redis, "r", plan);
  const { description, identity } = runsOf(plan)[0]!;
  const file = join(await directoryWith(t), "saved");
  const checkpoint = { file, setting: description as never, identity };
  const lost = await search(await settingFrom(description), { ...options, maxStates: 4000, checkpoint });
  const store = new CampaignStore(redis, "r");
  t.true(await store.save(0, await deflated(readFileSync(file))));
  const { end, resumed } = await work({ redis, name: "r", plan, threads: 1 });
  t.deepEqual([end, resumed], ["over", 1]);
  const made = (await decodeRun((await store.results(0, [0]))[0]!)) as { readonly result: SearchResult };
  const whole = await search(await settingFrom(description), options);
  const counts = ({ states, transitions, depth, frontier, reason, verdict, witnesses }: SearchResult) => ({
    ...{ states, transitions, depth, frontier, reason, verdict, witnesses },
  });
  t.deepEqual(counts(made.result), JSON.parse(JSON.stringify(counts(whole))));
  t.true(whole.states > lost.states);
  t.is(await store.saved(0), null, "it is needed no more");
  t.false(await store.save(0, Buffer.from("late")), "a worker that was cut off brings nothing back");
  await stopCampaign(redis, "r", true);
  t.deepEqual(await redis.keys("*"), []);
});

test("what is saved and cannot be read is dropped, and the search begins anew", async (t) => {
  const { redis } = await serverFor(t);
  const plan = await searchesOf(["two-phase-commit"]);
  await startCampaign(redis, "b", plan);
  const store = new CampaignStore(redis, "b");
  t.true(await store.save(0, await deflated(Buffer.from("no checkpoint, but long enough to have a digest"))));
  const troubles: string[] = [];
  const onTrouble = (_: string, reason: string) => troubles.push(reason);
  const { end, resumed } = await work({ redis, name: "b", plan, threads: 1, onTrouble });
  t.deepEqual([end, resumed], ["over", 0]);
  t.regex(troubles[0]!, /is not a checkpoint of Turncoat, or it is damaged/);
});

test("a worker that is told to end saves its search and gives it back", async (t) => {
  const { redis } = await serverFor(t);
  const plan = await searchesOf(["pbft"], { reduction: "none" }); // millions of states
  await startCampaign(redis, "d", plan);
  const drain = new AbortController();
  const store = new CampaignStore(redis, "d");
  const { end, saved, blocks } = await work({
    ...{ redis, name: "d", plan, threads: 1, signal: drain.signal },
    onProgress: async (_, { runsUnderWay }) => {
      if (runsUnderWay > 0 && (await store.workers.all()).some(({ doing }) => doing)) drain.abort();
    },
  });
  t.deepEqual([end, saved, blocks], ["drained", 1, 0]);
  t.not(await store.saved(0), null);
  const queue = await openQueue(redis, "d");
  t.is(await queue.getWaitingCount(), 1);
  await queue.close();
});

/** What a worker has for its maker, with an event or two taken out of the ordinary. */
function benchWith(changed: Partial<Bench>): Bench {
  return {
    ...{ id: "w", threads: 1, hasEnded: () => false, trouble: () => {} },
    insist: (store) => store(),
    refuseChangedCode: async () => {},
    store: storeWith({}),
    ...changed,
  };
}

/** A server that has nothing, and needs everything. */
function storeWith(changed: Partial<CampaignStore>): CampaignStore {
  const store = { needs: async () => true, saved: async () => null, ...changed };
  return store as unknown as CampaignStore;
}

const job = { kind: "run", run: 0 } as const;
const giveBack = () => Promise.reject(new Error("given back"));
const endless = () => searchesOf(["pbft"], { reduction: "none" }); // millions of states

ava("a search that is taken while the worker begins to end is not begun, and not lost", async (t) => {
  const plan = await endless();
  const saved = async () => {
    draining.drain();
    return null;
  };
  const draining: RunMaker = new RunMaker(plan, benchWith({ store: storeWith({ saved }) }));
  await t.throwsAsync(draining.do(job, giveBack), { message: "given back" });
  const ending = new RunMaker(plan, benchWith({ hasEnded: () => true })); // its code has changed, perhaps
  await t.throwsAsync(ending.do(job, giveBack), { message: "given back" });
  await Promise.all([draining.dropAll(), ending.dropAll()]);
});

ava("a search that cannot be saved in the server goes back into the queue all the same", async (t) => {
  const save = () => Promise.reject(new RangeError("the file has more than 2 GiB"));
  const troubles: string[] = [];
  const trouble = (_: string, reason: string) => troubles.push(reason);
  const maker = new RunMaker(await endless(), benchWith({ store: storeWith({ save }), trouble }));
  const done = t.throwsAsync(maker.do(job, giveBack), { message: "given back" });
  while (maker.counts().runsUnderWay === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  maker.drain();
  await done;
  t.deepEqual(troubles, ["the file has more than 2 GiB"]);
  await maker.dropAll();
});

test("a search that has not come out as expected is told, also if the server's answer is lost", async (t) => {
  const { redis } = await serverFor(t);
  const plan = await searchesOf(["pbft/quorum-2f"]);
  await startCampaign(redis, "u", plan);
  const store = new CampaignStore(redis, "u");
  const twice: Bench["insist"] = async (ask) => {
    await ask(); // whose answer is lost
    return ask();
  };
  const maker = new RunMaker(plan, benchWith({ store, insist: twice }));
  await maker.do(job, giveBack);
  t.deepEqual(
    [maker.counts().again, await store.unexpected()],
    [1, [{ run: 0, verdict: "violated", by: "w" }]],
  );
  await maker.dropAll();
});
