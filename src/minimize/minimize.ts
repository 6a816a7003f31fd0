// Minimizes a violating execution: fewer actions, in causal order, in a smaller setting, along a shorter
// sequence. The result is verified: it replays to the same violation, and without any single action it does
// not.

import { builtins } from "../catalogue/index.js";
import type { Counterexample } from "../model/action.js";
import { UserError } from "../model/errors.js";
import { asJson, type Setting } from "../model/setting.js";
import type { Adversary, Json, Protocol } from "../protocol/index.js";
import { Abandoned } from "../watch/clock.js";
import { type Account, mergedParts, neededActions, type Removed } from "./account.js";
import { Budget, type BudgetOptions } from "./budget.js";
import { CorrectForm } from "./correct-form.js";
import { minimizeTimed } from "./minimize-timed.js";
import type { Minimized } from "./minimized.js";
import { withSmallestNames } from "./names.js";
import { type ActionSequence, lengthOf, Oracle } from "./oracle.js";
import { type Found, type Shorter, shorter } from "./shorter.js";
import { shrink } from "./shrink.js";
import { type Part, weakerThan } from "./smaller.js";
import { inSmallestSetting, type SmallerOptions } from "./smaller-run.js";

/** The default of `maxStates`. */
const defaultMaxStates = 60_000;

/** Searches in smaller settings are many, so each visits this many times fewer states. */
const smallSearch = 10;

/** How far minimizing goes. */
export interface MinimizeOptions extends BudgetOptions {
  /**
   * Adversaries to try instead of the setting's own; only weaker ones are tried. Default: those of the
   * built-in protocol with the setting's name. Those of a user's module are in its catalogue entry.
   */
  readonly adversaries?: readonly Adversary<Json>[];
  /** The parts of the setting that may become smaller. Default: all. */
  readonly parts?: readonly Part[];
  /**
   * The correct form of a mutant: no setting is made so small that it is violated there by as few actions, as far as a search of 5,000 states
   * tells. Null: none is looked at. Default: that of the built-in mutant with the setting's name, else null.
   */
  readonly correct?: Protocol<Json, Json> | null;
  /** How many states each search for another, shorter sequence may visit; 0: no search. Default: 60,000. */
  readonly maxStates?: number;
}

/**
 * Minimizes an execution that violates a property. It need not be exact: impossible actions are left out, and
 * those after the violation are cut off.
 *
 * ```ts
 * const { counterexample } = await minimize(setting, { ...trace, property: "agreement" });
 * counterexample.actions.length // => 4
 * ```
 * @throws {UserError} `bad-file` if the execution does not violate the property.
 */
export async function minimize<Message, Request>(
  setting: Setting<Message, Request>,
  execution: Pick<Counterexample, "property" | "start" | "actions" | "loop" | "schedule">,
  options: MinimizeOptions = {},
): Promise<Minimized<Message, Request>> {
  // A smaller setting has the same protocol.
  return (await minimizeIn(asJson(setting), execution, options)) as Minimized<unknown, unknown> as Minimized<
    Message,
    Request
  >;
}

async function minimizeIn(
  setting: Setting,
  execution: Pick<Counterexample, "property" | "start" | "actions" | "loop" | "schedule">,
  options: MinimizeOptions,
): Promise<Minimized> {
  const { property, start, actions, loop = [], schedule } = execution;
  const { maxStates = defaultMaxStates } = options;
  const adversaries =
    options.adversaries ?? builtins.find(({ name }) => name === setting.protocol.name)?.adversaries ?? [];
  const budget = new Budget(options, actions.length + loop.length);
  if (setting.timing && schedule)
    return minimizeTimed(setting, { ...execution, schedule }, weakerThan(setting, adversaries), budget);
  const oracle = new Oracle(setting, property, start, {
    tally: { replays: 0, budget },
    told: [...actions, ...loop],
  });
  try {
    const correct = await guardFor(oracle, { actions, loop }, options);
    return await minimizeWith(
      oracle,
      { actions, loop },
      { adversaries, parts: options.parts ?? null, maxStates, correct },
    );
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    budget.ignore();
    return bestSoFar(oracle, { actions, loop }, budget);
  }
}

/** What refuses settings that are too small; null for no mutant, and for one whose correct form is violated where it was found. */
async function guardFor(
  oracle: Oracle,
  sequence: ActionSequence,
  { correct = builtinCorrectForm(oracle.setting.protocol.name) }: MinimizeOptions,
): Promise<CorrectForm | null> {
  if (correct === null) return null;
  const guard = new CorrectForm(correct);
  return (await guard.failsToo({ oracle, sequence })) ? null : guard;
}

function builtinCorrectForm(name: string): Protocol<Json, Json> | null {
  const original = builtins.find((one) => one.name === name)?.original ?? null;
  return builtins.find((one) => one.name === original)?.protocol ?? null;
}

async function minimizeWith(
  oracle: Oracle,
  given: ActionSequence,
  options: SmallerOptions,
): Promise<Minimized> {
  const { maxStates } = options;
  const violating = violatingIn(oracle, given);
  const reducing = { ...options, maxStates: Math.floor(maxStates / smallSearch) };
  let found: Found = { oracle, sequence: shrink(violating, oracle) };
  const removed: Removed[] = [];
  for (;;) {
    const best: Shorter = maxStates === 0 ? { ...found, isShortest: false } : await shorter(found, maxStates);
    const reduced = await inSmallestSetting(best, reducing);
    removed.push(...reduced.removed);
    if (maxStates === 0 || reduced.removed.length === 0)
      return resultOf(withSmallestNames(reduced), {
        actionsBefore: lengthOf(given),
        removed: mergedParts(removed),
        kept: reduced.kept,
        isShortest: best.isShortest,
        isTimed: false,
      });
    found = reduced; // in a smaller setting more can be searched
  }
}

/** @throws {UserError} `bad-file` if it does not violate the property. */
function violatingIn(oracle: Oracle, given: ActionSequence): ActionSequence {
  const violating = oracle.lenientSequence(given);
  if (violating) return violating;
  throw new UserError(
    "bad-file",
    `There is nothing to minimize: ${oracle.setting.protocol.name} does not violate ${oracle.property} any more.`,
  );
}

/** The result when the time is over: verified to violate the property, but perhaps not minimal. */
function bestSoFar(first: Oracle, given: ActionSequence, budget: Budget): Minimized {
  const best = budget.best as Found | null;
  const { oracle, sequence } = best ?? { oracle: first, sequence: violatingIn(first, given) };
  const { setting, property, start, tally } = oracle;
  const explanation = oracle.strictSequence(sequence);
  if (explanation === null) throw new Error("the shortened actions do not replay to the violation");
  const { actions, loop } = sequence;
  return {
    setting,
    counterexample: { property, explanation, start, actions, ...(loop.length > 0 && { loop }) },
    tried: tally.replays,
    account: {
      ...{ actionsBefore: lengthOf(given), removed: [], kept: [], needed: [] },
      ...{ isShortest: false, isTimed: false },
    },
    verifiedMinimal: false,
  };
}

/** Verifies the result. Throws if it is not a minimal counterexample, which is a bug of Turncoat. */
function resultOf({ oracle, sequence }: Found, account: Omit<Account, "needed">): Minimized {
  const explanation = oracle.strictSequence(sequence);
  if (explanation === null) throw new Error("the minimized actions do not replay to the violation");
  const needed = neededActions(oracle, sequence);
  const { setting, property, start, tally } = oracle;
  const { actions, loop } = sequence;
  return {
    setting,
    counterexample: { property, explanation, start, actions, ...(loop.length > 0 && { loop }) },
    tried: tally.replays,
    account: { ...account, needed },
    verifiedMinimal: true,
  };
}
