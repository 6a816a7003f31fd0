// Text of unknown origin on its way to people: whatever a module or a trace file says, no command and no exporter writes a control character
// or a bidirectional control as it is.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { exporters } from "../../src/export/index.js";
import { directoryWith, moduleOf, type Outcome, turncoat } from "./support.js";

/** Clears a screen, sets a window's title, ends a line early, and turns the reading direction around. */
const hostile = "x\u001b[2J\u001b]0;t\u0007\r\u0085\u009b\u202e\u2066\u200f\u2028]]>]]>y";

/** What must not be there: every control character but the newline and the tab, and what turns the direction around. */
const raw = /[\p{Bidi_Control}\u2028\u2029]|[^\P{Cc}\n\t]/u;

const evil = JSON.stringify(hostile);
/** r0 says something, and r1 executes something else then; every name and every text is hostile. */
const source = moduleOf({
  statements: `
const evil = ${evil};
const executed = (request) => ({ kind: "executed", slot: 1, position: 1, request, result: evil });
const custom = { kind: "custom", name: evil, data: evil };
export const properties = [{
  name: evil, summary: evil, kind: "always", observes: "both", exercise: evil,
  monitor: () => ({
    init: [],
    on: (seen, _by, event) => (event.kind === "executed" ? [...seen, event.request] : seen),
    verdict: (seen) => (seen.length > 1 ? "violated" : "holds"),
    exercised: (seen) => seen.length,
    explain: () => evil,
  }),
}];`,
  init: `({ self }) => [{
    state: { n: self === "r0" ? 1 : 0 },
    effects: self === "r0" ? [{ kind: "send", to: "r1", message: { tag: evil } }] : [],
    events: self === "r0" ? [executed("a"), custom] : [],
  }]`,
  step: `(_context, state, input) => input.kind === "message"
    ? [{ label: evil, state: { n: state.n + 1 }, effects: [], events: [executed("b"), custom] }] : stay(state)`,
  fields: `name: evil, summary: evil,`,
});

const setting = ["--replicas", "2", "--faults", "0", "--adversary", "none", "--views", "0"];

test("commands and exporters show control characters as text", async (t) => {
  const directory = await directoryWith(t, { "evil.ts": `// @ts-nocheck\n${source}` });
  const clean = (name: string, { stdout, stderr }: Outcome) => {
    t.notRegex(stdout, raw, name);
    t.notRegex(stderr, raw, name);
    t.notRegex(stdout + stderr, /has a bug/, name);
  };
  const run = async (code: number, ...args: string[]) => {
    const outcome = await turncoat(directory, ...args);
    t.is(outcome.code, code, `${args.join(" ")}\n${outcome.stdout}${outcome.stderr}`);
    clean(args.join(" "), outcome);
    return outcome.stdout;
  };
  const reports = ["--junit", "r.xml", "--html", "r.html"];
  const about = ["--property", hostile, "--requests", "2"];
  const told = await run(1, "check", "./evil.ts", ...setting, ...about, "--explain", ...reports);
  t.true(told.includes("x\\u001b[2J"), told);
  await run(1, "check", "./evil.ts", ...setting, ...about, "--json");
  await run(1, "fuzz", "./evil.ts", ...setting, ...about, "--runs", "20", "--seed", "1", ...reports);
  await run(1, "fuzz", "./evil.ts", ...setting, ...about, "--runs", "20", "--seed", "1", "--json");
  await run(1, "simulate", "./evil.ts", "--replicas", "2", "--faults", "0", "--property", hostile);
  await run(1, "simulate", "./evil.ts", "--replicas", "2", "--faults", "0", "--property", hostile, "--json");
  const traces = (await readdir(join(directory, "traces"))).filter((name) => name.endsWith(".json"));
  const file = join("traces", traces[0]!);
  await run(0, "replay", file, ...reports);
  await run(0, "replay", file, "--json");
  await run(0, "minimize", file);
  for (const { name } of exporters) await run(0, "replay", file, "--emit", name);
  for (const report of ["r.xml", "r.html"]) {
    const text = await readFile(join(directory, report), "utf8");
    t.notRegex(text, raw, report);
    t.true(text.includes("x\\u001b[2J"), report);
  }
  // A trace whose file says something hostile where text is expected, or anything else.
  const trace = JSON.parse(await readFile(join(directory, file), "utf8"));
  for (const damaged of [
    { ...trace, format: hostile },
    { ...trace, expect: hostile },
    { ...trace, [hostile]: 1 },
    { ...trace, setting: { ...trace.setting, protocol: hostile } },
    { ...trace, setting: { ...trace.setting, network: hostile } },
    { ...trace, setting: { ...trace.setting, adversary: hostile } },
    { ...trace, start: { [hostile]: hostile } },
    { ...trace, actions: [{ kind: "timer", node: "r1", timer: hostile, choice: hostile }] },
  ]) {
    await writeFile(join(directory, "damaged.json"), JSON.stringify(damaged));
    for (const command of ["replay", "minimize"]) {
      const outcome = await turncoat(directory, command, "damaged.json");
      clean(`${command} ${JSON.stringify(damaged).slice(0, 300)}`, outcome);
      t.true(outcome.code === 2 || outcome.code === 1, outcome.stderr);
    }
  }
});
