// Words that come only once votes were counted already, and that do something only while some of the votes are: what was found out about the
// votes without them has to be asked again.

import test from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import { search } from "../../../src/explore/search.js";
import { UserError } from "../../../src/model/errors.js";
import type { Setting } from "../../../src/model/setting.js";
import { type Behaviour, type Json, SetOf } from "../../../src/protocol/index.js";
import { everythingSeen } from "../../support/random-protocol.js";
import { observed, uncounted } from "../../support/tallies.js";
import { seen, to, toySetting } from "../../support/toy.js";

/** Whether a late word does something with these votes counted. */
type Matters = (votes: readonly string[]) => boolean;

/** What the last replica says, and when: words that have other names than votes; and whether it votes then. */
interface Last {
  readonly words: readonly Matters[];
  readonly comes: "early" | "late";
  readonly votes?: boolean;
  readonly tally?: NonNullable<Behaviour<Json, Json>["tally"]>;
}

/** So many replicas vote, and r0 counts. The last one speaks at the start, or when its timer goes off. */
function lateSetting(voters: number, { words, comes, votes: alsoVotes, tally }: Last): Setting {
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

const between =
  (low: number, high: number): Matters =>
  (votes) =>
    low <= votes.length && votes.length < high;

for (const reduction of ["visible-steps", "dominance"] as const)
  test(`a late word that does something while some votes are counted, and not all, is seen: ${reduction}`, async (t) => {
    for (const voters of [2, 3, 11]) {
      const setting = lateSetting(voters, { words: [between(1, voters)], comes: "late" });
      const whole = await observed(setting, { reduction, tallies: "never" });
      t.is(whole.observations.length, 2);
      const usual = await observed(setting, { reduction });
      t.is(usual.tallies === undefined, voters < 11, "from 1,024 components on");
      for (const found of [usual, await observed(setting, { reduction, tallies: "always" })])
        t.deepEqual(uncounted(found), uncounted(whole));
    }
  });

test("late words that do something with any of some sets of votes", async (t) => {
  const sets = fc.uniqueArray(fc.nat(7), { maxLength: 4 });
  const bitsOf = (votes: readonly string[]) =>
    votes.reduce((bits, by) => bits | (1 << (Number(by.slice(1)) - 1)), 0);
  let some = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(sets, { minLength: 1, maxLength: 2 }), async (words) => {
      const matters = words.map(
        (those): Matters =>
          (votes) =>
            those.includes(bitsOf(votes)),
      );
      const setting = lateSetting(3, { words: matters, comes: "late" });
      const plain = await observed(setting, { reduction: "none" });
      if (plain.observations.length > 1) some++;
      for (const reduction of ["visible-steps", "dominance"] as const)
        t.deepEqual(uncounted(await observed(setting, { reduction, tallies: "always" })), uncounted(plain));
    }),
    { seed: 1, numRuns: 40 },
  );
  t.true(some > 25);
});

test("what needs votes for two things that came one by one is seen", async (t) => {
  // When their timers go off, r1 says all votes for a, r2 all for b, and r3 says x. r0 counts; x matters where so many are counted.
  const voters = ["r0", "r1", "r2"];
  for (const [a, b] of [1, 2, 3].flatMap((a) => [1, 2, 3].map((b) => [a, b] as const))) {
    const setting = toySetting(
      {
        state: SetOf(Schema.String) as unknown as Behaviour<Json, Json>["state"],
        init: ({ self }) => to([], self === "r0" ? [] : [{ kind: "set-timer", timer: "t" }]),
        step: ({ self }, state, input) => {
          const votes = state as readonly string[];
          if (input.kind === "timer") {
            const words = self === "r3" ? ["x"] : voters.map((by) => `${self === "r1" ? "a" : "b"} ${by}`);
            return to(
              ["said"],
              words.map((message) => ({ kind: "send", to: "r0", message })),
            );
          }
          if (input.kind !== "message" || self !== "r0") return to(votes);
          if (input.message !== "x") return to([...new Set([...votes, input.message as string])]);
          const count = (thing: string) => votes.filter((vote) => vote.startsWith(thing)).length;
          return to(votes, [], count("a") === a && count("b") === b ? [seen("x")] : []);
        },
      },
      {
        config: { replicas: 4, faults: 0, requests: 0, slots: 0, clients: false },
        properties: [everythingSeen],
      },
    );
    const whole = await observed(setting, { reduction: "none" });
    t.is(whole.observations.length, 2);
    for (const reduction of ["visible-steps", "dominance"] as const)
      t.deepEqual(uncounted(await observed(setting, { reduction, tallies: "always" })), uncounted(whole));
  }
});

test("a late word that needs a late vote is seen", async (t) => {
  const setting = lateSetting(3, { words: [(votes) => votes.includes("r4")], comes: "late", votes: true });
  for (const reduction of ["none", "visible-steps", "dominance"] as const)
    t.is((await observed(setting, { reduction, tallies: "always" })).observations.length, 2);
});

/** Some of the sets of four of eight votes. */
const fours = fc
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

test("a late word of the same tally is tried on every set of votes that was counted before it came", async (t) => {
  for (const those of fours) t.true(await isSeen(those, { tally: () => "all" }), those.join());
});

// Of one that no tally has nothing is promised with a single set of votes; but it makes no difference when it comes.
test("a late word is held against the votes that were counted before as if it had been there", async (t) => {
  let found = 0;
  for (const those of fours) {
    if (!(await isSeen(those, { comes: "early" }))) continue;
    found++;
    t.true(await isSeen(those, { comes: "late" }), those.join());
  }
  t.true(found >= 5 && found < fours.length, `${found} of ${fours.length}`);
});

test("a named tally that keeps a late word apart from the votes it depends on ends the run", async (t) => {
  const setting = lateSetting(3, {
    words: [between(1, 3)],
    comes: "late",
    tally: (_, input) => (input.kind === "message" && input.message === "vote" ? "votes" : null),
  });
  const error = await t.throwsAsync(search(setting, { tallies: "always" }), { instanceOf: UserError });
  t.regex(error!.message, /tally\(\) of r0 keeps apart .*comes out differently from the other order/s);
});

// r9 says all votes and w, or k and w. That w is of one tally with the votes is seen only where p was counted.
for (const hasEffect of [false, true])
  test(`a search is made again when an input joins a tally, although it has had ${hasEffect ? "an" : "no"} effect in another search from there`, async (t) => {
    const votes = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"];
    const say = (...words: readonly string[]) =>
      words.map((message) => ({ kind: "send", to: "r0", message }) as const);
    const step = (those: readonly string[], before: readonly string[], word: string) => {
      const counted = votes.filter((vote) => before.includes(vote));
      if (votes.includes(word) && !before.includes("k")) return to([...new Set([...before, word])]);
      if (word === "k" && before.length === 0) return to(hasEffect ? ["k", "l"] : before);
      if (word === "p" && before.length === 0) return to(["p", "q"], [], [seen("p")]);
      if (word !== "w") return to(before);
      if (before.includes("k")) return to(["k", "l", "m", "n"]);
      if (before.includes("p")) return to(before, [], counted.length === 1 ? [seen("one")] : []);
      return to(before, [], counted.join() === those.join() ? [seen("those")] : []);
    };
    for (const those of fours.slice(0, 20)) {
      const setting = toySetting(
        {
          state: SetOf(Schema.String) as unknown as Behaviour<Json, Json>["state"],
          init: ({ self }) => to([], self === "r9" ? [{ kind: "set-timer", timer: "t" }] : []),
          step: ({ self }, state, input) => {
            if (self === "r0" && input.kind === "message")
              return step(those, state as readonly string[], input.message as string);
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
      const { observations } = await observed(setting, { reduction: "visible-steps", tallies: "always" });
      t.true(
        observations.some((names) => names.includes("those")),
        those.join(),
      );
    }
  });

// r9 says votes or another word, and then x, which does something where there is a vote. Before that, r0 may count so many
// words that from then on there is one walk from each root (see contract.ts).
for (const words of [0, 30])
  test(`a late word is held against the votes it comes with, after a walk without them, too: ${words} words before`, async (t) => {
    const say = (...words: readonly string[]) =>
      words.map((message) => ({ kind: "send", to: "r0", message }) as const);
    const early = Array.from({ length: words }, (_, index) => `early ${index}`);
    const step = (before: readonly string[], word: string) => {
      const isReady = before.includes("ready");
      if (word === "go") return isReady ? to(before) : to(["ready"], [], [seen("go")]);
      if (word === "x")
        return to(before, [], before.some((vote) => vote.startsWith("vote")) ? [seen("x")] : []);
      return isReady === word.startsWith("early") ? to(before) : to([...new Set([...before, word])]);
    };
    const more = { kind: "set-timer", timer: "u" } as const;
    const setting = toySetting(
      {
        state: SetOf(Schema.String) as unknown as Behaviour<Json, Json>["state"],
        init: ({ self }) =>
          to([], self === "r9" ? [...say(...early, "go"), { kind: "set-timer", timer: "t" }] : []),
        step: ({ self }, state, input) => {
          if (self === "r0" && input.kind === "message")
            return step(state as readonly string[], input.message as string);
          if (self !== "r9" || input.kind !== "timer") return to(state);
          if (input.timer === "u") return to(["said"], say("x"));
          return [
            { label: "votes", state: ["v"], effects: [...say("vote r1", "vote r2"), more], events: [] },
            { label: "other", state: ["o"], effects: [...say("other"), more], events: [] },
          ];
        },
      },
      {
        config: { replicas: 10, faults: 0, requests: 0, slots: 0, clients: false },
        properties: [everythingSeen],
      },
    );
    const { observations, tallies } = await observed(setting, {
      reduction: "visible-steps",
      tallies: "always",
    });
    t.is(tallies!.checks > 20_000, words > 0);
    t.is(observations.length, 3);
  });
