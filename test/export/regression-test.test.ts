// The emitted test for ava is run by ava, in a folder of its own: it passes where the trace gives its expected outcome, and
// fails where it does not. (That for vitest is run by `npm run examples`.)

import { execFile } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { exporterNamed } from "../../src/export/index.js";
import { replay } from "../../src/trace/index.js";
import { directoryWith, root } from "../cli/support.js";
import { equivocation } from "../trace/fixtures.js";
import { traceNamed } from "./traces.js";

/** Runs ava on tests in a project that has nothing but ava and this package. */
async function avaOn(t: ExecutionContext, ...texts: string[]): Promise<{ code: number; output: string }> {
  const files = texts.map((text, index) => [`${index}.test.js`, text]);
  const directory = await directoryWith(t, {
    "package.json": '{ "type": "module" }',
    ...Object.fromEntries(files),
  });
  await mkdir(join(directory, "node_modules"));
  await symlink(root, join(directory, "node_modules", "turncoat"));
  await symlink(join(root, "node_modules", "ava"), join(directory, "node_modules", "ava"));
  const cli = join(root, "node_modules", "ava", "entrypoints", "cli.mjs");
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [cli, "--tap", "--timeout=2m"], // ten seconds are too few on a busy machine
      { cwd: directory, env: { ...process.env, NO_COLOR: "1", AVA_PATH: undefined } },
      (error, stdout, stderr) => resolve({ code: (error?.code as number) ?? 0, output: stdout + stderr }),
    ),
  );
}

const { write } = exporterNamed("ava");

/** Of a trace that is reproduced, and of one that is expected to hold now, and does. */
async function emitted(): Promise<{ violated: string; repaired: string }> {
  const trace = await equivocation();
  const repaired = {
    ...trace,
    expect: "holds now",
    setting: { ...trace.setting, protocol: "pbft" },
  } as const;
  return {
    violated: write(await traceNamed("two requests at one slot")),
    repaired: write({ trace: repaired, result: await replay(repaired), file: "a.json" }),
  };
}

test("the test passes where the violation is reproduced, or where it is not any longer if that is expected", async (t) => {
  const { violated, repaired } = await emitted();
  const { code, output } = await avaOn(t, violated, repaired);
  t.is(code, 0, output);
  t.regex(
    output,
    /^ok \d - .*pbft\/quorum-2f: agreement: r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there$/m,
  );
  t.regex(output, /^ok \d - .*no longer: pbft: agreement: /m);
});

test("the test fails where it is the other way round", async (t) => {
  const { violated, repaired } = await emitted();
  const { code, output } = await avaOn(
    t,
    violated.replace('"protocol": "pbft/quorum-2f"', '"protocol": "pbft"'),
    repaired.replace('"protocol": "pbft"', '"protocol": "pbft/quorum-2f"'),
  );
  t.is(code, 1, output);
  t.is(output.match(/^not ok /gm)?.length, 2, output);
  t.regex(output, /Diverged at action 2/, "it tells how far the trace goes");
});

test("the test for vitest differs in what is vitest's", async (t) => {
  const replayed = await traceNamed("two requests at one slot");
  const lines = (text: string) => text.split("\n");
  const other = lines(exporterNamed("vitest").write(replayed));
  const differing = lines(write(replayed)).flatMap((line, index) =>
    line === other[index] ? [] : [other[index]],
  );
  t.deepEqual(differing, [
    'import { expect, test } from "vitest";',
    'test("pbft/quorum-2f: agreement: r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there", async () => {',
    '  expect(result.outcome, told).toBe("reproduced");',
    '  // Once this is repaired: expect(result.outcome, told).not.toBe("reproduced");',
  ]);
});
