// From a request to the runs that answer it: defaults, one run for each adversary, placement and kind of surroundings.
// Safety properties are checked with two requests that every replica has from the start; properties that watch clients
// are checked with clients as nodes and one request.

import {
  adversaryNamed,
  builtinProperties,
  builtins,
  configuredFor,
  type Defaults,
  type Entry,
  pick,
  propertyNamed,
  type SettingDescription,
} from "../catalogue/index.js";
import type { Reduction } from "../explore/search-result.js";
import { mostFaults } from "../model/contract.js";
import { calling, UserError } from "../model/errors.js";
import { networkNamed } from "../model/network.js";
import { combinationsOf, completed } from "../model/own-parameters.js";
import { allRequestsOf, type Bounds, nodesOf, refusalOf } from "../model/setting.js";
import { refuseSizes } from "../model/sizes.js";
import { timedProperty } from "../model/timed/timing.js";
import { standing } from "../parameters/asking.js";
import { everyProtocol } from "../parameters/every-protocol.js";
import { flag } from "../parameters/parameter.js";
import { pbftParameters } from "../parameters/pbft.js";
import {
  type Adversary,
  type Config,
  clientIds,
  type Json,
  type NodeId,
  type Property,
  type Words,
  wordsOf,
} from "../protocol/index.js";
import { nullRequestsAreUnseen } from "../verdict/caveats.js";
import type { Verdict } from "../verdict/verdict.js";
import { placements } from "./placements.js";
import type { FuzzRequest } from "./request.js";
import { planTiming, refuseTimed } from "./timing.js";

/** One run to make. */
export interface PlannedRun {
  readonly description: SettingDescription;
  /** What a suite expects of it, or null where nobody has said; `any` if whatever comes out is welcome. */
  readonly expect: Verdict | "any" | null;
  /** Which reduction to use, or null for the search's default. */
  readonly reduction: Reduction | null;
}

/**
 * All runs that a request asks for.
 *
 * @throws {UserError} `bad-option` for unknown names and combinations that make no sense.
 */
export function plan(entry: Entry, request: FuzzRequest): PlannedRun[] {
  if (request.set === undefined) return planOne(entry, request);
  const combinations = combinationsOf(entry.protocol, request.set);
  return combinations.flatMap((set) => planOne(entry, { ...request, set }));
}

function planOne(entry: Entry, request: FuzzRequest): PlannedRun[] {
  const given = withDefaults(entry, request);
  const isPlain = !hasOptions(request);
  const full =
    entry.mutant && isPlain
      ? whereItFalls(entry, request)
      : { ...given, ...(isPlain && entry.ownMutant?.exposedBy) };
  refuseForeign(entry, full);
  const words = wordsOf(entry.protocol.vocabulary);
  refuseAbsent(entry, words, full);
  const replicas = full.replicas ?? 4;
  const faults = full.faults ?? mostFaults(entry.protocol, replicas);
  // What a class executes is counted by itself.
  const slots = full.slots ?? (entry.isReal && full.timing ? (full.requests ?? 1) : 1);
  refuseSizes({ ...full, replicas, faults, slots } as Partial<Config>, full);
  const { timing: asked } = full;
  const { network = "async" } = full;
  networkNamed(network); // or it says what there is
  const { set } = completed(entry.protocol, {
    ...{ replicas, faults, requests: 1, slots, clients: true },
    ...(full.set && { set: full.set }),
  });
  const shape = { replicas, faults, slots, ...(set && { set }) };
  const hasClients = nodesOf(entry.protocol, { ...shape, requests: 1, clients: true }).some(
    (node) => node.role === "client",
  );
  if (asked) refuseTimed(entry, full, hasClients);
  else if (entry.isReal) refuseRealClients(entry, full);
  const chosen = chosenProperties(entry, full, hasClients);
  const adversaries = chosenAdversaries(entry, full, faults);
  const playClients =
    adversaries.length > 0 && adversaries.every((adversary) => adversary?.plays === "client");
  const needsClients = playClients || asked !== undefined || (hasClients && namesClient(full));
  const onlyClients = full.clients ?? (needsClients ? true : undefined);
  const runs: PlannedRun[] = [];
  for (const clients of hasClients ? [false, true] : [false]) {
    if (onlyClients !== undefined && onlyClients !== clients) continue;
    const parameters: Config = parametersOf(entry, full, { ...shape, clients, playClients });
    const isAsked = full.properties !== undefined;
    const fitting = chosen.filter(
      ({ observes, appliesTo }) =>
        (clients ? observes !== "replicas" || (isAsked && onlyClients) : observes !== "clients") &&
        ((isAsked && observes !== "both") || (appliesTo?.(parameters) ?? true)),
    );
    if (fitting.length === 0) continue;
    for (const { properties, requests } of groups(fitting, parameters, full, words)) {
      const config = configuredFor({ ...parameters, requests }, properties);
      refuse(entry, config, properties, words);
      const timed = asked && planTiming(entry, config, asked);
      const views = full.views ?? timed?.views ?? lastView(entry, words);
      for (const adversary of adversaries) {
        for (const byzantine of chosenPlacements(entry, full, config, views, adversary)) {
          const description: SettingDescription = {
            protocol: entry.name,
            config,
            byzantine,
            adversary: adversary?.name ?? null,
            network,
            bounds: { views, ...crashBounds(full) },
            properties: properties.map((property) => property.name),
            ...(timed && { timing: timed.timing }),
          };
          runs.push({ description, expect: full.expect ?? null, reduction: full.reduce ?? null });
        }
      }
    }
  }
  if (request.network === undefined && !asked && !builtins.includes(entry))
    runs.push(...onceAsWell(entry, runs));
  if (onlyClients !== true && needsNullAgreement(entry, full))
    runs.push(...planOne(entry, { ...request, properties: ["null-agreement"], clients: false }));
  if (runs.length === 0)
    throw new UserError("bad-option", `Nothing to check: ${whyNothing(full, faults, chosen, onlyClients)}`);
  return runs;
}

/**
 * The liveness runs of somebody's own protocol once more, on the network `once`. On `async` a message may
 * come again for ever, so a protocol that stops for good after one that came too early is live there. Where
 * the adversary runs the protocol's own steps there is no such run: what such a node has sent is kept, as on
 * `async`.
 */
function onceAsWell(entry: Entry, runs: readonly PlannedRun[]): PlannedRun[] {
  const isLive = (name: string) => pick("property", name, entry.properties).kind === "eventually";
  return runs.flatMap((run): PlannedRun[] => {
    const { adversary, properties } = run.description;
    const live = properties.filter(isLive);
    const runsSteps =
      adversary !== null && adversaryNamed(adversary, entry.adversaries).stepFaults !== undefined;
    if (live.length === 0 || runsSteps) return [];
    const reduction = run.reduction === "none" || run.reduction === "sleep-sets" ? run.reduction : null;
    return [{ ...run, reduction, description: { ...run.description, network: "once", properties: live } }];
  });
}

/**
 * Whether what nobody has named includes agreement on null requests: where no other property could see one.
 * In runs of its own, behind the others, since it makes what is silent for them visible.
 */
function needsNullAgreement(
  { protocol, defaultProperties }: Entry,
  { properties, timing, slots, views }: FuzzRequest,
): boolean {
  if (properties !== undefined || timing !== undefined || !defaultProperties.includes("agreement"))
    return false;
  return nullRequestsAreUnseen(protocol, { slots: slots ?? 1, views: views ?? 1 });
}

/** A parameter that the protocol does not understand would change nothing, and say that it did. */
function refuseForeign({ name, protocol }: Entry, request: FuzzRequest): void {
  const { parameters: own } = protocol;
  if (own === undefined) return; // nobody has said
  const foreign = Object.keys(standing(pbftParameters, "config", request)).find((one) => !(one in own));
  if (foreign !== undefined)
    throw new UserError(
      "bad-option",
      `${name} has no parameter ${foreign}: leave out ${flag(pbftParameters[foreign as keyof typeof pbftParameters].option ?? foreign)}.`,
    );
}

/** What a protocol says it does not have cannot be asked for. */
function refuseAbsent({ name }: Entry, words: Words, { views = 0, slots = 1 }: FuzzRequest): void {
  for (const [what, asked] of [
    ["views", views > 0],
    ["slots", slots > 1],
  ] as const)
    if (asked && words[what] === null)
      throw new UserError("bad-option", `${name} has no ${what}: leave out --${what}.`);
}

/** The last view where nobody says any: 0 for a protocol that has no views, or does not say that it has. */
function lastView({ protocol: { primary, vocabulary } }: Entry, words: Words): number {
  return words.views !== null && (primary !== undefined || vocabulary?.views !== undefined) ? 1 : 0;
}

/** What a request says of crashes. */
function crashBounds({ crashes = 0, losing, recovery }: FuzzRequest): Partial<Bounds> {
  if (crashes > 0)
    return { crashes, losing: losing ?? "volatile", ...(recovery === "always" && { recovery }) };
  if (losing === undefined && recovery === undefined) return {};
  throw new UserError(
    "bad-option",
    "--losing and --recovery are about crashes, and there are none: use --crashes 1.",
  );
}

/** Why a request asks for no run: no property fits, nobody can be Byzantine, or no adversary has a move. */
function whyNothing(
  { adversaries = [], byzantine = "each" }: FuzzRequest,
  faults: number,
  chosen: readonly Property[],
  onlyClients: boolean | undefined,
): string {
  const misfits = chosen.filter(
    ({ observes }) =>
      (onlyClients === true && observes === "replicas") || (onlyClients !== true && observes === "clients"),
  );
  if (chosen.length === 0)
    return "the protocol has none of its default properties: name some with --property.";
  if (misfits.length === chosen.length) {
    const names = chosen.map(({ name }) => name).join(", ");
    return onlyClients === true
      ? `${names} ${chosen.length === 1 ? "watches" : "watch"} replicas only: leave out --clients yes.`
      : `${names} ${chosen.length === 1 ? "watches" : "watch"} clients, and there are none in this run: leave out --clients no.`;
  }
  if (faults === 0 && byzantine === "each")
    return `with f = 0 nobody can be Byzantine, so ${adversaries.join(", ")} has no move: use more replicas, or --adversary none.`;
  return "no such adversary has a move in any placement within these bounds.";
}

/**
 * The properties that are checked together, and with how many requests. Where nobody says how many, and they
 * do not fit into the slots, what says that all of them are served is checked with as many as fit: of one
 * request nothing can disagree, so the others keep theirs.
 */
function groups(
  properties: readonly Property[],
  { requests, slots }: Config,
  asked: FuzzRequest,
  words: Words,
): readonly { readonly properties: readonly Property[]; readonly requests: number }[] {
  if (
    asked.requests !== undefined ||
    requests <= slots ||
    words.slots === null ||
    !properties.some(needsRoom)
  )
    return [{ properties, requests }];
  return [
    { properties: properties.filter((property) => !needsRoom(property)), requests },
    { properties: properties.filter(needsRoom), requests: slots },
  ].filter((group) => group.properties.length > 0);
}

/** Whether all requests must be served in the run, so that each needs a slot. */
function needsRoom({ kind, servesAll = true }: Property): boolean {
  return kind === "eventually" && servesAll;
}

/** Whether one of the Byzantine nodes that a request names is a client: then clients are nodes. */
function namesClient({ byzantine = "each", requests = 2 }: FuzzRequest): boolean {
  return byzantine !== "each" && byzantine.some((id) => clientIds({ requests }).includes(id));
}

/** What a request says of a run's parameters, with the defaults of what it does not say. */
function parametersOf(
  entry: Entry,
  request: FuzzRequest,
  run: Pick<Config, "replicas" | "faults" | "slots" | "set" | "clients"> & { readonly playClients: boolean },
): Config {
  const { playClients, ...shape } = run;
  return {
    ...shape,
    // One of two clients is there to be hurt.
    requests:
      request.requests ?? byDefault(entry, { ...shape, requests: run.clients && !playClients ? 1 : 2 }),
    ...standing(pbftParameters, "config", request),
  };
}

/** What a request does not say is what the protocol's own defaults say. */
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

/** @throws {UserError} `bad-option`: where timers fire at any moment the clients of a class would ask for ever. */
function refuseRealClients({ name }: Entry, { clients, properties = [] }: FuzzRequest): void {
  const watching = builtinProperties.find(
    (one) => one.observes === "clients" && properties.includes(one.name),
  );
  if (clients !== true && !watching) return;
  throw new UserError(
    "bad-option",
    `The clients of a class are nodes of timed runs only: ${watching ? `ask when they are served by turncoat fuzz ${name} --gst 1s --within 500` : "leave out --clients yes"}.`,
  );
}

/**
 * As many requests as are wanted, or as the protocol has, if these are fewer: nobody has asked for a number.
 */
function byDefault({ protocol }: Entry, config: Config): number {
  if (refusalOf(protocol, config) !== null) return config.requests; // told by whoever asks for the run
  return Math.min(config.requests, allRequestsOf(protocol, config).length || config.requests);
}

function hasOptions({ protocol: _, expect: __, reduce: ___, ...options }: FuzzRequest): boolean {
  return Object.values(options).some((option) => option !== undefined);
}

/** Without options a mutant runs where it is known to fall. */
function whereItFalls({ mutant }: Entry, request: FuzzRequest): FuzzRequest {
  const { adversary, byzantine, property, ...setting } = mutant!.exposedBy;
  const who = byzantine.length === 0 ? {} : { byzantine };
  return { ...request, ...setting, ...who, adversaries: [adversary], properties: [property] };
}

function chosenProperties(entry: Entry, request: FuzzRequest, hasClients: boolean): readonly Property[] {
  const supported = entry.properties.filter(({ observes }) => hasClients || observes !== "clients");
  // Of safety runs without times say more, and so faster.
  if (!request.properties && request.timing) return supported.filter(({ name }) => name === timedProperty);
  if (!request.properties) return supported.filter(({ name }) => entry.defaultProperties.includes(name));
  return request.properties.map((name) => {
    const property = propertyNamed(name, entry);
    if (!supported.includes(property))
      throw new UserError("bad-option", `${name} watches clients, and ${entry.name} has none.`);
    return property;
  });
}

function refuse(entry: Entry, config: Config, properties: readonly Property[], { slots }: Words): void {
  const refusal = refusalOf(entry.protocol, config);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  if (slots !== null && properties.some(needsRoom) && config.slots < config.requests)
    throw new UserError(
      "bad-option",
      `${config.requests} requests do not fit into fewer ${slots.many} (${config.slots}), so some client can never be served: use --${slots.many} ${config.requests}.`,
    );
}

function chosenAdversaries(
  entry: Entry,
  { adversaries, network = "async", byzantine = "each" }: FuzzRequest,
  faults: number,
): readonly (Adversary<Json> | null)[] {
  // Where nobody is, or can be, Byzantine the runs without an adversary are the only ones.
  if (!adversaries && byzantine === "each" && faults === 0) return [null];
  if (!adversaries) return [[...entry.adversaries].sort((a, b) => b.strength - a.strength)[0]!];
  return adversaries.flatMap((name): readonly (Adversary<Json> | null)[] => {
    if (name === "none") return [null];
    if (name === "all")
      return entry.adversaries.filter(({ stepFaults }) => network === "async" || !stepFaults);
    return [adversaryNamed(name, entry.adversaries)];
  });
}

/** Placements in which the adversary has no move are left out, unless somebody asks for them by name. */
function chosenPlacements(
  entry: Entry,
  { byzantine = "each" }: FuzzRequest,
  config: Config,
  views: number,
  adversary: Adversary<Json> | null,
): readonly (readonly NodeId[])[] {
  if (adversary === null) {
    if (byzantine === "each") return [[]];
    throw new UserError(
      "bad-option",
      "Byzantine replicas need an adversary: leave out --byzantine, or the adversary `none`.",
    );
  }
  if (byzantine !== "each") return [[...new Set(byzantine)].sort()];
  if (adversary.plays === "client") return clientPlacements(config);
  const everywhere = calling("protocol-threw", `primary() of ${entry.name}`, () =>
    placements(entry.protocol, config, views, config.faults),
  );
  return calling("adversary-threw", `canMove() of the adversary ${adversary.name}`, () =>
    everywhere.filter((ids) => ids.some((self) => adversary.canMove({ self, config, views }))),
  );
}

/** Clients are alike: the last one, where another one is there to be hurt. */
function clientPlacements(config: Config): readonly (readonly NodeId[])[] {
  return config.clients && config.requests > 1 ? [clientIds(config).slice(-1)] : [];
}
