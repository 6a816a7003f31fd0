// The vocabulary and resilience that protocols declare, by name: reports know the protocol of a run by its name alone. A name that was not
// looked up before, as in a report that was merged from files, has the defaults.

import { type Protocol, type Words, wordsOf } from "../protocol/index.js";
import type { Entry } from "./entry.js";
import { builtins } from "./registry.js";

/** What is declared, and printed with every run. */
export type Declared = Pick<Protocol, "name" | "vocabulary" | "resilience">;

const loaded = new Map<string, Declared>();

/** Keeps what a module's protocol and its mutants declare. */
export function remember({ name, protocol, ownMutants = [] }: Entry): void {
  loaded.set(name, protocol);
  for (const mutant of ownMutants) loaded.set(mutant.name, mutant.protocol);
}

/** What the protocol of this name declares. */
export function declared(name: string): Declared {
  return loaded.get(name) ?? builtins.find((entry) => entry.name === name)?.protocol ?? { name };
}

/** The words of the protocol of this name. */
export function wordsFor(name: string): Words {
  return wordsOf(declared(name).vocabulary);
}
