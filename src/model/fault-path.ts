// Finds the run that leads to an error in a user's protocol, property or adversary. A search meets such an
// error while it expands a state. From there, the actions of the node at fault are tried one by one until one
// of them meets the error again.

import type { Action, Execution } from "./action.js";
import { isFault, type UserError } from "./errors.js";
import type { InputList } from "./inputs.js";
import { Successors } from "./successors.js";
import type { TransitionSystem } from "./system.js";
import { IntList } from "./tables.js";
import { violationAt } from "./walk.js";

/**
 * A reduction postpones silent steps, so some may have to be made first: no more states than this are
 * looked at.
 */
const maxStates = 5000;

/** Where a run has come to. */
interface Place {
  readonly vector: Int32Array;
  readonly actions: readonly Action[];
}

/**
 * Adds the run to an error, unless it has one; `vector` is where `execution` has come to when the error was
 * met. Nothing is added if the error is not met there again: it was about something else.
 */
export function addRun(
  error: UserError,
  system: TransitionSystem,
  vector: Int32Array,
  execution: Execution,
): void {
  error.run ??= runTo(error, system, vector, execution);
}

function runTo(
  error: UserError,
  system: TransitionSystem,
  vector: Int32Array,
  { start, actions }: Execution,
): Execution | null {
  // Breadth first, so that the fewest steps are found, but only steps of one node after the other: others
  // do not matter to it.
  const searches = system.nodes.map((_, node) => new NodeSearch(error, system, node, { vector, actions }));
  while (searches.some(({ isOver }) => !isOver))
    for (const search of searches) {
      const way = search.nextLevel();
      if (way !== null) return { start, actions: way };
    }
  return isMetAt(error, system, vector) ? { start, actions } : null;
}

/** Looks for an error among what the steps of one node alone lead to. */
class NodeSearch {
  readonly #error: UserError;
  readonly #system: TransitionSystem;
  readonly #node: number;
  readonly #known = new Set<number>();
  #level: readonly Place[];

  constructor(error: UserError, system: TransitionSystem, node: number, from: Place) {
    this.#error = error;
    this.#system = system;
    this.#node = node;
    this.#level = [{ ...from, vector: from.vector.slice() }];
  }

  get isOver(): boolean {
    return this.#level.length === 0 || this.#known.size >= maxStates;
  }

  /** One more step from each place: the way to the error, or null. */
  nextLevel(): readonly Action[] | null {
    if (this.isOver) return null;
    const next: Place[] = [];
    for (const { vector, actions } of this.#level)
      for (const action of candidates(this.#system, vector, this.#node))
        try {
          const after = this.#system.perform(vector, action);
          if (after === null || this.#known.has(after[this.#node]!)) continue;
          this.#known.add(after[this.#node]!);
          next.push({ vector: after, actions: [...actions, action] });
        } catch (met) {
          if (isSame(met, this.#error)) return [...actions, action];
        }
    this.#level = next;
    return null;
  }
}

/**
 * Whether the state itself meets the error: the adversary is asked what it does in it, or a property what
 * is wrong with it.
 */
function isMetAt(error: UserError, system: TransitionSystem, vector: Int32Array): boolean {
  try {
    violationAt(system, vector, 0, () => 0);
    system.successors(vector, 0, new Successors());
    return false;
  } catch (met) {
    return isSame(met, error);
  }
}

function isSame(met: unknown, error: UserError): boolean {
  return isFault(met) && met.code === error.code && met.message === error.message;
}

/** Every action of one node that may be possible in a state. */
function candidates(system: TransitionSystem, vector: Int32Array, node: number): Action[] {
  const lists = new IntList();
  try {
    system.inputs(vector, 0, node, lists);
  } catch {
    return []; // the adversary is at fault, and is asked before anything can happen
  }
  const component = vector[node]!;
  const fromLists = [...lists.items.subarray(0, lists.length)]
    .map((id) => system.listOf(id))
    .flatMap(({ kind, items }) => {
      const all = kind === "timer" ? system.nodes[node]!.timers.map((_, timer) => timer) : items;
      return all.flatMap((what) =>
        choices(system, node, component, kind, what).map((choice) =>
          described(system, node, kind, what, choice),
        ),
      );
    });
  const inbox = system.channels?.deliverable(vector[system.nodes.length + node]!) ?? [];
  const fromInbox = inbox.flatMap(({ packet, link }) =>
    choices(system, node, component, "deliver", packet).map((choice): Action => {
      const action = described(system, node, "deliver", packet, choice);
      const via = link < 0 ? undefined : system.nodes[link]!.spec.id;
      return via === undefined || !("from" in action) || via === action.from
        ? action
        : ({ ...action, via } as Action);
    }),
  );
  return [...fromLists, ...fromInbox];
}

/** The labels of the outcomes; if there is an error instead, performing the action meets it again. */
function choices(
  system: TransitionSystem,
  node: number,
  component: number,
  kind: InputList["kind"],
  what: number,
): readonly (string | undefined)[] {
  try {
    return system.reactions.react(node, component, kind, what).map(({ label }) => label);
  } catch {
    return [undefined];
  }
}

function described(
  system: TransitionSystem,
  node: number,
  kind: InputList["kind"],
  what: number,
  label: string | undefined,
): Action {
  const table = system.nodes[node]!;
  const { id } = table.spec;
  const choice = label === undefined ? {} : { choice: label };
  if (kind === "timer") return { kind, node: id, timer: table.timers[what]!, ...choice };
  if (kind === "crash" || kind === "restart") return { kind, node: id, ...choice };
  const { from, message } = system.packet(what);
  return { kind, from, to: id, message, ...choice };
}
