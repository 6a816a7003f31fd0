// Words that come only once votes were counted already, and that do something only while some of the votes are: settings for
// test/explore/tallies/late.test.ts, and its tests that go through many sets of votes.

import test from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import type { Setting } from "../../src/model/setting.js";
import { type Behaviour, type Json, SetOf } from "../../src/protocol/index.js";
import { everythingSeen } from "./random-protocol.js";
import { observed } from "./tallies.js";
import { seen, to, toySetting } from "./toy.js";

/** Whether a late word does something with these votes counted. */
export type Matters = (votes: readonly string[]) => boolean;

/** What the last replica says, and when: words that have other names than votes; and whether it votes then. */
interface Last {
  readonly words: readonly Matters[];
  readonly comes: "early" | "late";
  readonly votes?: boolean;
  readonly tally?: NonNullable<Behaviour<Json, Json>["tally"]>;
}

/** So many replicas vote, and r0 counts. The last one speaks at the start, or when its timer goes off. */
export function lateSetting(voters: number, { words, comes, votes: alsoVotes, tally }: Last): Setting {
  const replicas = voters + 2;
  const last = `r${replicas - 1}`;
  const said = [...(alsoVotes ? ["vote"] : []), ...words.keys()].map(
    (message) => ({ kind: "send", to: "r0", message }) as const,
  );
  const setting = toySetting(
    {
      state: SetOf(Schema.String) as unknown as Behaviour<Json, Json>["state"],
      init: ({ self }) => {
        if (self === "r0") return to([]);
        if (self !== last) return to([], [{ kind: "send", to: "r0", message: "vote" }]);
        return to([], comes === "early" ? said : [{ kind: "set-timer", timer: "t" }]);
      },
      step: ({ self }, state, input) => {
        const votes = state as readonly string[];
        if (input.kind === "timer") return to(votes, said);
        if (input.kind !== "message" || self !== "r0") return to(votes);
        if (input.message === "vote") return to([...new Set([...votes, input.from])]);
        return to(votes, [], words[Number(input.message)]!(votes) ? [seen(`word ${input.message}`)] : []);
      },
    },
    {
      config: { replicas, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [everythingSeen],
    },
  );
  if (!tally) return setting;
  const { protocol } = setting;
  const nodes: typeof protocol.nodes = (config) =>
    protocol.nodes(config).map((spec) => ({ ...spec, behaviour: { ...spec.behaviour, tally } as never }));
  return { ...setting, protocol: { ...protocol, nodes } };
}

/** Some of the sets of four of eight votes. */
export const fours = fc
  .sample(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 4, maxLength: 4 }), {
    seed: 1,
    numRuns: 40,
  })
  .map((those) => those.sort().map((by) => `r${by}`));

const exactly =
  (those: readonly string[]): Matters =>
  (votes) =>
    votes.length === those.length && those.every((by) => votes.includes(by));

async function isSeen(those: readonly string[], last: Partial<Last>): Promise<boolean> {
  const setting = lateSetting(8, { words: [exactly(those)], comes: "late", ...last });
  const { observations } = await observed(setting, { reduction: "visible-steps", tallies: "always" });
  return observations.length > 1;
}

/** r9 says all votes and w, or k and w. That w is of one tally with the votes is seen only where p was counted. */
function joining(those: readonly string[], hasEffect: boolean): Setting {
  const votes = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"];
  const say = (...words: readonly string[]) =>
    words.map((message) => ({ kind: "send", to: "r0", message }) as const);
  const step = (before: readonly string[], word: string) => {
    const counted = votes.filter((vote) => before.includes(vote));
    if (votes.includes(word) && !before.includes("k")) return to([...new Set([...before, word])]);
    if (word === "k" && before.length === 0) return to(hasEffect ? ["k", "l"] : before);
    if (word === "p" && before.length === 0) return to(["p", "q"], [], [seen("p")]);
    if (word !== "w") return to(before);
    if (before.includes("k")) return to(["k", "l", "m", "n"]);
    if (before.includes("p")) return to(before, [], counted.length === 1 ? [seen("one")] : []);
    return to(before, [], counted.join() === those.join() ? [seen("those")] : []);
  };
  return toySetting(
    {
      state: SetOf(Schema.String) as unknown as Behaviour<Json, Json>["state"],
      init: ({ self }) => to([], self === "r9" ? [{ kind: "set-timer", timer: "t" }] : []),
      step: ({ self }, state, input) => {
        if (self === "r0" && input.kind === "message")
          return step(state as readonly string[], input.message as string);
        if (self !== "r9" || input.kind !== "timer") return to(state);
        if (input.timer === "u") return to(["c"], say("p"));
        const effects = [...say(...votes, "w"), { kind: "set-timer", timer: "u" } as const];
        return [
          { label: "all", state: ["a"], effects, events: [] },
          { label: "other", state: ["b"], effects: say("w", "k"), events: [] },
        ];
      },
    },
    {
      config: { replicas: 10, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [everythingSeen],
    },
  );
}

/** The tests that go through sets of votes; `found`: with how many of these a word is seen that no tally has, if it comes early. */
export function lateWordsAreTried(sets: readonly (readonly string[])[], found: number): void {
  test("a late word of the same tally is tried on every set of votes that was counted before it came", async (t) => {
    for (const those of sets) t.true(await isSeen(those, { tally: () => "all" }), those.join());
  });

  // Of one that no tally has nothing is promised with a single set of votes; but it makes no difference when it comes.
  test("a late word is held against the votes that were counted before as if it had been there", async (t) => {
    let count = 0;
    for (const those of sets) {
      if (!(await isSeen(those, { comes: "early" }))) continue;
      count++;
      t.true(await isSeen(those, { comes: "late" }), those.join());
    }
    t.is(count, found);
  });

  for (const hasEffect of [false, true])
    test(`a search is made again when an input joins a tally, although it has had ${hasEffect ? "an" : "no"} effect in another search from there`, async (t) => {
      for (const those of sets) {
        const setting = joining(those, hasEffect);
        const { observations } = await observed(setting, { reduction: "visible-steps", tallies: "always" });
        t.true(
          observations.some((names) => names.includes("those")),
          those.join(),
        );
      }
    });
}
