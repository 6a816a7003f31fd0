// Tests whether every execution ends. Then a search for stuck states is all of liveness; otherwise see
// fair-cycles.ts. On the `async` network every transition changes one node's component. So if no node's
// graph of components has a cycle, neither has the whole graph, unless a node may choose to do nothing
// again and again. On the other networks messages alone can form a cycle, so the search for cycles is
// always made there.

import type { TransitionSystem } from "../model/system.js";

/** Whether some execution may go round in a circle; if not, all of them end. */
export function mayGoRound(system: TransitionSystem): boolean {
  if (system.reactions.mayIdle) return true;
  return system.channels !== null || system.nodes.some((_, node) => isCyclic(system, node));
}

/** Kahn's algorithm: whatever cannot be removed edge by edge lies on, or behind, a cycle. */
function isCyclic(system: TransitionSystem, node: number): boolean {
  const out = new Map<number, Set<number>>();
  const inDegree = new Map<number, number>();
  for (const [from, to] of system.reactions.edges(node)) {
    if (from === to) return true; // it shows events, so the observation may go round although nothing else changes
    const targets = out.get(from) ?? new Set();
    out.set(from, targets);
    if (targets.has(to)) continue;
    targets.add(to);
    inDegree.set(to, (inDegree.get(to) ?? 0) + 1);
  }
  const ready = [...out.keys()].filter((component) => !inDegree.has(component));
  let removed = 0;
  for (const component of ready) {
    for (const target of out.get(component) ?? []) {
      removed++;
      const left = inDegree.get(target)! - 1;
      inDegree.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const edges = [...out.values()].reduce((sum, targets) => sum + targets.size, 0);
  return removed < edges;
}
