// Wraps a property's monitor: an exception becomes a UserError that names the property, and so does an
// invalid verdict or count. Every monitor is created here.

import { type Monitor, type Property, type Protocol, type RunFacts, wordsOf } from "../protocol/index.js";
import { calling, UserError } from "./errors.js";
import { textOf } from "./json-problem.js";

/**
 * The monitor of a property for one run.
 *
 * @throws {UserError} `property-threw`, here and from each of its functions.
 */
export function guardedMonitor({ name, monitor: make }: Property, facts: RunFacts): Monitor {
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
  const monitor = guarded("monitor()", () => make(facts));
  return {
    init: guarded("init", () => monitor.init),
    on: (state, by, event) =>
      calling("property-threw", `The property ${name}`, () => monitor.on(state, by, event), name),
    verdict: (state) =>
      checked("verdict()", '"holds", "violated" or "pending"', isVerdict, () => monitor.verdict(state)),
    exercised: (state) =>
      checked("exercised()", "a whole number, 0 or more", isCount, () => monitor.exercised(state)),
    explain: (state) => checked("explain()", "a sentence", isText, () => monitor.explain(state)),
  };
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
