// What a run of the naive search is made of, and what can be read from one of its states. The layers above it
// add, each in a file of its own: inboxes, who can receive what, what a node does, all actions, and liveness.

import type { Setting } from "../../../src/model/setting.js";
import type { Config, Event, Json, Monitor, NodeId, NodeSpec, Step } from "../../../src/protocol/index.js";
import { canonicalText, type Node, parsed, type State } from "./texts.js";

function subsetsOf<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const others = subsetsOf(rest);
  return [...others.map((set) => [first, ...set]), ...others];
}

/** The monitor of a property for those who are not absent. */
interface Watcher {
  /** The number of the property. */
  readonly index: number;
  readonly absent: readonly NodeId[];
  readonly monitor: Monitor;
}

/** What a run is made of. */
export class Run {
  readonly protocol: Setting["protocol"];
  readonly config: Config;
  readonly byzantine: readonly NodeId[];
  readonly adversary: Setting["adversary"];
  readonly bounds: Setting["bounds"];
  readonly properties: Setting["properties"];
  readonly stepFaults: NonNullable<Setting["adversary"]>["stepFaults"];
  readonly correct: readonly NodeId[];
  /** The correct nodes, then the puppets; the identity of each. Two copies of one node have the same. */
  readonly specs: readonly NodeSpec<Json>[];
  readonly ids: readonly NodeId[];
  readonly requests: readonly Json[];
  /** How many replicas may be down for good. */
  readonly mayStayDown: number;
  readonly watchers: readonly Watcher[];
  /** Those of the properties, then those of the watchers. */
  readonly monitors: readonly Monitor[];
  readonly isLive: boolean;
  readonly network: string;
  readonly hasInboxes: boolean;
  readonly keepsIgnored: boolean;
  readonly mishaps: number;
  readonly loses: boolean;
  /** Whether what is on its way is a set, in which a message stays when it is delivered. */
  readonly isSet: boolean;
  /** Of how many of the oldest messages of a link any may be delivered next; 0: there are no links. */
  readonly window: number;
  /** Whether replicas can be parted both ways, one way, or with a bridge; and how often. */
  readonly parting: string | null;
  readonly maxCuts: number;
  readonly lastPrimary: NodeId | undefined;
  readonly isOwed: boolean;

  constructor(setting: Setting) {
    const { protocol, config, byzantine, adversary, bounds, properties } = setting;
    this.protocol = protocol;
    this.config = config;
    this.byzantine = byzantine;
    this.adversary = adversary;
    this.bounds = bounds;
    this.properties = properties;
    const stepFaults = adversary?.stepFaults;
    this.stepFaults = stepFaults;
    const all = protocol.nodes(config);
    this.correct = all.flatMap(({ id }) => (byzantine.includes(id) ? [] : [id]));
    this.specs = [
      ...all.filter(({ id }) => this.correct.includes(id)),
      ...all
        .filter(({ id }) => byzantine.includes(id) && stepFaults)
        .flatMap((spec) => Array.from({ length: stepFaults?.copies ?? 1 }, () => spec)),
    ];
    this.ids = this.specs.map(({ id }) => id);
    this.requests = protocol.requests(config);
    this.mayStayDown = bounds.recovery === "always" ? 0 : (bounds.crashes ?? 0);
    this.isLive = properties.some(({ kind }) => kind === "eventually");
    const [network, budget = ""] = setting.network.split(":");
    this.network = network!;
    this.hasInboxes = network !== "async";
    this.keepsIgnored = setting.network === "once:keep";
    this.loses = network!.startsWith("lossy");
    this.isSet = setting.network === "duplicating";
    this.window = network === "reordering" ? Number(budget) : /fifo|partitions/.test(network!) ? 1 : 0;
    this.parting = /partitions$/.test(network!) ? network! : null;
    this.maxCuts = Number(budget || "Infinity");
    const isFaulty = this.loses || (network === "duplicating" && !this.isSet);
    this.mishaps = isFaulty ? Number(budget || "Infinity") : 0;
    this.lastPrimary = protocol.primary?.(config, bounds.views);
    this.isOwed =
      this.lastPrimary === undefined || !byzantine.includes(this.lastPrimary) || stepFaults?.owes === true;
    const issued = config.clients ? [] : this.requests.map((request) => protocol.digest(request));
    const facts = { config, correct: this.correct, issued };
    this.watchers = this.absences().flatMap((absent) =>
      properties.flatMap((property, index) => {
        if (property.kind !== "eventually") return [];
        const present = this.correct.filter((id) => !absent.includes(id));
        return [{ index, absent, monitor: property.monitor({ ...facts, correct: present }) }];
      }),
    );
    this.monitors = [
      ...properties.map((property) => property.monitor(facts)),
      ...this.watchers.map(
        ({ absent, monitor }): Monitor => ({
          ...monitor,
          on: (seen, by, event) => (absent.includes(by) ? seen : monitor.on(seen, by, event)),
        }),
      ),
    ];
  }

  /**
   * The states of the monitors after a step of a node, of which each property is told the events that it hears, and then what it
   * sees of the node's state if that has changed.
   */
  observed(seen: readonly Json[], node: number, before: Json, { state, events }: Step<Json, Json>): Json[] {
    if (this.isPuppet(node)) return [...seen];
    const { id, role } = this.specs[node]!;
    return seen.map((now, i) => {
      const { hears, looks } = this.properties[this.watchers[i - this.properties.length]?.index ?? i]!;
      const on = (current: Json, event: Event) => this.monitors[i]!.on(current, id, event);
      const heard = events.filter((event) => hears?.(event) ?? true).reduce(on, now);
      const view = looks?.(state, { id, role });
      const viewBefore = before === null ? undefined : looks?.(before, { id, role });
      const isSame = canonicalText(view ?? null) === canonicalText(viewBefore ?? null);
      return view === undefined || isSame ? heard : on(heard, { kind: "custom", name: "state", data: view });
    });
  }

  /** Who stays down is faulty, and owed nothing: so each goal is watched for the others alone as well. */
  absences(): NodeId[][] {
    const isReplica = (id: NodeId) => this.specs.find((spec) => spec.id === id)!.role === "replica";
    return subsetsOf(this.correct.filter(isReplica))
      .filter(({ length }) => length > 0 && length <= this.mayStayDown)
      .sort((a, b) => (a.join() < b.join() ? -1 : 1));
  }

  isPuppet(node: number): boolean {
    return node >= this.correct.length;
  }

  isBound(node: number): boolean {
    return !this.isPuppet(node) || this.stepFaults?.owes === true;
  }

  nodeOf(state: State, node: number): Node {
    return parsed(state[node]!) as unknown as Node;
  }

  viewOf(node: number, local: Json): number {
    return this.specs[node]!.behaviour.view?.(local) ?? 0;
  }

  isInside(node: number, local: Json): boolean {
    const view = this.viewOf(node, local);
    return (
      (this.isLive || view <= this.bounds.views) &&
      !(this.isPuppet(node) && view >= (this.stepFaults?.until ?? view + 1))
    );
  }

  monitorStates(state: State): Json[] {
    return JSON.parse(state.at(-1)!);
  }

  /** The replicas that are down and may stay so. */
  absentIn(state: State): NodeId[] {
    if (this.mayStayDown === 0) return [];
    return this.correct.filter((_, node) => this.nodeOf(state, node).isDown);
  }
}
