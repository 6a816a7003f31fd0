// Which visible ways out of a component stand for others. Both selections rest on one observation: on the `async` network
// what is deliverable to a node, and what an adversary can say, only grow; so what a node could do once it can do later.
//
// Silently reachable. Let two ways out show the same events and have sent the same, and let z' be reachable from z by
// silent steps on what is deliverable now. Then z stands for z': whatever z' can do, z can do after those steps, which
// nobody else can tell apart. Nothing is lost, for liveness either, since silent steps are looked for behind every state.
//
// Dominated. For safety more can be left out. Say that a component is at most another one (z' <= z) if both have the same
// local state and the same crashes, and z has sent everything that z' has, and set every timer that z' has. Then z can do
// whatever z' can: its own inputs do the same to both, and after them the results are again in that order; a timer that is
// set may fire, and need not; and to everybody else, the adversary included, more is deliverable. So a state in which each
// component is at most that of another state, with the same observation, reaches no observation that the other does not.
// The selection looks for a larger component by itself: it follows the node's *quiet* steps (those that show no event; they
// may send) on what is deliverable now. If a way out z' is at most something that the node can reach quietly from the same
// component, the transition goes there at once instead: a replica votes before it leaves a view, not after. So
// for each step of the whole system there is a transition to a state that is at least as large, and by induction every
// reachable state is at most a reached one. What is not kept: the number of visible actions, for a transition may be
// several of them; hence a counterexample found this way need not be a shortest one.
//
// Not with crashes (a quiet step changes what a crash would leave), and not for liveness (what is stuck need not
// be at most something stuck).

import type { NodeTable } from "../model/node-table.js";
import { checksLiveness, type Setting } from "../model/setting.js";
import type { Exit, Exploration } from "./local-search.js";

/** Why dominance cannot be used in a setting, or null. */
export function dominanceRefusal(setting: Setting): string | null {
  if (checksLiveness(setting))
    return "liveness properties need every state in which nothing happens any more";
  if ((setting.bounds.crashes ?? 0) > 0) return "what a crash leaves depends on what was done before it";
  return null;
}

/** All visible ways out behind silent steps, without those that are silently reachable from others. */
export function visibleExits(exploration: Exploration, start: number): readonly Exit[] {
  const { search } = exploration;
  const exits = new Exits();
  for (const component of exploration.silentClosure(start))
    for (const { target, events } of exploration.steps(component))
      if (!search.isSilent(component, target, events)) exits.add(target, events);
  return withoutSilentlyReachable(exploration, exits.all);
}

/** The same without those that are dominated: see the file comment. */
export function dominantExits(exploration: Exploration, start: number): readonly Exit[] {
  const { search } = exploration;
  const { table } = search;
  const silent = exploration.silentClosure(start);
  const single = new Exits(); // behind silent steps only
  const shown = new Exits(); // with events, behind quiet steps
  /** What quiet steps lead to, each with the component behind the last visible step on the way, or null. */
  const quiet = new Map<number, number | null>([[start, null]]);
  for (const [component, root] of quiet) {
    for (const { target, events } of exploration.steps(component)) {
      const isVisible = !search.isSilent(component, target, events);
      if (isVisible && silent.has(component)) single.add(target, events);
      if (events !== 0) shown.add(target, events);
      else if (!quiet.has(target)) quiet.set(target, isVisible ? target : root);
    }
  }
  const quietAlike = groupedBy(quiet.keys(), (component) => table.localOf[component]!);
  const shownAlike = groupedBy(shown.all, ({ target, events }) => `${table.localOf[target]},${events}`);
  const kept = new Exits();
  for (const { target, events } of single.all) {
    if (events !== 0) {
      const alike = shownAlike.get(`${table.localOf[target]},${events}`)!.map((exit) => exit.target);
      kept.add(largest(table, target, alike), events);
      continue;
    }
    const larger = largest(table, target, quietAlike.get(table.localOf[target]!)!);
    const root = larger === target ? target : quiet.get(larger)!;
    if (root !== null) kept.add(root, 0); // if it is null, the node has no need to move
  }
  return withoutSilentlyReachable(exploration, kept.all);
}

/** The largest one that is found by going up from a component. */
function largest(table: NodeTable, component: number, among: readonly number[]): number {
  const { timersOf, crashesOf } = table;
  let best = component;
  for (const other of among)
    if (
      other !== best &&
      crashesOf[other] === crashesOf[best] &&
      (timersOf[best]! & ~timersOf[other]!) === 0 &&
      table.hasSentAllOf(other, best)
    )
      best = other;
  return best;
}

function withoutSilentlyReachable(exploration: Exploration, exits: readonly Exit[]): readonly Exit[] {
  const { table } = exploration.search;
  const groups = groupedBy(
    exits,
    ({ target, events }) => `${events},${table.outboxOf[target]},${table.crashesOf[target]}`,
  );
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1 || table.isDown(group[0]!.target)) return group; // down: it takes in nothing
    let kept: Exit[] = [];
    const reachable = new Set<number>();
    for (const exit of group) {
      if (reachable.has(exit.target)) continue;
      const closure = exploration.silentClosure(exit.target);
      kept = [...kept.filter((other) => !closure.has(other.target)), exit];
      for (const component of closure) reachable.add(component);
    }
    return kept;
  });
}

/** Ways out, each once, in the order in which they were found. */
class Exits {
  readonly all: Exit[] = [];
  readonly #keys = new Set<number>();

  add(target: number, events: number): void {
    const key = target * 2 ** 26 + events;
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.all.push({ target, events });
  }
}

function groupedBy<T, Key>(items: Iterable<T>, keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
