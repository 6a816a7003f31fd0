// How short minimized failures are: the table in docs/fuzzing.md. `npm run bench:minimize -- --write` updates
// it.
//
// Each mutant that violates a safety property is fuzzed in its known setting, from each seed, until it fails.
// The failure is minimized twice: by leaving out actions only, and with everything. The search's shortest
// counterexample in that setting has the fewest actions possible. If the plain search is too big, it has the
// fewest visible actions. Seconds are CPU seconds.

import { type Entry, findProtocol, settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { mixed } from "../src/fuzz/strategies/mixed.js";
import { minimize } from "../src/minimize/index.js";
import type { Counterexample } from "../src/model/action.js";
import type { Setting } from "../src/model/setting.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments, positiveNumber } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";
import { rowsOf, writePart } from "./documents.js";
import { everyMutant, median } from "./measuring.js";

const { values } = benchArguments({
  options: {
    seeds: { type: "string", default: "5" },
    /** CPU seconds after which a seed is given up. */
    limit: { type: "string", default: "20" },
    /** Part of a mutant's name; the rows of others stay as they are. */
    only: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const seeds = positiveNumber(values.seeds, "--seeds");
const maxPlainStates = 2_000_000;

interface Sample {
  readonly raw: number;
  readonly leftOut: number;
  readonly minimized: number;
  readonly seconds: number;
}

async function failureFrom(setting: Setting, seed: number): Promise<Counterexample | null> {
  const startedAt = process.cpuUsage();
  const isOver = () => cpuSeconds(startedAt) > positiveNumber(values.limit, "--limit");
  const limits = { maxActions: 200, maxRuns: Number.POSITIVE_INFINITY, stopsAtFailure: true };
  const maker = new BlockMaker({ ...setting }, { seed, strategy: mixed, ...limits });
  for (let block = 0; !isOver(); block++) {
    const [failure] = (await maker.make(block, isOver)).failures;
    if (failure) return failure.counterexample;
  }
  return null;
}

async function sample({ adversaries }: Entry, setting: Setting, seed: number): Promise<Sample | null> {
  const failure = await failureFrom(setting, seed);
  if (!failure) return null;
  const leftOut = await minimize(setting, failure, { adversaries, parts: [], maxStates: 0 });
  const startedAt = process.cpuUsage();
  const minimized = await minimize(setting, failure, { adversaries });
  return {
    raw: failure.actions.length,
    leftOut: leftOut.counterexample.actions.length,
    minimized: minimized.counterexample.actions.length,
    seconds: cpuSeconds(startedAt),
  };
}

async function shortestIn(setting: Setting): Promise<{ readonly actions: number; readonly note: string }> {
  const plain = await search(setting, { reduction: "none", maxStates: maxPlainStates });
  if (plain.counterexample) return { actions: plain.counterexample.actions.length, note: "" };
  const visible = await search(setting, { reduction: "visible-steps" });
  return { actions: visible.counterexample!.actions.length, note: " (by visible steps)" };
}

const lines = [
  "| mutant | failures | raw, median | leaving out alone, median / worst | minimized, median / worst | search's shortest | worst / shortest | CPU s, median |",
  "|---|---|---|---|---|---|---|---|",
];
for (const line of lines) console.log(line);
let worstRatio = 0;
for (const name of everyMutant) {
  if (!name.includes(values.only)) continue;
  const entry = await findProtocol(name);
  const [run] = plan(entry, { protocol: name });
  const setting = await settingFrom(run!.description);
  if (setting.properties.some(({ kind }) => kind !== "always")) continue;
  const all: (Sample | null)[] = [];
  for (let seed = 1; seed <= seeds; seed++) all.push(await sample(entry, setting, seed));
  const found = all.filter((one) => one !== null);
  const of = (what: keyof Sample) => found.map((one) => one[what]);
  const shortest = await shortestIn(setting);
  const ratio = Math.max(...of("minimized")) / shortest.actions;
  const pair = (what: keyof Sample) => `${median(of(what))} / ${Math.max(...of(what))}`;
  const cells =
    found.length === 0
      ? ["-", "-", "-", `${shortest.actions}${shortest.note}`, "-", "-"]
      : [
          ...[String(median(of("raw"))), pair("leftOut"), pair("minimized")],
          ...[`${shortest.actions}${shortest.note}`, ratio.toFixed(2), median(of("seconds")).toFixed(1)],
        ];
  if (found.length > 0) worstRatio = Math.max(worstRatio, ratio);
  lines.push(`| ${name} | ${found.length} of ${seeds} | ${cells.join(" | ")} |`);
  console.log(lines.at(-1));
}
console.log(`\nworst ratio: ${worstRatio.toFixed(2)}`);

if (values.write)
  writePart("docs/fuzzing.md", "minimized", (old) => {
    const rows = rowsOf([old, ...lines].join("\n"));
    return [...lines.slice(0, 2), ...everyMutant.flatMap((name) => rows.get(name) ?? [])].join("\n");
  });
