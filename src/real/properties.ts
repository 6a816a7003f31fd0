// Properties that a file exports beside its replica. They run inside the realm, so the file needs no import
// of Turncoat; their states are copied out of the realm.

import { UserError } from "../model/errors.js";
import { exportedProblem } from "../protocol/exported-parts.js";
import type { Json, Property } from "../protocol/index.js";
import type { Realm } from "./realm.js";

/** The properties in the export `properties`. @throws {UserError} `bad-module` if it is something else. */
export function realProperties(realm: Realm, path: string): readonly Property[] {
  const { properties = [] } = realm.inside.exported as { properties?: unknown };
  if (!Array.isArray(properties))
    throw new UserError("bad-module", `The export \`properties\` of ${path} must be an array.`);
  return (properties as readonly Property[]).map((property, index) => {
    const problem = exportedProblem(property, "properties", ["name", "monitor"]);
    if (problem !== null) throw new UserError("bad-module", `properties[${index}] of ${path}${problem}`);
    return outside(property);
  });
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function outside(property: Property): Property {
  const { name, summary = "a property of the file", kind = "always", observes = "both" } = property;
  return {
    ...{ name, summary, kind, observes },
    exercise: property.exercise ?? "what the property looks at must have happened",
    monitor: (facts) => {
      const monitor = property.monitor(facts);
      return {
        init: copy(monitor.init) as Json,
        on: (state, by, event) => copy(monitor.on(state, by, event)),
        verdict: (state) => monitor.verdict(state),
        exercised: (state) => monitor.exercised(state),
        explain: (state) => monitor.explain(state),
      };
    },
  };
}
