// What a run is made of besides what every run has: who falls into the attacker's hands, and how long the log is.

import * as Schema from "effect/Schema";
import { type Config, inTurn, type NodeId, type OwnConfig, replicaIds } from "../../protocol/index.js";

export const parameters = {
  first: {
    default: 3,
    help: "the replica that is in the attacker's hands at the start and recovers, by its number",
  },
  second: {
    default: 0,
    help: "the replica that falls into the attacker's hands next, by its number; any other number means that none does",
  },
  window: {
    default: true,
    help: "whether the second one falls only once the first has recovered (at most f in a window of vulnerability)",
  },
  left: {
    schema: Schema.Literals(["anything", "nothing", "log", "state"]),
    default: "anything",
    help: "what the attacker leaves behind at the first one: a bound on the search",
  },
  interval: { default: 1, help: "K: a checkpoint is taken after so many sequence numbers" },
  log: { default: 1, help: "L: so many sequence numbers above the last stable checkpoint are in the log" },
};
export type RecoveryConfig = OwnConfig<typeof parameters>;

/** The node from which the attacker speaks, with the keys that it has stolen. Replicas know it only by these keys. */
export const intruder: NodeId = "intruder";

/** The primary: that of view 0. There are no view changes. */
export function primaryOf(config: Pick<Config, "replicas">): NodeId {
  return inTurn(config, 0);
}

/** The replica that recovers. */
export function firstOf({ set }: RecoveryConfig): NodeId {
  return `r${set.first}`;
}

/** The replica that is faulty after it, if it is one. */
export function secondOf({ set }: RecoveryConfig): NodeId {
  return `r${set.second}`;
}

/** The last sequence number at or below `slot` at which a checkpoint is taken. */
export function checkpointBelow({ set }: RecoveryConfig, slot: number): number {
  return Math.floor(slot / set.interval) * set.interval;
}

/** Why the protocol cannot run so, or null. */
export function refuses(config: RecoveryConfig): string | null {
  const { replicas, faults, set } = config;
  const ids = replicaIds(config);
  if (replicas < 3 * faults + 1 || faults < 1)
    return `pbft-recovery needs n >= 3f+1 and f >= 1; it was asked for n = ${replicas} and f = ${faults}.`;
  if (!ids.includes(firstOf(config)))
    return `set.first is ${set.first}: there is no such replica; there are 0 to ${replicas - 1}.`;
  if (firstOf(config) === primaryOf(config))
    return "the primary recovers only after a view change, and pbft-recovery has none: use a set.first other than 0.";
  if (set.first === set.second) return "set.first and set.second must be two replicas.";
  if (set.interval < 1 || set.log < set.interval || set.log % set.interval !== 0)
    return `set.log must be a multiple of set.interval, and both at least 1; they are ${set.log} and ${set.interval}.`;
  return null;
}

/**
 * Why a recovery need not complete with these slots, or null: the request for it may come after all others, and the log must reach to the
 * recovery point above it.
 */
export function tooFewSlots(config: RecoveryConfig): string | null {
  const needed = checkpointBelow(config, config.requests + 1) + config.set.log;
  return config.slots >= needed
    ? null
    : `the recovery point may be beyond the last slot: use --slots ${needed}`;
}

/** The replicas that behave alike: those that do not lead and never fall. */
export function alike(config: RecoveryConfig): readonly (readonly NodeId[])[] {
  const named = [firstOf(config), secondOf(config), primaryOf(config)];
  return [replicaIds(config).filter((id) => !named.includes(id))];
}
