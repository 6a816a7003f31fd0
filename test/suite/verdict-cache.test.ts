// The cache of verdicts: what comes out of it is what went in, for as long as nothing has changed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import { identityOf, identityWith } from "../../src/identity/identity.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest } from "../../src/suite/request.js";
import { type AskedRun, isFinished, VerdictCache } from "../../src/suite/verdict-cache.js";

const requests: { readonly [name: string]: CheckRequest } = {
  "that holds": {
    ...{ protocol: "pbft", adversaries: ["equivocating-primary"], byzantine: ["r0"] },
    ...{ properties: ["agreement"], views: 0 },
  },
  "with a counterexample": { protocol: "pbft/quorum-2f" },
  "with a fair circle": { protocol: "two-phase-commit", adversaries: ["none"], properties: ["termination"] },
  "with an example": {
    ...{ protocol: "pbft", adversaries: ["silent"], byzantine: ["r3"], views: 0, slots: 1 },
    ...{ checkpointInterval: 1, properties: ["catching-up"] },
  },
};

async function made(
  request: CheckRequest,
): Promise<{ readonly run: AskedRun; readonly result: SearchResult }> {
  const [{ description }] = plan(await findProtocol(request.protocol), request) as [
    ReturnType<typeof plan>[0],
  ];
  const run = { description, options: {}, identity: await identityOf(description) };
  return { run, result: await search(await settingFrom(description)) };
}

function cacheIn(t: ExecutionContext) {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-cache-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const said: string[] = [];
  const cache = new VerdictCache(directory, (line) => said.push(line));
  const files = () => readdirSync(directory).map((name) => join(directory, name));
  return { cache, said, files };
}

for (const [name, request] of Object.entries(requests))
  test(`a result ${name} comes out as it went in`, async (t) => {
    const { cache, said } = cacheIn(t);
    const { run, result } = await made(request);
    t.deepEqual(await cache.find(run), { changes: [] });
    cache.keep(run, { result, notes: ["a note"] });
    t.deepEqual(await cache.find(run), { result, notes: ["a note"] });
    t.deepEqual(said, []);
  });

test("other options and settings are other runs; limits and checkpoints are not", async (t) => {
  const { cache } = cacheIn(t);
  const { run, result } = await made(requests["with a counterexample"]!);
  cache.keep(run, { result, notes: [] });
  const isFound = async (other: AskedRun) => "result" in (await cache.find(other));
  const checkpoint = { file: "x", setting: null };
  const limits = { maxSeconds: 1, maxStates: 1, maxMemoryBytes: 1, maxDepth: 1, checkpoint, resume: false };
  t.true(await isFound({ ...run, options: limits }));
  const others = [
    { reduction: "none" },
    { maxViolations: 2 },
    { symmetry: true },
    { explain: true },
  ] as const;
  for (const options of others) t.false(await isFound({ ...run, options }));
  const description = { ...run.description, bounds: { views: 1 } };
  t.false(await isFound({ ...run, description }));
});

test("a verdict of other code is not used; what has changed is told, and its file is replaced", async (t) => {
  const { cache, said, files } = cacheIn(t);
  const { run, result } = await made(requests["that holds"]!);
  const withParts = (parts: { readonly [name: string]: string }) => ({
    ...run,
    identity: identityWith(run.description, parts),
  });
  const before = withParts({ "./vote.ts": "1", turncoat: "a" });
  const after = withParts({ "./vote.ts": "2", turncoat: "a" });
  cache.keep(before, { result, notes: [] });
  t.deepEqual(await cache.find(after), { changes: ["./vote.ts has changed"] });
  cache.keep(after, { result, notes: [] });
  t.true("result" in (await cache.find(after)));
  t.deepEqual(await cache.find(before), { changes: ["./vote.ts has changed"] });
  t.is(files().length, 1);
  t.deepEqual(said, []);
});

test("a module whose imports cannot be followed is never kept", async (t) => {
  const { cache, files } = cacheIn(t);
  const { run, result } = await made(requests["that holds"]!);
  cache.keep({ ...run, identity: identityWith(null, { imports: "no esbuild" }) }, { result, notes: [] });
  t.deepEqual(files(), []);
});

test("only what is finished is kept", async (t) => {
  const { result } = await made(requests["with a counterexample"]!);
  const changed = (changes: Partial<SearchResult>, maxViolations = 1) =>
    isFinished({ ...result, ...changes }, { maxViolations });
  t.true(changed({}));
  t.true(changed({ frontier: 5 }));
  t.false(changed({ frontier: 5 }, 2)); // cut before a second one was found
  t.true(changed({ frontier: 0 }, 2));
  t.false(changed({ interrupted: true }));
  t.false(changed({ reduction: "dominance" })); // no shortest one was found in time
  for (const verdict of ["inconclusive", "vacuous", "outside"] as const) t.false(changed({ verdict }));
  const holds = { verdict: "holds", counterexample: null, counterexamples: [] } as const;
  t.true(changed({ ...holds, frontier: 0, reduction: "dominance" }));
  t.false(changed({ ...holds, frontier: 1 }));
});

for (const [what, change, told] of [
  ["cut short", (text: string) => text.slice(0, 200), / is not JSON: it looks truncated/],
  ["empty", () => "", / is empty; so/],
  ["of another program", () => '{"verdict":"holds"}', / is no verdict of this Turncoat; so/],
  ["with another verdict", (text: string) => text.replaceAll('"violated"', '"holds"'), / is damaged; so/],
] as const)
  test(`a file ${what} is ignored with a line, and written anew`, async (t) => {
    const { cache, said, files } = cacheIn(t);
    const { run, result } = await made(requests["with a counterexample"]!);
    cache.keep(run, { result, notes: [] });
    const [file] = files() as [string];
    writeFileSync(file, change(readFileSync(file, "utf8")));
    t.deepEqual(await cache.find(run), { changes: [] });
    t.is(said.length, 1);
    t.regex(said[0]!, told);
    t.true(said[0]!.endsWith("so it is ignored, and the run is made again."));
    cache.keep(run, { result, notes: [] });
    t.true("result" in (await cache.find(run)));
    t.is(said.length, 1);
  });

test("a counterexample that can no longer be reproduced is not used, although no file seems to have changed", async (t) => {
  const { cache, said } = cacheIn(t);
  const { run, result } = await made(requests["with a counterexample"]!);
  const [first] = result.counterexamples as [SearchResult["counterexamples"][0]];
  const shorter = { ...first, actions: first.actions.slice(1) };
  cache.keep(run, { result: { ...result, counterexample: shorter, counterexamples: [shorter] }, notes: [] });
  t.deepEqual(await cache.find(run), { changes: [] });
  t.regex(said[0]!, /: its violation of agreement can no longer be reproduced; so the run is made again\.$/);
});

test("a cache that is a file is refused", (t) => {
  const { files, cache: _ } = cacheIn(t);
  t.deepEqual(files(), []);
  const file = join(mkdtempSync(join(tmpdir(), "turncoat-cache-")), "x");
  writeFileSync(file, "");
  t.throws(() => new VerdictCache(file, () => {}), {
    message: /x cannot be a cache of verdicts: it is a file\.$/,
  });
  rmSync(file);
});
