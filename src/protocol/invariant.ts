// State predicates: invariants that are evaluated on the local states of the correct nodes, as properties.
//
// Such a property is a monitor as well. It remembers what it sees of each node (the node's view), and is told
// when a step changes that. So a step that can make the predicate false is visible, in every reduction: the
// argument is that for events (explore/visible-steps.ts), to which a changed view is one event more. What the
// predicate does not see of a state costs nothing: a step that leaves all views alone is as silent as before.
// In the plain search views add no states, since they are a function of the states that are there already. Only
// whether they have ever changed, which shows that there was a test, is a second state for each in which they are
// as at the start once more; `exercised` makes that unnecessary.
//
// Once the predicate is false the property stays violated, and the views stay as they were then.

import { equal } from "./helpers.js";
import { type Monitor, monitor, type Property, type RunFacts } from "./monitor.js";
import type { Config, NodeId, Role } from "./node.js";
import type { Json } from "./schema.js";

/** A correct node, and its local state, or what the invariant sees of that. */
export interface NodeState<State = Json> {
  readonly id: NodeId;
  readonly role: Role;
  readonly state: State;
}

/**
 * What a predicate says: true, it holds; false, or a sentence that says what is wrong: it does not; null: there is nothing here that it
 * could be wrong about, so this is no test of it.
 */
export type Claim = boolean | string | null;

/** What else there is to say of an invariant. */
export interface InvariantOptions<State, View> {
  /** One sentence for lists and reports. Default: its name. */
  readonly summary?: string;
  /** Of whose states it speaks. Default: of those of replicas. */
  readonly of?: "replicas" | "clients" | "nodes";
  /**
   * What the predicate needs of a state. Only steps that change it are visible to a search, so the less the better. Default: all of it.
   */
  readonly sees?: (state: State, node: { readonly id: NodeId; readonly role: Role }) => View;
  /** Whether these states put it to the test. Default: some node is no longer as it was at its start. */
  readonly exercised?: (nodes: readonly NodeState<View>[]) => boolean;
  /** What must happen for it to be put to the test, for the message about a vacuous run. */
  readonly exercise?: string;
}

/** What an invariant remembers: what it sees of each node, and whether that has ever changed. */
type Seen = { readonly views: Views; readonly hasMoved: boolean; readonly isBroken: boolean };
/** By node; null: it is none of those that the invariant speaks of. */
type Views = { readonly [node: string]: { readonly role: Role; readonly state: Json } | null };

/**
 * A property: in every reachable state the predicate holds of the states of all correct nodes together. A node that is down counts
 * with the state in which it crashed.
 *
 * ```ts
 * type State = { role: string };
 * const oneLeader = invariant<State>("one-leader", (nodes) => nodes.filter(({ state }) => state.role === "leader").length <= 1);
 * oneLeader.name // => "one-leader"
 * ```
 */
export function invariant<State = Json, View = State>(
  name: string,
  holds: (nodes: readonly NodeState<View>[], config: Config) => Claim,
  options: InvariantOptions<State, View> = {},
): Property {
  return of(name, (nodes, config) => [holds(nodes, config)], options);
}

/**
 * The same, of each two of them: the predicate is asked of every ordered pair of different nodes.
 *
 * ```ts
 * const same = pairInvariant<{ decided: string | null }>("same-value", (a, b) =>
 *   a.state.decided === null || b.state.decided === null ? null : a.state.decided === b.state.decided,
 * );
 * same.kind // => "always"
 * ```
 */
export function pairInvariant<State = Json, View = State>(
  name: string,
  holds: (a: NodeState<View>, b: NodeState<View>, config: Config) => Claim,
  options: InvariantOptions<State, View> = {},
): Property {
  const claims = (nodes: readonly NodeState<View>[], config: Config) =>
    nodes.flatMap((a) => nodes.flatMap((b) => (a === b ? [] : [holds(a, b, config)])));
  return of(name, claims, options);
}

/** What is claimed of states. */
type ClaimsOf<View> = (nodes: readonly NodeState<View>[], config: Config) => readonly Claim[];

/** A property that holds while none of these claims is false. */
function of<State, View>(
  name: string,
  claims: ClaimsOf<View>,
  options: InvariantOptions<State, View>,
): Property {
  const { summary = name, of = "replicas", sees, exercised } = options;
  const byDefault = exercised
    ? "the states that it speaks of must be reached"
    : "a node must change its state";
  return {
    name,
    summary,
    kind: "always",
    observes: "both",
    exercise: options.exercise ?? byDefault,
    hears: () => false,
    looks: (state, node) => {
      if (of !== "nodes" && of !== `${node.role}s`) return null;
      return { role: node.role, state: (sees ? sees(state as State, node) : state) as Json };
    },
    monitor: (facts) => watching(facts, claims, exercised),
  };
}

function watching<View>(
  { config, correct }: RunFacts,
  claims: ClaimsOf<View>,
  exercised: InvariantOptions<never, View>["exercised"],
): Monitor {
  const isWhole = ({ views }: Seen) => correct.every((id) => views[id] !== undefined);
  const claimsOf = (seen: Seen) => claims(nodesOf<View>(seen.views), config).map(checked);
  return monitor<Seen>({
    init: { views: {}, hasMoved: false, isBroken: false },
    on: (seen, by, event) => {
      if (seen.isBroken || event.kind !== "custom") return seen;
      const view = event.data as NonNullable<Views[string]>; // the only event that it is told of
      const before = seen.views[by];
      if (before !== undefined && equal(before, view)) return seen; // a restart that brings back the same
      const hasMoved = seen.hasMoved || (exercised === undefined && before !== undefined);
      const after: Seen = { ...seen, views: { ...seen.views, [by]: view }, hasMoved };
      return isWhole(after) && claimsOf(after).some(isFalse) ? { ...after, isBroken: true } : after;
    },
    verdict: ({ isBroken }) => (isBroken ? "violated" : "holds"),
    exercised: (seen) => {
      if (!isWhole(seen)) return 0;
      const isTest = exercised ? exercised(nodesOf(seen.views)) : seen.hasMoved;
      return isTest ? claimsOf(seen).filter((claim) => claim !== null).length : 0;
    },
    explain: (seen) => {
      const said = claimsOf(seen).find((claim) => typeof claim === "string");
      return said ?? `it is false of ${JSON.stringify(statesIn(seen))}`;
    },
  });
}

/** This is done for every step that shows a state: with one node there is nothing to sort. */
function nodesOf<View>(views: Views): NodeState<View>[] {
  const ids = Object.keys(views);
  if (ids.length > 1) ids.sort((a, b) => (a < b ? -1 : 1));
  const nodes: NodeState<View>[] = [];
  for (const id of ids) {
    const view = views[id];
    if (view) nodes.push({ id, role: view.role, state: view.state as View });
  }
  return nodes;
}

function statesIn({ views }: Seen): Json {
  return Object.fromEntries(nodesOf<Json>(views).map(({ id, state }) => [id, state]));
}

const isFalse = (claim: Claim) => claim === false || typeof claim === "string";

/** @throws {TypeError} for anything but a claim: a promise would be taken for true. */
function checked(claim: unknown): Claim {
  if (claim === null || typeof claim === "boolean" || typeof claim === "string") return claim;
  throw new TypeError(`the predicate must give true, false, a sentence or null; it gave ${typeof claim}`);
}
