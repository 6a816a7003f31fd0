// Plans the runs of a request: one for each adversary, placement, and kind of node that makes requests. Safety properties are checked with
// two requests that every replica has from the start; properties that watch clients, with clients as nodes and one request.

import {
  adversaryNamed,
  builtins,
  configuredFor,
  type Entry,
  pick,
  type SettingDescription,
} from "../catalogue/index.js";
import type { Reduction } from "../explore/search-result.js";
import { UserError } from "../model/errors.js";
import { combinationsOf } from "../model/own-parameters.js";
import type { Bounds } from "../model/setting.js";
import {
  type Adversary,
  type Config,
  type Json,
  type Property,
  type Words,
  wordsOf,
} from "../protocol/index.js";
import { nullRequestsAreUnseen } from "../verdict/caveats.js";
import type { Verdict } from "../verdict/verdict.js";
import { chosenAdversaries, chosenPlacements, chosenProperties, needsRoom, whyNothing } from "./chosen.js";
import { fullRequest, namesClient, parametersOf, type Shape, shapeOf } from "./full-request.js";
import { refuseAbsent, refuseForeign, refuseInapplicable, refuseRealClients } from "./refusals.js";
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

/** The runs of a request from whoever looks on and judges nothing: it needs no property, but a setting has one. */
export function planToSee(entry: Entry, request: FuzzRequest): PlannedRun[] {
  const claimsNothing = request.properties === undefined && entry.defaultProperties.length === 0;
  return plan(entry, claimsNothing ? { ...request, properties: ["agreement"] } : request);
}

/** What all runs of a request have in common. */
interface Plan {
  readonly entry: Entry;
  readonly request: FuzzRequest;
  readonly words: Words;
  readonly shape: Shape;
  readonly properties: readonly Property[];
  readonly adversaries: readonly (Adversary<Json> | null)[];
  /** Whether clients are the Byzantine nodes. */
  readonly playClients: boolean;
  /** Whether clients are nodes of every run (true), of none (false), or of those of properties that watch them. */
  readonly onlyClients: boolean | undefined;
}

function planOne(entry: Entry, request: FuzzRequest): PlannedRun[] {
  const asked = fullRequest(entry, request);
  refuseForeign(entry, asked);
  const words = wordsOf(entry.protocol.vocabulary);
  refuseAbsent(entry, words, asked);
  const { shape, hasClients } = shapeOf(entry, asked);
  if (asked.timing) refuseTimed(entry, asked, hasClients);
  else if (entry.isReal) refuseRealClients(entry, asked);
  const properties = chosenProperties(entry, asked, hasClients);
  const adversaries = chosenAdversaries(entry, asked, shape.faults);
  const playClients =
    adversaries.length > 0 && adversaries.every((adversary) => adversary?.plays === "client");
  const needsClients = playClients || asked.timing !== undefined || (hasClients && namesClient(asked));
  const onlyClients = asked.clients ?? (needsClients ? true : undefined);
  const chosen = { properties, adversaries, playClients, onlyClients };
  const common: Plan = { entry, request: asked, words, shape, ...chosen };
  const runs = (hasClients ? [false, true] : [false])
    .filter((clients) => onlyClients === undefined || onlyClients === clients)
    .flatMap((clients) => runsWith(common, clients));
  if (request.network === undefined && !asked.timing && !isBuiltin(entry))
    runs.push(...onceAsWell(entry, runs));
  if (onlyClients !== true && needsNullAgreement(entry, asked))
    runs.push(...planOne(entry, { ...request, properties: ["null-agreement"], clients: false }));
  if (runs.length === 0)
    throw new UserError(
      "bad-option",
      `Nothing to check: ${whyNothing(entry, asked, shape, properties, onlyClients)}`,
    );
  return runs;
}

/** Whether it is a protocol of Turncoat's own, whatever properties were added to its entry. */
function isBuiltin({ protocol }: Entry): boolean {
  return builtins.some((one) => one.name === protocol.name && one.protocol === protocol);
}

/** The runs in which clients are nodes, or those in which replicas have all requests from the start. */
function runsWith(plan: Plan, clients: boolean): PlannedRun[] {
  const { entry, request, words, shape, playClients } = plan;
  const parameters = parametersOf(entry, request, { ...shape, clients, playClients });
  const fitting = fittingProperties(plan, parameters);
  if (fitting.length === 0) return [];
  return groups(fitting, parameters, request, words).flatMap(({ properties, requests }) =>
    runsOf(plan, configuredFor({ ...parameters, requests }, properties), properties),
  );
}

/** The properties that these runs can check. */
function fittingProperties(
  { request, properties, onlyClients }: Plan,
  parameters: Config,
): readonly Property[] {
  const isAsked = request.properties !== undefined;
  return properties.filter(({ observes, appliesTo }) => {
    const isSeen = parameters.clients
      ? observes !== "replicas" || (isAsked && onlyClients)
      : observes !== "clients";
    return isSeen && ((isAsked && observes !== "both") || (appliesTo?.(parameters) ?? true));
  });
}

/** One run for each adversary and placement. */
function runsOf(
  { entry, request, words, adversaries }: Plan,
  config: Config,
  properties: readonly Property[],
): PlannedRun[] {
  refuseInapplicable(entry, config, properties, words);
  const timed = request.timing && planTiming(entry, config, request.timing);
  const views = request.views ?? timed?.views ?? lastView(entry, words);
  return adversaries.flatMap((adversary) =>
    chosenPlacements(entry, request, config, views, adversary).map((byzantine): PlannedRun => {
      const description: SettingDescription = {
        protocol: entry.name,
        config,
        byzantine,
        adversary: adversary?.name ?? null,
        network: request.network ?? "async",
        bounds: { views, ...crashBounds(request) },
        properties: properties.map((property) => property.name),
        ...(timed && { timing: timed.timing }),
      };
      return { description, expect: request.expect ?? null, reduction: request.reduce ?? null };
    }),
  );
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
  const fit = requests <= slots || words.slots === null;
  if (asked.requests !== undefined || fit || !properties.some(needsRoom)) return [{ properties, requests }];
  return [
    { properties: properties.filter((property) => !needsRoom(property)), requests },
    { properties: properties.filter(needsRoom), requests: slots },
  ].filter((group) => group.properties.length > 0);
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

/** The last view where nobody says any: 0 for a protocol that has no views, or does not say that it has. */
function lastView({ protocol: { primary, vocabulary } }: Entry, words: Words): number {
  return words.views !== null && (primary !== undefined || vocabulary?.views !== undefined) ? 1 : 0;
}

/** The bounds on crashes. */
function crashBounds({ crashes = 0, losing, recovery }: FuzzRequest): Partial<Bounds> {
  if (crashes > 0)
    return { crashes, losing: losing ?? "volatile", ...(recovery === "always" && { recovery }) };
  if (losing === undefined && recovery === undefined) return {};
  throw new UserError(
    "bad-option",
    "--losing and --recovery are about crashes, and there are none: use --crashes 1.",
  );
}
