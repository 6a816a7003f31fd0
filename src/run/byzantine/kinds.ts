// The kinds of Byzantine nodes that run as processes: the simulations' puppets, and the adversaries that run the protocol's own step function
// with faults. (Adversaries that enumerate all that could be said need the model's bounds, and cannot run.)

import type { Entry } from "../../catalogue/entry.js";
import { UserError } from "../../model/errors.js";
import type {
  Adversary,
  FaultHooks,
  Json,
  NodeId,
  Puppet,
  Random,
  StepFaults,
} from "../../protocol/index.js";
import { randomFor } from "../../simulate/random.js";
import type { NodeSettings } from "../cluster.js";

/** How a Byzantine node behaves. */
export interface WireFaults {
  readonly name: string;
  /** How many copies of it run, with one identity, each of which receives a part of what comes. */
  readonly copies: number;
  /** Whether a copy forgets everything at times, its disk included. */
  readonly forgets: boolean;
  /** The fault hooks of one copy. */
  attach(copy: number): FaultHooks<Json>;
}

/** Of so many messages to one receiver a mutator changes one. */
const mutatedOf = 4;

/** The names that {@link wireFaults} knows for a protocol. */
export function faultNames({
  puppets,
  adversaries,
}: Pick<Entry, "puppets" | "adversaries">): readonly string[] {
  return [
    ...new Set([...puppets, ...adversaries.filter(({ stepFaults }) => stepFaults)].map(({ name }) => name)),
  ];
}

/** What a node does that is Byzantine in this way. @throws {UserError} for a name that cannot run. */
export function wireFaults(name: string, entry: Entry, settings: NodeSettings, seed: number): WireFaults {
  const puppet = entry.puppets.find((one) => one.name === name);
  if (puppet !== undefined) return ofPuppet(puppet, settings, seed);
  const adversary = entry.adversaries.find((one) => one.name === name && one.stepFaults);
  if (adversary !== undefined) return ofStepFaults(adversary, adversary.stepFaults!, settings, seed);
  throw new UserError(
    "bad-option",
    `${name} cannot run as a process. Use one of ${faultNames(entry).join(", ")}.`,
  );
}

function ofPuppet(puppet: Puppet<Json>, settings: NodeSettings, seed: number): WireFaults {
  const { cluster, member } = settings;
  return {
    ...{ name: puppet.name, copies: 1, forgets: false },
    attach: () =>
      puppet.attach({
        ...{ self: member.id, byzantine: [member.id], config: cluster.config },
        ...{ timeoutMs: cluster.file.timeoutMs, random: randomFor(seed, 0) },
      }),
  };
}

function ofStepFaults(
  { name }: Adversary<Json>,
  { copies = 1, forgets = false, says, owes = false }: StepFaults<Json>,
  { cluster, member }: NodeSettings,
  seed: number,
): WireFaults {
  const place = {
    ...{ self: member.id, byzantine: [member.id] as readonly NodeId[], config: cluster.config },
    protocol: cluster.protocol as never,
  };
  const isCopy = copies > 1;
  return {
    ...{ name, copies, forgets },
    attach: (copy) => {
      const random = randomFor(seed, copy + 1);
      return {
        says: (to, message) => {
          if (says !== undefined) return [{ to, message: altered(message, says(message, place), random) }];
          if (owes) return [{ to, message, lateMs: random.float() * cluster.file.timeoutMs }];
          // What a copy says reaches whom it likes, and a sender that is free to choose chooses.
          return isCopy || forgets || random.below(2) === 0 ? [{ to, message }] : [];
        },
      };
    },
  };
}

/** The message, or now and then one of its variants. */
function altered(message: Json, variants: readonly Json[], random: Random): Json {
  if (variants.length === 0 || random.below(mutatedOf) > 0) return message;
  return variants[random.below(variants.length)]!;
}
