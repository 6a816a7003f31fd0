// The mutants that a user's module exports: variations of its protocol, or whole protocols, by their names.

import { UserError } from "../model/errors.js";
import { ownDefaults } from "../parameters/own.js";
import type { Config, Json, Protocol } from "../protocol/index.js";
import type { Entry, OwnMutant } from "./entry.js";

/** @throws {UserError} `bad-module` for an export that is not what it should be. */
export function mutantsIn(
  exported: unknown,
  original: Protocol<Json, Json>,
  path: string,
): readonly OwnMutant[] {
  if (exported === undefined) return [];
  if (typeof exported !== "object" || exported === null || Array.isArray(exported))
    throw new UserError(
      "bad-module",
      `The export \`mutants\` of ${path} must be an object: { name: variation }.`,
    );
  return Object.entries(exported).map(([name, mutant]) => {
    if (!/^[\w+-]+$/.test(name))
      throw new UserError(
        "bad-module",
        `A mutant of ${path} cannot be called "${name}": use letters, digits, - and +.`,
      );
    const protocol = protocolOf(mutant, original, `${path}/${name}`);
    const { flaw, changes = [], exposedBy } = protocol.mutation ?? {};
    return {
      name: `${path}/${name}`,
      flaw: flaw ?? (changes.length > 0 ? `differs in ${changes.join(", ")}` : protocol.summary),
      changes,
      protocol,
      ...(exposedBy && { exposedBy }),
    };
  });
}

interface Varied {
  with(variation: unknown): Protocol<Json, Json>;
}

function protocolOf(mutant: unknown, original: Protocol<Json, Json>, name: string): Protocol<Json, Json> {
  if (typeof mutant !== "object" || mutant === null)
    throw new UserError("bad-module", `The mutant ${name} is neither a variation nor a protocol.`);
  if ("nodes" in mutant && "message" in mutant) return mutant as Protocol<Json, Json>;
  if (!("with" in original))
    throw new UserError(
      "bad-module",
      `The mutant ${name} is no protocol, and variations can be made of a protocol by defineProtocol only.`,
    );
  try {
    return (original as Protocol<Json, Json> & Varied).with(mutant);
  } catch (error) {
    throw new UserError("bad-module", `The mutant ${name}: ${(error as Error).message}`);
  }
}

/**
 * The setting of a mutant for another protocol, say its original: what the mutant changes is left to the other's defaults, unless somebody
 * has set it to something else.
 */
export function withoutMutation<D extends { readonly config: Config }>(
  description: D,
  { ownMutant }: Entry,
): D {
  const { set } = description.config;
  if (ownMutant === undefined || set === undefined) return description;
  const defaults = ownDefaults(ownMutant.protocol.ownParameters ?? {});
  const kept = Object.entries(set).filter(
    ([name, value]) => !ownMutant.changes.includes(name) || value !== defaults[name],
  );
  return { ...description, config: { ...description.config, set: Object.fromEntries(kept) } };
}
