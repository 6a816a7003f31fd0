import test from "ava";
import { UserError } from "../../src/model/errors.js";
import { traceOf } from "../../src/trace/create.js";
import { decodeTrace, encodeTrace, type Trace } from "../../src/trace/index.js";
import { equivocation, fallOf } from "./fixtures.js";

function problem(text: string): string {
  try {
    decodeTrace(text, "t.json");
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-file") return error.message;
    throw error;
  }
  return "none";
}

/** The text of a trace after someone has tampered with it. */
async function tampered(change: (trace: Record<string, never> & Trace) => unknown): Promise<string> {
  const trace = JSON.parse(encodeTrace(await equivocation()));
  change(trace);
  return JSON.stringify(trace);
}

test("decoding what was encoded gives the same trace", async (t) => {
  const trace = await equivocation();
  t.deepEqual(decodeTrace(encodeTrace(trace), "t.json"), trace);
});

test("timers, choices, starts, an origin and a null adversary survive, too", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/primary-forever");
  t.true(counterexample.actions.some(({ kind }) => kind === "timer"));
  const actions = counterexample.actions.map((action) => ({ ...action, choice: "this one" }));
  const trace = traceOf(
    { ...setting, adversary: null, byzantine: [] },
    { ...counterexample, start: { r1: "c0:1:A" }, actions },
    { origin: "turncoat check", minimal: false },
  );
  t.deepEqual(decodeTrace(encodeTrace(trace), "t.json"), trace);
});

test("a loop survives, and its messages keep the order of their fields as those of the actions do", async (t) => {
  const trace = await equivocation();
  const withLoop = { ...trace, actions: [], loop: trace.actions };
  t.deepEqual(decodeTrace(encodeTrace(withLoop), "t.json"), withLoop);
  const messagesOf = (text: string, field: "actions" | "loop") =>
    JSON.stringify(
      (JSON.parse(text) as Trace)[field]!.map((action) => "message" in action && action.message),
    );
  t.is(messagesOf(encodeTrace(withLoop), "loop"), messagesOf(encodeTrace(trace), "actions"));
});

test("the text does not depend on the order of the fields", async (t) => {
  const trace = await equivocation();
  const { actions, format, ...rest } = trace;
  const shuffled = { actions, ...rest, format } as Trace;
  t.is(encodeTrace(shuffled), encodeTrace(trace));
});

test("the text begins with what a reader wants to know first, and no line is long", async (t) => {
  const lines = encodeTrace(await equivocation()).split("\n");
  t.deepEqual(lines.slice(0, 9), [
    "{",
    '  "format": "turncoat-trace",',
    '  "version": 1,',
    '  "turncoat": "0.1.0",',
    '  "violates": {',
    '    "property": "agreement",',
    '    "explanation": "r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there"',
    "  },",
    '  "expect": "reproduced",',
  ]);
  t.is(lines.at(-1), "");
  t.true(lines.every((line) => line.length <= 110));
});

test("a truncated file is said to look truncated, wherever it was cut", async (t) => {
  const text = encodeTrace(await equivocation()).trimEnd();
  for (let length = 1; length < text.length; length += 7)
    t.regex(problem(text.slice(0, length)), /^t\.json is not JSON: it looks truncated/);
});

test("an empty file and one that is not JSON are told apart from a truncated one", (t) => {
  t.is(problem(" \n"), "t.json is empty.");
  t.regex(problem("actions: []"), /^t\.json is not JSON: (?!it looks truncated)/);
  t.regex(problem('{"a": 1,}'), /^t\.json is not JSON: (?!it looks truncated)/);
});

test("foreign JSON is said to be no trace", (t) => {
  const message = 't.json is not a Turncoat trace: it should say "format": "turncoat-trace".';
  for (const text of ['{"name": "turncoat"}', "[]", "null", "3", '{"format": "itf"}'])
    t.is(problem(text), message);
});

test("a trace of another version is named as such, whatever else is in it", (t) => {
  t.is(
    problem('{"format": "turncoat-trace", "version": 2, "steps": []}'),
    "t.json is a trace of version 2; Turncoat 0.1.0 reads version 1.",
  );
  t.is(
    problem('{"format": "turncoat-trace"}'),
    "t.json is a trace of version unknown; Turncoat 0.1.0 reads version 1.",
  );
});

test("every problem of a damaged trace is named with its path", async (t) => {
  const text = await tampered((trace) => {
    Object.assign(trace, { comment: "mine", expect: "whatever" });
    Object.assign(trace.setting.config, { replicas: "four", faults: -1 });
    delete (trace.setting as { bounds?: unknown }).bounds;
    Object.assign(trace.actions[1]!, { from: 3 });
    Object.assign(trace.actions, { 2: { kind: "teleport", to: "r2" } });
    delete (trace.actions[3] as { message?: unknown }).message;
  });
  t.deepEqual(problem(text).split("\n").sort(), [
    "  actions[1].from: expected string, found 3",
    '  actions[2]: expected an action of kind deliver, inject, relay, lose, duplicate, cut, heal, timer, crash or restart, found {"kind":"teleport","to":"r2"}',
    "  actions[3].message: is missing",
    "  comment: is not a known field",
    '  expect: expected "reproduced" | "holds now", found "whatever"',
    "  setting.bounds: is missing",
    "  setting.config.faults: expected a value greater than or equal to 0, found -1",
    '  setting.config.replicas: expected number, found "four"',
    "t.json is a damaged trace:",
  ]);
});

test("a property that the setting does not check cannot be violated", async (t) => {
  const text = await tampered((trace) => Object.assign(trace.violates, { property: "beauty" }));
  t.is(
    problem(text),
    't.json is a damaged trace:\n  violates.property: "beauty" is not among setting.properties',
  );
});

test("a string that never ends, and nesting without end, are refused at once", (t) => {
  t.throws(() => decodeTrace(`{"a":"${'\\"'.repeat(200_000)}`, "x.json"), {
    message: "x.json is not JSON: it looks truncated: it ends before everything that was opened is closed.",
  });
  t.throws(() => decodeTrace(`${"[".repeat(5000)}${"]".repeat(5000)}`, "x.json"), {
    message: "x.json cannot be read: it is nested more than 200 deep.",
  });
});

test("an error text cannot steer a terminal", (t) => {
  t.throws(() => decodeTrace("\u001b[31m", "\u001b]0;x\u0007\u202e.json"), {
    message: /^\\u001b\]0;x\\u0007\\u202e\.json is not JSON: /,
  });
});
