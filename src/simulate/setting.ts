// One timed run, complete: together with the version of Turncoat these parameters determine every figure
// that is not a wall clock's.

import { builtinProperties, type Entry, findProtocol, pick } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { completed } from "../model/own-parameters.js";
import { nodesOf, refusalOf, requestsOf } from "../model/setting.js";
import { refuseSize } from "../model/sizes.js";
import { flag } from "../parameters/parameter.js";
import type { Config, Json, NodeId, NodeSpec, Property, Puppet } from "../protocol/index.js";
import { checkParameters } from "./checked-parameters.js";
import { checkCrashes, goneIn } from "./crash.js";
import { likelyMaxMs } from "./delay.js";
import { type ParameterValues, simulatedEntries } from "./parameters.js";
import { placed } from "./placement.js";
import { defaults } from "./raw-options.js";

/** What a run is made of: see the table of parameters. */
export interface Parameters extends ParameterValues {}

/** The same, where what nobody has said is what fits the protocol. */
export interface SettledParameters extends Parameters {
  readonly timerJitter: number;
}

/** The same with everything looked up. */
export interface Simulation {
  readonly parameters: SettledParameters;
  readonly entry: Entry;
  readonly config: Config;
  readonly nodes: readonly NodeSpec<Json>[];
  /** Who is Byzantine, sorted as the nodes are. */
  readonly byzantine: readonly NodeId[];
  /** Who crashes and stays down. */
  readonly gone: readonly NodeId[];
  readonly puppet: Puppet<Json> | null;
  readonly properties: readonly Property[];
}

/** What bounds a run is its end. */
export const unboundedSlots = 1e9;

/** The properties that a run is held against if nobody names any. */
const usual = ["agreement", "validity", "clients-are-served"];

/** What every protocol promises that does not say otherwise. */
const usualPromise = "all-execute";

/** Whether one decision is all that there is to wait for, however many requests are proposed. Who asks for all of them waits for all. */
export function decidesOnce({
  entry: { protocol },
  parameters: { clients, properties },
}: Pick<Simulation, "entry" | "parameters">): boolean {
  if (clients > 0 || properties?.includes(usualPromise)) return false;
  return (protocol.promises ?? usualPromise) !== usualPromise;
}

/**
 * Looks everything up.
 *
 * @throws {UserError} for unknown names and impossible parameters.
 */
export async function simulationFrom(asked: Parameters): Promise<Simulation> {
  checkParameters(asked);
  const entry = await findProtocol(asked.protocol);
  const { protocol } = entry;
  refuseForeign(entry, asked);
  for (const [name, { most }, option] of simulatedEntries) refuseSize(option, valueIn(asked, name), most);
  const configFor = (values: Parameters, clients: boolean) => completed(protocol, configOf(values, clients));
  const hasClients = nodesOf(protocol, configFor(asked, true)).some(({ role }) => role === "client");
  const fitting = hasClients ? asked : { ...asked, clients: 0 };
  const config = configFor(fitting, fitting.clients > 0);
  const parameters = {
    ...fitting,
    ...(config.set !== undefined && { set: config.set }),
    timerJitter: asked.timerJitter ?? usualJitter(protocol),
  };
  refuseConfig(entry, config, asked);
  const nodes = nodesOf(protocol, config);
  const ids = nodes.filter(({ role }) => role === "replica").map(({ id }) => id);
  const byzantine = placed(parameters.byzantine, ids, parameters.seed);
  if (parameters.clients > 0 && parameters.requests > 1 && !protocol.request)
    throw new UserError(
      "bad-option",
      `${entry.name} does not say what a client's second request is (it has no function \`request\`): use --requests 1.`,
    );
  checkPartitions(parameters, nodes);
  checkCrashes(parameters.crashes, ids, byzantine);
  if (parameters.payload > 0) refusePayload(entry, requestsOf(protocol, config));
  return {
    parameters,
    entry,
    config,
    nodes,
    byzantine,
    gone: goneIn(parameters.crashes),
    puppet: puppetOf(entry, parameters, byzantine),
    properties: propertiesOf(entry, parameters),
  };
}

/** @throws {UserError} for what the protocol refuses, and for what it relies on and would not have. */
function refuseConfig({ name, protocol }: Entry, config: Config, { duplicate }: Parameters): void {
  const refusal = refusalOf(protocol, config);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  if (!config.clients) requestsOf(protocol, config);
  if (protocol.messagesComeOnce && duplicate > 0)
    throw new UserError(
      "bad-option",
      `${name} relies on each message coming at most once: leave out --duplicate.`,
    );
}

/**
 * Where no view has a leader of its own, equal timers would have nodes stand for election at one moment, again and again. A class sees to that itself,
 * and its timers may depend on each other: one that is set for less than another must run out first.
 */
function usualJitter({ primary, exactTimers = false }: Entry["protocol"]): number {
  return primary || exactTimers ? 0 : 1;
}

function configOf(parameters: Parameters, clients: boolean): Config {
  const { replicas, faults } = parameters;
  return {
    replicas,
    faults,
    requests: clients ? Math.max(1, parameters.clients) : parameters.requests,
    slots: unboundedSlots,
    clients,
    ...forNodes(parameters),
    keepsEarlyVotes: true,
    ...(clients && parameters.requests > 1 && { operations: parameters.requests }),
  };
}

/** The parameters that nodes know by the names that they have here, where they say anything. */
function forNodes(parameters: Parameters): Partial<Config> {
  const there = simulatedEntries.filter(
    ([name, { isConfig }]) => isConfig && saysMore(valueIn(parameters, name)),
  );
  return Object.fromEntries(there.map(([name]) => [name, valueIn(parameters, name)]));
}

function valueIn(parameters: Parameters, name: string): unknown {
  return parameters[name as keyof Parameters];
}

function saysMore(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}

/** @throws {UserError} `bad-option` for what the protocol does not understand, and would ignore. */
function refuseForeign({ name, protocol }: Entry, parameters: Parameters): void {
  const { parameters: own } = protocol;
  if (own === undefined) return; // nobody has said
  for (const [parameter, { isConfig }, option] of simulatedEntries) {
    if (!isConfig || parameter === "set" || parameter in own) continue;
    const value = valueIn(parameters, parameter);
    if (saysMore(value) && value !== valueIn(defaults, parameter))
      throw new UserError("bad-option", `${name} has no parameter ${parameter}: leave out ${flag(option)}.`);
  }
}

/** A request that is no more than a name cannot be told from its digest. */
function refusePayload({ name }: Entry, requests: readonly Json[]): void {
  if (requests.every((request) => typeof request === "object" && request !== null)) return;
  throw new UserError(
    "bad-option",
    `The requests of ${name} are names, so nothing tells which messages carry one: leave out --payload.`,
  );
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
    const promised = entry.protocol.promises ?? (executes ? usualPromise : null);
    return supported.filter(({ name, kind }) => {
      if (kind === "sometimes") return false;
      if (own.includes(name)) return true;
      if (name === "validity") return executes;
      // That everybody executes is what a run without clients can ask for; with clients more than PBFT owes.
      if (name === promised) return clients === 0;
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

/** From when on the network is what the protocol's liveness assumes, and whoever comes back is back, in milliseconds; null: never. */
export function stableFromMs({ drop, gstMs, partitions, crashes, delay }: Parameters): number | null {
  if (drop > 0 && gstMs === null) return null;
  const changes = [
    ...partitions.map(({ toMs }) => toMs),
    ...crashes.map(({ fromMs, toMs }) => toMs ?? fromMs),
  ];
  return Math.max(gstMs ?? 0, ...changes) + likelyMaxMs(delay);
}
