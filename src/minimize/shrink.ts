// Removes single actions and pairs of them, and puts the rest in causal order, until nothing more can be
// removed. In a lasso, actions of the stem and of the loop are removed alike, as long as the loop can go on
// for ever.

import type { Action } from "../model/action.js";
import { performInCausalOrder } from "./causal-order.js";
import { ddmin, type Test } from "./ddmin.js";
import { type ActionSequence, lengthOf, type Oracle } from "./oracle.js";
import { withoutSomePair } from "./pairs.js";

/** Pairs are tried if at most this many actions are left: 780 tests. */
const pairsUpTo = 40;

/** An action, and whether it belongs to the loop. */
type Item = readonly [action: Action, isLoop: boolean];

/** A sequence from which no single action can be left out; `sequence` itself must violate the property. */
export function shrink(sequence: ActionSequence, oracle: Oracle): ActionSequence {
  const test: Test<Item> = (items) => {
    const found = oracle.lenientSequence(sequenceOf(items));
    return found && itemsOf(found);
  };
  let current = ddmin(itemsOf(sequence), test);
  for (;;) {
    const ordered = itemsOf(inCausalOrder(sequenceOf(current), oracle));
    const singles = ddmin(ordered, test); // the order has an influence on what is possible
    const fewer = singles.length <= pairsUpTo ? withoutSomePair(singles, test) : null;
    if (fewer !== null || singles.length < ordered.length) current = ddmin(fewer ?? singles, test);
    else {
      const turned = turnedShorter(sequenceOf(ordered), test);
      if (turned === null) return sequenceOf(ordered);
      current = turned;
    }
  }
}

/**
 * The actions (before a loop) in causal order, if they violate the property in that order; otherwise
 * unchanged.
 */
export function inCausalOrder(sequence: ActionSequence, oracle: Oracle): ActionSequence {
  const walk = oracle.begin();
  if (!walk || !performInCausalOrder(walk, sequence.actions)) return sequence;
  const ordered = { actions: walk.actions, loop: sequence.loop };
  return oracle.strictSequence(ordered) === null ? sequence : ordered;
}

/** The sequence that enters the loop elsewhere, if that makes it shorter; otherwise null. */
function turnedShorter(sequence: ActionSequence, test: Test<Item>): readonly Item[] | null {
  for (const at of sequence.loop.keys()) {
    if (at === 0) continue;
    const [before, after] = [sequence.loop.slice(0, at), sequence.loop.slice(at)];
    const items = test(itemsOf({ actions: [...sequence.actions, ...before], loop: [...after, ...before] }));
    const turned = items && ddmin(items, test);
    if (turned && turned.length < lengthOf(sequence)) return turned;
  }
  return null;
}

function itemsOf({ actions, loop }: ActionSequence): readonly Item[] {
  return [...actions.map((action): Item => [action, false]), ...loop.map((action): Item => [action, true])];
}

function sequenceOf(items: readonly Item[]): ActionSequence {
  const of = (isLoop: boolean) => items.filter((item) => item[1] === isLoop).map(([action]) => action);
  return { actions: of(false), loop: of(true) };
}
