// One search and the naive one on one setting, on any network and with crashes: what each has found, to be compared.

import { search } from "../../src/explore/search.js";
import type { Reduction, SearchResult } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import type { Config } from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/replay.js";
import { type NaiveResult, naiveSearch, observationText } from "./naive.js";

/** The naive search gives up on spaces larger than this: where timers send again and again they are infinite. */
const maxStates = 500;

export interface Compared {
  readonly found: unknown;
  readonly expected: unknown;
  readonly naive: NaiveResult;
  readonly result: SearchResult;
}

/** What the naive search says of liveness. */
export function endOf({ violation, lasso, undecided }: NaiveResult) {
  if (violation) return "stuck";
  return lasso ? "lasso" : (undecided ?? "holds");
}

/** How often what was found, in the order of the alphabet. */
export function counted(found: readonly string[]): { readonly [what: string]: number } {
  return Object.fromEntries(
    [...new Set(found)].sort().map((what) => [what, found.filter((other) => other === what).length]),
  );
}

/** What the naive search finds; null if it gives up. */
export function naively(setting: Setting, limit = maxStates): NaiveResult | null {
  try {
    return naiveSearch(setting, limit);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Compares with the naive search; null if that gives up. */
export async function compareWithNaive(setting: Setting, reduction: Reduction): Promise<Compared | null> {
  const naive = naively(setting);
  return naive && compareWith(naive, setting, reduction);
}

/** Compares with what the naive search has found already. */
export async function compareWith(
  naive: NaiveResult,
  setting: Setting,
  reduction: Reduction,
): Promise<Compared> {
  const seen: string[] = [];
  const result = await search(setting, {
    reduction,
    onObservation: (states) => seen.push(observationText(states)),
  });
  const { counterexample } = result;
  const replays =
    !counterexample || replayIn(setting, counterexample.property, counterexample).outcome === "reproduced";
  const found = { property: counterexample?.property ?? null, replays };
  const property = naive.violation?.property ?? naive.lasso;
  const expected = { property, replays: true };
  const pair = (mine: object, theirs: object): Compared => ({
    ...{ found: { ...found, ...mine }, expected: { ...expected, ...theirs }, naive, result },
  });
  const isLasso = { loop: counterexample?.loop !== undefined };
  if (naive.violation === null && property !== null) return pair(isLasso, { loop: true });
  if (naive.violation !== null && reduction !== "none") return pair(isLasso, { loop: false });
  if (naive.violation !== null)
    return pair(
      { ...isLasso, length: counterexample?.actions.length },
      { loop: false, length: naive.violation.length },
    );
  const { verdict } = result.properties.find(({ kind }) => kind === "eventually") ?? { verdict: null };
  const undecided = verdict === "inconclusive" || verdict === "outside" ? verdict : null;
  const observations = [...naive.observations].sort();
  const seenAlike = [
    { undecided, observations: seen.sort() },
    { undecided: naive.undecided, observations },
  ] as const;
  if (reduction !== "none") return pair(...seenAlike);
  return pair(
    { ...seenAlike[0], states: result.states, transitions: result.transitions },
    { ...seenAlike[1], states: naive.states, transitions: naive.transitions },
  );
}

/** Restarts keep what has been seen, and nothing else; of that the last writes may be unsynced, and the timer t1 stands for a disk. */
export function remembering(setting: Setting): Setting {
  const nodes = (config: Config) =>
    setting.protocol.nodes(config).map((spec) => {
      const init: typeof spec.behaviour.init = (context, from) =>
        spec.behaviour.init(context, { kind: "start" }).map((outcome) => ({
          ...outcome,
          state: { ...outcome.state, ...(from.kind === "restart" && { seen: from.stable }) },
        }));
      const stable = ({ seen }: { readonly seen: readonly string[] }) => seen;
      const unsynced = ({ seen }: { readonly seen: readonly string[] }) => [seen.slice(0, -1), []];
      return { ...spec, behaviour: { ...spec.behaviour, init, stable, unsynced, completions: ["t1"] } };
    });
  return { ...setting, protocol: { ...setting.protocol, nodes } };
}
