// Leaving out: single actions and pairs of them, and what is left put in causal order, until nothing more can be left out. What
// ends in a loop keeps one that can go on for ever: the actions of the loop, and of the way to it, are left out alike.

import type { Action } from "../model/action.js";
import { performInCausalOrder } from "./causal-order.js";
import { ddmin, type Test } from "./ddmin.js";
import { lengthOf, type Oracle, type Way } from "./oracle.js";
import { withoutSomePair } from "./pairs.js";

/** Pairs are tried when at most this many actions are left: 780 tests. */
const pairsUpTo = 40;

/** An action, and whether it belongs to the loop. */
type Item = readonly [action: Action, isLoop: boolean];

/** A way from which no single action can be left out; `way` itself must violate the property. */
export function shrink(way: Way, oracle: Oracle): Way {
  const test: Test<Item> = (items) => {
    const found = oracle.lenientWay(wayOf(items));
    return found && itemsOf(found);
  };
  let current = ddmin(itemsOf(way), test);
  for (;;) {
    const ordered = itemsOf(inCausalOrder(wayOf(current), oracle));
    const singles = ddmin(ordered, test); // the order has an influence on what is possible
    const fewer = singles.length <= pairsUpTo ? withoutSomePair(singles, test) : null;
    if (fewer !== null || singles.length < ordered.length) current = ddmin(fewer ?? singles, test);
    else {
      const turned = turnedShorter(wayOf(ordered), test);
      if (turned === null) return wayOf(ordered);
      current = turned;
    }
  }
}

/** The actions (of a loop: those before it) in causal order, if they violate the property in that order; otherwise as they are. */
export function inCausalOrder(way: Way, oracle: Oracle): Way {
  const walk = oracle.begin();
  if (!walk || !performInCausalOrder(walk, way.actions)) return way;
  const ordered = { actions: walk.actions, loop: way.loop };
  return oracle.strictWay(ordered) === null ? way : ordered;
}

/** The way to a loop may be shorter if it enters the loop elsewhere. Null if it is not. */
function turnedShorter(way: Way, test: Test<Item>): readonly Item[] | null {
  for (const at of way.loop.keys()) {
    if (at === 0) continue;
    const [before, after] = [way.loop.slice(0, at), way.loop.slice(at)];
    const items = test(itemsOf({ actions: [...way.actions, ...before], loop: [...after, ...before] }));
    const turned = items && ddmin(items, test);
    if (turned && turned.length < lengthOf(way)) return turned;
  }
  return null;
}

function itemsOf({ actions, loop }: Way): readonly Item[] {
  return [...actions.map((action): Item => [action, false]), ...loop.map((action): Item => [action, true])];
}

function wayOf(items: readonly Item[]): Way {
  const of = (isLoop: boolean) => items.filter((item) => item[1] === isLoop).map(([action]) => action);
  return { actions: of(false), loop: of(true) };
}
