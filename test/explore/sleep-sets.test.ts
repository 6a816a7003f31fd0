// What sleep sets may leave out, and what they must not. (Against the naive and the plain search on everything that is small
// enough: see differential.test.ts and mutants.long.ts.)

import test from "ava";
import { search } from "../../src/explore/search.js";
import type { Property } from "../../src/protocol/index.js";
import { pbftSetting, twoPhaseCommitSetting } from "../support/settings.js";
import { leavesOutOfPbft, leavesOutOfTwoPhaseCommit } from "../support/sleeping.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverAfter, neverBoth } from "../support/toy-properties.js";

leavesOutOfTwoPhaseCommit(3, [288, 761, 390]);
leavesOutOfTwoPhaseCommit(5, [8_832, 37_345, 13_146]);
// What r1 needs for a new-view it learns from r2 and r3, and tells r0. Larger ones: sleep-sets.long.ts.
leavesOutOfPbft("r1", 1, [61_194, 540_068, 250_817]);

/** Two replicas that each show one event, when their timers go off. */
function showing(events: { readonly [replica: string]: string | null }, properties: readonly Property[]) {
  const step = ({ self }: { readonly self: string }) => {
    const name = events[self] ?? null;
    return to("done", [], name === null ? [] : [seen(name)]);
  };
  const init = () => to("start", [{ kind: "set-timer", timer: "t" } as const]);
  return toySetting({ init, step }, { properties });
}

for (const [events, length] of [
  [{ r0: "first", r1: "second" }, 2],
  [{ r0: "second", r1: "first" }, 2],
] as const)
  test(`where the order matters both are tried: ${events.r0} from r0, ${events.r1} from r1`, async (t) => {
    const setting = showing(events, [neverAfter("first", "second")]);
    const { verdict, counterexample } = await search(setting, { reduction: "sleep-sets" });
    t.deepEqual([verdict, counterexample?.actions.length], ["violated", length]);
  });

test("behind a violation nothing is looked for, so it makes nobody sleep", async (t) => {
  const setting = showing({ r0: "x", r1: null }, [neverBoth("x", "x")]);
  for (const reduction of ["none", "sleep-sets"] as const) {
    const { states, frontier } = await search(setting, { reduction, maxViolations: 9 });
    t.deepEqual([states, frontier], [4, 0], reduction);
  }
});

test("where they are not sound they are refused, with the reason", async (t) => {
  const setting = pbftSetting("silent", "r3");
  const refusals = [
    [{ ...setting, network: "once" }, {}, /only on the async network/],
    [{ ...setting, bounds: { views: 0, crashes: 1 } }, {}, /depends on the crashes of others/],
    [{ ...setting, properties: [eventually("x")] }, {}, /need all transitions/],
    [setting, { deadMessages: true }, /not the state that was reached/],
    [setting, { symmetry: true }, /not the state that was reached/],
  ] as const;
  for (const [refusing, options, reason] of refusals) {
    const result = await search(refusing, { reduction: "sleep-sets", ...options });
    const refused = result.refused.find((one) => one.reduction === "sleep-sets");
    t.is(result.reduction, "none");
    t.regex(refused?.reason ?? "", reason);
  }
});

test("such a search cannot be resumed", async (t) => {
  const checkpoint = { file: "nowhere", setting: "x" };
  const resuming = search(twoPhaseCommitSetting(3), { reduction: "sleep-sets", checkpoint, resume: true });
  await t.throwsAsync(resuming, {
    message: "A search with sleep sets leaves no checkpoint that could be resumed.",
  });
});
