// `check`: tests the properties of a protocol in random runs, in the manner of `fc.assert`. Adversary, schedule and faults are drawn. A
// failure is shrunk; the error has fast-check's seed and path, and the run in words.

import * as fc from "fast-check";
import { genericAdversaries } from "../../adversaries/generic/index.js";
import {
  builtinProperties,
  builtinPuppets,
  describeSetting,
  type Entry,
  findProtocol,
  moduleEntry,
  settingIn,
} from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { nodesOf, type Setting } from "../model/setting.js";
import type { Adversary, Json, Property, Protocol } from "../protocol/index.js";
import { renderReplay } from "../render/render.js";
import { settingName } from "../render/setting.js";
import { plan as planRuns } from "../suite/plan.js";
import type { CheckRequest } from "../suite/request.js";
import { replayIn } from "../trace/replay.js";
import { deafCaveat } from "../verdict/caveats.js";
import { type Choice, choices } from "./choice.js";
import { type FaultPlan, faultPlanFor } from "./fault-plan.js";
import { type ScheduledRun, SharedSystem } from "./shared-system.js";

/** What is checked, and how far: the words of `turncoat check`, where a name may be the thing itself. */
export interface CheckOptions<Message = Json>
  extends Omit<CheckRequest, "protocol" | "adversaries" | "properties" | "timing" | "reduce" | "expect"> {
  /** Names, `all`, `none`, or adversaries; default: the strongest that the protocol has. */
  readonly adversaries?: readonly (string | Adversary<Message>)[];
  /** Names or properties; default: every `always` property that the protocol supports. */
  readonly properties?: readonly (string | Property)[];
  /** Actions in a run at most; default 100. */
  readonly maxActions?: number;
  /** Phases of a fault plan at most; default 3. 0: everything always works. */
  readonly phases?: number;
}

/** One random run: a setting, a schedule and a fault plan. */
export interface ScheduledCase {
  readonly setting: Setting;
  readonly plan: FaultPlan;
  /** Makes the run. */
  run(): ScheduledRun;
}

/**
 * Checks a protocol in random runs, as `fc.assert` does. A property that has not observed anything in any of them is told of on the console. What fails is shrunk and thrown, with the seed and the path that repeat it.
 * `protocol` is a name, the path of a module, or a protocol. All that `fc.assert` takes goes into `parameters`.
 *
 * ```ts
 * await check("pbft", { adversaries: ["silent"], properties: ["agreement"] }, { seed: 1, numRuns: 20 });
 * const error = await check("pbft/quorum-2f", {}, { seed: 1, numRuns: 500 }).catch((thrown) => thrown);
 * /agreement is violated/.test(error.message) // => true
 * ```
 * @throws {Error} fast-check's, if a property is violated; and one that says `vacuous` if a property was never put to the test.
 * @throws {UserError} for unknown names and options that make no sense.
 */
export async function check<Message = Json, Request = Json>(
  protocol: string | Protocol<Message, Request>,
  options: CheckOptions<Message> = {},
  parameters: fc.Parameters<[ScheduledCase]> = {},
): Promise<void> {
  const compared = new Map<string, number>();
  const observed = new Set<string>();
  const cases = await scheduledRuns(protocol, options);
  const property = fc.asyncProperty(cases, async (one) => {
    const { violation, comparisons, observed: hasObserved } = one.run();
    for (const [at, { name }] of one.setting.properties.entries()) {
      compared.set(name, (compared.get(name) ?? 0) + comparisons[at]!);
      if (hasObserved[at]) observed.add(name);
    }
    if (violation !== null) throw new Error(`${violation.property} is violated: ${violation.explanation}`);
  });
  await fc.assert(property, parameters);
  const untested = [...compared].filter(([, count]) => count === 0).map(([name]) => name);
  if (untested.length > 0 && parameters.path === undefined)
    throw new Error(
      `vacuous: no run has put ${untested.join(", ")} to the test. Use more runs (numRuns) or longer ones (maxActions), or name other properties.`,
    );
  if (parameters.path !== undefined) return; // one run, which somebody looks into
  for (const name of compared.keys())
    if (!observed.has(name)) console.warn(`turncoat: ${deafCaveat(name).text}.`);
}

/**
 * The random runs that {@link check} makes, as an arbitrary for `fc.check`, `fc.sample` and properties of one's own. It shrinks towards
 * few actions, no faults, and the first setting.
 *
 * ```ts
 * const runs = await scheduledRuns("pbft", { adversaries: ["silent"], maxActions: 5 });
 * fc.sample(runs, { seed: 1, numRuns: 3 }).every((one) => one.run().violation === null) // => true
 * ```
 * @throws {UserError} for unknown names and options that make no sense.
 */
export async function scheduledRuns<Message = Json, Request = Json>(
  protocol: string | Protocol<Message, Request>,
  options: CheckOptions<Message> = {},
): Promise<fc.Arbitrary<ScheduledCase>> {
  const { maxActions = 100, phases = 3, ...request } = options as CheckOptions;
  const entry =
    typeof protocol === "string"
      ? await findProtocol(protocol)
      : entryOf(protocol as Protocol<never, never> as Protocol);
  const settings = settingsOf(withOwn(entry, request), request);
  const systems = settings.map((setting) => new SharedSystem(setting));
  const ids = settings.flatMap((setting) => nodesOf(setting.protocol, setting.config).map(({ id }) => id));
  return fc
    .tuple(fc.nat(settings.length - 1), faultPlanFor([...new Set(ids)], { phases }), choices(maxActions))
    .map(([which, plan, list]) => new Case(settings[which]!, systems[which]!, plan, list));
}

/** A protocol that has no name in the registry, with what works for every protocol. */
function entryOf(protocol: Protocol): Entry {
  if (protocol.isSpecification) return moduleEntry({ default: protocol }, protocol.name);
  return {
    name: protocol.name,
    protocol,
    adversaries: genericAdversaries,
    puppets: builtinPuppets,
    properties: builtinProperties,
    defaultProperties: ["agreement", "validity"],
    mutant: null,
    original: null,
  };
}

/** The entry, with the adversaries and properties that the options bring along. */
function withOwn(entry: Entry, { adversaries = [], properties = [] }: CheckOptions): Entry {
  return {
    ...entry,
    adversaries: [...entry.adversaries, ...adversaries.filter((one) => typeof one !== "string")],
    properties: [...entry.properties, ...properties.filter((one) => typeof one !== "string")],
  };
}

function settingsOf(entry: Entry, { adversaries, properties, ...request }: CheckOptions): readonly Setting[] {
  const planned = planRuns(entry, {
    ...request,
    protocol: entry.name,
    ...(adversaries && { adversaries: adversaries.map(nameOf) }),
    ...(properties && { properties: properties.map(nameOf) }),
  });
  const settings = planned.map(({ description }) => settingIn(entry, description));
  const asked = settings.map((setting) => ({
    ...setting,
    properties: setting.properties.filter(({ kind }) => kind === "always"),
  }));
  const others = settings.flatMap((setting) => setting.properties.filter(({ kind }) => kind !== "always"));
  const checked = asked.filter((setting) => setting.properties.length > 0);
  if (others.length > 0 && (properties || checked.length === 0))
    throw new UserError(
      "bad-option",
      `${others[0]!.name} says that something happens, which no random run can refute: name properties of kind "always", and use search for this one.`,
    );
  return checked;
}

function nameOf(one: string | { readonly name: string }): string {
  return typeof one === "string" ? one : one.name;
}

class Case implements ScheduledCase {
  readonly setting: Setting;
  readonly plan: FaultPlan;
  readonly #system: SharedSystem;
  readonly #choices: readonly Choice[];

  constructor(setting: Setting, system: SharedSystem, plan: FaultPlan, list: readonly Choice[]) {
    this.setting = setting;
    this.plan = plan;
    this.#system = system;
    this.#choices = list;
  }

  run(): ScheduledRun {
    return this.#system.run(this.#choices, { plan: this.plan });
  }

  /** How fast-check prints it: the run in words. */
  [fc.toStringMethod](): string {
    const { start, actions, violation } = this.run();
    const property = violation?.property ?? this.setting.properties[0]!.name;
    const lines = renderReplay(replayIn(this.setting, property, { start, actions }));
    return [settingName(describeSetting(this.setting)), ...lines].join("\n");
  }
}
