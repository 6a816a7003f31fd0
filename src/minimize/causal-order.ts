// The causal order of a trace: one order for all executions that differ only in how independent actions are
// interleaved. It is the Foata normal form of trace theory (Cartier and Foata, 1969; Diekert and Rozenberg,
// "The Book of Traces", 1995). In rounds, every node makes its next step as soon as what it needs is there.
// So two traces of one flaw look alike, and so do their diffs.

import { type Action, actor, isPartition } from "../model/action.js";
import type { Walk } from "../model/walk.js";

/**
 * Performs `actions` from the state of `walk` in causal order: in each round those that are possible at its
 * start and next for their node, by node. The order of one node's actions stays. False if some could not be
 * performed.
 */
export function performInCausalOrder(walk: Walk, actions: readonly Action[]): boolean {
  const order = walk.system.nodes.map((table) => table.spec.id);
  let rest = actions.map((action) => ({ ...action })); // one action may stand in the list twice
  while (rest.length > 0) {
    const round = nextRound(walk, rest);
    if (round.length === 0) return false;
    round.sort((a, b) => order.indexOf(actor(a)) - order.indexOf(actor(b)));
    if (!round.every((action) => walk.perform(action))) return false;
    rest = rest.filter((action) => !round.includes(action));
  }
  return true;
}

/** A partition concerns many nodes: it is a round of its own, and stays after whatever stands before it. */
function nextRound(walk: Walk, rest: Action[]): Action[] {
  if (isPartition(rest[0]!)) return walk.system.perform(walk.vector, rest[0]) === null ? [] : [rest[0]];
  const upToPartition = rest.findIndex(isPartition);
  const seen = new Set<string>();
  return rest.slice(0, upToPartition < 0 ? rest.length : upToPartition).filter((action) => {
    const node = actor(action);
    if (seen.has(node)) return false;
    seen.add(node);
    return walk.system.perform(walk.vector, action) !== null;
  });
}
