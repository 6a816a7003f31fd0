// Assertions: what passes, what fails, and that a failure tells the counterexample and points to the test.

import { AssertionError } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { assertHolds, assertViolated } from "turncoat/assert";
import { broadcast, quorum } from "../../examples/broadcast.js";
import { findProtocol } from "../../src/catalogue/index.js";
import { UserError } from "../../src/model/errors.js";
import { plan } from "../../src/suite/plan.js";
import { moduleOf, root } from "../cli/support.js";
import { deafAndListening } from "../support/counting-property.js";

const around = {
  adversaries: ["equivocating-primary"],
  byzantine: ["r0"],
  properties: ["agreement"],
  views: 0,
};

function directory(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), "turncoat-assert-"));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

test("assertHolds gives the result of each run", async (t) => {
  const results = await assertHolds("pbft", { ...around, traces: null });
  t.deepEqual(
    results.map(({ verdict, states }) => [verdict, states > 100]),
    [["holds", true]],
  );
});

test.serial("assertHolds tells of a property that has not observed anything", async (t) => {
  const said: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => said.push(text);
  t.teardown(() => {
    console.warn = warn;
  });
  await assertHolds("pbft", { ...around, properties: deafAndListening, traces: null });
  const [text, ...others] = said.filter((line) => line.includes("observed anything"));
  t.deepEqual(others, []);
  t.regex(text!, /^turncoat: pbft, equivocating-primary at r0, .*: deaf has not observed anything: /);
});

test("assertHolds makes the runs that `turncoat check` makes, also of a property that waits", async (t) => {
  const options = { replicas: 2, properties: ["termination"] };
  const results = await assertHolds("two-phase-commit", { ...options, traces: null });
  const planned = plan(await findProtocol("two-phase-commit"), { protocol: "two-phase-commit", ...options });
  t.deepEqual([results.length, planned.length], [1, 1]);
});

test("assertHolds fails with the counterexample in words, its trace in a file, and the stack of the test", async (t) => {
  const traces = directory(t);
  const error = await t.throwsAsync(assertHolds("pbft/quorum-2f", { ...around, traces }), {
    instanceOf: AssertionError,
  });
  const [file] = readdirSync(traces) as [string];
  const lines = error!.message.split("\n");
  t.is(
    lines[0],
    "pbft/quorum-2f, equivocating-primary at r0, views 0-0 (n=4, f=1, async network, 2 requests, 1 slot, no client nodes): violated: r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there",
  );
  t.is(lines.filter((line) => /^ {2}[1-4] .*\(Byzantine\)$/.test(line)).length, 4);
  t.is(
    lines.at(-1),
    `The trace is in ${join(traces, file)}; look at it with: turncoat replay ${join(traces, file)}`,
  );
  const frames = error!.stack!.slice(error!.stack!.indexOf("\n    at "));
  t.regex(frames, /^\n {4}at .*assertions\.test\./);
  t.false(/src\/suite|src\/explore/.test(frames), frames);
});

test("assertHolds fails where a limit was reached, and where nothing was put to the test", async (t) => {
  const cut = assertHolds("pbft", { ...around, maxStates: 5 });
  await t.throwsAsync(cut, { instanceOf: AssertionError, message: /: inconclusive: .*limit of 5 states/ });
  const idle = assertHolds("pbft", { ...around, byzantine: ["r3"] });
  await t.throwsAsync(idle, { instanceOf: AssertionError, message: /: vacuous: / });
});

test("assertViolated gives the counterexample, and may ask how long it is", async (t) => {
  const { property, actions } = await assertViolated("pbft/quorum-2f", { ...around, actions: 4 });
  t.deepEqual([property, actions.length], ["agreement", 4]);
  const other = assertViolated("pbft/quorum-2f", { ...around, actions: 5, traces: null });
  await t.throwsAsync(other, {
    instanceOf: AssertionError,
    message: /^agreement is violated in 4 actions, and not in 5\.\npbft\/quorum-2f, [\s\S]*\(Byzantine\)/,
  });
});

test("assertViolated fails with the verdict of each run if nothing is violated", async (t) => {
  const held = assertViolated("pbft", { ...around, adversaries: ["silent"], byzantine: ["r3"] });
  const error = await t.throwsAsync(held, { instanceOf: AssertionError });
  t.is(error!.message.split("\n")[0], "Nothing is violated:");
  t.true(
    error!.message
      .split("\n")
      .slice(1)
      .every((line) => line.endsWith(": holds")),
  );
});

test("a protocol is named, has a URL, or is given itself", async (t) => {
  const asked = { ...around, adversaries: ["arbitrary"], traces: null };
  await assertViolated(join(root, "examples/broadcast.ts"), asked);
  await assertViolated(new URL("examples/broadcast.ts", `file://${root}`), asked);
  await assertViolated(
    broadcast(({ faults }) => faults + 1),
    { ...asked, adversaries: ["mutator"] },
  );
  await assertHolds(broadcast(quorum), { ...asked, adversaries: ["mutator"] });
  t.pass();
});

test("an error of the protocol comes with its lines, and those of the test", async (t) => {
  const made = directory(t);
  const file = join(made, "mine.ts");
  writeFileSync(file, moduleOf({ step: '() => {\n  throw new Error("not written yet");\n}' }));
  const error = await t.throwsAsync(assertHolds(file, { traces: made, adversaries: ["none"] }), {
    instanceOf: UserError,
  });
  t.regex(error!.message, /threw "not written yet"/);
  const frames = error!.stack!.split("\n").filter((line) => /^ {4}at /.test(line));
  t.regex(frames[0]!, /mine\.ts:\d+:\d+/);
  t.regex(frames[1]!, /assertions\.test\./);
  t.false(error!.stack!.includes("src/suite"), error!.stack);
});

test("a cache spares the search, and needs a protocol with a name", async (t) => {
  const cache = directory(t);
  const [first] = await assertHolds("pbft", { ...around, cache, traces: null });
  t.is(readdirSync(cache).length, 1);
  const [again] = await assertHolds("pbft", { ...around, cache, traces: null });
  t.deepEqual(again, first);
  t.is(again!.seconds, first!.seconds); // of the search that was made
  await t.throwsAsync(assertHolds(broadcast(quorum), { cache }), {
    message: /^A cache needs a protocol that is named/,
  });
});

test("misspelt names are refused as everywhere", async (t) => {
  await t.throwsAsync(assertHolds("pbft", { properties: ["agreemnt"] }), {
    message: /Did you mean "agreement"\?/,
  });
  t.true(readFileSync(join(root, "docs/ci.md"), "utf8").includes("turncoat/assert"));
});

test("an option that nobody knows is refused, and not ignored", async (t) => {
  const misspelt = { ...around, adversarys: ["silent"] };
  await t.throwsAsync(assertHolds("pbft", misspelt), {
    instanceOf: UserError,
    message: /^There is no option "adversarys" here\. Did you mean "adversaries"\?/,
  });
  await t.throwsAsync(assertViolated("pbft", { ...around, maxRuns: 1 } as never), {
    message: /no option "maxRuns"/,
  });
});
