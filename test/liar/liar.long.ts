// The generic liar against many random protocols, and against mutants of the built-in ones: it is as strong as what was written by hand.

import test from "ava";
import fc from "fast-check";
import { agreement, validity } from "../../properties/index.js";
import { findProtocol } from "../../src/catalogue/load.js";
import { settingIn } from "../../src/catalogue/setting.js";
import { search } from "../../src/explore/search.js";
import { liarOf } from "../../src/liar/adversary.js";
import type { Setting } from "../../src/model/setting.js";
import type { Adversary, Json, Protocol } from "../../src/protocol/index.js";
import { naively } from "../support/against-naive.js";
import { rules, tableProtocol } from "./table-protocol.js";

const small = { replicas: 3, faults: 1, requests: 2, slots: 1, clients: false };

for (const [seed, greatest] of [
  [1, false],
  [2, false],
  [3, false],
  [4, true],
  [5, true],
] as const)
  test(`what is left out makes no difference, seed ${seed}`, (t) => {
    t.timeout(600_000);
    let compared = 0;
    for (const table of fc.sample(rules, { numRuns: 60, seed })) {
      const protocol = tableProtocol(table, { greatest }) as unknown as Protocol<Json, Json>;
      const liar = liarOf(protocol);
      const everything: Adversary<Json> = {
        ...liar,
        moves: ({ self, to: _, ...situation }) => liar.alphabet(situation).everything(self, 10_000),
      };
      const against = (adversary: Adversary<Json>): Setting => ({
        ...{ protocol, adversary, config: small, byzantine: ["r1"], network: "async", bounds: { views: 0 } },
        properties: [agreement, validity],
      });
      const all = naively(against(everything), 400);
      if (all === null) continue;
      const mine = naively(against(liar), 400);
      compared++;
      const found = (one: typeof all | null) => [
        one?.violation?.property,
        one?.violation?.length,
        one?.violation ? null : [...one!.observations].sort(),
      ];
      t.deepEqual(found(mine), found(all), JSON.stringify(table));
    }
    t.true(compared > 8);
  });

/** Where each falls, and how long the shortest counterexample is: never longer than by the hand-written adversary. */
const falls = [
  ["bracha/joins-on-one", "validity", "r1", 0, 3],
  ["bracha/initial-from-anyone", "validity", "r1", 0, 6],
  ["ibft/no-lock", "agreement", "r0", 1, 17],
  ["ibft/proposal-unjustified", "agreement", "r1", 1, 15],
  ["ibft/round-change-unproven", "agreement", "r1", 1, 15],
  ["ibft/value-unchecked", "validity", "r0", 0, 7],
  ["hotstuff/no-lock", "agreement", "r1", 1, 18],
  ["hotstuff/qc-unproven", "agreement", "r1", 1, 18],
  ["hotstuff/value-unchecked", "validity", "r0", 0, 7],
] as const;

for (const [name, property, byzantine, views, length] of falls)
  test(`it exposes ${name}`, async (t) => {
    t.timeout(600_000);
    const entry = await findProtocol(name);
    const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
    const setting = settingIn(entry, {
      ...{ protocol: name, config, byzantine: [byzantine], adversary: "arbitrary", network: "async" },
      ...{ bounds: { views }, properties: [property] },
    });
    const generic = await search(
      { ...setting, adversary: liarOf(entry.protocol) },
      { reduction: "dominance" },
    );
    t.is(generic.counterexample?.actions.length, length);
  });

for (const [name, states] of [
  ["r0", 10_691],
  ["r1", 5788],
  ["r2", 4942],
] as const)
  test(`correct IBFT holds against it at ${name}, in as many states as against the hand-written one or more`, async (t) => {
    t.timeout(600_000);
    const entry = await findProtocol("ibft");
    const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
    const setting = settingIn(entry, {
      ...{ protocol: "ibft", config, byzantine: [name], adversary: "arbitrary", network: "async" },
      ...{ bounds: { views: 1 }, properties: ["agreement", "validity"] },
    });
    const liar = liarOf(entry.protocol);
    const result = await search({ ...setting, adversary: liar }, { reduction: "dominance", explain: true });
    t.is(result.verdict, "holds");
    t.is(result.states, states);
    t.deepEqual(result.explanation?.alphabet?.missing, []);
  });
