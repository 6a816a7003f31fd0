// One timed run, complete: together with the version of Turncoat these parameters determine every figure that is not a wall
// clock's. `Parameters` speaks in names and plain values, so that it can be printed, kept in files and sent to a worker.

import { builtinProperties, type Entry, findProtocol, pick } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { nodesOf, refusalOf } from "../model/setting.js";
import { refuseSimulatedSizes } from "../model/sizes.js";
import type { Config, Json, NodeId, NodeSpec, Property, Puppet } from "../protocol/index.js";
import { type Delay, likelyMaxMs } from "./delay.js";
import { type Placement, placed } from "./placement.js";

/** Nodes that cannot reach each other for a while: what they send arrives once it has healed. Nodes that no group names reach everybody. */
export interface Partition {
  readonly fromMs: number;
  readonly toMs: number;
  readonly groups: readonly (readonly NodeId[])[];
}

export interface Parameters {
  readonly protocol: string;
  readonly replicas: number;
  readonly faults: number;
  /** How many clients; 0: every replica is handed all requests at the start. */
  readonly clients: number;
  /** How many requests each client makes, one after the other; without clients, how many there are. */
  readonly requests: number;
  /** See `Config`. */
  readonly batch: number;
  readonly pipeline: number | null;
  readonly checkpointInterval: number | null;
  readonly window: number | null;
  readonly tentative: boolean;
  readonly adversary: string | null;
  readonly byzantine: Placement;
  /** Names, or null for the default ones. */
  readonly properties: readonly string[] | null;
  readonly delay: Delay;
  /** Probabilities, for each copy of each message. */
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** A reordered message is late by up to so much, uniformly. */
  readonly reorderMs: number;
  /** How long a replica works on one message, in which it can do nothing else. */
  readonly processingDelayMs: number;
  /** How many processors all replicas share; null: each has its own. */
  readonly processors: number | null;
  /** What a node can send, in megabits per second; null: no limit. */
  readonly bandwidthMbps: number | null;
  /** The base of the protocol's timers. */
  readonly timeoutMs: number;
  readonly partitions: readonly Partition[];
  /** Global stabilization time: what the network drops before arrives after it, and from then on nothing is dropped. */
  readonly gstMs: number | null;
  /** When to stop, in virtual time and in events; null: when nobody is served for too long (see `give-up-time.ts`). */
  readonly maxTimeMs: number | null;
  readonly maxEvents: number | null;
  readonly seed: number;
}

/** What a run is without options. */
export const defaults: Parameters = {
  protocol: "pbft",
  replicas: 4,
  faults: 1,
  clients: 1,
  requests: 1,
  batch: 1,
  pipeline: null,
  checkpointInterval: 128,
  window: null,
  tentative: false,
  adversary: null,
  byzantine: [],
  properties: null,
  delay: { kind: "constant", ms: 10 },
  drop: 0,
  duplicate: 0,
  reorder: 0,
  reorderMs: 20,
  processingDelayMs: 0,
  processors: null,
  bandwidthMbps: null,
  timeoutMs: 500,
  partitions: [],
  gstMs: null,
  maxTimeMs: null,
  maxEvents: null,
  seed: 1,
};

/** The same with everything looked up. */
export interface Simulation {
  readonly parameters: Parameters;
  readonly entry: Entry;
  readonly config: Config;
  readonly nodes: readonly NodeSpec<Json>[];
  /** Who is Byzantine, sorted as the nodes are. */
  readonly byzantine: readonly NodeId[];
  readonly puppet: Puppet<Json> | null;
  readonly properties: readonly Property[];
}

/** The properties that a run is held against if nobody names any. */
const usual = ["agreement", "validity", "clients-are-served", "all-execute"];

/**
 * Looks everything up.
 *
 * @throws {UserError} for unknown names and impossible parameters.
 */
export async function simulationFrom(asked: Parameters): Promise<Simulation> {
  const entry = await findProtocol(asked.protocol);
  const { protocol } = entry;
  refuseSimulatedSizes(asked);
  const hasClients = nodesOf(protocol, configOf(asked, true)).some(({ role }) => role === "client");
  const parameters = hasClients ? asked : { ...asked, clients: 0 };
  const config = configOf(parameters, parameters.clients > 0);
  const refusal = refusalOf(protocol, config);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  const nodes = nodesOf(protocol, config);
  const ids = nodes.filter(({ role }) => role === "replica").map(({ id }) => id);
  const byzantine = placed(parameters.byzantine, ids, parameters.seed);
  if (parameters.clients > 0 && parameters.requests > 1 && !protocol.request)
    throw new UserError(
      "bad-option",
      `${entry.name} does not say what a client's second request is (it has no function \`request\`): use --requests 1.`,
    );
  checkPartitions(parameters, nodes);
  return {
    parameters,
    entry,
    config,
    nodes,
    byzantine,
    puppet: puppetOf(entry, parameters, byzantine),
    properties: propertiesOf(entry, parameters),
  };
}

function configOf(parameters: Parameters, clients: boolean): Config {
  const { replicas, faults, batch, pipeline, checkpointInterval, window, tentative } = parameters;
  return {
    replicas,
    faults,
    requests: clients ? Math.max(1, parameters.clients) : parameters.requests,
    slots: 1e9, // what bounds a run is its end
    clients,
    batch,
    ...(pipeline !== null && { pipeline }),
    ...(checkpointInterval !== null && { checkpointInterval }),
    ...(window !== null && { window }),
    ...(tentative && { tentative }),
    keepsEarlyVotes: true,
    ...(clients && parameters.requests > 1 && { operations: parameters.requests }),
  };
}

function puppetOf(
  entry: Entry,
  { adversary }: Parameters,
  byzantine: readonly NodeId[],
): Puppet<Json> | null {
  if (adversary === null) {
    if (byzantine.length === 0) return null;
    throw new UserError("bad-option", "Byzantine replicas need an adversary: name one with --adversary.");
  }
  return pick("adversary that can be simulated", adversary, entry.puppets);
}

function propertiesOf(entry: Entry, { properties, clients }: Parameters): readonly Property[] {
  const supported = entry.properties.filter(({ observes }) => clients > 0 || observes !== "clients");
  if (properties === null) {
    const builtin = builtinProperties.map(({ name }) => name);
    const own = entry.defaultProperties.filter((name) => !builtin.includes(name));
    const byDefault = (name: string) => entry.defaultProperties.includes(name);
    // Not every protocol executes what clients have asked for: a decision to abort is nobody's request.
    const executes = byDefault("validity");
    return supported.filter(({ name, kind }) => {
      if (kind === "sometimes") return false;
      if (own.includes(name)) return true;
      if (name === "validity") return executes;
      // That everybody executes is what a run without clients can ask for; with clients more than PBFT owes.
      if (name === "all-execute") return executes && clients === 0;
      return usual.includes(name) || (!executes && kind === "eventually" && byDefault(name));
    });
  }
  return properties.map((name) => {
    const property = pick("property", name, entry.properties);
    if (!supported.includes(property))
      throw new UserError("bad-option", `${name} watches clients, and this run has none.`);
    return property;
  });
}

function checkPartitions({ partitions }: Parameters, nodes: readonly NodeSpec<Json>[]): void {
  for (const id of partitions.flatMap(({ groups }) => groups.flat()))
    if (!nodes.some((node) => node.id === id))
      throw new UserError("bad-option", `A partition names ${id}, and there is no such node in this run.`);
}

/** From when on the network is what the protocol's liveness assumes, in milliseconds; null: never. */
export function stableFromMs({ drop, gstMs, partitions, delay }: Parameters): number | null {
  if (drop > 0 && gstMs === null) return null;
  return Math.max(gstMs ?? 0, ...partitions.map(({ toMs }) => toMs)) + likelyMaxMs(delay);
}
