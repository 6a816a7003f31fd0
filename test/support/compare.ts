// The naive search, the plain one and the reduced ones on one setting: what each has found, to be compared.

import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import { replayIn } from "../../src/trace/replay.js";
import { type NaiveResult, naiveSearch, observationText } from "./naive.js";

/** What both searches have to agree on. */
export async function compare(setting: Setting): Promise<readonly [found: unknown, expected: unknown]> {
  const naive = naiveSearch(setting);
  const plain = await observed(setting, "none");
  const asleep = await observed(setting, "sleep-sets");
  const reduced = await observed(setting, "visible-steps");
  const dominant = await observed(setting, "dominance");
  if (naive.lasso) {
    const lasso = { property: naive.lasso, length: plain.violation?.length };
    return [plain, { ...expectation(naive), violation: lasso }];
  }
  const expected = expectation(naive);
  return naive.violation
    ? [
        {
          plain: plain.violation,
          asleep: { violation: asleep.violation, replays: asleep.replays },
          reduced: { property: reduced.violation?.property, replays: reduced.replays },
          dominant: dominant.violation,
        },
        {
          plain: expected.violation,
          asleep: { violation: expected.violation, replays: true },
          reduced: { property: naive.violation.property, replays: true },
          dominant: reduced.violation, // looked for once more, so just as short
        },
      ]
    : [
        {
          plain,
          asleep: { ...asleep, transitions: asleep.transitions <= plain.transitions },
          reduced: uncounted(reduced),
          dominant: uncounted(dominant),
        },
        {
          plain: expected,
          asleep: { ...expected, transitions: true },
          reduced: uncounted(expected),
          dominant: uncounted(expected),
        },
      ];
}

function uncounted(found: ReturnType<typeof expectation>) {
  return { ...found, states: undefined, transitions: undefined };
}

function expectation({ states, transitions, violation, observations }: NaiveResult) {
  return { states, transitions, violation, replays: true, observations: [...observations].sort() };
}

async function observed(setting: Setting, reduction: Reduction) {
  const observations: string[] = [];
  const result = await search(setting, {
    reduction,
    onObservation: (states) => observations.push(observationText(states)),
  });
  const { states, transitions, counterexample } = result;
  const violation = counterexample && {
    property: counterexample.property,
    length: counterexample.actions.length,
  };
  const replays =
    counterexample === null ||
    replayIn(setting, counterexample.property, counterexample).outcome === "reproduced";
  return { states, transitions, violation, replays, observations: observations.sort() };
}
