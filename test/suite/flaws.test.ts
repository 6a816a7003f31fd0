// The catalogue of flaws is complete, and its table says when something is missing.

import test from "ava";
import { builtins, findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import {
  type FlawRow,
  flawsJson,
  flawsMarkdown,
  flawsProblems,
  flawsSummary,
  isFine,
  lengthProblems,
} from "../../src/report/flaws.js";
import { catalogueRuns } from "../../src/suite/flaws.js";
import { fuzzedMutants } from "../../src/suite/other-protocols.js";
import { plan } from "../../src/suite/plan.js";

test("every mutant is in it once, and must fall; every protocol holds somewhere", async (t) => {
  const runs = await catalogueRuns(false);
  const wanted = runs.filter(({ flaw, planned }) => flaw !== null && planned.expect === "violated");
  // What only time shows is not for the search, nor what no search within reach completes.
  const searched = builtins.filter(
    ({ name, mutant }) =>
      mutant !== null && mutant.exposedBy.timing === undefined && !fuzzedMutants.includes(name),
  );
  t.deepEqual(fuzzedMutants, [
    "pbft-macs/without-a1",
    "pbft-macs/acks-not-compared",
    "pbft-macs/acknowledges-itself",
    "minimmit/keeps-proofs",
    "grandpa/precommits-below",
  ]);
  const mutants = searched.map(({ name }) => name);
  t.deepEqual(wanted.map(({ planned }) => planned.description.protocol).sort(), [...mutants].sort());
  t.true(mutants.length >= 60);
  for (const { name, mutant } of builtins)
    if (mutant === null)
      t.true(
        runs.some(({ planned }) => planned.description.protocol === name && planned.expect === "holds"),
        name,
      );
});

test("what is expected is always said, and the short form is a part of the whole", async (t) => {
  const texts = async (short: boolean) =>
    (await catalogueRuns(short)).map(({ planned }) => JSON.stringify(planned));
  const whole = await texts(false);
  for (const text of await texts(true)) t.true(whole.includes(text), text);
  t.true(
    (await catalogueRuns(false)).every(({ planned }) => ["holds", "violated"].includes(planned.expect ?? "")),
  );
});

async function row(protocol: string, expect: "holds" | "violated"): Promise<FlawRow> {
  const entry = await findProtocol(protocol);
  const [planned] = plan(entry, {
    protocol,
    expect,
    ...(entry.mutant ? {} : { adversaries: ["silent"], byzantine: ["r3"] }),
  });
  const found = await search(await settingFrom(planned!.description));
  return {
    planned: planned!,
    flaw: entry.mutant?.flaw ?? null,
    source: entry.mutant?.source ?? null,
    search: found,
    fuzz: null,
  };
}

test("a flaw that is not found, and an alarm where there is no flaw, are problems", async (t) => {
  const fine = [await row("bracha/joins-on-one", "violated"), await row("bracha", "holds")];
  t.true(fine.every(isFine));
  t.deepEqual(flawsProblems(fine), []);
  t.is(
    flawsSummary(fine),
    "1 of 1 violations found by search; 1 of 1 runs of correct forms without an alarm.",
  );
  const bad = [await row("bracha", "violated"), await row("bracha/joins-on-one", "holds")];
  t.deepEqual(flawsProblems(bad), [
    "bracha, silent at r3, views 0-0: expected violated, but it is holds",
    "bracha/joins-on-one, arbitrary at r1, views 0-0: expected holds, but it is violated: r0 executed never said, which no client asked for",
  ]);
  t.is(
    flawsSummary(bad),
    "0 of 1 violations found by search; 0 of 1 runs of correct forms without an alarm.",
  );
});

test("a trace that is longer than what the search has found, or that is not kept, is a problem", async (t) => {
  const rows = [await row("bracha/joins-on-one", "violated"), await row("bracha", "holds")];
  const trace = (actions: number, property = "validity", replicas = 4) =>
    new Map([["bracha/joins-on-one", { property, actions, replicas }]]);
  const kept = (length: number) => lengthProblems(rows, trace(length));
  t.deepEqual(kept(3), []);
  t.deepEqual(kept(2), [], "visible steps: fewest visible actions");
  t.deepEqual(kept(4), ["bracha/joins-on-one: the search has found 3 actions, and the corpus keeps 4"]);
  t.deepEqual(lengthProblems(rows, new Map()), [
    "bracha/joins-on-one: the search has found 3 actions, and the corpus keeps none",
  ]);
  const plain = rows.map((one) => ({ ...one, search: { ...one.search, reduction: "none" as const } }));
  t.deepEqual(lengthProblems(rows, trace(4, "totality")), []);
  t.deepEqual(lengthProblems(plain, trace(2, "validity", 3)), [], "minimized to fewer nodes");
  t.deepEqual(lengthProblems(plain, trace(2)), [
    "bracha/joins-on-one: the search has found 3 actions, and the corpus keeps 2",
  ]);
});

test("the table is there for documents and for programs", async (t) => {
  const rows = [await row("bracha/joins-on-one", "violated")];
  t.regex(
    flawsMarkdown(rows),
    /\| bracha\/joins-on-one \| n=4, views 0-0, arbitrary at r1 \| validity \| 355 \| .* \| 3 \| - \|/,
  );
  const [json] = flawsJson(rows);
  t.like(json, {
    protocol: "bracha",
    mutant: "joins-on-one",
    actions: 3,
    states: 355,
    asExpected: true,
    fuzz: null,
  });
});
