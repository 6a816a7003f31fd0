// `turncoat minimize` as a user runs it.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { type Document, directoryWith, refusedWith, root, turncoat, turncoatJson } from "./support.js";

/** The corpus trace of `quorum-2f`, begun with a commit to r3 that nobody needs. */
async function longer(): Promise<string> {
  const trace = JSON.parse(await readFile(join(root, "corpus", "pbft-quorum-2f.json"), "utf8"));
  const commit = trace.actions.find(({ message }: Document) => message.body.tag === "commit");
  const { minimal: _, ...rest } = trace;
  return JSON.stringify({ ...rest, actions: [{ ...commit, to: "r3" }, ...trace.actions] });
}

/** What was said besides how far it is, which takes longer on a busy machine. */
function withoutProgress(stderr: string): string {
  return stderr.replace(/^minimizing: .*\n/gm, "");
}

test("a trace is shortened into a file of its own, and is itself left alone", async (t) => {
  const text = await longer();
  const directory = await directoryWith(t, { "long.json": text });
  const { code, document } = await turncoatJson(directory, "minimize", "long.json");
  t.is(code, 0);
  const { seconds, replays, identity, ...rest } = document;
  t.true(seconds >= 0 && replays > 4);
  t.regex(identity.digest, /^[0-9a-f]{64}$/);
  t.deepEqual(rest, {
    turncoat: "0.1.0",
    command: "minimize",
    file: "long.json",
    output: "traces/long.min.json",
    property: "agreement",
    adversary: "equivocating-primary",
    actionsBefore: 5,
    actions: 4,
    removed: [],
    kept: [
      { part: "requests", tried: ["1"] },
      { part: "Byzantine nodes", tried: ["none"] },
      {
        part: "adversary",
        tried: ["silent", "replayer", "delayer", "selective-sender", "amnesiac", "twin", "mutator"],
      },
    ],
    needed: [[3], [4], [], []],
    shortest: true,
    minimal: true,
  });
  t.is(await readFile(join(directory, "long.json"), "utf8"), text);
  t.deepEqual((await readdir(directory)).sort(), ["long.json", "traces"]);
  const written = JSON.parse(await readFile(join(directory, "traces/long.min.json"), "utf8"));
  t.is(written.actions.length, 4);
  t.is(written.minimal, true);
  t.is((await turncoat(directory, "replay", "traces/long.min.json")).code, 0);
});

test("people are told the steps and the lengths; --output says where the result goes", async (t) => {
  const directory = await directoryWith(t, { "long.json": await longer() });
  const { code, stdout, stderr } = await turncoat(
    directory,
    "minimize",
    "long.json",
    "--output",
    "short.json",
  );
  t.is(code, 0);
  t.is(withoutProgress(stderr), "");
  const [, account] = /\n(5 actions before.*)$/s.exec(stdout)!;
  t.is(
    account!.replace(/\d+ replays/, "so many replays"),
    [
      "5 actions before, 4 now, with so many replays; leaving out any one of them loses the violation.",
      "Removed: 1 of 5 actions.",
      "Why the rest has to stay (leaving out an action, and what is not possible without it, loses the violation of agreement):",
      "  1: without it 3 is not possible",
      "  2: without it 4 is not possible",
      "  3: without it all others are possible",
      "  4: without it all others are possible",
      "  requests: with 1 no violation of agreement was found",
      "  Byzantine nodes: with none no violation of agreement was found",
      "  adversary: with silent or replayer or delayer or selective-sender or amnesiac or twin or mutator no violation of agreement was found",
      "No way with fewer actions violates agreement here: an exhaustive search found none.",
      "Written to short.json.",
      "",
    ].join("\n"),
  );
  t.deepEqual((await readdir(directory)).sort(), ["long.json", "short.json"]);
});

test("with --max-states 0 nothing is searched, and nothing is claimed to be shortest", async (t) => {
  const directory = await directoryWith(t, { "long.json": await longer() });
  const { document } = await turncoatJson(directory, "minimize", "long.json", "--max-states", "0");
  t.deepEqual([document.actions, document.shortest], [4, false]);
});

test("what cannot be minimized, read or written is refused", async (t) => {
  const trace = await readFile(join(root, "corpus", "pbft-quorum-2f.json"), "utf8");
  const directory = await directoryWith(t, {
    "trace.json": trace,
    "repaired.json": trace.replace('"pbft/quorum-2f"', '"pbft"'),
  });
  refusedWith(
    t,
    await turncoat(directory, "minimize", "repaired.json"),
    "turncoat: There is nothing to minimize: pbft does not violate agreement any more.",
  );
  refusedWith(
    t,
    await turncoat(directory, "minimize", "nowhere.json"),
    "turncoat: nowhere.json could not be read: ENOENT: no such file or directory, stat 'nowhere.json'",
  );
  const unwritten = await turncoat(directory, "minimize", "trace.json", "-o", "trace.json/x", "--json");
  t.is(unwritten.code, 2);
  t.is(
    withoutProgress(unwritten.stderr).split(": ENOTDIR")[0],
    "turncoat: trace.json/x could not be written",
  );
  t.is(JSON.parse(unwritten.stdout).output, null);
  refusedWith(
    t,
    await turncoat(directory, "minimize"),
    "error: missing required argument 'file'\n(turncoat --help shows what there is)",
  );
  t.deepEqual((await readdir(directory)).sort(), ["repaired.json", "trace.json"]);
});
