// Sleep sets, one step deep: the same states as in the plain search, by fewer transitions. If two nodes can
// both take a step, the plain search takes both orders, and the second one ends in a state that it knows.
// Here a node that could have moved before the last step sleeps in this state, if its number is below that
// of the node that has moved since.
//
// The rule. Let the state s have been discovered from its parent p by a step of node k. At s a step of a
// node i < k is left out if it was possible in p already and shows no event. Everything else is done.
//
// Why every state is found, and as early as in the plain search. By induction over levels. Let t be a state
// of level n + 1 (its distance from the start), and of all steps that lead from a state of level n to t
// take one of the largest node: a step a of node i, from s. Suppose that it is left out at s, whose parent
// is p, from where c of node k > i leads to s. Then a is possible in p, and leads to a state p.a with the
// observation of p, for it shows nothing: so p.a violates nothing and is expanded. There c is possible,
// since k is as it was in p, and on `async` what is deliverable, and what the adversary can say (which is
// checked as the search goes), only grow. It leads to t: the components of i and k are those of t, and the
// observation is that of p after the events of c, which is that of s, hence that of t. Now p.a has at most
// level n, and t can be reached from it in one step, so it has level n: but then t is reached from a state
// of level n by a step of the node k > i, and i was not the largest. So a is not left out. Which of several
// parents was recorded makes no difference.
//
// A state without a known parent sleeps through nothing. Not with crashes (their budget is for all nodes
// together), not for liveness (what is obligatory, and what repeats in a cycle, shows in all transitions),
// not where states are stored under other names or without something that they had.

import type { Setting } from "../model/setting.js";
import { checksLiveness } from "../model/setting.js";
import type { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";

/** Why sleep sets cannot be used in a setting, or null. */
export function sleepSetsRefusal(setting: Setting): string | null {
  if (setting.network !== "async") return "only on the async network does everything stay deliverable";
  if (checksLiveness(setting)) return "liveness properties need all transitions";
  if ((setting.bounds.crashes ?? 0) > 0) return "whether a node can crash depends on the crashes of others";
  return null;
}

/** Lists the transitions of a state, without those that sleep. */
export class SleepSets {
  readonly #system: TransitionSystem;

  constructor(system: TransitionSystem) {
    this.#system = system;
    system.reactions.rememberEvents();
  }

  /**
   * Fills `out` with the transitions of a state that are not left out; `parent` is where it was discovered,
   * or null.
   */
  successors(parent: Int32Array | null, vector: Int32Array, out: Successors): void {
    const mover = parent === null ? -1 : this.#moverOf(parent, vector);
    if (mover < 0) this.#system.asyncSteps.successors(vector, 0, out);
    else this.#system.asyncSteps.newSuccessors(parent!, mover, vector, out);
  }

  /** The node that has moved, or -1 if only the observation has changed. */
  #moverOf(parent: Int32Array, vector: Int32Array): number {
    const count = this.#system.nodes.length;
    let node = 0;
    while (node < count && parent[node] === vector[node]) node++;
    return node < count ? node : -1;
  }
}
