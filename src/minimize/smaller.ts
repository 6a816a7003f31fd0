// Smaller settings: weaker or fewer Byzantine nodes; fewer crashes, lost messages, views, sequence numbers,
// requests, replicas. Each is one step smaller, and comes with the new names of the actions.
//
// A protocol must guarantee as much in the smaller setting as in the larger one, or a violation there means
// nothing. So what is inside the contract stays inside. For liveness, views stay as they are (in the last one
// no timer fires, so too few of them stop any protocol), and so do sequence numbers (where a log is full no checkpoint comes any more, for which
// somebody may wait); and there are never more requests than sequence numbers.

import { type Action, isPartition, type StartChoice } from "../model/action.js";
import { nodesNeeded } from "../model/contract.js";
import { networkNamed } from "../model/network.js";
import { checksLiveness, insideContract, nodesOf, refusalOf, type Setting } from "../model/setting.js";
import { exchangeableRequests } from "../model/symmetry/group.js";
import { Renaming } from "../model/symmetry/renaming.js";
import { type Adversary, type Json, type NodeId, replicaIds, wordsOf } from "../protocol/index.js";
import type { ActionSequence } from "./oracle.js";

/** The parts of a setting that can be smaller. */
export type Part =
  | "adversary"
  | "Byzantine nodes"
  | "crashes"
  | "network"
  | "views"
  | "sequence numbers"
  | "operations"
  | "requests"
  | "replicas";

/** A setting that is smaller in one part, and the sequence with its names there. */
export interface Smaller {
  readonly part: Part;
  readonly before: string;
  readonly after: string;
  readonly setting: Setting;
  readonly start: StartChoice;
  readonly sequence: ActionSequence;
}

/** A sequence and its start. */
interface Run {
  readonly start: StartChoice;
  readonly sequence: ActionSequence;
}

/** All settings one step smaller than `setting`, in the order in which they should be tried. */
export function smallerSettings(
  setting: Setting,
  run: Run,
  adversaries: readonly Adversary<Json>[],
): readonly Smaller[] {
  const all = [
    ...fewerReplicas(setting, run),
    ...fewerNetworkFaults(setting, run),
    ...fewerViews(setting, run),
    ...fewerSlots(setting, run),
    ...fewerOperations(setting, run),
    ...fewerRequests(setting, run),
    ...fewerByzantine(setting, run),
    ...weakerAdversaries(setting, run, adversaries),
  ];
  return all.filter((smaller) => isPromised(setting, smaller.setting));
}

/** Whether the protocol guarantees in the smaller setting what it guarantees in the larger one. */
function isPromised(larger: Setting, smaller: Setting): boolean {
  const { protocol, config, byzantine } = smaller;
  if (refusalOf(protocol, config) !== null) return false;
  const ids = nodesOf(protocol, { ...config, clients: true }).map(({ id }) => id);
  if (byzantine.some((id) => !ids.includes(id))) return false;
  if (insideContract(larger) && !insideContract(smaller)) return false;
  const serves = smaller.properties.some(({ kind, servesAll = true }) => kind === "eventually" && servesAll);
  return (
    !serves ||
    wordsOf(protocol.vocabulary).slots === null ||
    config.slots >= config.requests ||
    larger.config.slots < larger.config.requests
  );
}

/**
 * One replica less, or as few as one fault less needs. If a fault is tolerated, one stays tolerated, since a
 * system that tolerates none has flaws of its own. The removed replicas do nothing and receive nothing;
 * others may get their names.
 */
function fewerReplicas(setting: Setting, run: Run): Smaller[] {
  const { config, byzantine } = setting;
  const { replicas, faults } = config;
  const sizes = [
    [faults > 0 ? nodesNeeded(setting.protocol, faults - 1) : 0, faults - 1],
    [replicas - 1, faults],
  ] as const;
  return sizes
    .filter(([n, f]) => n > 0 && f >= Math.min(1, faults) && n < replicas)
    .flatMap(([n, f]) =>
      namings(setting, n).map((renaming): Smaller => {
        const gone = replicaIds(config).slice(n);
        const still = byzantine.map((id) => renaming.apply(id)).filter((id) => !gone.includes(id));
        const { adversary } = setting;
        return {
          part: "replicas",
          before: `${replicas} (f = ${faults})`,
          after: `${n} (f = ${f})`,
          setting: {
            ...setting,
            config: { ...config, replicas: n, faults: f },
            byzantine: still.sort(),
            adversary: still.length > 0 ? adversary : null,
          },
          ...without(gone, renamed(run, renaming)),
        };
      }),
    );
}

/** A run in which the removed replicas stand on neither side of a cut; a cut without a second side is none. */
function without(gone: readonly NodeId[], { start, sequence }: Run): Run {
  const left = (side: readonly NodeId[]) => side.filter((id) => !gone.includes(id));
  const of = (actions: readonly Action[]) =>
    actions
      .map((action) =>
        isPartition(action)
          ? { ...action, sides: [left(action.sides[0]), left(action.sides[1])] as const }
          : action,
      )
      .filter((action) => !isPartition(action) || action.sides.every(({ length }) => length > 0));
  return { start, sequence: { actions: of(sequence.actions), loop: of(sequence.loop) } };
}

/** The identity, and for each replica its exchange with the first removed one. */
function namings({ config }: Setting, n: number): Renaming[] {
  const ids = replicaIds(config);
  const gone = ids[n]!;
  const exchanges = ids.slice(0, n).map(
    (id) =>
      new Renaming(
        new Map([
          [id, gone],
          [gone, id],
        ]),
      ),
  );
  return [new Renaming(new Map()), ...exchanges.reverse()];
}

/** Only as many crashes, losses, duplicates and partitions as the run has. */
function fewerNetworkFaults(setting: Setting, run: Run): Smaller[] {
  const { crashes = 0 } = setting.bounds;
  const of = (kind: Action["kind"]) => allOf(run.sequence).filter((action) => action.kind === kind).length;
  const found: Smaller[] = [];
  if (of("crash") < crashes) {
    const { crashes: _, losing, recovery, ...bounds } = setting.bounds;
    const kinds = { ...(losing && { losing }), ...(recovery && { recovery }) };
    const rest = of("crash") > 0 ? { crashes: of("crash"), ...kinds } : {};
    const after = String(of("crash"));
    const smaller = { ...setting, bounds: { ...bounds, ...rest } };
    found.push({ part: "crashes", before: String(crashes), after, setting: smaller, ...run });
  }
  const [kind] = setting.network.split(":");
  const { losses = 0, duplications = 0, cuts = 0, window = null } = networkNamed(setting.network) ?? {};
  const happened = of(cuts > 0 ? "cut" : losses > 0 ? "lose" : "duplicate");
  if (happened < losses + duplications + cuts) {
    const network = happened > 0 ? `${kind}:${happened}` : window === null ? "once" : "fifo";
    found.push({
      part: "network",
      before: setting.network,
      after: network,
      setting: { ...setting, network },
      ...run,
    });
  }
  return found;
}

function fewerViews(setting: Setting, run: Run): Smaller[] {
  const { views } = setting.bounds;
  if (views === 0 || checksLiveness(setting)) return [];
  const smaller = { ...setting, bounds: { ...setting.bounds, views: views - 1 } };
  return [{ part: "views", before: `0-${views}`, after: `0-${views - 1}`, setting: smaller, ...run }];
}

function fewerSlots(setting: Setting, run: Run): Smaller[] {
  const { slots } = setting.config;
  if (slots <= 1 || checksLiveness(setting)) return [];
  const smaller = { ...setting, config: { ...setting.config, slots: slots - 1 } };
  return [{ part: "sequence numbers", before: `${slots}`, after: `${slots - 1}`, setting: smaller, ...run }];
}

function fewerOperations(setting: Setting, run: Run): Smaller[] {
  const { operations = 1, reads = 0 } = setting.config;
  if (operations - 1 < Math.max(1, reads)) return [];
  const smaller = { ...setting, config: { ...setting.config, operations: operations - 1 } };
  return [
    { part: "operations", before: `${operations}`, after: `${operations - 1}`, setting: smaller, ...run },
  ];
}

/** Without the last request; any other may get its name. */
function fewerRequests(setting: Setting, run: Run): Smaller[] {
  const { requests } = setting.config;
  if (requests <= 1) return [];
  const smaller = { ...setting, config: { ...setting.config, requests: requests - 1 } };
  return requestNamings(setting).map((renaming) => ({
    part: "requests" as const,
    before: `${requests}`,
    after: `${requests - 1}`,
    setting: smaller,
    ...renamed(run, renaming),
  }));
}

/** The identity, and for each request its exchange with the last one, if requests can be exchanged. */
function requestNamings(setting: Setting): Renaming[] {
  const rows = setting.config.clients ? clientRows(setting) : exchangeableRequests(setting);
  const last = rows.at(-1) ?? [];
  const exchanges = rows.slice(0, -1).map((row) => {
    const words = row.flatMap((word, index): [string, string][] => [
      [word, last[index]!],
      [last[index]!, word],
    ]);
    return new Renaming(new Map(words));
  });
  return [new Renaming(new Map()), ...exchanges];
}

/** If clients are nodes: the words by which their first requests differ. */
function clientRows({ protocol, config }: Setting): readonly (readonly string[])[] {
  return exchangeableRequests({ protocol, config: { ...config, clients: false, operations: 1 } } as Setting);
}

/** One Byzantine node less: it is correct then, and has to send by itself what it has sent. */
function fewerByzantine(setting: Setting, run: Run): Smaller[] {
  const { byzantine, adversary } = setting;
  return byzantine.map((id): Smaller => {
    const rest = byzantine.filter((other) => other !== id);
    const of = ({ actions, loop }: ActionSequence): ActionSequence => ({
      actions: actions.map((action) => correctly(action, id)),
      loop: loop.map((action) => correctly(action, id)),
    });
    return {
      part: "Byzantine nodes",
      before: byzantine.join(", "),
      after: rest.join(", ") || "none",
      setting: { ...setting, byzantine: rest, adversary: rest.length > 0 ? adversary : null },
      start: run.start,
      sequence: of(run.sequence),
    };
  });
}

function correctly(action: Action, id: NodeId): Action {
  return action.kind === "inject" && action.from === id ? { ...action, kind: "deliver" } : action;
}

/**
 * The weakest first. Not tried: equally strong ones, and those with step faults on networks that use messages
 * up.
 */
export function weakerThan(
  { adversary, network }: Setting,
  adversaries: readonly Adversary<Json>[],
): Adversary<Json>[] {
  if (!adversary) return [];
  return adversaries
    .filter(
      ({ strength, stepFaults }) => strength < adversary.strength && (network === "async" || !stepFaults),
    )
    .toSorted((a, b) => a.strength - b.strength);
}

function weakerAdversaries(setting: Setting, run: Run, adversaries: readonly Adversary<Json>[]): Smaller[] {
  return weakerThan(setting, adversaries).map((weaker) => ({
    part: "adversary",
    before: setting.adversary!.name,
    after: weaker.name,
    setting: { ...setting, adversary: weaker },
    ...run,
  }));
}

/** A run with its names replaced. */
export function renamed({ start, sequence }: Run, renaming: Renaming): Run {
  const of = (actions: readonly Action[]) =>
    actions.map((action) => renaming.apply(action as unknown as Json) as unknown as Action);
  return {
    start: renaming.apply(start),
    sequence: { actions: of(sequence.actions), loop: of(sequence.loop) },
  };
}

function allOf({ actions, loop }: ActionSequence): readonly Action[] {
  return [...actions, ...loop];
}
