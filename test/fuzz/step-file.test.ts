// Evaluated steps that are kept for later campaigns: they save evaluations, and change nothing else.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { fuzz, stepFileProblem } from "../../src/fuzz/index.js";
import type { Setting } from "../../src/model/setting.js";
import { pbftSetting } from "../support/settings.js";

const settings: Record<string, Setting> = {
  async: pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }),
  once: pbftSetting("arbitrary", "r0", { bounds: { views: 0 }, network: "once" }),
};

const place = (directory: string, identity = "1") => ({ file: join(directory, "a.steps"), identity });

for (const [name, setting] of Object.entries(settings))
  test(`a campaign that begins with the steps of another one is the same: ${name}`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "turncoat-steps-"));
    t.teardown(() => rmSync(directory, { recursive: true }));
    const made = (steps?: ReturnType<typeof place>) =>
      fuzz(setting, { seed: 5, maxRuns: 60, ...(steps && { steps }) });
    const cold = await made();
    const first = await made(place(directory));
    const warm = await made(place(directory));
    t.deepEqual([first.state, first.stepCalls], [cold.state, cold.stepCalls]);
    t.deepEqual([warm.state, warm.witnesses], [cold.state, cold.witnesses]);
    t.true(cold.stepCalls > 100);
    t.is(warm.stepCalls, 0);
    const other = await fuzz(setting, { seed: 6, maxRuns: 60, steps: place(directory) });
    const otherCold = await fuzz(setting, { seed: 6, maxRuns: 60 });
    t.deepEqual(other.state, otherCold.state);
    t.true(other.stepCalls < otherCold.stepCalls);
    // Of other code nothing is used.
    t.is((await made(place(directory, "2"))).stepCalls, cold.stepCalls);
  });

test("a damaged file of steps is not used, and is replaced", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-steps-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const steps = place(directory);
  const made = () => fuzz(settings.async!, { seed: 5, maxRuns: 20, steps });
  const { stepCalls, state } = await made();
  const text = readFileSync(steps.file, "utf8");
  t.is(stepFileProblem(steps), null);
  const middle = text.length >> 1;
  const damages: readonly (readonly [string, string])[] = [
    [`${text.slice(0, middle)}~${text.slice(middle + 1)}`, "is damaged"],
    [text.slice(0, middle), "is damaged"],
    [text.slice(0, text.indexOf("\n") + 1), "is not whole"],
    ["", "is no file of evaluated steps"],
    ["null\n", "is no file of evaluated steps"],
    [text.replace("turncoat-steps", "turncoat-trace"), "is no file of evaluated steps"],
  ];
  for (const [damaged, problem] of damages) {
    writeFileSync(steps.file, damaged);
    t.is(stepFileProblem(steps), `${steps.file} ${problem}`);
    const again = await made();
    t.deepEqual([again.stepCalls, again.state], [stepCalls, state], problem);
    t.is(readFileSync(steps.file, "utf8"), text);
  }
  t.is(stepFileProblem(place(directory, "2")), null); // of other code: nothing is wrong with it
});

test("where steps cannot be kept the campaign goes on", async (t) => {
  const steps = { file: "/dev/null/a.steps", identity: "1" };
  const { verdict } = await fuzz(settings.async!, { seed: 5, maxRuns: 20, steps });
  t.is(verdict, "holds");
});
