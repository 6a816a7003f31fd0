// `turncoat replay` as CI and people run it: the corpus, a counterexample in words, and files that are no traces.

import { spawn, spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import test from "ava";
import { findProtocol } from "../../src/catalogue/index.js";
import { stepThrough } from "../../src/cli/replay-step.js";
import { noPaint } from "../../src/render/paint.js";
import { readTrace, replay } from "../../src/trace/index.js";
import { directoryWith, main, parse, refusedWith, root, turncoat, turncoatJson } from "./support.js";

function corpus(flaw: string): Promise<string> {
  return readFile(join(root, "corpus", `pbft-${flaw}.json`), "utf8");
}

test("every trace of the corpus is reproduced by its protocol, and those of mutants by nobody else", async (t) => {
  const { code, document } = await turncoatJson(root, "replay");
  const files = (await readdir(join(root, "corpus"))).sort();
  t.is(code, 0);
  t.is(document.turncoat, "0.1.0");
  t.is(document.command, "replay");
  t.is(document.verdict, "holds");
  t.deepEqual(
    document.runs.map(({ file }: { file: string }) => file),
    files.map((file) => `corpus/${file}`),
  );
  for (const run of document.runs) {
    t.is(run.expected, "reproduced");
    t.is(run.outcome, "reproduced");
    if (run.mutant === null) {
      // A control, or what a protocol under test does as it is.
      t.true(run.file.startsWith(`corpus/${run.protocol}-`));
      t.is(run.original, null);
      continue;
    }
    t.is(run.file, `corpus/${run.protocol}-${run.mutant}.json`);
    t.is(run.original.protocol, (await findProtocol(`${run.protocol}/${run.mutant}`)).original);
    t.not(run.original.outcome, "reproduced");
  }
});

test("a directory is told in one line for each trace, with a sum", async (t) => {
  const directory = await directoryWith(t, {
    "a.json": await corpus("quorum-2f"),
    "b.json": await corpus("votes-ignore-digest"),
    "notes.txt": "not a trace",
  });
  const { code, stdout, stderr } = await turncoat(directory, "replay", ".");
  t.is(code, 0);
  t.is(stderr, "");
  const lines = stdout.split("\n");
  t.is(
    lines[0],
    "ok  a.json  pbft/quorum-2f: reproduced, agreement violated after 4 actions; pbft: diverged at action 3",
  );
  t.regex(
    lines[1]!,
    /^ok {2}b\.json {2}pbft\/votes-ignore-digest: reproduced, agreement violated after \d+ actions; pbft: /,
  );
  t.deepEqual(lines.slice(2), ["", "2 traces: 2 as expected, 0 not.", ""]);
});

test("a single file is told step by step, and --steps does so for several", async (t) => {
  const directory = await directoryWith(t, { "a.json": await corpus("quorum-2f") });
  const one = await turncoat(directory, "replay", "a.json");
  t.is(one.code, 0);
  t.regex(one.stdout, /^pbft\/quorum-2f, n = 4, f = 1, Byzantine: r0 \(equivocating-primary\)\n/);
  const end =
    "\nagreement is violated after 4 actions: r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there.\n";
  t.true(one.stdout.includes(end));
  const two = await turncoat(directory, "replay", "a.json", "a.json", "--steps");
  t.is(two.stdout.split(end).length - 1, 2);
});

test("a trace that does not give its expected outcome fails: exit code 1", async (t) => {
  const text = (await corpus("quorum-2f")).replace('"expect": "reproduced"', '"expect": "holds now"');
  const directory = await directoryWith(t, { "wrong.json": text, "right.json": await corpus("quorum-2f") });
  const { code, document } = await turncoatJson(directory, "replay", "wrong.json", "right.json");
  t.is(code, 1);
  t.is(document.verdict, "violated");
  t.is(document.runs[0].expected, "holds now");
  t.is(document.runs[0].outcome, "reproduced");
  const { stdout } = await turncoat(directory, "replay", "wrong.json", "right.json");
  t.regex(
    stdout,
    /^BAD wrong\.json .*reproduced, agreement violated after 4 actions \(expected: holds now\); pbft: diverged at action 3\n/,
  );
  t.regex(stdout, /\n2 traces: 1 as expected, 1 not\.\n$/);
});

test("what a repaired protocol does with a trace is holds now, or diverged with the action", async (t) => {
  const onPbft = (await corpus("reply-without-quorum")).replace('"pbft/reply-without-quorum"', '"pbft"');
  const directory = await directoryWith(t, {
    "expected.json": onPbft.replace('"reproduced"', '"holds now"'),
    "holds-now.json": onPbft,
    "diverged.json": onPbft.replace('"signer": "r0"', '"signer": "r1"'), // r0 cannot sign as r1
  });
  const expected = await turncoatJson(directory, "replay", "expected.json");
  t.is(expected.code, 0);
  t.is(expected.document.runs[0].original, null);
  const { code, document } = await turncoatJson(directory, "replay", "holds-now.json", "diverged.json");
  t.is(code, 1);
  t.deepEqual(
    document.runs.map((run: { outcome: string; divergedAt: number | null; explanation: string | null }) => [
      run.outcome,
      run.divergedAt,
      run.explanation,
    ]),
    [
      ["holds now", null, null],
      ["diverged", 1, null],
    ],
  );
  const { stdout } = await turncoat(directory, "replay", "diverged.json", "holds-now.json");
  t.true(stdout.startsWith("BAD diverged.json  pbft: diverged at action 1 (expected: reproduced)\n"));
});

test("a single trace that holds now although it should not is perhaps a repair", async (t) => {
  const onPbft = (await corpus("reply-without-quorum")).replace('"pbft/reply-without-quorum"', '"pbft"');
  const { code, stdout } = await turncoat(await directoryWith(t, { "a.json": onPbft }), "replay", "a.json");
  t.is(code, 1);
  t.true(
    stdout.endsWith(
      "BAD a.json  pbft: holds now (expected: reproduced)\n" +
        '    Is that a repair? Then let the file say "expect": "holds now", and keep it.\n',
    ),
  );
});

test("files that are no traces are refused, each with its own reason", async (t) => {
  const trace = await corpus("quorum-2f");
  const directory = await directoryWith(t, {
    "truncated.json": trace.slice(0, 300),
    "foreign.json": '{ "hello": "world" }',
    "other.json": trace.replace('"version": 1', '"version": 2'),
    "damaged.json": trace.replace('"kind": "inject"', '"kind": "whisper"'),
    "unknown.json": trace.replace('"pbft/quorum-2f"', '"pbft/quorum-3f"'),
    "empty.json": "",
  });
  const replay = (file: string) => turncoat(directory, "replay", file, "--json");
  refusedWith(
    t,
    await replay("truncated.json"),
    "turncoat: truncated.json is not JSON: it looks truncated: it ends before everything that was opened is closed.",
  );
  refusedWith(
    t,
    await replay("foreign.json"),
    'turncoat: foreign.json is not a Turncoat trace: it should say "format": "turncoat-trace".',
  );
  refusedWith(
    t,
    await replay("other.json"),
    "turncoat: other.json is a trace of version 2; Turncoat 0.1.0 reads version 1.",
  );
  refusedWith(t, await replay("empty.json"), "turncoat: empty.json is empty.");
  const damaged = await replay("damaged.json");
  t.is(damaged.code, 2);
  t.regex(damaged.stderr, /^turncoat: damaged\.json is a damaged trace:\n {2}actions\[0\].*: .*\n$/);
  const unknown = await replay("unknown.json");
  t.is(unknown.code, 2);
  t.regex(
    unknown.stderr,
    /^turncoat: There is no protocol named "pbft\/quorum-3f"\. Did you mean "pbft\/quorum-2f"\? Built-in are: .*\n$/,
  );
});

test("of several files those that are no traces are told of, and the others are replayed all the same", async (t) => {
  const trace = await corpus("quorum-2f");
  const directory = await directoryWith(t, { "a.json": "{", "b.json": trace, "c.json": "{}" });
  const both = ["turncoat: a.json is not JSON: ", "turncoat: c.json is not a Turncoat trace: "];
  const { code, stdout, stderr } = await turncoat(directory, "replay", "a.json", "b.json", "c.json");
  t.is(code, 2);
  t.deepEqual(
    stderr.split("\n").map((line, at) => line.slice(0, both[at]?.length ?? 0)),
    [...both, ""],
  );
  t.regex(stdout, /\n1 trace: 1 as expected, 0 not\. 2 files could not be replayed: see above\.\n$/);
  const older = JSON.parse(trace) as { actions: { message: { body: object } }[] };
  Object.assign(older.actions[0]!.message.body, { view: "zero" });
  await writeFile(join(directory, "d.json"), JSON.stringify(older));
  const other = await turncoat(directory, "replay", "b.json", "d.json");
  t.is(other.code, 2);
  t.regex(
    other.stderr,
    /^d\.json:\nturncoat: The trace has messages that do not fit the schema of pbft\/quorum-2f:\n/,
  );
  const json = await turncoat(
    directory,
    ...["replay", "a.json", "b.json", "--json", "--junit", "r.xml", "--html", "r.html"],
  );
  t.is(json.code, 2);
  const document = parse(json);
  t.is(document.verdict, "inconclusive");
  t.deepEqual(
    [document.runs.length, document.unread.length, document.unread[0].file, document.unread[0].code],
    [1, 1, "a.json", "bad-file"],
  );
  const [junit, html] = await Promise.all(
    ["r.xml", "r.html"].map((file) => readFile(join(directory, file), "utf8")),
  );
  t.is(junit!.split("<testcase ").length - 1, 3);
  t.is(junit!.split("<error ").length - 1, 1);
  t.true(html!.includes("a.json is not JSON"));
});

test("a directory without traces, and a name that is neither file nor directory, are refused", async (t) => {
  const directory = await directoryWith(t);
  refusedWith(t, await turncoat(directory, "replay", "."), "turncoat: There are no traces (*.json) in ..");
  refusedWith(t, await turncoat(directory, "replay"), "turncoat: There is no file or directory corpus.");
  refusedWith(
    t,
    await turncoat(directory, "replay", "x.json"),
    "turncoat: There is no file or directory x.json.",
  );
});

test("--emit writes a trace for other tools, to standard output or to a file", async (t) => {
  const directory = await directoryWith(t, { "a.json": await corpus("quorum-2f") });
  const printed = await turncoat(directory, "replay", "a.json", "--emit", "mermaid");
  t.is(printed.code, 0);
  t.is(printed.stderr, "");
  t.true(printed.stdout.startsWith("sequenceDiagram\n"));
  const written = await turncoat(directory, "replay", "a.json", "--emit", "mermaid", "--out", "a.mmd");
  t.deepEqual(written, {
    code: 0,
    stdout:
      "ok  a.json  pbft/quorum-2f: reproduced, agreement violated after 4 actions; pbft: diverged at action 3\n" +
      "Written to a.mmd.\n",
    stderr: "",
  });
  t.is(await readFile(join(directory, "a.mmd"), "utf8"), printed.stdout);
});

test("--emit of a trace that does not give its expected outcome says so, and fails", async (t) => {
  const text = (await corpus("quorum-2f")).replace('"pbft/quorum-2f"', '"pbft"');
  const directory = await directoryWith(t, { "a.json": text });
  const { code, stdout, stderr } = await turncoat(directory, "replay", "a.json", "--emit", "shiviz");
  t.is(code, 1);
  t.true(stdout.startsWith("(?<event>"));
  t.is(stderr, "BAD a.json  pbft: diverged at action 3 (expected: reproduced)\n");
});

test("--emit takes one trace and a format that there is, and nothing that contradicts it", async (t) => {
  const directory = await directoryWith(t, {
    "a.json": await corpus("quorum-2f"),
    "b.json": await corpus("quorum-2f"),
  });
  const refused = async (message: string, ...args: string[]) =>
    refusedWith(t, await turncoat(directory, "replay", ...args), `turncoat: ${message}`);
  await refused("--emit writes one trace: name one file (these are 2).", ".", "--emit", "itf");
  await refused(
    "--emit goes with none of --steps, --state, --json, --junit and --html.",
    "a.json",
    "--emit",
    "itf",
    "--json",
  );
  await refused(
    "--out says where --emit writes to: give a format, as in --emit mermaid.",
    "a.json",
    "--out",
    "a.mmd",
  );
  const nowhere = await turncoat(
    directory,
    "replay",
    "a.json",
    "--emit",
    "itf",
    "--out",
    "a.json/a.itf.json",
  );
  t.is(nowhere.code, 2);
  t.regex(nowhere.stderr, /^turncoat: a\.json\/a\.itf\.json could not be written: ENOTDIR/);
  const unknown = await turncoat(directory, "replay", "a.json", "--emit", "dot");
  t.is(unknown.code, 2);
  t.regex(unknown.stderr, /Allowed choices are ava, vitest, mermaid, itf, shiviz, html, svg\./);
});

/** `replay --step` without a terminal: what is on the screen after some keys. */
async function stepping(flaw: string, rows = 40) {
  const result = await replay(await readTrace(join(root, "corpus", `${flaw}.json`)));
  const input = new PassThrough();
  let screen = "";
  const terminal = {
    input,
    write: (text: string) => {
      screen = text;
    },
    size: () => ({ columns: 80, rows }),
  };
  const ended = stepThrough(result, terminal, noPaint, new AbortController().signal);
  /** The lines, without what moves the cursor. */
  const after = async (...keys: string[]) => {
    for (const key of keys) {
      input.write(key);
      await setImmediate();
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what steers a terminal begins with one
    return screen.replaceAll(/\u001b\[\w/g, "").split("\r\n");
  };
  return { after, ended };
}

const [down, up, end, home] = ["\u001b[B", "\u001b[A", "\u001b[F", "\u001b[H"];

test("by keys one steps through a trace, sees what each step has changed, searches, and quits", async (t) => {
  const { after, ended } = await stepping("pbft-quorum-2f");
  t.is((await after())[1], "the start of 4");
  t.is((await after(up))[1], "the start of 4");
  const two = await after(down, "j");
  t.is(two[1], "step 2 of 4");
  t.true(two.includes("> 2  r0 ⇢ r2  pre-prepare view 0 slot 1 c1:1:B  (Byzantine)"));
  t.true(two.includes("    r2 sends to all replicas: prepare view 0 slot 1 c1:1:B"));
  t.true(two.some((line) => line.startsWith("    + r2.log[0] = ")));
  const last = await after(end);
  t.is(last[1], "step 4 of 4");
  t.true(
    last.some((line) =>
      line.startsWith("    agreement: violated, r1 executed c0:1:A at slot 1, but r2 exec"),
    ),
  );
  t.is((await after(home, "/executed", "\r"))[1], "step 3 of 4");
  t.is((await after("n"))[1], "step 4 of 4");
  t.is((await after("n"))[1], "step 3 of 4");
  t.is((await after("/nowhere", "\r")).at(-1), 'No step has "nowhere".');
  t.is((await after("1", "\r"))[1], "step 1 of 4");
  t.is((await after("99", "\r"))[1], "step 4 of 4");
  t.true((await after("\t")).includes("    r1: view 0, timer set: view-change"));
  t.true((await after("\t")).includes("    r2: view 0, timer set: view-change"));
  await after("q");
  await ended;
});

test("a screen of steps has no more lines than the terminal, and says what is hidden", async (t) => {
  const { after, ended } = await stepping("pbft-new-view-unjustified", 12);
  const lines = await after(end);
  t.is(lines.length, 12);
  t.true(lines.every((line) => line.length <= 80));
  t.true(lines.some((line) => /^ {4}… and \d+ more lines: they need a larger window\.$/.test(line)));
  await after("\u0003");
  await ended;
});

const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.log("There is no `script` (util-linux): replay --step is not tried in a terminal.");

(hasScript ? test : test.skip)(
  "--step in a terminal takes keys one by one, and gives the screen back",
  async (t) => {
    const command = `${process.execPath} ${main} replay ${root}/corpus/pbft-quorum-2f.json --step`;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      env: { ...process.env, TERM: "xterm" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let screen = "";
    const keys = [down, down, "q"];
    const awaited = ["the start of 4", "step 1 of 4", "step 2 of 4"];
    child.stdout.on("data", (chunk) => {
      screen += chunk;
      for (; awaited[0] && screen.includes(awaited[0]); awaited.shift()) child.stdin.write(keys.shift()!);
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    t.is(code, 0);
    t.deepEqual(keys, []);
    t.true(screen.includes("\u001b[?1049l"));
    t.regex(screen, /pbft\/quorum-2f: reproduced, agreement violated/);
  },
);

test("--step without a terminal, or with more than one trace, is refused in one line", async (t) => {
  const none = await turncoat(root, "replay", "corpus/pbft-quorum-2f.json", "--step");
  t.is(none.code, 2);
  t.is(
    none.stderr,
    "turncoat: --step needs a terminal, and standard output is none: use --steps, or --state, which print all steps.\n",
  );
  const count = (await readdir(join(root, "corpus"))).length;
  refusedWith(
    t,
    await turncoat(root, "replay", "--step"),
    `turncoat: --step shows one trace: name one file (these are ${count}).`,
  );
});
