// What a reaction of one node does to a state of the system: the one meaning of "a node reacts". Replay,
// minimization, fairness, timed runs and the networks with inboxes use it. Two hot loops have a faster copy,
// each held against this one by a test: the transitions of `async` (async-steps.ts), and the fuzzer's world
// for that network (fuzz/world/async-world.ts).

import type { Channels } from "./channels.js";
import type { NodeTable } from "./node-table.js";
import type { Observations } from "./observations.js";
import type { ActionOutcome } from "./possible-action.js";
import type { Reaction } from "./reaction.js";
import type { Reactions } from "./reactions.js";

/** The parts of a transition system that a reaction may change, or that say how. */
export interface ReactingSystem {
  readonly nodes: readonly NodeTable[];
  readonly observations: Observations;
  readonly reactions: Reactions;
  /** Null on `async`, where there are no inboxes. */
  readonly channels: Channels | null;
  /** Integers in a state vector. */
  readonly width: number;
}

/**
 * Changes the state that starts at `at` of `vector`: the node reaches `component`, the monitors see the list
 * of events, and what it sends goes into the inboxes. (Numbers, not a `Reaction`, since a hot loop calls it.)
 */
export function applyReaction(
  system: ReactingSystem,
  vector: Int32Array,
  at: number,
  node: number,
  component: number,
  events: number,
  sends: number,
): void {
  const { nodes, channels, width } = system;
  if (channels !== null) {
    const { crashesOf } = nodes[node] as NodeTable;
    const before = vector[at + node] as number;
    if (crashesOf[component] !== crashesOf[before] && forgets(system, node, before, component)) {
      const inbox = at + nodes.length + node;
      vector[inbox] = channels.withoutDeferred(vector[inbox] as number);
    }
    if (sends !== 0) channels.send(vector, at + nodes.length, node, sends);
  }
  const last = at + width - 1;
  if (events !== 0) vector[last] = system.observations.after(vector[last] as number, node, events);
  vector[at + node] = component;
}

/**
 * The state after a reaction, which is another vector; `inbox` is what becomes of the node's own inbox
 * first.
 */
export function outcomeOf(
  system: ReactingSystem,
  vector: Int32Array,
  node: number,
  reaction: Reaction,
  inbox?: number,
): ActionOutcome {
  const next = vector.slice();
  if (inbox !== undefined) next[system.nodes.length + node] = inbox;
  applyReaction(system, next, 0, node, reaction.component, reaction.events, reaction.sends);
  return { reaction, next };
}

/** A crash that loses what is volatile loses what was deferred. */
function forgets({ nodes, reactions }: ReactingSystem, node: number, before: number, after: number): boolean {
  const table = nodes[node]!;
  return reactions.losesVolatile && !table.isDown(before) && table.isDown(after);
}
