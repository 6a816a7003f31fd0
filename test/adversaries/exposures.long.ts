// Every adversary has a flaw that it exposes and that weaker ones do not, or a reason why there can be none. All searches
// of docs/adversaries.md are made here.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { pbftAdversaries } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { root } from "../cli/support.js";
import { exposureSetting, exposures, findingOf, heading, row } from "../support/exposures.js";
import { leases } from "../support/lease.js";

for (const exposure of exposures) {
  const { adversary, protocol, byzantine, found, weaker } = exposure;
  test(`${adversary} at ${byzantine} exposes ${protocol} in ${found.actions} actions`, async (t) => {
    t.deepEqual(await findingOf(exposure, adversary), found);
  });
  for (const [name, states] of Object.entries(weaker))
    test(`where ${adversary} at ${byzantine} exposes ${protocol}, ${name} does not`, async (t) => {
      t.deepEqual(await findingOf(exposure, name), { states, actions: null });
    });
}

test("every adversary but the delayer exposes something", (t) => {
  const exposing = new Set(exposures.map(({ adversary }) => adversary));
  t.deepEqual(
    pbftAdversaries.flatMap(({ name }) => (exposing.has(name) ? [] : [name])),
    ["delayer"],
  );
});

test("the table in docs/adversaries.md is this list", (t) => {
  const text = readFileSync(join(root, "docs/adversaries.md"), "utf8");
  t.true(text.includes([heading, ...exposures.map(row)].join("\n")));
});

test("docs/adversaries.md names every adversary", (t) => {
  const text = readFileSync(join(root, "docs/adversaries.md"), "utf8");
  t.deepEqual(
    pbftAdversaries.filter(({ name }) => !text.includes(`\`${name}\``)),
    [],
  );
});

test("a lease that says whom it is for cannot be passed on", async (t) => {
  const place = { protocol: "leases", byzantine: "r3" };
  const { counterexample, states } = await search(await exposureSetting(place, "replayer"));
  t.deepEqual([counterexample, states], [null, 4]);
  t.is(leases(true).name, "leases");
});
