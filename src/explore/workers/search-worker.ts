// Hot file: one thread's part in a search by several. In a round every thread claims items (a few states of
// the present level that stand next to each other), expands them, and adds what it finds to the visited set
// that all of them share. A round ends when nothing is left, or when everybody pauses because the table has
// no more room, or a value no more bits: then the states concerned are expanded once more in the next
// round. That is harmless: what was added before is known then.
//
// It says only that something is violated, not how: see search.ts.

import type { Dictionary } from "../../model/dictionary.js";
import { Successors } from "../../model/successors.js";
import type { TransitionSystem } from "../../model/system.js";
import { Abandoned, watched } from "../../watch/clock.js";
import { Patience } from "../../watch/patience.js";
import type { Expansion } from "../expansion.js";
import { noRoom, type VisitedSet } from "../visited.js";
import type { RoundReport, WorkQueue } from "./messages.js";

/** After so many expanded states, or new ones, the others are told how far this thread is. */
const betweenLooks = 64;
const newBetweenLooks = 1024;

/** One thread's part in a search. */
export class SearchWorker {
  /** How many of the states found by this thread have each observation. */
  readonly statesByObservation: number[] = [];
  readonly #system: TransitionSystem;
  readonly #expansion: Expansion;
  readonly #visited: VisitedSet;
  readonly #dictionary: Dictionary;
  readonly #queue: WorkQueue;
  readonly #index: number;
  readonly #successors = new Successors();
  readonly #vector: Int32Array;
  /** States there was no room for, and those that have to be expanded first in this round. */
  #postponed: number[] = [];
  #first: number[] = [];
  /** The states of the item at worker that are left. */
  #at = 0;
  #end = 0;
  #expanded = 0;
  #transitions = 0;
  #decisions = 0;
  #toldCount = 0;
  #isViolated = false;
  /** Called a few times a second while a state is expanded. */
  onLook: (() => void) | null = null;
  /** The state whose expansion may be abandoned, or -1. */
  #atHand = -1;
  readonly #patience = new Patience();

  constructor(
    system: TransitionSystem,
    expansion: Expansion,
    visited: VisitedSet,
    dictionary: Dictionary,
    queue: WorkQueue,
    index: number,
    expanded: number,
  ) {
    this.#system = system;
    this.#expansion = expansion;
    this.#visited = visited;
    this.#dictionary = dictionary;
    this.#queue = queue;
    this.#index = index;
    this.#expanded = expanded;
    this.#vector = new Int32Array(system.width);
    this.#tell();
  }

  /** Before a round. */
  begin(): void {
    this.#first = this.#postponed;
    this.#postponed = [];
    this.#dictionary.exchange();
  }

  /** Takes part in a round until it is over (true), or until that time (false). */
  work(items: Int32Array, until: number): boolean {
    try {
      return watched(
        () => this.#mustEnd(until),
        () => this.#work(items, until),
      );
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
      this.#first.push(this.#atHand);
      this.#atHand = -1;
      this.#tell();
      return this.#queue.isStopped;
    }
  }

  /** Asked from the loops inside the expansion of a state: whether to abandon it. */
  #mustEnd(until: number): boolean {
    this.onLook?.();
    if (this.#atHand < 0) return false; // something would be half done
    return this.#queue.isStopped || (Number.isFinite(until) && this.#patience.isOver(this.#atHand));
  }

  #work(items: Int32Array, until: number): boolean {
    for (;;) {
      const again = this.#first.pop();
      if (again !== undefined) this.#expand(again);
      else if (this.#at < this.#end) this.#expand(this.#at++);
      else if (this.#queue.isHalted || !this.#claim(items)) break;
      const isTime = this.#expanded % betweenLooks === 0;
      if (!isTime && this.#visited.count - this.#toldCount < newBetweenLooks) continue;
      this.#tell();
      if (this.#queue.isStopped) break;
      if (isTime && performance.now() > until) return false;
    }
    this.#tell();
    return true;
  }

  /** After a round. */
  report(): RoundReport {
    this.#dictionary.exchange();
    return {
      ...this.#visited.drainUpdates(),
      postponed: this.#postponed.length,
      isViolated: this.#isViolated,
    };
  }

  #claim(items: Int32Array): boolean {
    const item = this.#queue.claim(this.#index);
    if (item < 0) return false;
    this.#dictionary.exchange();
    this.#at = items[item * 2] as number;
    this.#end = this.#at + (items[item * 2 + 1] as number);
    return true;
  }

  #tell(): void {
    this.#toldCount = this.#visited.count;
    this.#queue.tell(this.#index, {
      states: this.#visited.count,
      expanded: this.#expanded,
      transitions: this.#transitions,
      decisions: this.#decisions,
    });
  }

  #expand(state: number): void {
    const visited = this.#visited;
    const vector = visited.read(state, this.#vector);
    const out = this.#successors;
    this.#atHand = state;
    this.#expansion.successors(visited, visited.parent(state), vector, out);
    this.#atHand = -1; // from here on nothing is abandoned
    const isAdded = this.#addAll(state, vector);
    visited.batch.clear();
    if (!isAdded) {
      this.#postponed.push(state);
      this.#queue.pause();
      return;
    }
    this.#expanded++;
    this.#transitions += out.transitions;
    this.#decisions += out.decisions;
  }

  /** Adds all successors; false if there was no room for one of them. */
  #addAll(state: number, vector: Int32Array): boolean {
    const visited = this.#visited;
    if (!visited.propose(vector, this.#successors, state)) return false;
    visited.prefetch();
    for (let index = 0; index < visited.batch.count; index++) {
      const added = visited.addFromBatch(index);
      if (added >= 0) this.#discovered(visited.batch.observations[index] as number);
      else if (added === noRoom) return false;
    }
    return true;
  }

  #discovered(observation: number): void {
    this.statesByObservation[observation] = (this.statesByObservation[observation] ?? 0) + 1;
    if (this.#system.observations.violated(observation) < 0) return;
    this.#isViolated = true;
    this.#queue.stop();
  }
}
