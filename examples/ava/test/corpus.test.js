// What was found once must not come back.

import { readdir } from "node:fs/promises";
import test from "ava";
import { readTrace, renderReplay, replay } from "turncoat";

for (const file of await readdir("corpus"))
  test(`${file} gives its expected outcome`, async (t) => {
    const trace = await readTrace(`corpus/${file}`);
    const result = await replay(trace);
    t.is(result.outcome, trace.expect, renderReplay(result).join("\n"));
  });
