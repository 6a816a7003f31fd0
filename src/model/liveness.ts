// The liveness verdict of a state: the `eventually` properties that miss their goal when nothing obligatory
// is left, or on a loop, and whether the protocol or the bounds are the reason.
//
// Who is down at such a point, and need not come back, has crashed for good: faulty, and owed nothing
// (absences.ts).
//
// In the last view V replica timers do not fire: the network has become timely, and V's primary is correct,
// so all that are left must get on in V. A goal that is missed is an artefact of the bound if a timer is set
// that would fire with one view more, and V's primary cannot be blamed: because it has crashed for good
// (`outside`, as where it is Byzantine), or because it has never come to V (`inconclusive`). Without such a
// timer no further view could help, and the goal is missed.

import type { NodeId, Noun, Role } from "../protocol/index.js";
import { calling } from "./errors.js";
import type { NodeTable } from "./node-table.js";
import type { Observations } from "./observations.js";
import { crashesForGood, livenessIsOutside, type Setting, stallsIn, viewNoun } from "./setting.js";

/** Goals that are missed: by the protocol, or with no verdict about it. */
export interface Missed {
  /** Indices of the properties. */
  readonly properties: readonly number[];
  readonly verdict: "violated" | "outside" | "inconclusive";
  /** One sentence; of what is violated the beginning of one, which the property's own sentence ends. */
  readonly why: string;
}

/** What liveness needs from the system that it is part of. */
export interface LivenessDependencies {
  readonly setting: Setting;
  /** The correct nodes, then the puppets. */
  readonly nodes: readonly NodeTable[];
  readonly roles: readonly Role[];
  readonly correctCount: number;
  readonly observations: Observations;
}

/** Judges the liveness properties of a system in its states. */
export class Liveness {
  /** Why liveness properties have no verdict in this setting, or null. */
  readonly outside: string | null;
  readonly #deps: LivenessDependencies;
  readonly #observationAt: number;
  /** Whether replicas that are down may stay so. */
  readonly #mayStayDown: boolean;
  /** The last view, if there are views. */
  readonly #lastView: number;
  readonly #primary: NodeId | undefined;
  /** What the protocol calls its views. */
  readonly #view: Noun;
  /** Its index, or -1. */
  readonly #leader: number;
  /** Per bit mask of nodes that are down for good: why nothing is promised then, or null. */
  readonly #outsideWhile = new Map<number, string | null>();

  /** `observationAt`: where in a state vector the observation stands. */
  constructor(dependencies: LivenessDependencies, observationAt: number, isLive: boolean) {
    const { setting } = dependencies;
    const { protocol, config, bounds } = setting;
    this.#deps = dependencies;
    this.#observationAt = observationAt;
    this.outside = isLive ? livenessIsOutside(setting) : null;
    this.#mayStayDown = crashesForGood(bounds) > 0;
    this.#lastView = bounds.views;
    this.#view = viewNoun(protocol);
    this.#primary = calling("protocol-threw", `primary() of ${protocol.name}`, () =>
      protocol.primary?.(config, bounds.views),
    );
    this.#leader = dependencies.nodes.findIndex(({ context }) => context.self === this.#primary);
  }

  /** The nodes that are down and may stay so, as a bit mask. */
  absent(vectors: Int32Array, offset: number): number {
    if (!this.#mayStayDown) return 0;
    let mask = 0;
    for (let node = 0; node < this.#deps.correctCount; node++)
      if ((this.#deps.nodes[node] as NodeTable).isDown(vectors[offset + node] as number)) mask |= 1 << node;
    return mask;
  }

  /** Indices of the `eventually` properties whose goal is not met, if whoever is down stays down. */
  pending(vectors: Int32Array, offset: number): readonly number[] {
    if (this.outside !== null) return [];
    const observation = vectors[offset + this.#observationAt] as number;
    return this.#deps.observations.pending(observation, this.absent(vectors, offset));
  }

  /** The property's own sentence about a state in which its goal is not met. */
  explain(vectors: Int32Array, offset: number, property: number): string {
    const observation = vectors[offset + this.#observationAt] as number;
    return this.#deps.observations.explain(observation, property, this.absent(vectors, offset));
  }

  /**
   * The goals that a state misses: because somebody has left the last view, or because nothing obligatory
   * is left to happen. Null if there are none.
   */
  missed(vectors: Int32Array, offset: number, obligatory: () => number): Missed | null {
    const properties = this.pending(vectors, offset);
    if (properties.length === 0) return null;
    const gone = this.isLeaderAbsent(vectors, offset) ? null : this.leftLastView(vectors, offset);
    if (gone !== null) {
      const why = `${gone} left ${this.#view.one} ${this.#lastView} although its primary is correct;`;
      return { properties, verdict: "violated", why };
    }
    if (obligatory() > 0) return null;
    const why = "nothing that must happen is left to happen, and";
    return { properties, ...this.judged([vectors.subarray(offset)], why) };
  }

  /**
   * Who is to blame for a goal that is missed in a state in which nothing happens any more, or on a loop of
   * states, in which the same are down.
   */
  judged(states: readonly Int32Array[], what: string): Pick<Missed, "verdict" | "why"> {
    const stalls = this.#stallsWhile(this.absent(states[0]!, 0));
    if (stalls !== null) return { verdict: "outside", why: stalls };
    const waiting = states.map((state) => this.pinned(state, 0)).find((node) => node !== null);
    if (waiting === undefined) return { verdict: "violated", why: what };
    if (this.isLeaderAbsent(states[0]!, 0)) return { verdict: "outside", why: this.#leaderAbsentText() };
    const absent = states.map((state) => this.#primaryElsewhere(state, 0)).find((view) => view !== null);
    if (absent === undefined) return { verdict: "violated", why: what };
    const { one, many } = this.#view;
    return {
      verdict: "inconclusive",
      why:
        `${this.#primary}, the primary of the last ${one}, stays in ${one} ${absent} while ${waiting} waits in ${one} ${this.#lastView}, where timers do not fire; ` +
        `use --${many} ${this.#lastView + 1}`,
    };
  }

  /** Whether somebody is in, or beyond, the last view with a timer that only the bound keeps from firing. */
  isPinned(node: number, component: number): boolean {
    if (this.#primary === undefined || this.#deps.roles[node] !== "replica") return false;
    const { stepFaults, viewOf, timersOf, completions } = this.#deps.nodes[node] as NodeTable;
    if (stepFaults !== null && !stepFaults.owes) return false;
    if (this.#deps.nodes[node]!.isDown(component)) return false;
    return viewOf[component]! >= this.#lastView && (timersOf[component]! & ~completions) !== 0;
  }

  /** Whether this node leads the last view, and this component of it is in it. */
  leads(node: number, component: number): boolean {
    const { context, viewOf } = this.#deps.nodes[node] as NodeTable;
    return context.self === this.#primary && viewOf[component]! >= this.#lastView;
  }

  /** Somebody who waits in the last view with a timer that only the bound keeps from firing, or null. */
  pinned(vectors: Int32Array, offset: number): NodeId | null {
    const { nodes } = this.#deps;
    const index = nodes.findIndex((_, node) => this.isPinned(node, vectors[offset + node]!));
    return index < 0 ? null : nodes[index]!.spec.id;
  }

  /** Whether the primary of the last view is there. */
  isLed(vectors: Int32Array, offset: number): boolean {
    return !this.isLeaderAbsent(vectors, offset) && this.#primaryElsewhere(vectors, offset) === null;
  }

  /** The view in which the primary of the last view is, if it is another one. */
  #primaryElsewhere(vectors: Int32Array, offset: number): number | null {
    const { nodes } = this.#deps;
    const views = nodes.flatMap(({ context, viewOf }, node) =>
      context.self === this.#primary ? [viewOf[vectors[offset + node]!]!] : [],
    );
    return views.some((view) => view >= this.#lastView) ? null : (views[0] ?? null);
  }

  /**
   * Whether the primary of the last view is down and may stay so: nothing is promised about that view then.
   */
  isLeaderAbsent(vectors: Int32Array, offset: number): boolean {
    const absent = this.absent(vectors, offset);
    return this.#leader >= 0 && (absent & (1 << this.#leader)) !== 0;
  }

  #leaderAbsentText(): string {
    const { one, many } = this.#view;
    return (
      `in runs in which ${this.#primary}, the primary of the last ${one}, crashes and stays down a further ${one} would be needed ` +
      `(--${many} ${this.#lastView + 1}), and in all others the goal is met; --recovery always lets whoever crashes come back`
    );
  }

  #stallsWhile(absent: number): string | null {
    if (absent === 0) return null;
    const known = this.#outsideWhile.get(absent);
    if (known !== undefined) return known;
    const { nodes, setting } = this.#deps;
    const down = nodes.flatMap(({ spec }, node) => (absent & (1 << node) ? [spec.id] : []));
    const stalls = stallsIn(setting, down);
    const why =
      stalls === null ? null : `in runs in which ${down.join(", ")} crashes and stays down: ${stalls}`;
    this.#outsideWhile.set(absent, why);
    return why;
  }

  /** The correct node of this state that has left the last view, or null (possible in liveness runs only). */
  leftLastView(vectors: Int32Array, offset: number): NodeId | null {
    const { nodes } = this.#deps;
    for (let node = 0; node < nodes.length; node++) {
      const { stepFaults, viewOf, spec } = nodes[node]!;
      if (stepFaults === null && viewOf[vectors[offset + node] as number]! > this.#lastView) return spec.id;
    }
    return null;
  }
}
