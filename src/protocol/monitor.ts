// Properties are monitors: automata over the events of correct nodes. A replica that loses its log, or
// restarts without it, must not make the property forget what happened. Predicates on states are monitors
// as well, of events that tell them how states change: see invariant.ts.

import type { Vocabulary, Words } from "../parameters/vocabulary.js";
import type { Digest, Event } from "./behaviour.js";
import type { Config, NodeId, Role } from "./node.js";
import type { Json, JsonShape } from "./schema.js";

/** What a property may know about the run it observes. */
export interface RunFacts {
  readonly config: Config;
  /** The nodes that are not Byzantine. */
  readonly correct: readonly NodeId[];
  /** The requests that the environment hands to replicas directly (empty where clients are nodes). */
  readonly issued: readonly Digest[];
  /** What the protocol calls its slots, for sentences: see `atSlot`. Default: slots. */
  readonly vocabulary?: Vocabulary;
}

/**
 * A monitor's verdict. `violated` is final. `pending`: the goal of an `eventually` or `sometimes` property is
 * not met yet.
 */
export type MonitorVerdict = "holds" | "violated" | "pending";

/** A property at work: a deterministic automaton over events, with JSON-like states. */
export interface Monitor<M = Json> {
  readonly init: M;
  /** The state after an event of the correct node `by`. */
  on(state: M, by: NodeId, event: Event): M;
  /** What this state says of the run so far. */
  verdict(state: M): MonitorVerdict;
  /** How many comparisons the property has made up to this state; 0 means that nothing was tested. */
  exercised(state: M): number;
  /** One sentence that names the conflicting facts. Called only on violated or pending states. */
  explain(state: M): string;
}

/** A property, for any protocol whose events it understands. */
export interface Property {
  readonly name: string;
  /** One sentence for lists and reports. */
  readonly summary: string;
  /**
   * `always`: no reachable state violates it. `eventually`: every fair execution reaches the goal.
   * `sometimes`: some execution reaches the goal, and the check shows a shortest one. (`pending` until the
   * goal is met, then `holds`.)
   */
  readonly kind: "always" | "eventually" | "sometimes";
  /**
   * `clients`: it observes what clients see, so it is checked in runs with clients. `replicas`: in runs
   * without. `both`: in all.
   */
  readonly observes: "replicas" | "clients" | "both";
  /** What must happen for the property to be tested, for the message about a vacuous run; in the protocol's words, if it speaks of slots. */
  readonly exercise: string | ((words: Words) => string);
  /** Parameters that must be set for the property to see its events. Default: none. */
  readonly configures?: Pick<Config, "showsWaiting" | "showsSkipped">;
  /**
   * For `eventually`: whether the goal is that every request is executed, which takes a slot for each. If
   * not, fewer slots than requests will do. Default: yes.
   */
  readonly servesAll?: boolean;
  /**
   * Whether it can be tested with these parameters. If not, it is checked only when asked for by name.
   * Default: yes.
   */
  appliesTo?(config: Config): boolean;
  /**
   * Which events its monitor is told of. An event that no chosen property hears is not visible in a search:
   * it costs no interleavings. Default: all events.
   */
  hears?(event: Event): boolean;
  /**
   * What it sees of the local state of a correct node. At its start, and whenever that changes, the monitor is
   * told so by the custom event `state`, of which it is the data. Undefined: there is nothing to tell, and what
   * it was told before stands; so a state that no longer concerns the property has to be told of by another value. A node that is
   * down is seen as it was before its crash. Default: it sees no states. See `invariant`.
   */
  looks?(state: Json, node: { readonly id: NodeId; readonly role: Role }): Json | undefined;
  /** A monitor for one run. */
  monitor(facts: RunFacts): Monitor;
  /**
   * For properties that make a separate claim about each request: the request that an event belongs to, or
   * null if to none. The property holds if it holds of each request, and `exercised` adds up. Simulations
   * then monitor each request by itself, so that a long run does not cost the square of its length. Default:
   * one claim about the whole run.
   */
  part?(event: Event): string | null;
}

/**
 * Checks the type of a monitor's own state where it is defined, and hides it afterwards.
 *
 * ```ts
 * const once = monitor<number>({
 *   init: 0,
 *   on: (count, _by, event) => (event.kind === "executed" ? count + 1 : count),
 *   verdict: (count) => (count <= 1 ? "holds" : "violated"),
 *   exercised: (count) => count,
 *   explain: (count) => `${count} executions`,
 * });
 * once.verdict(2) // => "violated"
 * ```
 */
export function monitor<M extends JsonShape<M>>(definition: Monitor<M>): Monitor {
  return definition as unknown as Monitor;
}
