// The cache of evaluated steps, by node, local state and input, shared by all threads: `step` is evaluated
// once for each pair.

import type { SharedMemo } from "./dictionary.js";
import { Numbering } from "./intern.js";
import { changesNothing, type Outcome, type Outcomes } from "./outcomes.js";
import { PairTable } from "./tables.js";

/** The evaluated steps of one node. */
export class StepMemo {
  /** How many steps there are. */
  count = 0;
  readonly #interned: Outcomes;
  readonly #indexOf = new PairTable();
  readonly #outcomes: (readonly Outcome[])[] = [];
  /** Lists of outcomes, numbered once steps are published. */
  readonly #lists: (readonly Outcome[])[] = [];
  readonly #listIds = new Numbering((text) => this.#lists.push(JSON.parse(text) as readonly Outcome[]));
  #publish: ((entry: readonly number[]) => void) | null = null;

  constructor(interned: Outcomes) {
    this.#interned = interned;
  }

  /** The outcomes of a step, or undefined if it was not evaluated yet. */
  get(local: number, inputId: number): readonly Outcome[] | undefined {
    const known = this.#indexOf.get(local, inputId);
    return known >= 0 ? this.#outcomes[known] : undefined;
  }

  /**
   * Keeps what a step has come to. It may have been taken over from another thread meanwhile: then that is
   * returned.
   */
  keep(local: number, inputId: number, found: readonly Outcome[]): readonly Outcome[] {
    const known = this.get(local, inputId);
    if (known) return known;
    this.#add(local, inputId, found);
    this.#publish?.([local, inputId, this.#listId(local, found)]);
    return found;
  }

  #add(local: number, inputId: number, outcomes: readonly Outcome[]): void {
    this.count++;
    this.#indexOf.set(local, inputId, this.#outcomes.push(outcomes) - 1);
  }

  /** -1 if nothing happens, as in most steps. */
  #listId(local: number, outcomes: readonly Outcome[]): number {
    const [first] = outcomes;
    if (outcomes.length === 1 && first!.label === undefined && changesNothing(first!, local)) return -1;
    const { id, isNew } = this.#listIds.id(JSON.stringify(outcomes));
    if (isNew) this.#lists.push(outcomes);
    return id;
  }

  /** Every step: local state, input, outcomes. */
  *all(): Iterable<readonly [local: number, inputId: number, outcomes: readonly Outcome[]]> {
    for (const [local, inputId, index] of this.#indexOf.entries())
      yield [local, inputId, this.#outcomes[index]!];
  }

  /** The numbers of lists of outcomes, which threads have in common. */
  numbering(): Numbering {
    for (const [local, , index] of this.#indexOf.entries()) this.#listId(local, this.#outcomes[index]!);
    return this.#listIds;
  }

  /** The steps, which threads have in common too. */
  shared(): SharedMemo {
    return {
      entries: () =>
        [...this.#indexOf.entries()].map(([local, inputId, index]) => [
          local,
          inputId,
          this.#listId(local, this.#outcomes[index]!),
        ]),
      deserialize: (items, at) => {
        const [local, inputId, list] = [items[at]!, items[at + 1]!, items[at + 2]!];
        if (this.get(local, inputId)) return;
        this.#add(local, inputId, list < 0 ? this.#interned.ignoring(local) : this.#lists[list]!);
      },
      share: (publish) => {
        this.#publish = publish;
      },
    };
  }
}
