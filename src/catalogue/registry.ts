// The registry: the protocols, mutants, puppets and properties that come with Turncoat.

import { genericAdversaries } from "../../adversaries/generic/index.js";
import * as adversaries from "../../adversaries/index.js";
import * as properties from "../../properties/index.js";
import type { Adversary, Json, Property, Protocol, Puppet } from "../protocol/index.js";
import type { Mutant } from "../protocols/mutant.js";
import { pbft, pbftMutants, pbftTimedMutants, pbftVariants } from "../protocols/pbft/index.js";
import type { Entry } from "./entry.js";
import { type RegisteredProtocol, registry } from "./other-protocols.js";
/** The properties that come with Turncoat; they work for every protocol. */
export const builtinProperties: readonly Property[] = [
  properties.agreement,
  properties.validity,
  properties.integrity,
  properties.clientsAreServed,
  properties.checkpointAgreement,
  properties.checkpointDurability,
  properties.boundedLog,
  properties.linearizability,
  properties.catchingUp,
  properties.allExecute,
  properties.nobodyWaitsForEver,
  properties.totality,
  properties.termination,
  properties.nullAgreement,
];

/**
 * PBFT owes no replica that it executes everything, or that it ever stops to wait: asked for by name only.
 */
const onlyByName = ["all-execute", "nobody-waits-for-ever", "null-agreement", "totality", "termination"];

/** Puppets know of messages what their tags say, so they work for every protocol. */
export const builtinPuppets = adversaries.puppets as readonly Puppet<Json>[];

/** PBFT's adversaries, the weakest first. */
export const pbftAdversaries: readonly Adversary<Json>[] = [
  ...genericAdversaries,
  adversaries.equivocatingPrimary,
  adversaries.lyingVoter,
  adversaries.checkpointLiar,
  adversaries.certificateWithholder,
  adversaries.viewChangeLiar,
  adversaries.newViewForger,
  adversaries.byzantineClient,
  adversaries.arbitrary,
] as unknown as readonly Adversary<Json>[];

const ofPbft = {
  adversaries: pbftAdversaries,
  puppets: builtinPuppets,
  properties: builtinProperties,
  defaultProperties: builtinProperties.map(({ name }) => name).filter((name) => !onlyByName.includes(name)),
};

/** The built-in protocols and mutants. */
export const builtins: readonly Entry[] = [
  correct(pbft() as unknown as Protocol<Json, Json>, ofPbft),
  ...[...pbftMutants, ...pbftTimedMutants].map((mutant) => mutated(mutant, "pbft", ofPbft)),
  ...pbftVariants.map(({ protocol }) => correct(protocol, ofPbft)),
  ...registry.flatMap(familyEntries),
];

/** A protocol and its mutants. */
function familyEntries(family: RegisteredProtocol): Entry[] {
  const { protocol, adversaries, defaultProperties, mutants, defaults } = family;
  const common: Common = {
    ...{ adversaries, defaultProperties, puppets: builtinPuppets },
    properties: [...builtinProperties, ...family.properties],
    ...(defaults && { defaults }),
  };
  return [correct(protocol, common), ...mutants.map((mutant) => mutated(mutant, protocol.name, common))];
}

/** What a protocol and its mutants have in common. */
type Common = Omit<Entry, "name" | "protocol" | "mutant" | "original">;

function correct(protocol: Protocol<Json, Json>, common: Common): Entry {
  return { ...common, name: protocol.name, protocol, mutant: null, original: null };
}

function mutated(mutant: Mutant, family: string, common: Common): Entry {
  return {
    ...{ ...common, name: mutant.name, mutant, original: mutant.original ?? family },
    get protocol() {
      return mutant.protocol; // made only if it is asked for
    },
  };
}
