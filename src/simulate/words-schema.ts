// The schema of options as files keep them: sweep files, and the traces of simulated runs.

import * as Schema from "effect/Schema";
import { simulatedEntries } from "./parameters.js";

/** A value of an option. */
export const Text = Schema.Union([Schema.String, Schema.Finite]);

/** Options by name, each as on the command line. */
export const WordsFile = Schema.Struct(
  Object.fromEntries(
    simulatedEntries.map(([, { kind }, option]) => [
      option,
      Schema.optionalKey(
        kind.isSwitch
          ? Schema.Boolean
          : kind.repeats
            ? Schema.Union([Schema.String, Schema.Array(Schema.String)])
            : Text,
      ),
    ]),
  ),
);
