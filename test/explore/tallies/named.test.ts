// Tallies that a protocol's author names: they are relied on, and what is wrong about them ends the run.

import test from "ava";
import fc from "fast-check";
import { search } from "../../../src/explore/search.js";
import { UserError } from "../../../src/model/errors.js";
import type { Setting } from "../../../src/model/setting.js";
import type { Behaviour, Config, Input, Json } from "../../../src/protocol/index.js";
import { countingModels, countingSetting, type Tie } from "../../support/counting-protocol.js";

type Tally = NonNullable<Behaviour<Json, Json>["tally"]>;

/** The same with these tallies. */
function named(setting: Setting, tally: Tally): Setting {
  const nodes = (config: Config) =>
    setting.protocol
      .nodes(config)
      .map((spec) => ({ ...spec, behaviour: { ...spec.behaviour, tally } as Behaviour<unknown, Json> }));
  return { ...setting, protocol: { ...setting.protocol, nodes } };
}

const wordOf = (input: Input<Json>) =>
  (input as { readonly message?: { readonly tag: string; readonly what: number } }).message;

/** Votes for one topic are counted together, and nothing else. */
const byTopic: Tally = (_, input) => {
  const word = wordOf(input);
  return word?.tag === "vote" ? `topic ${word.what}` : null;
};

/** Everything in one: always right. */
const together: Tally = () => "all";

const one = { numRuns: 1, seed: 5 };

function settingWith(kind: Tie["kind"]): Setting {
  const simple = { votes: 3, forgets: true, from: 0, deed: { phase: null, tells: null, shows: 1 } };
  const [model] = fc.sample(countingModels(kind), one);
  return countingSetting({ ...model!, topics: [simple, simple], timer: null, pokes: [] });
}

test("tallies that are right change nothing", async (t) => {
  for (const tally of [byTopic, together]) {
    const setting = named(settingWith("none"), tally);
    const tallied = await search(setting, { tallies: "always" });
    const whole = await search(setting, { tallies: "never" });
    t.deepEqual([tallied.verdict, tallied.states], [whole.verdict, whole.states]);
    t.like(tallied.tallies, { named: true });
  }
});

for (const kind of ["total", "threshold", "forgets"] as const)
  test(`tallies that keep apart what belongs together end the run with both histories: ${kind}`, async (t) => {
    const setting = named(settingWith(kind), byTopic);
    const error = await t.throwsAsync(search(setting, { tallies: "always" }), { instanceOf: UserError });
    t.is((error as UserError).code, "protocol-malformed");
    t.regex(error!.message, /tally\(\) of r0 keeps apart .*comes out differently from the other order/s);
    t.like(await search(named(settingWith(kind), together), { tallies: "always" }), { verdict: "holds" });
  });
