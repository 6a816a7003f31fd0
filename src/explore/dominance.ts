// Which visible macro-steps of a component stand for others. Both selections rest on one observation: on
// the `async` network what is deliverable to a node, and what an adversary can say, only grow; so what a
// node could do once it can do later.
//
// Silently reachable. Let two macro-steps emit the same events and have sent the same, and let z' be
// reachable from z by silent steps on what is deliverable now. Then z stands for z': whatever z' can do, z
// can do after those steps, which nobody else can tell apart. Nothing is lost, for liveness either, since
// silent steps are looked for behind every state.
//
// Most of that is seen without looking at all that is silently reachable. Let a silent step s lead from x to y, and a visible step i
// from y to z'. If i leads from x to some z that looks the same, and s silently from z to z', then z' is silently reachable from z. So
// the macro-step to z' is left out: the one to z is kept, or another one stands for it, or it was left out in the same way for one from
// a component before x. Steps into y are asked from components that were gone through before y, so that ends at a macro-step
// that is compared with the others, and z' is silently reachable from that one, too: the same are kept.
//
// Dominated. For safety more can be left out. Say that a component is at most another one (z' <= z) if both
// have the same local state, and z has sent everything that z' has, and set every timer that z' has. Then z
// can do whatever z' can: its own inputs do the same to both, and after them the results are again in that
// order; a timer that is set may fire, and need not; and to everybody else, the adversary included, more is
// deliverable. So a state in which each component is at most that of another state, with the same
// observation, reaches no observation that the other does not. The selection looks for a larger component
// by itself: it follows the node's *quiet* steps (those that show no event; they may send) on what is
// deliverable now. If the target z' of a macro-step is at most something that the node can reach quietly
// from the same component, the transition goes there at once instead: a replica votes before it leaves a
// view, not after. So for each step of the whole system there is a transition to a state that is at least
// as large, and by induction every reachable state is at most a reached one. What is not kept: the number
// of visible actions, for a transition may be several of them; hence a counterexample found this way need
// not be a shortest one.
//
// Not with crashes (a quiet step changes what a crash would leave), and not for liveness (what is stuck
// need not be at most something stuck).

import type { NodeTable } from "../model/node-table.js";
import { checksLiveness, type Setting } from "../model/setting.js";
import { IntList, SparseMap } from "../model/tables.js";
import { glance } from "../watch/clock.js";
import type { Exploration, MacroStep, Selection } from "./local-search.js";
import { silent, stepStride } from "./step-table.js";

/** Why dominance cannot be used in a setting, or null. */
export function dominanceRefusal(setting: Setting): string | null {
  if (checksLiveness(setting))
    return "liveness properties need every state in which nothing happens any more";
  if ((setting.bounds.crashes ?? 0) > 0) return "what a crash leaves depends on what was done before it";
  return null;
}

/** All visible macro-steps behind silent steps, without those that are silently reachable from others. */
export function visibleSelection(): Selection {
  const closure = new SilentClosure(); // emptied by each call
  return (exploration, start) => {
    const macroSteps = new MacroSteps();
    closure.begin(start);
    for (let index = 0; index < closure.size; index++) {
      glance();
      const component = closure.component(index);
      const at = exploration.steps(component);
      const { items } = exploration.items;
      const end = at + 1 + (items[at] as number) * stepStride;
      for (let step = at + 1; step < end; step += stepStride) {
        const [target, shown] = [items[step + 1] as number, items[step + 2] as number];
        if (shown === silent) closure.add(component, items[step] as number, target);
        else if (!isPostponable(exploration, closure, component, target, shown))
          macroSteps.add(target, shown);
      }
    }
    return withoutSilentlyReachable(exploration, macroSteps.all);
  };
}

/** What silent steps lead to from a component, in the order of the number of steps, each with all steps into it that were met. */
class SilentClosure {
  /** Per component: its last step in `#steps`, + 1; 0: there is none. */
  readonly #last = new SparseMap();
  /** Of each step: the component before it, its input, and the step into the same component that was met before, as in `#last`. */
  readonly #steps = new IntList();

  begin(start: number): void {
    this.#last.clear();
    this.#steps.length = 0;
    this.#last.set(start, 0);
  }

  add(from: number, input: number, to: number): void {
    const before = Math.max(0, this.#last.get(to));
    this.#steps.push(from);
    this.#steps.push(input);
    this.#steps.push(before);
    this.#last.set(to, this.#steps.length / 3);
  }

  get size(): number {
    return this.#last.size;
  }

  component(index: number): number {
    return this.#last.key(index);
  }

  /** Whether one of the steps into a component, with the component before it and its input, fits. */
  someInto(component: number, fits: (from: number, input: number) => boolean): boolean {
    const { items } = this.#steps;
    for (let step = this.#last.get(component); step > 0; step = items[3 * step - 1] as number)
      if (fits(items[3 * step - 3] as number, items[3 * step - 2] as number)) return true;
    return false;
  }
}

/**
 * Whether a silent step that leads to a component can come after a visible step from there (see the file comment). To follow one input
 * is much less than to look at all that is silently reachable, and most visible steps have nothing to do with some vote that was counted before.
 */
function isPostponable(
  exploration: Exploration,
  closure: SilentClosure,
  component: number,
  target: number,
  shown: number,
): boolean {
  const { outboxOf, crashesOf } = exploration.search.table;
  return closure.someInto(component, (from, input) => {
    const at = exploration.steps(from);
    const { items } = exploration.items;
    const end = at + 1 + (items[at] as number) * stepStride;
    for (let step = at + 1; step < end; step += stepStride) {
      if (items[step + 2] !== shown) continue;
      const other = items[step + 1] as number;
      if (outboxOf[other] !== outboxOf[target] || crashesOf[other] !== crashesOf[target]) continue;
      if (exploration.leadsSilently(other, input, target)) return true;
    }
    return false;
  });
}

/** What the value of a component is that quiet steps lead to without a visible one among them. */
const noRoot = 0;

/** The same without those that are dominated: see the file comment. */
export function dominantSelection(): Selection {
  const quiet = new SparseMap(); // emptied by each call
  return (exploration, start) => {
    const { table } = exploration.search;
    const { localOf } = table;
    const { single, emitted } = quietSteps(exploration, start, quiet);
    const wanted = exploration.standingFor(
      single.flatMap(({ target, events }) => (events === 0 ? [localOf[target]!] : [])),
      quiet.all(),
    );
    const kept = new MacroSteps();
    const keyOf = ({ target, events }: MacroStep) => localOf[target]! * 2 ** 26 + events;
    const alike = groupedBy(emitted, keyOf);
    for (const macroStep of single) {
      const { target, events } = macroStep;
      const local = localOf[target]!;
      if (events !== 0) {
        const targets = alike.get(keyOf(macroStep))!.map((other) => other.target);
        kept.add(largest(table, target, targets), events);
      } else {
        const larger = largest(table, target, wanted.get(local)!);
        const root = larger === target ? target + 1 : quiet.get(larger);
        if (root !== noRoot) kept.add(root - 1, 0); // otherwise the node has no need to move
      }
    }
    return withoutSilentlyReachable(exploration, kept.all);
  };
}

/**
 * Follows quiet steps: fills `quiet` with what they lead to, each with the component behind the last visible
 * step on the way, + 1, or {@link noRoot}. `single` are the visible macro-steps behind silent steps only,
 * `emitted` those with events behind any quiet steps.
 */
function quietSteps(
  exploration: Exploration,
  start: number,
  quiet: SparseMap,
): { readonly single: readonly MacroStep[]; readonly emitted: readonly MacroStep[] } {
  const silently = exploration.silentClosure(start);
  const [single, emitted] = [new MacroSteps(), new MacroSteps()];
  quiet.clear();
  quiet.set(start, noRoot);
  for (let index = 0; index < quiet.size; index++) {
    glance();
    const component = quiet.key(index);
    const root = quiet.get(component);
    const at = exploration.steps(component);
    const { items } = exploration.items;
    const end = at + 1 + (items[at] as number) * stepStride;
    for (let step = at + 1; step < end; step += stepStride) {
      const target = items[step + 1] as number;
      const shown = items[step + 2] as number;
      const isVisible = shown !== silent;
      if (isVisible && silently.has(component)) single.add(target, shown);
      if (shown > 0) emitted.add(target, shown);
      else if (quiet.get(target) < 0) quiet.set(target, isVisible ? target + 1 : root);
    }
  }
  return { single: single.all, emitted: emitted.all };
}

/** The largest one that is found by going up from a component. */
function largest(table: NodeTable, component: number, among: readonly number[]): number {
  const { timersOf, outboxOf } = table;
  let best = component;
  for (const other of among) {
    if (timersOf[best] === timersOf[other] && outboxOf[best] === outboxOf[other]) continue; // as large as the other
    if ((timersOf[best]! & ~timersOf[other]!) === 0 && table.hasSentAllOf(other, best)) best = other;
  }
  return best;
}

/**
 * Only what shows the same is compared. What is silently reachable has sent the same and crashed as often: so
 * groups are smaller still.
 */
function withoutSilentlyReachable(
  exploration: Exploration,
  macroSteps: readonly MacroStep[],
): readonly MacroStep[] {
  const { table } = exploration.search;
  const groups = groupedBy(
    macroSteps,
    ({ target, events }) => `${events},${table.outboxOf[target]},${table.crashesOf[target]}`,
  );
  return [...groups.values()].flatMap((group) => {
    if (group.length === 1 || table.isDown(group[0]!.target)) return group; // down: it takes in nothing
    let kept: MacroStep[] = [];
    for (const macroStep of group) {
      const { target } = macroStep;
      if (kept.some((other) => exploration.reaches(other.target, target))) continue;
      kept = [...kept.filter((other) => !exploration.reaches(target, other.target)), macroStep];
    }
    return kept;
  });
}

/** Macro-steps, each once, in the order in which they were found. */
class MacroSteps {
  readonly all: MacroStep[] = [];
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
