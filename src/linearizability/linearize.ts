// Linearizability of a recorded history: is there an order of all operations, each between its call and its return, that a
// sequential object explains? (Herlihy and Wing, TOPLAS 1990.)
//
// The search is that of Wing and Gong (JPDC 1993) with Lowe's memory (2017): operations are put in order one by one; the next is always
// one that was called before any operation that is still missing has returned; a set of ordered operations together with a state of the
// object is tried once. Which of the two orders led there cannot matter, since what may follow depends on nothing else. Parts of the object that do not
// influence each other are checked one by one (Herlihy and Wing, theorem 1: locality).
//
// An operation that never returned may be put anywhere after its call, or nowhere.

import { counted } from "../parameters/words.js";
import type { Json } from "../protocol/index.js";
import type { SequentialObject } from "./objects.js";
import { inWords, type Operation } from "./operation.js";

/** What a search may cost. */
export interface LinearizeLimits {
  /** How many orders may be tried in all (default: 10 million). */
  readonly maxSteps?: number;
  /** Ends the search. */
  readonly shouldStop?: () => boolean;
}

export interface Linearization {
  /** Whether an order exists; null if a limit was reached before that was known. */
  readonly isLinearizable: boolean | null;
  /** An order that explains the history (of each part, one after the other), or the longest that was found. */
  readonly order: readonly Operation[];
  /** If there is none: the operation that returned first and has no place after the longest order. */
  readonly stuck: Operation | null;
  /** If there is none: the state of the object after the longest order. */
  readonly state: Json;
  /** If there is none: the part of the object, where it has parts. */
  readonly part: string | null;
  /** How many operations were put after another in all orders that were tried. */
  readonly steps: number;
}

/**
 * Looks for an order of operations that explains them.
 *
 * ```ts
 * const at = { process: "0", line: null };
 * const write = { ...at, name: "write", input: 1, output: null, called: 1, returned: 2 };
 * const read = { ...at, name: "read", input: null, output: 0, called: 3, returned: 4 };
 * linearize([write, read], register, 0).isLinearizable // => false
 * ```
 */
export function linearize(
  operations: readonly Operation[],
  object: SequentialObject,
  initial: Json = null,
  { maxSteps = 10_000_000, shouldStop = () => false }: LinearizeLimits = {},
): Linearization {
  const order: Operation[] = [];
  let steps = 0;
  for (const [part, members] of partsOf(operations, object)) {
    const search = new PartSearch(members, object, initial);
    const isLinearizable = search.run(maxSteps - steps, shouldStop);
    steps += search.steps;
    if (isLinearizable !== true)
      return { isLinearizable, order: search.longest, stuck: search.stuck, state: search.state, part, steps };
    order.push(...search.longest);
  }
  return { isLinearizable: true, order, stuck: null, state: null, part: null, steps };
}

/** Why there is no order, in lines. */
export function whyNot({ order, stuck, state, part }: Linearization): string[] {
  if (!stuck) return [];
  const last = order.slice(-5);
  return [
    `No order explains ${inWords(stuck)}${part === null ? "" : `, on ${part}`}.`,
    `The longest order that is possible has ${counted(order.length, "operation")}${order.length > last.length ? `; its last ${last.length}:` : order.length ? ":" : "."}`,
    ...last.map((operation) => `  ${inWords(operation)}`),
    `After it the object is ${JSON.stringify(state)}.`,
  ];
}

function partsOf(
  operations: readonly Operation[],
  { part, reads }: SequentialObject,
): Map<string | null, Operation[]> {
  const parts = new Map<string | null, Operation[]>();
  for (const operation of operations) {
    if (operation.returned === null && reads.includes(operation.name)) continue;
    const key = part?.(operation) ?? null;
    const members = parts.get(key);
    if (members) members.push(operation);
    else parts.set(key, [operation]);
  }
  return parts;
}

/** A call or a return in the list of what is not ordered yet. */
interface Entry {
  readonly operation: number;
  readonly isCall: boolean;
  before: Entry | null;
  after: Entry | null;
  /** Of a call: its return, if it returned. */
  match: Entry | null;
}

class PartSearch {
  longest: readonly Operation[] = [];
  stuck: Operation | null = null;
  state: Json;
  steps = 0;
  readonly #operations: readonly Operation[];
  readonly #object: SequentialObject;
  readonly #head: Entry = { operation: -1, isCall: false, before: null, after: null, match: null };
  /** Which operations are ordered, 16 in a number. */
  readonly #bits: Uint16Array;
  /** Every operation with a smaller number is ordered. */
  #firstMissing = 0;
  readonly #tried = new Set<string>();

  constructor(operations: readonly Operation[], object: SequentialObject, initial: Json) {
    this.#operations = [...operations].sort((a, b) => a.called - b.called);
    this.#object = object;
    this.state = object.init(initial);
    this.#bits = new Uint16Array((operations.length >> 4) + 1);
    const entries = this.#operations.flatMap(({ called, returned }, operation) => {
      const call: Entry = { operation, isCall: true, before: null, after: null, match: null };
      if (returned === null) return [{ at: called, entry: call }];
      call.match = { operation, isCall: false, before: null, after: null, match: null };
      return [
        { at: called, entry: call },
        { at: returned, entry: call.match },
      ];
    });
    let last = this.#head;
    for (const { entry } of entries.sort((a, b) => a.at - b.at)) {
      last.after = entry;
      entry.before = last;
      last = entry;
    }
  }

  /** Whether an order exists; null if that is not known after so many steps. */
  run(maxSteps: number, shouldStop: () => boolean): boolean | null {
    let missing = this.#operations.filter(({ returned }) => returned !== null).length;
    let state = this.state;
    const path: { readonly call: Entry; readonly state: Json }[] = [];
    let entry = this.#head.after;
    while (missing > 0) {
      if (entry?.isCall) {
        const next = this.#object.step(state, this.#callOf(entry.operation));
        if (next !== undefined && this.#isNew(entry.operation, next)) {
          if (this.steps >= maxSteps || (this.steps % 1024 === 0 && shouldStop()))
            return this.#cut(path, state);
          this.steps++;
          path.push({ call: entry, state });
          state = next;
          if (entry.match) missing--;
          this.#take(entry);
          entry = this.#head.after;
        } else entry = entry.after;
        continue;
      }
      // A return whose operation has to stand before all that follow, and does not: back to the last choice.
      this.#note(path, state, entry);
      const choice = path.pop();
      if (!choice) return false;
      state = choice.state;
      if (choice.call.match) missing++;
      this.#giveBack(choice.call);
      entry = choice.call.after;
    }
    this.longest = path.map(({ call }) => this.#operations[call.operation]!);
    return true;
  }

  #callOf(operation: number) {
    const { name, input, output, returned } = this.#operations[operation]!;
    return { name, input, output: returned === null ? undefined : output };
  }

  /** Remembers the ordered operations with one more, and the state; false if they were there before. */
  #isNew(operation: number, state: Json): boolean {
    const bits = this.#bits;
    bits[operation >> 4]! |= 1 << (operation & 15);
    let [from, to] = [this.#firstMissing >> 4, bits.length];
    while (bits[from] === 0xffff) from++;
    while (to > from && bits[to - 1] === 0) to--;
    const key = `${from} ${to} ${String.fromCharCode(...bits.subarray(from, to))}${JSON.stringify(state)}`;
    bits[operation >> 4]! &= ~(1 << (operation & 15));
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    return true;
  }

  #isOrdered(operation: number): boolean {
    return (this.#bits[operation >> 4]! & (1 << (operation & 15))) !== 0;
  }

  #take(call: Entry): void {
    this.#bits[call.operation >> 4]! |= 1 << (call.operation & 15);
    while (this.#isOrdered(this.#firstMissing)) this.#firstMissing++;
    for (const entry of [call, call.match]) {
      if (!entry) continue;
      entry.before!.after = entry.after;
      if (entry.after) entry.after.before = entry.before;
    }
  }

  /** Puts back what was taken last. */
  #giveBack(call: Entry): void {
    this.#bits[call.operation >> 4]! &= ~(1 << (call.operation & 15));
    this.#firstMissing = Math.min(this.#firstMissing, call.operation);
    for (const entry of [call.match, call]) {
      if (!entry) continue;
      entry.before!.after = entry;
      if (entry.after) entry.after.before = entry;
    }
  }

  /** Keeps the longest order and what is missing behind it. */
  #note(path: readonly { readonly call: Entry }[], state: Json, missing: Entry | null): void {
    if (this.stuck && path.length <= this.longest.length) return;
    this.longest = path.map(({ call }) => this.#operations[call.operation]!);
    this.stuck = missing ? this.#operations[missing.operation]! : null;
    this.state = state;
  }

  #cut(path: readonly { readonly call: Entry }[], state: Json): null {
    this.#note(path, state, null);
    this.stuck = null;
    return null;
  }
}
