// From a long violating execution to a short one: fewer actions, in causal order, with fewer Byzantine powers. What comes
// out is verified, not believed: it replays to the same violation, and without any single action it does not.

import { builtins } from "../catalogue.js";
import type { Action, Counterexample, Execution } from "../model/action.js";
import { UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import type { Adversary, Json } from "../protocol/index.js";
import { performInCausalOrder } from "./causal-order.js";
import { ddmin, type Test } from "./ddmin.js";
import { minimizeTimed } from "./minimize-timed.js";
import { Oracle } from "./oracle.js";
import { withoutSomePair } from "./pairs.js";

/** Pairs are tried when at most this many actions are left: 780 tests. */
const pairsUpTo = 40;

export interface MinimizeOptions {
  /**
   * The adversaries to try in place of the setting's own; those that are not weaker are not tried. Default: those of
   * the built-in protocol of the setting's name. Those of a user's module are in its catalogue entry.
   */
  readonly adversaries?: readonly Adversary<Json>[];
}

/** A locally minimal counterexample. */
export interface Minimized {
  /** The setting, perhaps with a weaker adversary. */
  readonly setting: Setting;
  readonly counterexample: Counterexample;
  /** How many replays it took. */
  readonly tried: number;
  /** It replays strictly to the violation, and leniently without any single action it does not: both were tested. */
  readonly verifiedMinimal: true;
}

/**
 * Minimizes an execution that violates a property. It need not be exact: actions that are not possible are left out,
 * and what comes after the violation is cut off.
 *
 * ```ts
 * const { counterexample } = await minimize(setting, { property: "agreement", start: {}, actions });
 * counterexample.actions.length // => 4
 * ```
 * @throws {UserError} `bad-file` if the execution does not violate the property.
 */
export async function minimize(
  setting: Setting,
  execution: Execution & Pick<Counterexample, "property" | "loop" | "schedule">,
  options: MinimizeOptions = {},
): Promise<Minimized> {
  const { property, start, schedule } = execution;
  if (setting.timing && schedule)
    return {
      ...minimizeTimed(setting, { ...execution, schedule }, weakerThan(setting, options)),
      verifiedMinimal: true,
    };
  let oracle = new Oracle(setting, property, start);
  const violating = oracle.lenient(execution.actions);
  if (!violating)
    throw new UserError(
      "bad-file",
      `There is nothing to minimize: ${setting.protocol.name} does not violate ${property} any more.`,
    );
  let actions = shrink(violating, oracle);
  let tried = oracle.tried;
  for (const adversary of weakerThan(setting, options)) {
    const weaker = new Oracle({ ...setting, adversary }, property, start);
    const possible = weaker.strict(actions) !== null;
    if (possible) actions = shrink(actions, weaker);
    tried += weaker.tried;
    if (!possible) continue;
    oracle = weaker;
    break;
  }
  const before = oracle.tried;
  const explanation = verified(actions, oracle);
  tried += oracle.tried - before;
  const counterexample = { property, explanation, start, actions };
  return { setting: oracle.setting, counterexample, tried, verifiedMinimal: true };
}

/** Single actions and pairs are removed, and the rest put in causal order, until nothing more can be removed. */
function shrink(violating: readonly Action[], oracle: Oracle): readonly Action[] {
  const test: Test<Action> = (candidate) => oracle.lenient(candidate);
  let actions = ddmin(violating, test);
  for (;;) {
    const ordered = inCausalOrder(actions, oracle);
    const singles = ddmin(ordered, test); // the order has an influence on what is possible
    const fewer = singles.length <= pairsUpTo ? withoutSomePair(singles, test) : null;
    if (fewer === null && singles.length === ordered.length) return ordered;
    actions = ddmin(fewer ?? singles, test);
  }
}

/** The actions in causal order, if they violate the property in that order too; otherwise as they are. */
function inCausalOrder(actions: readonly Action[], oracle: Oracle): readonly Action[] {
  const walk = oracle.begin();
  if (!walk || !performInCausalOrder(walk, actions)) return actions;
  return oracle.strict(walk.actions) === null ? actions : walk.actions;
}

/** The weakest first. */
function weakerThan(
  { protocol, adversary, network }: Setting,
  { adversaries }: MinimizeOptions,
): Adversary<Json>[] {
  if (!adversary) return [];
  const known = adversaries ?? builtins.find(({ name }) => name === protocol.name)?.adversaries ?? [];
  return known
    .filter(({ strength, puppetry }) => strength < adversary.strength && (network === "async" || !puppetry))
    .sort((a, b) => a.strength - b.strength);
}

/** The violation's explanation. It is a defect of ours if the actions are not a minimal counterexample. */
function verified(actions: readonly Action[], oracle: Oracle): string {
  const explanation = oracle.strict(actions);
  if (explanation === null) throw new Error("the minimized actions do not replay to the violation");
  for (const index of actions.keys()) {
    if (oracle.lenient(actions.toSpliced(index, 1)))
      throw new Error(`the minimized actions violate the property without action ${index + 1}, too`);
  }
  return explanation;
}
