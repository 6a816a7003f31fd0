// Wraps a property's monitor: an exception becomes a UserError that names the property, and so does an
// invalid verdict or count. Every monitor is created here.

import { exportedParts } from "../protocol/exported-parts.js";
import {
  type Event,
  type Json,
  type Monitor,
  type NodeId,
  type Property,
  type Protocol,
  type RunFacts,
  wordsOf,
} from "../protocol/index.js";
import { partsProblem } from "../protocol/parts.js";
import { calling, guarding, UserError } from "./errors.js";
import { textOf } from "./json-problem.js";

/** A monitor that is told only what its property hears, and what it sees of a node's state. */
export interface GuardedMonitor extends Monitor {
  /** The state after the node `by` is seen like this: see `Property.looks`. */
  sees(state: Json, by: NodeId, view: Json): Json;
}

/**
 * The monitor of a property for one run.
 *
 * @throws {UserError} `property-threw`, here and from each of its functions.
 */
export function guardedMonitor(property: Property, facts: RunFacts): GuardedMonitor {
  const { name } = property;
  const guarded = <T>(what: string, call: () => T): T =>
    calling("property-threw", `${what} of the property ${name}`, call, name);
  const checked = <T>(
    what: string,
    wanted: string,
    accepts: (value: unknown) => boolean,
    call: () => T,
  ): T => {
    const value = guarded(what, call);
    if (accepts(value)) return value;
    throw new UserError(
      "property-threw",
      `${what} of the property ${name} must give ${wanted}; it gave ${textOf(value)}.`,
      { property: name },
    );
  };
  const monitor = guarded("monitor()", () => property.monitor(facts));
  refuseParts(property, monitor);
  const told = guarding(
    "property-threw",
    `The property ${name}`,
    (state: Json, by: NodeId, event: Event) => monitor.on(state, by, event),
    name,
  );
  const isHeard = hearing(property);
  return {
    init: guarded("init", () => monitor.init),
    on: (state, by, event) => (isHeard(event) ? told(state, by, event) : state),
    sees: (state, by, data) => told(state, by, { kind: "custom", name: "state", data }),
    verdict: (state) =>
      checked("verdict()", '"holds", "violated" or "pending"', isVerdict, () => monitor.verdict(state)),
    exercised: (state) =>
      checked("exercised()", "a whole number, 0 or more", isCount, () => monitor.exercised(state)),
    explain: (state) => checked("explain()", "a sentence", isText, () => monitor.explain(state)),
  };
}

/** @throws {UserError} `property-threw` for a monitor with a part that is missing, misspelt or something else than it should be. */
function refuseParts({ name }: Property, monitor: unknown): void {
  const isObject = typeof monitor === "object" && monitor !== null;
  const problem = isObject ? partsProblem(monitor, exportedParts.monitor) : `it is ${textOf(monitor)}.`;
  if (problem !== null)
    throw new UserError(
      "property-threw",
      `monitor() of the property ${name} must give a monitor: ${problem}`,
      { property: name },
    );
}

/**
 * Says whether a property's monitor is told of an event.
 *
 * @throws {UserError} `property-threw`, when it is asked.
 */
export function hearing(property: Property): (event: Event) => boolean {
  if (!property.hears) return () => true;
  const what = `hears() of the property ${property.name}`;
  const hears = guarding("property-threw", what, (event: Event) => property.hears!(event), property.name);
  return (event) => hears(event) === true;
}

const isVerdict = (value: unknown) => value === "holds" || value === "violated" || value === "pending";
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown) => typeof value === "string";

/** What must happen for a property to be tested, in the protocol's words. */
export function exerciseText(
  { name, exercise }: Pick<Property, "name" | "exercise">,
  { vocabulary }: Pick<Protocol, "vocabulary">,
): string {
  if (typeof exercise === "string") return exercise;
  return calling("property-threw", `exercise() of ${name}`, () => exercise(wordsOf(vocabulary)), name);
}
