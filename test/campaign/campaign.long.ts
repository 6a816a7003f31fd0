// Campaigns on several machines: more machines, failures, and a server that forgets.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ava from "ava";
import {
  CampaignStore,
  decodePlan,
  decodeRun,
  startCampaign,
  stopCampaign,
  work,
} from "../../src/campaign/index.js";
import { encodeOutcome, merge } from "../../src/campaign/merge.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import { UserError } from "../../src/model/errors.js";
import { portableError } from "../../src/threads/portable-error.js";
import { directoryWith, main, turncoat } from "../cli/support.js";
import { localFile, mergedFile, planFor } from "../support/campaigns.js";
import { freePort, hasRedis, serverFor } from "../support/redis.js";
import { madeHere, searchesOf, untimed } from "../support/searches.js";

const test = hasRedis ? ava : ava.skip;

test("one thread and four end with the bytes of one local campaign", async (t) => {
  const { redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit", { maxRuns: 11_000 });
  const expected = await localFile(plan);
  for (const workers of [[1], [4]]) {
    const name = `of-${workers.join("-")}`;
    t.true(await startCampaign(redis, name, plan));
    t.false(await startCampaign(redis, name, plan), "the same again changes nothing");
    const done = await Promise.all(workers.map((threads) => work({ redis, name, plan, threads })));
    t.deepEqual(new Set(done.map(({ end }) => end)), new Set(["over"]));
    t.is(
      done.reduce((sum, { blocks }) => sum + blocks, 0),
      3,
    );
    t.is(await mergedFile(redis, name, plan), expected);
    const { parts } = (await new CampaignStore(redis, name).progress())!;
    t.like(parts[0], { merged: 3, blocks: 3, runs: 11_000, isOver: true });
    await stopCampaign(redis, name, true);
  }
  t.deepEqual(await redis.keys("*"), [], "nothing is left of what was removed");
});

for (const maxFailures of [1, 3])
  test(`a campaign ends with the ${maxFailures} failures that a local one ends with`, async (t) => {
    const { redis } = await serverFor(t);
    const plan = await planFor("two-phase-commit/prepared-may-abort", { maxRuns: 20_000, maxFailures });
    t.true(await startCampaign(redis, "f", plan));
    const told: string[] = [];
    const worker = () =>
      work({ redis, name: "f", plan, threads: 1, onFailure: ({ property }) => told.push(property) });
    const [one, other] = await Promise.all([worker(), worker()]);
    t.deepEqual([one.end, other.end], ["over", "over"]);
    t.true(told.includes("agreement"));
    t.is(await mergedFile(redis, "f", plan), await localFile(plan));
  });

test("of a server without a log, what was lost is said", async (t) => {
  const { server, redis } = await serverFor(t, []);
  const directory = await directoryWith(t);
  const start = await turncoat(
    directory,
    "campaign",
    "start",
    "two-phase-commit",
    "--name",
    "v",
    "--redis",
    server.url,
  );
  t.is(start.code, 0);
  t.regex(start.stderr, /^Warning: The server does not log to disk: if it is restarted, blocks made since/);
  const plan = decodePlan((await new CampaignStore(redis, "v").plan())!, "v");
  let looks = 0;
  const working = work({
    ...{ redis, name: "v", plan, threads: 1 },
    onProgress: async () => {
      looks++;
      await server.kill();
      await server.begin();
    },
  });
  t.is((await working).end, "gone");
  t.true(looks > 0, "it was there before");
});

test("a failure that was told in a block after a fault is told with the result", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit", { maxRuns: 20_000 });
  await startCampaign(redis, "w", plan);
  const store = new CampaignStore(redis, "w");
  const bytes = encodeOutcome(portableError(new UserError("protocol-threw", "It threw.")));
  t.is(await store.keep(0, 0, { bytes, runs: 0, events: 0, by: "w" }), "counted");
  const news = {
    part: 0,
    block: 2,
    run: 10_001,
    path: "10001",
    property: "agreement",
    actions: 3,
    by: "w",
    atMs: 0,
  };
  await store.tellFailure(news);
  const outcomes = [bytes];
  const { isEnough, taken, ...merged } = await merge({
    plan,
    part: 0,
    state: null,
    knownInARow: 0,
    outcomes,
  });
  t.deepEqual([isEnough, taken], [true, 0]);
  t.true(await store.merge(0, { from: 0, to: 0, ...merged, isOver: true }));
  const { code, stderr } = await turncoat(
    await directoryWith(t),
    "campaign",
    "result",
    "w",
    "--redis",
    server.url,
  );
  t.is(code, 2);
  t.regex(stderr, /Found, and not in this report: agreement is violated in 3 actions in run 10,002 /);
  t.regex(stderr, /It threw\./);
});

test("a worker that is told to end finishes the block that it has begun, and ends with 0", async (t) => {
  const { server, redis } = await serverFor(t);
  const plan = await planFor("two-phase-commit", { maxRuns: Number.POSITIVE_INFINITY });
  await startCampaign(redis, "d", plan);
  const child = spawn(process.execPath, [main, "campaign", "work", "d", "--threads", "1"], {
    env: { ...process.env, TURNCOAT_REDIS: server.url },
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  const store = new CampaignStore(redis, "d");
  while ((await store.progress())!.parts[0]!.blocks === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGTERM");
  t.deepEqual(await gone, [0, null]);
  const { blocks, runs } = (await store.progress())!.parts[0]!;
  t.is(runs, blocks * 5000, "no block was cut short");
  t.deepEqual(await store.workers.all(), []);
});

test("a worker is killed in the middle of a search, and another ends it with the counts of an undisturbed one", async (t) => {
  const { server, redis } = await serverFor(t);
  const options = { reduction: "none", maxStates: 400_000 } as const;
  const plan = await searchesOf(["pbft"], options, "any");
  await startCampaign(redis, "l", plan);
  const args = ["campaign", "work", "l", "--threads", "1", "--save-every", "0.1"];
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, TURNCOAT_REDIS: server.url },
    stdio: "ignore",
  });
  const gone = once(child, "exit");
  const store = new CampaignStore(redis, "l");
  while ((await store.saved(0)) === null) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGKILL");
  await gone;
  t.is((await store.progress())!.parts[0]!.blocks, 0, "it was in the middle");
  const onTrouble = (job: string, reason: string) => t.log(job, reason);
  const { end, resumed } = await work({ redis, name: "l", plan, threads: 1, onTrouble });
  t.deepEqual([end, resumed], ["over", 1]);
  const made = await decodeRun((await store.results(0, [0]))[0]!);
  const counts = (one: unknown) => {
    const { states, transitions, depth, frontier, witnesses } = one as SearchResult;
    return { states, transitions, depth, frontier, witnesses };
  };
  t.deepEqual(counts(untimed(made)), counts((await madeHere(plan))[0]));
});

test("over TLS, with a password and a certificate authority of one's own", async (t) => {
  const directory = await directoryWith(t);
  const openssl = (...args: readonly string[]) =>
    execFileSync("openssl", args, { cwd: directory, stdio: "ignore" });
  const key = (name: string) => ["-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`];
  writeFileSync(join(directory, "names"), "subjectAltName=DNS:localhost");
  openssl("req", "-x509", ...key("ca"), "-out", "ca.pem", "-subj", "/CN=mine");
  openssl("req", ...key("server"), "-out", "server.csr", "-subj", "/CN=localhost");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"];
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", "server.pem");
  const [tlsPort, at] = [await freePort(), (name: string) => join(directory, name)];
  await serverFor(t, [
    ...["--tls-port", `${tlsPort}`, "--tls-auth-clients", "no", "--tls-ca-cert-file", at("ca.pem")],
    ...["--tls-cert-file", at("server.pem"), "--tls-key-file", at("server.key")],
  ]).then(({ redis }) =>
    redis.call("ACL", "SETUSER", "me", "on", ">secret", "allkeys", "allchannels", "+@all"),
  );
  const url = `rediss://me:secret@localhost:${tlsPort}`;
  const campaign = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    spawnSync(process.execPath, [main, "campaign", ...args], {
      cwd: directory,
      encoding: "utf8",
      env: { ...process.env, TURNCOAT_REDIS: url, ...env },
    });
  const stranger = campaign({}, "status");
  t.is(stranger.status, 2);
  t.regex(
    stranger.stderr,
    /does not let us in \(SELF_SIGNED_CERT_IN_CHAIN\): .* NODE_EXTRA_CA_CERTS=ca\.pem\.$/m,
  );
  const mine = { NODE_EXTRA_CA_CERTS: "ca.pem" };
  const wrong = campaign({ ...mine, TURNCOAT_REDIS: url.replace("secret", "guess") }, "status");
  t.regex(wrong.stderr, /does not let us in \(WRONGPASS .*it wants a password, or another one/);
  t.notRegex(wrong.stderr, /guess/);
  const started = campaign(mine, "start", "two-phase-commit", "--runs", "100", "--seed", "7", "--name", "t");
  t.is(started.status, 0, started.stderr);
  t.is(campaign(mine, "work", "t", "--threads", "1").status, 0);
  const result = campaign(mine, "result", "t", "--report", "t.json");
  t.is(result.status, 0, result.stderr);
  t.notRegex(started.stdout + result.stdout + result.stderr, /secret/);
  t.is(JSON.parse(readFileSync(at("t.json"), "utf8")).campaigns[0].state.counts.runs, 100);
});
