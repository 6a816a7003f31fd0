// `--junit` and `--html` of the commands that find things out.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, parse, root, says, start, turncoat } from "./support.js";

const text = (directory: string, file: string) => readFileSync(join(directory, file), "utf8");

test("check reports to files beside what it prints, with the trace that it has written", async (t) => {
  const directory = await directoryWith(t);
  const outcome = await turncoat(
    directory,
    ...["check", "pbft/quorum-2f", "--junit", "a.xml", "--html", "a.html", "--json"],
  );
  t.is(outcome.code, 1);
  const { file } = parse(outcome).runs[0].trace;
  const junit = text(directory, "a.xml");
  t.true(junit.includes(' tests="1" failures="1" errors="0"'));
  t.true(junit.includes(`The trace is in ${file}\n`));
  t.true(junit.includes("agreement is violated after 4 actions: "));
  const html = text(directory, "a.html");
  t.true(html.includes(`<code>${file}</code>`));
  t.true(html.includes("turncoat check pbft/quorum-2f --junit a.xml --html a.html --json</code>"));
});

test("a check in which all is well has no failures, and one that is cut an error unless that is allowed", async (t) => {
  const directory = await directoryWith(t);
  const check = (...more: string[]) =>
    turncoat(
      directory,
      ...["check", "pbft", "--adversary", "silent", "--byzantine", "r3", "--views", "0", "--property"],
      ...["agreement", "--junit", "a.xml", ...more],
    );
  t.is((await check()).code, 0);
  t.true(text(directory, "a.xml").includes(' tests="1" failures="0" errors="0" skipped="0"'));
  t.is((await check("--max-states", "5")).code, 3);
  t.true(text(directory, "a.xml").includes(' tests="1" failures="0" errors="1" skipped="0"'));
  t.is((await check("--max-states", "5", "--allow-inconclusive")).code, 0);
  t.true(text(directory, "a.xml").includes(' tests="1" failures="0" errors="0" skipped="1"'));
});

test("an interrupted check reports what it has found, and that there would have been more", async (t) => {
  const large = { protocol: "pbft", slots: 2, requests: 2, reduce: "none" };
  const requests = [
    { protocol: "two-phase-commit", adversaries: ["none"] },
    { ...large, adversaries: ["arbitrary"], byzantine: ["r0"] },
    { ...large, adversaries: ["lying-voter"], byzantine: ["r0"] },
  ];
  const config = {
    suites: [{ name: "mine", requests: requests.map((one) => ({ ...one, properties: ["agreement"] })) }],
  };
  const directory = await directoryWith(t, { "turncoat.config.json": JSON.stringify(config) });
  const args = ["--workers", "1", "--junit", "a.xml", "--html", "a.html"];
  const { child, done } = start(directory, "check", ...args);
  await says(child.stderr, "[2/3]"); // the second run is under way, and has many millions of states before it
  child.kill("SIGINT");
  t.is((await done).code, 130);
  const junit = text(directory, "a.xml");
  t.true(junit.includes('<error message="runs not begun: 1" type="interrupted"/>'));
  t.is(junit.split("<testcase ").length - 1, 3);
  t.true(text(directory, "a.html").includes("Interrupted: runs not begun: 1."));
});

test("fuzz reports the seed, and the minimized trace", async (t) => {
  const directory = await directoryWith(t);
  const { code } = await turncoat(
    directory,
    ...["fuzz", "pbft/quorum-2f", "--seed", "7", "--junit", "a.xml", "--html", "a.html"],
  );
  t.is(code, 1);
  const junit = text(directory, "a.xml");
  t.true(junit.includes('<property name="seed" value="7"/>'));
  t.true(junit.includes("agreement is violated after 4 actions: "));
  t.is(text(directory, "a.html").split("<svg ").length, 2);
});

test("replay reports each trace on its protocol, and on the correct one", async (t) => {
  const trace = readFileSync(join(root, "corpus", "pbft-quorum-2f.json"), "utf8");
  const directory = await directoryWith(t, {
    "good.json": trace,
    "bad.json": trace.replace('"expect": "reproduced"', '"expect": "holds now"'),
  });
  const args = ["replay", "good.json", "bad.json", "--junit", "a.xml", "--html", "a.html"];
  t.is((await turncoat(directory, ...args)).code, 1);
  const junit = text(directory, "a.xml");
  t.true(junit.includes(' tests="4" failures="1" errors="0" skipped="0"'));
  t.true(
    junit.includes(
      'message="expected: holds now, found: reproduced, agreement violated after 4 actions" type="reproduced"',
    ),
  );
  t.true(junit.includes('name="agreement, on pbft"'));
  t.is(text(directory, "a.html").split("<svg ").length, 3);
});

test("a report that could not be written is refused before anything is run", async (t) => {
  const directory = await directoryWith(t);
  const nowhere = await turncoat(directory, "check", "pbft/quorum-2f", "--junit", "none/a.xml");
  t.deepEqual(nowhere, {
    code: 2,
    stdout: "",
    stderr: "turncoat: none/a.xml cannot be written: there is no directory none.\n",
  });
  const same = await turncoat(directory, "check", "pbft/quorum-2f", "--junit", "a", "--html", "a");
  t.is(same.stderr, "turncoat: --junit and --html need two different files.\n");
  t.is((await turncoat(directory, "check", "pbft/quorum-2f", "--html", ".")).code, 2);
});

test("a pipe or a device is neither read nor taken away", async (t) => {
  const directory = await directoryWith(t);
  execFileSync("mkfifo", [join(directory, "pipe")]);
  t.deepEqual(await turncoat(directory, "check", "pbft/quorum-2f", "--junit", "pipe"), {
    code: 2,
    stdout: "",
    stderr: "turncoat: pipe is a device or a pipe: name a file for the report.\n",
  });
  t.true(statSync(join(directory, "pipe")).isFIFO());
});

test("a file that is no report is not taken away", async (t) => {
  const directory = await directoryWith(t, { "a.json": "{}" });
  const outcome = await turncoat(directory, "replay", "--junit", "a.json");
  t.is(outcome.code, 2);
  t.is(outcome.stderr, "turncoat: a.json exists and is no report: it is left alone.\n");
  t.is(text(directory, "a.json"), "{}");
});

test("a report of an earlier run does not outlive a run that fails before it has one of its own", async (t) => {
  const directory = await directoryWith(t, {
    "a.xml": "<testsuites/>",
    "mine.ts": "throw new Error('broken');",
  });
  const { code } = await turncoat(directory, "check", "./mine.ts", "--junit", "a.xml");
  t.is(code, 2);
  t.false(existsSync(join(directory, "a.xml")));
});
