// What searches by tallies ask before they leave anything out, each in the smallest case in which the answer matters.

import test from "ava";
import * as Schema from "effect/Schema";
import { type Behaviour, type Json, type Outcomes, SetOf } from "../../../src/protocol/index.js";
import { everythingSeen } from "../../support/random-protocol.js";
import { observed } from "../../support/tallies.js";
import { seen, to, toySetting } from "../../support/toy.js";

type Step = (before: readonly string[], word: string) => Outcomes<Json, Json>;

const say = (...words: readonly string[]) =>
  words.map((message) => ({ kind: "send", to: "r0", message }) as const);

/** r0 hears what r1 says: when it begins, or when its timer goes off, as `talk` says. */
function listening(step: Step, start: Outcomes<Json, Json>, talk: (timer: string) => Outcomes<Json, Json>) {
  return toySetting(
    {
      state: SetOf(Schema.String) as unknown as Behaviour<Json, Json>["state"],
      init: ({ self }) => (self === "r1" ? start : to([])),
      step: ({ self }, state, input) => {
        if (self === "r0" && input.kind === "message")
          return step(state as readonly string[], input.message as string);
        return self === "r1" && input.kind === "timer" ? talk(input.timer) : to(state);
      },
    },
    { properties: [everythingSeen] },
  );
}

for (const reduction of ["visible-steps", "dominance"] as const) {
  test(`two words that count one by one, and together do something else that nobody sees: ${reduction}`, async (t) => {
    const step: Step = (before, word) => {
      if (word === "ask") return to(before, [], before.includes("both") ? [seen("both")] : []);
      if (before.includes("both") || before.includes(word)) return to(before);
      return before.length === 0 ? to([word]) : to(["both"]);
    };
    const setting = listening(step, to([], say("a", "b", "ask")), () => to([]));
    for (const tallies of ["never", "always"] as const)
      t.is((await observed(setting, { reduction, tallies })).observations.length, 2, tallies);
  });

  // r1 says the vote, or later "show" and "ask". Only a vote that is at hand leads from one outcome of "show" to the other.
  test(`an outcome stands for another one only by votes that are at hand: ${reduction}`, async (t) => {
    const step: Step = (before, word) => {
      if (word === "vote") return to([...new Set([...before, "vote"])]);
      if (word === "ask")
        return to(before, [], before.includes("vote") && before.includes("shown") ? [seen("ask")] : []);
      if (before.includes("shown")) return to(before);
      const more = { effects: [], events: [seen("show")] };
      return [
        { label: "without", state: [...before, "shown"], ...more },
        { label: "with", state: [...new Set([...before, "shown", "vote"])], ...more },
      ];
    };
    const wait = (timer: string) => ({ kind: "set-timer", timer }) as const;
    const talk = (timer: string): Outcomes<Json, Json> => {
      if (timer === "u") return to(["said"], say("show", "ask"));
      return [
        { label: "votes", state: ["votes"], effects: say("vote"), events: [] },
        { label: "waits", state: ["waits"], effects: [wait("u")], events: [] },
      ];
    };
    const setting = listening(step, to([], [wait("t")]), talk);
    for (const tallies of ["never", "always"] as const)
      t.is((await observed(setting, { reduction, tallies })).observations.length, 3, tallies);
  });
}
