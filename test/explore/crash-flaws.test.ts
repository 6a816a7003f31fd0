// Flaws that take a crash: a vote that is forgotten within its term, one that is sent before it is stored, and an acknowledged entry that is
// lost. The correct forms hold under every kind of crash, whatever the search; of the mutants the shortest counterexamples are known.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { search } from "../../src/explore/search.js";
import { replayIn } from "../../src/trace/replay.js";
import { durableSetting, type Order, oneLeader } from "../support/durable-protocols.js";
import { naiveSearch } from "../support/naive.js";

const names = ["election", "replicated-log"] as const;
const losses = ["volatile", "unsynced", "nothing"] as const;

/** What each form comes to under each kind of crash: how many actions the shortest counterexample has. */
const lengths: {
  readonly [order in Order]: { readonly [losing in (typeof losses)[number]]: number | null };
} = {
  "synced first": { volatile: null, unsynced: null, nothing: null },
  "sent first": { volatile: null, unsynced: 8, nothing: null },
  "not stored": { volatile: 8, unsynced: 8, nothing: null },
};

for (const name of names)
  for (const order of Object.keys(lengths) as Order[])
    for (const losing of losses)
      for (const network of ["async", "once"])
        test(`${name}, ${order}, crashes losing ${losing}, ${network}`, async (t) => {
          const property = name === "election" ? oneLeader : agreement;
          const base = durableSetting(name, order, { crashes: 1, losing }, [property]);
          const setting = { ...base, network };
          const naive = naiveSearch(setting);
          const { verdict, counterexample, states, transitions } = await search(setting, {
            reduction: "none",
          });
          t.is(counterexample?.actions.length ?? null, lengths[order][losing]);
          t.is(naive.violation?.length ?? null, lengths[order][losing]);
          if (!counterexample)
            t.deepEqual([verdict, states, transitions], ["holds", naive.states, naive.transitions]);
          else t.is(replayIn(setting, property.name, counterexample).outcome, "reproduced");
          if (network !== "async") return;
          const reduced = await search(setting, { reduction: "visible-steps" });
          t.is(reduced.verdict, verdict);
        });
