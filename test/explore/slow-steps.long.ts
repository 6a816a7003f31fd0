// A search whose steps are slow is cut inside of them, again and again, and loses nothing.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { search } from "../../src/explore/search.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import type { Behaviour, Json, Protocol } from "../../src/protocol/index.js";
import { pbftSetting } from "../support/settings.js";

function fileFor(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return join(directory, "run.checkpoint");
}

/** Steps may not ask for the time, so this one was taken before any of them is watched. */
const now = performance.now.bind(performance);

/** The same protocol, of which each step takes a millisecond or more. */
function slowed(setting: Setting): Setting {
  const { protocol } = setting;
  const slow = (behaviour: Behaviour<Json, Json>): Behaviour<Json, Json> => ({
    ...behaviour,
    step: (...args) => {
      const until = now() + 1;
      while (now() < until);
      return behaviour.step(...args);
    },
  });
  const nodes: Protocol<Json, Json>["nodes"] = (config) =>
    protocol.nodes(config).map((spec) => ({ ...spec, behaviour: slow(spec.behaviour as never) as never }));
  return { ...setting, protocol: { ...protocol, nodes } };
}

function counts({ verdict, properties, states, transitions, depth, frontier, witnesses }: SearchResult) {
  return { verdict, properties, states, transitions, depth, frontier, witnesses };
}

test("cut again and again inside slow steps, a search ends with the counts of one that was not", async (t) => {
  const setting = pbftSetting("equivocating-primary", "r0");
  const whole = await search(setting, {});
  const checkpoint = { file: fileFor(t), setting: "slow" };
  let result = await search(slowed(setting), { checkpoint, maxSeconds: 0.2 });
  let cuts = 0;
  for (; result.verdict === "inconclusive" && cuts < 40; cuts++)
    result = await search(slowed(setting), { checkpoint, resume: true, maxSeconds: 0.2 * 1.3 ** cuts });
  t.true(cuts > 0);
  t.deepEqual(counts(result), counts(whole));
});
