// Liveness in the naive search: whether a goal is missed for good in a state, or by a fair execution without end.

import { Actions } from "./actions.js";
import type { State } from "./texts.js";

/** A run with what is owed in it. */
export class Liveness extends Actions {
  /** The states found, in breadth-first order. */
  readonly queue: State[] = [];
  /** See `NaiveResult`. */
  undecided: "inconclusive" | "outside" | null = this.isLive && !this.isOwed ? "outside" : null;

  /** The index of the monitor that judges a property in a state. */
  judgeOf(state: State, property: number): number {
    const absent = this.absentIn(state);
    if (absent.length === 0) return property;
    const own = this.watchers.findIndex(
      (watcher) => watcher.index === property && watcher.absent.join() === absent.join(),
    );
    return own < 0 ? property : this.properties.length + own;
  }

  isPending(state: State, property: number): boolean {
    const judge = this.judgeOf(state, property);
    return (
      this.properties[property]!.kind === "eventually" &&
      this.monitors[judge]!.verdict(this.monitorStates(state)[judge]!) === "pending"
    );
  }

  /** Whether somebody waits in the last view with a timer that only the bound keeps from firing. */
  waits(state: State): boolean {
    return this.specs.some((spec, node) => {
      const { isDown, local, timers } = this.nodeOf(state, node);
      if (isDown || spec.role !== "replica" || !this.isBound(node) || !this.protocol.primary) return false;
      const completions = spec.behaviour.completions ?? [];
      return (
        this.viewOf(node, local) >= this.bounds.views && timers.some((timer) => !completions.includes(timer))
      );
    });
  }

  /** Whether the primary of the last view is up, and there. */
  isLed(state: State): boolean {
    const isThere = this.specs.some(
      ({ id }, node) =>
        id === this.lastPrimary && this.viewOf(node, this.nodeOf(state, node).local) >= this.bounds.views,
    );
    return isThere && !this.absentIn(state).includes(this.lastPrimary!);
  }

  /** Whether the protocol is to blame for a goal that is missed in a state in which nothing has to happen. */
  isBlamed(state: State): boolean {
    if (!this.waits(state) || this.isLed(state)) return true;
    const isOutside = this.absentIn(state).includes(this.lastPrimary!);
    if (this.undecided !== "inconclusive") this.undecided = isOutside ? "outside" : "inconclusive";
    return false;
  }

  /** The goal that can no longer be met: nothing obligatory is left, or somebody has left the last view. */
  brokenPromise(state: State, successors: readonly { readonly isObligatory: boolean }[]) {
    const broken = this.properties.findIndex((_, property) => this.isPending(state, property));
    if (broken < 0) return undefined;
    const isGone = this.specs.some(
      (_, node) =>
        !this.isPuppet(node) && this.viewOf(node, this.nodeOf(state, node).local) > this.bounds.views,
    );
    if (isGone && !this.absentIn(state).includes(this.lastPrimary!)) return broken;
    if (successors.some(({ isObligatory }) => isObligatory)) return undefined;
    return this.isBlamed(state) ? broken : undefined;
  }

  /**
   * A property whose goal a fair scheduler can miss with probability 1, from some state on: the almost sure winning set of a
   * generalized Büchi objective (each obligation again and again impossible or taken) in a Markov decision process, as nested
   * fixpoints. No components and no circles are looked for.
   */
  missedForEver(): string | null {
    const numbers = new Map(this.queue.map((state, index) => [state.join("\n"), index]));
    const options = this.queue.map((state) => {
      const edges = this.actions(state).map(({ state: next, key }) => ({
        ...{ key, coin: this.coins.get(next) ?? {} },
        to: numbers.get(next.join("\n"))!,
      }));
      return [...new Set(edges.map(({ coin }) => coin))].map((coin) => {
        const sides = edges.filter((edge) => edge.coin === coin);
        return { key: sides[0]!.key, targets: sides.map(({ to }) => to) };
      });
    });
    const keys = new Set(options.flatMap((all) => all.flatMap(({ key }) => key ?? [])));
    for (const [property, { kind, name }] of this.properties.entries()) {
      if (kind !== "eventually") continue;
      const pending = [...this.queue.keys()].filter((at) => this.isPending(this.queue[at]!, property));
      const canBeMissed = (isIncluded: (state: State) => boolean) =>
        this.missedFrom(
          pending.filter((at) => isIncluded(this.queue[at]!)),
          options,
          keys,
        );
      if (canBeMissed((state) => !this.waits(state))) return name;
      if (canBeMissed((state) => this.isLed(state))) return name;
      if (canBeMissed((state) => !this.absentIn(state).includes(this.lastPrimary!)))
        this.undecided = "inconclusive";
      else if (canBeMissed(() => true)) this.undecided ??= "outside";
    }
    return null;
  }

  /** Whether a fair scheduler can stay among these states with probability 1, from one of them on. */
  missedFrom(
    among: readonly number[],
    options: readonly (readonly { readonly key: string | null; readonly targets: readonly number[] }[])[],
    keys: ReadonlySet<string>,
  ): boolean {
    let kept = new Set(among);
    for (let before = -1; before !== kept.size; ) {
      before = kept.size;
      const stays = (at: number) => options[at]!.filter(({ targets }) => targets.every((to) => kept.has(to)));
      let next = new Set([...kept].filter((at) => stays(at).length > 0));
      for (const key of keys) {
        const reaching = new Set<number>();
        for (let size = -1; size !== reaching.size; ) {
          size = reaching.size;
          for (const at of kept) {
            const isImpossible = options[at]!.every((option) => option.key !== key);
            const leads = stays(at).some(
              (option) => isImpossible || option.key === key || option.targets.some((to) => reaching.has(to)),
            );
            if (leads) reaching.add(at);
          }
        }
        next = new Set([...next].filter((at) => reaching.has(at)));
      }
      kept = next;
    }
    return kept.size > 0;
  }
}
