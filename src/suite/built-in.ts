// The suites that `turncoat check --suite` knows by name.

import { otherProtocolSuites, slowOtherProtocolSuites } from "./other-protocols.js";
import { pbftSuites } from "./pbft.js";
import type { Suite } from "./request.js";
import { tourSuites } from "./tour.js";

/**
 * `tour`: first words; of PBFT its `small`, `standard` and `full` suite; `neighbours` are all the other
 * protocols with their mutants, `neighbours-slow` what takes long with them.
 */
export const builtinSuites = {
  tour: tourSuites,
  ...pbftSuites,
  neighbours: otherProtocolSuites,
  "neighbours-slow": slowOtherProtocolSuites,
} as const satisfies { readonly [name: string]: readonly Suite[] };
