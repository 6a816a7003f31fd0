// Compares the generic liar with the adversaries `arbitrary` that were written by hand, in views 0-1: `npm run bench:liar -- [--only NAME]
// [--seconds N]`. Each correct form is searched in every place, each mutant where it is known to fall. Exit code 1 if a correct form does
// not hold against the generic liar, or if it does not find what the other finds within the limit.

import type { Entry } from "../src/catalogue/entry.js";
import { builtins } from "../src/catalogue/registry.js";
import { settingIn } from "../src/catalogue/setting.js";
import { search } from "../src/explore/search.js";
import { liarOf } from "../src/liar/adversary.js";
import { checksLiveness, type Setting } from "../src/model/setting.js";
import type { Adversary, Config, Json } from "../src/protocol/index.js";
import { placements } from "../src/suite/placements.js";
import { benchArguments, positiveNumber } from "./arguments.js";

const { values } = benchArguments({
  options: { only: { type: "string", default: "" }, seconds: { type: "string", default: "60" } },
});
const maxSeconds = positiveNumber(values.seconds, "--seconds");
const families = ["bracha", "ibft", "tendermint", "hotstuff", "pbft", "pbft-macs"];

/** Liveness asks for other bounds; where a mutant falls by it, it is searched all the same. */
const safety = ["agreement", "validity", "integrity"];

interface Case {
  readonly entry: Entry;
  readonly byzantine: readonly string[];
  readonly views: number;
  readonly config: Config;
  readonly network: string;
  readonly properties: readonly string[];
}

function casesOf(entry: Entry): readonly Case[] {
  const shape = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
  if (entry.mutant === null) {
    const views = entry.protocol.primary ? 1 : 0;
    return placements(entry.protocol, shape, views, 1).map((byzantine) => ({
      ...{ entry, byzantine, views, config: shape, network: "async" },
      properties: entry.defaultProperties.filter((name) => safety.includes(name)),
    }));
  }
  const {
    property,
    byzantine,
    views,
    clients,
    timing,
    adversary,
    network,
    crashes,
    losing,
    recovery,
    ...more
  } = entry.mutant.exposedBy as typeof entry.mutant.exposedBy & { readonly [other: string]: unknown };
  if (views > 1 || timing || crashes || byzantine.length === 0) return [];
  const config = { ...shape, clients, ...(clients && { requests: 1 }), ...more } as Config;
  const faults = (more.faults as number | undefined) ?? Math.floor((config.replicas - 1) / 3);
  return [
    {
      ...{ entry, byzantine, views, network: (network as string | undefined) ?? "async" },
      config: { ...config, faults },
      properties: [property],
    },
  ];
}

interface Found {
  readonly text: string;
  readonly verdict: string;
}

async function searched(setting: Setting, adversary: Adversary<Json>): Promise<Found> {
  const started = process.cpuUsage().user;
  try {
    const result = await search({ ...setting, adversary }, { reduction: "dominance", maxSeconds });
    const seconds = ((process.cpuUsage().user - started) / 1e6).toFixed(1);
    const length = result.counterexample ? ` in ${result.counterexample.actions.length}` : "";
    const states = result.states.toLocaleString("en-US");
    return { text: `${result.verdict}${length}, ${states} states, ${seconds} s`, verdict: result.verdict };
  } catch (error) {
    return { text: (error as Error).message.slice(0, 120), verdict: "error" };
  }
}

let problems = 0;
console.log("| protocol | Byzantine | property | by hand | generic | messages |");
console.log("|---|---|---|---|---|---|");
for (const family of families) {
  const entries = builtins.filter(({ name, original }) => name === family || original === family);
  for (const one of entries.flatMap(casesOf)) {
    const { entry, byzantine, views, config, network, properties } = one;
    if (values.only !== "" && !entry.name.includes(values.only)) continue;
    const description = { protocol: entry.name, config, byzantine, adversary: "arbitrary", network };
    const setting = settingIn(entry, { ...description, bounds: { views }, properties });
    const byHand = await searched(setting, setting.adversary!);
    const liar = liarOf(entry.protocol);
    // Computed before the clock runs.
    const alphabet = liar.alphabet({
      ...{ byzantine, views, config: setting.config },
      beyond: checksLiveness(setting),
    });
    const generic = await searched(setting, liar);
    const isWorse =
      entry.mutant === null
        ? generic.verdict === "violated"
        : byHand.verdict === "violated" && generic.verdict !== "violated";
    if (isWorse) problems++;
    const count = byzantine.map((self) => alphabet.of(self, "replica").length).join("+");
    const cells = [entry.name, byzantine.join(), properties.join(", "), byHand.text, generic.text, count];
    console.log(`| ${cells.join(" | ")} |${isWorse ? " !" : ""}`);
  }
}
console.log(
  problems === 0 ? "The generic liar is as strong in all of them." : `${problems} where it is not.`,
);
process.exitCode = problems === 0 ? 0 : 1;
