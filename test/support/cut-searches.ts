// Searches that are cut again and again, and go on from their checkpoints.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { search } from "../../src/explore/search.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";

/** A file for a checkpoint, in directories that are still to be made; removed at the end of the test. */
export function fileFor(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return join(directory, "deep", "run.checkpoint");
}

/** Everything that must not depend on interruptions. */
export function counts({
  verdict,
  properties,
  states,
  transitions,
  depth,
  frontier,
  witnesses,
  counterexample,
}: SearchResult) {
  return { verdict, properties, states, transitions, depth, frontier, witnesses, counterexample };
}

/** Compares a search that is cut again and again with one that is not; how many states both have. */
export async function compareWithCuts(
  t: ExecutionContext,
  name: string,
  setting: Setting,
  reduction: "none" | "visible-steps",
): Promise<number> {
  const checkpoint = { file: fileFor(t), setting: name };
  const whole = await search(setting, { reduction });
  let result = await search(setting, { reduction, checkpoint, maxStates: 5 });
  let cuts = 1;
  for (let limit = 50; result.frontier > 0 && result.counterexample === null; limit *= 3) {
    result = await search(setting, { reduction, checkpoint, resume: true, maxStates: limit });
    cuts++;
  }
  t.true(cuts > 3, `${cuts} cuts`);
  t.deepEqual(counts(result), counts(whole));
  return whole.states;
}
