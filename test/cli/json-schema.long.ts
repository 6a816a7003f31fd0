// Every document that `--json` prints is one that the published JSON Schema knows; `parse` of the support holds those of all other tests
// against it, too.

import { join } from "node:path";
import test from "ava";
import { directoryWith, isOfContract, root, turncoatJson } from "./support.js";

const quick = ["--adversary", "silent", "--byzantine", "r3", "--property", "agreement", "--views", "0"];

for (const [command, ...args] of [
  ["check", "pbft/quorum-2f"],
  ["check", "pbft", ...quick, "--slots", "2", "--checkpoint-interval", "2", "--window", "4", "--explain"],
  ["check", "paxos", "--crashes", "1", "--max-states", "50"],
  ["fuzz", "pbft/quorum-2f", "--seed", "1", "--runs", "50"],
  ["fuzz", "pbft", "--gst", "60", "--adversary", "silent", "--byzantine", "r0", "--runs", "2", "--seed", "1"],
  ["replay", join(root, "corpus")],
  ["minimize", join(root, "corpus/pbft-quorum-2f.json"), "--max-states", "0"],
  ["simulate", "--seed", "1"],
  [
    "simulate",
    "--seed",
    "1",
    "--timing",
    "--adversary",
    "silent",
    "--sweep",
    "byzantine=0..4",
    "--workers",
    "1",
  ],
  ["list"],
  ["list", "networks"],
] as const)
  test(`${command} ${args.join(" ").replaceAll(root, "")}`, async (t) => {
    const { document } = await turncoatJson(await directoryWith(t), command, ...args);
    t.true(isOfContract(document), JSON.stringify(isOfContract.errors));
  });

test("the tour", async (t) => {
  t.timeout(600_000);
  const { code, document } = await turncoatJson(await directoryWith(t), "tour");
  t.is(code, 0);
  t.is(document.command, "tour");
  t.true(document.asExpected);
  t.is(document.runs.length, 7);
});

test("a field too many, one too few and one of another type are no document of the contract", async (t) => {
  const { document } = await turncoatJson(await directoryWith(t), "check", "pbft/quorum-2f");
  t.true(isOfContract(document));
  t.false(isOfContract({ ...document, more: 1 }));
  t.false(isOfContract({ ...document, verdict: undefined }));
  t.false(isOfContract({ ...document, runs: [{ ...document.runs[0], replicas: "4" }] }));
});
