// The parameters of a run as a program gives them: nobody has read them from words, and JavaScript has no types.

import * as Schema from "effect/Schema";
import { document } from "../files/document.js";
import { type ParameterValues, simulatedEntries } from "./parameters.js";

const names = simulatedEntries.map(([name]) => name);

const ParametersSchema = Schema.Struct(
  Object.fromEntries(
    simulatedEntries.map(([name, { kind }]) => [
      name,
      name === "set" ? Schema.optional(kind.schema) : kind.schema,
    ]),
  ),
);

const delayHelp =
  'a delay is an object such as { kind: "constant", ms: 10 } or { kind: "uniform", minMs: 5, maxMs: 35 }';

/** Refuses what is no parameter, what is missing, and values that make no sense. @throws {UserError} with a line for each. */
export function checkParameters(parameters: ParameterValues): void {
  document(
    ParametersSchema,
    parameters,
    "These are not the parameters of a simulation (begin with ...simulationDefaults)",
    names,
    (path, found) => (path[0] === "delay" && typeof found !== "object" ? delayHelp : null),
  );
}
