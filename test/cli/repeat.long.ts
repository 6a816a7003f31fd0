// What `turncoat fuzz` prints reproduces what it has found.

import test from "ava";
import { directoryWith, turncoat, turncoatJson } from "./support.js";

/** For every property that a built-in mutant breaks, such a mutant. */
const broken = {
  agreement: "quorum-2f",
  validity: "request-unauthenticated",
  integrity: "executes-again-after-new-view",
  "clients-are-served": "primary-forever",
  "checkpoint-durability": "checkpoint-unproven",
  "checkpoint-agreement": "checkpoint-proof-unchecked",
  "bounded-log": "no-watermarks",
};

for (const [property, flaw] of Object.entries(broken))
  test(`the printed line alone repeats a violation of ${property}`, async (t) => {
    const directory = await directoryWith(t);
    const { stdout, code } = await turncoat(
      directory,
      "fuzz",
      `pbft/${flaw}`,
      "--seed",
      "3",
      "--no-minimize",
    );
    t.is(code, 1);
    const [, line] = /the same run again: turncoat (.*)\n/.exec(stdout)!;
    t.regex(line!, /--path '/);
    const args = line!.split(" ").map((arg) => arg.replaceAll("'", ""));
    const again = await turncoatJson(await directoryWith(t), ...args, "--no-minimize");
    t.is(again.code, 1);
    const [run] = again.document.runs;
    t.is(run.runs, 1);
    t.is(run.failures[0].property, property);
    t.true(stdout.includes(`violated: ${run.reason}.`));
    t.is(run.repeat, `turncoat ${line}`);
    t.is(again.document.runs[0].trace.actions, Number(/(\d+) actions, not verified/.exec(stdout)![1]));
  });
