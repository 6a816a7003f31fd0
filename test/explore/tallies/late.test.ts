// Words that come only once votes were counted already, and that do something only while some of the votes are: what was found out about the
// votes without them has to be asked again.

import test from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import { search } from "../../../src/explore/search.js";
import { UserError } from "../../../src/model/errors.js";
import { type Behaviour, type Json, SetOf } from "../../../src/protocol/index.js";
import { fours, lateSetting, lateWordsAreTried, type Matters } from "../../support/late-words.js";
import { everythingSeen } from "../../support/random-protocol.js";
import { observed, uncounted } from "../../support/tallies.js";
import { seen, to, toySetting } from "../../support/toy.js";

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
      const usual = await observed(setting, { reduction, tallies: 1024 });
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

// Of all of them: late.long.ts.
lateWordsAreTried(fours.slice(0, 8), 1);

test("a named tally that keeps a late word apart from the votes it depends on ends the run", async (t) => {
  const setting = lateSetting(3, {
    words: [between(1, 3)],
    comes: "late",
    tally: (_, input) => (input.kind === "message" && input.message === "vote" ? "votes" : null),
  });
  const error = await t.throwsAsync(search(setting, { tallies: "always" }), { instanceOf: UserError });
  t.regex(error!.message, /tally\(\) of r0 keeps apart .*comes out differently from the other order/s);
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
