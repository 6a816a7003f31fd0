// The names that `turncoat list` shows: plain data, computed from the catalogue when this module is loaded. The bundle has the data in its place
// (see packaging/bundle.ts), so that listing names loads no protocol.

import { networks } from "../model/network.js";
import { combinations } from "./names.js";
import { builtinProperties, builtinPuppets, builtins, pbftAdversaries } from "./registry.js";

/** A name, and what it is. */
export interface Item {
  readonly name: string;
  readonly summary: string;
}

const mutants = builtins.flatMap(({ mutant }) => (mutant ? [mutant] : []));

/** The built-in names of each kind. */
export const listing = {
  protocols: builtins
    .filter(({ mutant }) => !mutant)
    .map(({ name, protocol }): Item => ({ name, summary: protocol.summary })),
  mutants: mutants.map(
    ({ name, flaw, exposedBy, source }): Item => ({
      name,
      summary: `${flaw} (breaks ${exposedBy.property}; ${source})`,
    }),
  ),
  adversaries: [...pbftAdversaries.map(itemOf), ...combinations],
  puppets: builtinPuppets.map(itemOf),
  properties: builtinProperties.map(
    ({ name, kind, summary }): Item => ({ name, summary: `${kind}: ${summary}` }),
  ),
  networks: [...networks],
};

function itemOf({ name, summary }: Item): Item {
  return { name, summary };
}
