// Usurper: proposes values in the first view although it does not lead it, and is silent otherwise.

import { type Adversary, type Signed, sign } from "../src/protocol/index.js";
import { valuesOf } from "../src/protocols/reactions.js";

/**
 * The usurper of a protocol whose proposals are signed.
 *
 * ```ts
 * usurper<Body>((value) => ({ tag: "proposal", view: 0, value }));
 * ```
 */
export function usurper<Body>(proposal: (value: string) => Body): Adversary<Signed<Body>> {
  return {
    name: "usurper",
    summary: "proposes values in views that it does not lead, and is silent otherwise",
    strength: 2,
    forwards: false,
    speaks: true,
    canMove: () => true,
    observes: () => false,
    moves: ({ self, config }) => valuesOf(config).map((value) => sign(self, proposal(value))),
  };
}
