// What a request chooses: properties, adversaries, and placements of the Byzantine nodes.

import { adversaryNamed, type Entry, isPath, propertyNamed } from "../catalogue/index.js";
import { nodesNeeded, nodesText } from "../model/contract.js";
import { calling, UserError } from "../model/errors.js";
import { nodesOf, refusalOf } from "../model/setting.js";
import { timedProperty } from "../model/timed/timing.js";
import {
  type Adversary,
  type Config,
  clientIds,
  type Json,
  type NodeId,
  type Property,
  type Protocol,
} from "../protocol/index.js";
import { placements } from "./placements.js";
import type { FuzzRequest } from "./request.js";

/** The properties to check. @throws {UserError} for one that watches clients where the protocol has none. */
export function chosenProperties(
  entry: Entry,
  request: FuzzRequest,
  hasClients: boolean,
): readonly Property[] {
  const supported = entry.properties.filter(({ observes }) => hasClients || observes !== "clients");
  // Untimed runs say more about safety, and are faster.
  if (!request.properties && request.timing) return supported.filter(({ name }) => name === timedProperty);
  if (!request.properties) return supported.filter(({ name }) => entry.defaultProperties.includes(name));
  return request.properties.map((name) => {
    const property = propertyNamed(name, entry);
    if (!supported.includes(property))
      throw new UserError(
        "bad-option",
        `${name} watches clients, and ${entry.name} has none.${isPath(entry.name) ? clientsHint : ""}`,
      );
    return property;
  });
}

const clientsHint = ' Nodes with the role "client" make it have some: `nodes` of docs/writing-a-protocol.md.';

/** Whether all requests must be served in the run, so that each needs a slot. */
export function needsRoom({ kind, servesAll = true }: Property): boolean {
  return kind === "eventually" && servesAll;
}

/** The adversaries to run against, strongest first by default; null is none. */
export function chosenAdversaries(
  entry: Entry,
  { adversaries, network = "async", byzantine = "each" }: FuzzRequest,
  faults: number,
): readonly (Adversary<Json> | null)[] {
  // If nobody can be Byzantine, there are only runs without an adversary.
  if (!adversaries && byzantine === "each" && faults === 0) return [null];
  if (!adversaries) return [[...entry.adversaries].sort((a, b) => b.strength - a.strength)[0]!];
  return adversaries.flatMap((name): readonly (Adversary<Json> | null)[] => {
    if (name === "none") return [null];
    if (name === "all")
      return entry.adversaries.filter(({ stepFaults }) => network === "async" || !stepFaults);
    return [adversaryNamed(name, entry.adversaries)];
  });
}

/** The placements of the Byzantine nodes. Those in which the adversary has no move are left out, unless they were named. */
export function chosenPlacements(
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
  if (typeof adversary.plays === "object") return [[adversary.plays.node]];
  // A protocol that refuses the configuration is asked for nothing else; the refusal is told later.
  const nodes = refusalOf(entry.protocol, config) === null ? nodesOf(entry.protocol, config) : null;
  const everywhere = calling("protocol-threw", `primary() of ${entry.name}`, () =>
    placements({ ...entry.protocol, ...(nodes && { nodes: () => nodes }) }, config, views, config.faults),
  );
  return calling("adversary-threw", `canMove() of the adversary ${adversary.name}`, () =>
    everywhere.filter((ids) => ids.some((self) => adversary.canMove({ self, config, views }))),
  );
}

/** The placement of a Byzantine client. Clients are interchangeable, so it is the last one; there must be another for it to harm. */
function clientPlacements(config: Config): readonly (readonly NodeId[])[] {
  return config.clients && config.requests > 1 ? [clientIds(config).slice(-1)] : [];
}

/** What to ask for, so that there is room for a fault. */
function whichBearsOne(protocol: Protocol<Json, Json>, replicas: number): string {
  const least = nodesNeeded(protocol, 1);
  return least > replicas
    ? `use --replicas ${least} or more (${nodesText(protocol, 1)})`
    : "use --faults 1 or more";
}

/** Why a request asks for no run: no property fits, nobody can be Byzantine, or no adversary has a move. */
export function whyNothing(
  { name, protocol }: Entry,
  { adversaries = [], byzantine = "each" }: FuzzRequest,
  { replicas, faults }: Pick<Config, "replicas" | "faults">,
  chosen: readonly Property[],
  onlyClients: boolean | undefined,
): string {
  const inapplicable = chosen.filter(
    ({ observes }) =>
      (onlyClients === true && observes === "replicas") || (onlyClients !== true && observes === "clients"),
  );
  if (chosen.length === 0 && protocol.isSpecification)
    return `${name} is a specification, and nothing is claimed of it. Export \`properties = [invariant("name", ([node]) => ...)]\` beside it.`;
  if (chosen.length === 0)
    return "the protocol has none of its default properties: name some with --property.";
  if (inapplicable.length === chosen.length) {
    const names = chosen.map(({ name }) => name).join(", ");
    return onlyClients === true
      ? `${names} ${chosen.length === 1 ? "watches" : "watch"} replicas only: leave out --clients yes.`
      : `${names} ${chosen.length === 1 ? "watches" : "watch"} clients, and there are none in this run: leave out --clients no.`;
  }
  if (faults === 0 && byzantine === "each")
    return `with f = 0 nobody can be Byzantine, so ${adversaries.join(", ")} has no move: ${whichBearsOne(protocol, replicas)}, or --adversary none.`;
  return "no such adversary has a move in any placement within these bounds.";
}
