// An entry of the catalogue: a protocol with its adversaries, puppets, properties and mutants.

import type { Adversary, Json, Mutation, Property, Protocol, Puppet } from "../protocol/index.js";
import type { Mutant } from "../protocols/mutant.js";
import type { Defaults } from "./other-protocols.js";

export type { Defaults };

/** A mutant that a user's module exports. */
export interface OwnMutant extends Mutation {
  /** As it is found: `./vote.ts/two-votes`. */
  readonly name: string;
  readonly flaw: string;
  readonly protocol: Protocol<Json, Json>;
}

/** A protocol with everything that can be said to it. */
export interface Entry {
  readonly name: string;
  readonly protocol: Protocol<Json, Json>;
  readonly adversaries: readonly Adversary<Json>[];
  /** The adversaries of simulations. */
  readonly puppets: readonly Puppet<Json>[];
  readonly properties: readonly Property[];
  /** The properties that are checked if nobody names any. */
  readonly defaultProperties: readonly string[];
  /** The mutant that this is, or null if the protocol is meant to be correct. */
  readonly mutant: Mutant | null;
  /** The name of the correct protocol, for a mutant. */
  readonly original: string | null;
  /** The mutants that its module exports; of a built-in protocol they are entries of their own. Default: none. */
  readonly ownMutants?: readonly OwnMutant[];
  /** The one of them that this is. */
  readonly ownMutant?: OwnMutant;
  /** What is asked of it where nobody says otherwise. Default: what is asked of every protocol. */
  readonly defaults?: Defaults;
  /** Whether it is a class of somebody's own, as turncoat/real describes it. Its clients are nodes of timed and simulated runs only. */
  readonly isReal?: boolean;
}
