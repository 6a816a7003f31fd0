import test from "ava";
import fc from "fast-check";
import { agreement, validity } from "../../properties/index.js";
import { moduleEntry } from "../../src/catalogue/load.js";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import { liarOf } from "../../src/liar/adversary.js";
import { withAllChoices } from "../../src/liar/choices.js";
import type { Setting } from "../../src/model/setting.js";
import type { Adversary, Json, Protocol } from "../../src/protocol/index.js";
import { bracha, brachaMutants } from "../../src/protocols/bracha/index.js";
import { naively } from "../support/against-naive.js";
import { rules, tableProtocol } from "./table-protocol.js";

const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
const asJson = (protocol: unknown) => protocol as Protocol<Json, Json>;

function settingOf(protocol: Protocol<Json, Json>, adversary: Adversary<Json>, byzantine: string): Setting {
  return {
    protocol,
    config,
    byzantine: [byzantine],
    adversary,
    network: "async",
    bounds: { views: 0 },
    properties: [agreement, validity],
  };
}

test("each sequence of choices is made once, and what is not looked at is not chosen", (t) => {
  const made: string[] = [];
  const isWhole = withAllChoices(100, (choices) => {
    const first = choices.of(["a", "b"]);
    made.push(first === "a" ? first : first + choices.of(["1", "2", "3"]));
  });
  t.true(isWhole);
  t.deepEqual(made, ["a", "b1", "b2", "b3"]);
  t.false(withAllChoices(3, (choices) => void choices.choose(4)));
});

const byType = (messages: readonly Json[]) => {
  const counts: Record<string, number> = {};
  for (const message of messages as readonly { readonly tag: string }[])
    counts[message.tag] = (counts[message.tag] ?? 0) + 1;
  return counts;
};

test("a liar says what a correct node would react to; a vote that no correct node joins is left out", (t) => {
  const place = { config, views: 0, beyond: false };
  const liar = liarOf(asJson(bracha()));
  const asBackup = liar.alphabet({ ...place, byzantine: ["r1"] });
  t.deepEqual(byType(asBackup.of("r1", "replica")), { echo: 2, ready: 2 });
  t.is(asBackup.leftOut, 2); // an echo and a ready of a value that nobody has broadcast
  t.deepEqual(byType(asBackup.everything("r1", 1000)), { initial: 3, echo: 3, ready: 3 });
  t.false(asBackup.isCut);
  // The sender's values are narrowed by the protocol.
  const asSender = liar.alphabet({ ...place, byzantine: ["r0"] });
  t.deepEqual(byType(asSender.of("r0", "replica")), { initial: 2, echo: 2, ready: 2 });
});

test("it exposes a mutant of reliable broadcast, and the correct form holds against it", async (t) => {
  const { protocol } = brachaMutants.find(({ name }) => name === "bracha/initial-from-anyone")!;
  const broken = await search(settingOf(protocol, liarOf(protocol), "r1"));
  t.is(broken.verdict, "violated");
  t.is(broken.counterexample?.actions.length, 6);
  const whole = await search(settingOf(asJson(bracha()), liarOf(asJson(bracha())), "r1"), { explain: true });
  t.is(whole.verdict, "holds");
  t.deepEqual(whole.explanation?.alphabet?.missing, []);
  t.is(whole.explanation?.alphabet?.looked, whole.explanation?.alphabet?.localStates);
});

const small = { replicas: 3, faults: 1, requests: 2, slots: 1, clients: false };

/** The strongest adversary in the liar's vocabulary: it says everything, whether or not anybody would react. */
function everything(protocol: Protocol<Json, Json>): Adversary<Json> {
  const liar = liarOf(protocol);
  return {
    ...liar,
    moves: ({ self, byzantine, config, views, beyond }) =>
      liar.alphabet({ byzantine, config, views, beyond }).everything(self, 10_000),
  };
}

test("what is left out makes no difference: random protocols have the same observations against everything", (t) => {
  let [compared, violated, fewer] = [0, 0, 0];
  fc.assert(
    fc.property(rules, (table) => {
      const protocol = asJson(tableProtocol(table));
      const setting = (adversary: Adversary<Json>): Setting => ({
        ...settingOf(protocol, adversary, "r1"),
        config: small,
      });
      const all = naively(setting(everything(protocol)), 300);
      if (all === null) return true;
      const mine = naively(setting(liarOf(protocol)), 300);
      compared++;
      if (all.violation) violated++;
      if (mine !== null && mine.transitions < all.transitions) fewer++;
      return (
        mine?.violation?.property === all.violation?.property &&
        mine?.violation?.length === all.violation?.length &&
        (all.violation !== null ||
          JSON.stringify([...mine!.observations].sort()) === JSON.stringify([...all.observations].sort()))
      );
    }),
    { numRuns: Number(process.env.LIAR_RUNS ?? 10), seed: Number(process.env.LIAR_SEED ?? 7) },
  );
  t.log({ compared, violated, fewer });
  t.true(compared > 3 && violated > 1 && fewer > 1);
});

test("reductions find the same against it", async (t) => {
  const reductions: readonly Reduction[] = ["none", "sleep-sets", "visible-steps", "dominance"];
  for (const table of fc.sample(rules, { numRuns: 5, seed: 3 })) {
    const protocol = asJson(tableProtocol(table));
    const setting = { ...settingOf(protocol, liarOf(protocol), "r1"), config: small };
    const naive = naively(setting, 300);
    if (naive === null) continue;
    for (const reduction of reductions) {
      const { counterexample } = await search(setting, { reduction, symmetry: reduction === "none" });
      t.is(
        counterexample?.property ?? null,
        naive.violation?.property ?? null,
        `${reduction} ${JSON.stringify(table)}`,
      );
    }
  }
});

test("a module without moves of its own has a liar, and each of its mutants its own", (t) => {
  const broken = brachaMutants[4]!.protocol;
  const module = { default: bracha(), mutants: { broken } };
  const names = (entry: { readonly adversaries: readonly { readonly name: string }[] }) =>
    entry.adversaries.map(({ name }) => name).filter((name) => name === "arbitrary");
  const place = { self: "r1", byzantine: ["r1"], to: "replica" as const, config, views: 0, beyond: false };
  const moves = (adversaries: readonly Adversary<Json>[]) =>
    byType(adversaries.find(({ name }) => name === "arbitrary")!.moves(place, null as never));
  t.deepEqual(names(moduleEntry(module, "./mine.ts")), ["arbitrary"]);
  t.deepEqual(moves(moduleEntry(module, "./mine.ts").adversaries), { echo: 2, ready: 2 });
  t.deepEqual(moves(moduleEntry(module, "./mine.ts", "broken").adversaries), {
    initial: 3,
    echo: 3,
    ready: 3,
  });
  const own = { ...liarOf(asJson(bracha())), moves: () => [] };
  t.is(moduleEntry({ ...module, adversaries: [own] }, "./mine.ts").adversaries.at(-1), own);
});
