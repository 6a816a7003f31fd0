// Properties are monitors over events, not predicates on states: a replica that drops its log, or restarts without
// it, must not make the property forget. Only the events of correct nodes reach a monitor.

import type { Digest, Event } from "./behaviour.js";
import type { Config, NodeId } from "./node.js";
import type { Json } from "./schema.js";

/** What a property may know about the run that it watches. */
export interface RunFacts {
  readonly config: Config;
  /** The nodes that are not under the adversary's control. */
  readonly correct: readonly NodeId[];
  /** The requests that the environment hands to replicas directly (empty where clients are nodes). */
  readonly issued: readonly Digest[];
}

/** Where a monitor stands: `violated` is final; `pending` means that the goal of an `eventually` or `sometimes` property is not yet met. */
export type MonitorVerdict = "holds" | "violated" | "pending";

/** A property at work: a deterministic automaton over events, with JSON-like states. */
export interface Monitor<M extends Json = Json> {
  readonly init: M;
  on(state: M, by: NodeId, event: Event): M;
  verdict(state: M): MonitorVerdict;
  /** How many comparisons the property has really made in this state; 0 means that nothing was put to the test. */
  exercised(state: M): number;
  /** One sentence that names the conflicting facts. Called on violated or pending states only. */
  explain(state: M): string;
}

/** A property that every run can be held against. */
export interface Property {
  readonly name: string;
  /** One sentence for lists and reports. */
  readonly summary: string;
  /**
   * `always`: no reachable state violates it. `eventually`: the goal is reached on every fair execution. `sometimes`: the
   * goal is reached on some execution; the check shows a shortest one. (`pending` until the goal is met, then `holds`.)
   */
  readonly kind: "always" | "eventually" | "sometimes";
  /** `clients`: it watches what clients see, so it is checked in runs that have clients. `replicas`: in runs without. `both`. */
  readonly observes: "replicas" | "clients" | "both";
  /** What has to happen before the property has been put to the test, for the message about a vacuous run. */
  readonly exercise: string;
  /** What it needs to be set so that it sees anything. Default: nothing. */
  readonly configures?: Pick<Config, "showsWaiting" | "showsSkipped">;
  /**
   * For `eventually`: whether the goal is that every request is executed, which takes a slot for each. Where it is not, fewer slots
   * than requests will do. Default: yes.
   */
  readonly servesAll?: boolean;
  /** Whether it can be put to the test with these parameters; where not, it is left out unless asked for. Default: yes. */
  appliesTo?(config: Config): boolean;
  monitor(facts: RunFacts): Monitor;
  /**
   * For properties that say something of each request by itself: the name of the part that an event belongs to, or null if to
   * none. The property holds if it holds of each part, and what it has compared adds up. Simulations then watch the parts, so
   * that a long run does not cost the square of its length. Default: the property is about everything at once.
   */
  part?(event: Event): string | null;
}

/** Helper that keeps a monitor's own state type while it is written, and hides it afterwards. */
export function monitor<M extends Json>(definition: Monitor<M>): Monitor {
  return definition as unknown as Monitor;
}
