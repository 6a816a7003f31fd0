// A request with defaults for what it does not say: those of the protocol, of a mutant, and of every run.

import type { Defaults, Entry } from "../catalogue/index.js";
import { mostFaults, usualReplicas } from "../model/contract.js";
import { networkNamed } from "../model/network.js";
import { completed } from "../model/own-parameters.js";
import { allRequestsOf, nodesOf, refusalOf } from "../model/setting.js";
import { refuseSizes } from "../model/sizes.js";
import { standing } from "../parameters/asking.js";
import { everyProtocol } from "../parameters/every-protocol.js";
import { pbftParameters } from "../parameters/pbft.js";
import { type Config, clientIds } from "../protocol/index.js";
import type { FuzzRequest } from "./request.js";

/** The sizes that all runs of a request share. */
export type Shape = Pick<Config, "replicas" | "faults" | "slots" | "set">;

/** The request with the defaults of the protocol; a mutant without options runs where it is known to violate its property. */
export function fullRequest(entry: Entry, request: FuzzRequest): FuzzRequest {
  const isPlain = !hasOptions(request);
  if (entry.mutant && isPlain) return whereItFalls(entry, request);
  return { ...withDefaults(entry, request), ...(isPlain && entry.ownMutant?.exposedBy) };
}

/** The sizes of a full request, and whether clients can be nodes. @throws {UserError} for impossible sizes and an unknown network. */
export function shapeOf(
  { protocol, isReal }: Entry,
  request: FuzzRequest,
): { readonly shape: Shape; readonly hasClients: boolean } {
  const replicas = request.replicas ?? usualReplicas(protocol);
  refuseSizes({ replicas }, request);
  const faults = request.faults ?? mostFaults(protocol, replicas);
  // A class numbers its executions itself.
  const slots = request.slots ?? (isReal && request.timing ? (request.requests ?? 1) : 1);
  refuseSizes({ ...request, replicas, faults, slots } as Partial<Config>, request);
  networkNamed(request.network ?? "async"); // or throws an error that lists the networks
  const { set } = completed(protocol, {
    ...{ replicas, faults, requests: 1, slots, clients: true },
    ...(request.set && { set: request.set }),
  });
  const shape = { replicas, faults, slots, ...(set && { set }) };
  const nodes = nodesOf(protocol, { ...shape, requests: 1, clients: true });
  return { shape, hasClients: nodes.some(({ role }) => role === "client") };
}

/** The configuration of a run: what the request says, with defaults for the rest. */
export function parametersOf(
  entry: Entry,
  request: FuzzRequest,
  run: Shape & { readonly clients: boolean; readonly playClients: boolean },
): Config {
  const { playClients, ...shape } = run;
  return {
    ...shape,
    // If a client is Byzantine there must be another for it to harm.
    requests:
      request.requests ?? byDefault(entry, { ...shape, requests: run.clients && !playClients ? 1 : 2 }),
    ...standing(pbftParameters, "config", request),
  };
}

/** Whether one of the Byzantine nodes that a request names is a client: then clients are nodes. */
export function namesClient({ byzantine = "each", requests = 2 }: FuzzRequest): boolean {
  return byzantine !== "each" && byzantine.some((id) => clientIds({ requests }).includes(id));
}

/**
 * The default number of requests: as many as wanted, or all that the protocol has if these are fewer.
 */
function byDefault({ protocol }: Entry, config: Config): number {
  if (refusalOf(protocol, config) !== null) return config.requests; // refuseInapplicable reports it
  return Math.min(config.requests, allRequestsOf(protocol, config).length || config.requests);
}

/** The request, with the protocol's defaults for what it leaves out. */
function withDefaults(entry: Entry, request: FuzzRequest): FuzzRequest {
  const defaults = entry.isReal && request.timing ? inTime(entry.defaults!) : entry.defaults;
  if (!defaults) return request;
  const said = Object.entries(request).filter(([, value]) => value !== undefined);
  // Byzantine replicas that are named need an adversary: the strongest, as everywhere.
  const { adversaries: _, ...others } = defaults;
  return { ...(request.byzantine ? others : defaults), ...Object.fromEntries(said) } as FuzzRequest;
}

/** Views of a class bound searches, where timers fire at any moment. In time nothing has to be bounded. */
function inTime({ clients: _, network, ...defaults }: Defaults): Defaults {
  return { requests: 1, ...defaults, network: network!, views: everyProtocol.views.most ?? 0 };
}

function hasOptions({ protocol: _, expect: __, reduce: ___, ...options }: FuzzRequest): boolean {
  return Object.values(options).some((option) => option !== undefined);
}

/** The setting in which a mutant is known to violate its property. */
function whereItFalls({ mutant }: Entry, request: FuzzRequest): FuzzRequest {
  const { adversary, byzantine, property, ...setting } = mutant!.exposedBy;
  const who = byzantine.length === 0 ? {} : { byzantine };
  return { ...request, ...setting, ...who, adversaries: [adversary], properties: [property] };
}
