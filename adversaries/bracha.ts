// Arbitrary adversary for reliable broadcast: each message with each value. A Byzantine sender may send
// anything; any other replica may lie about what the sender sent, or send a value that nobody proposed.

import type { Adversary } from "../src/protocol/index.js";
import { type Message, sender } from "../src/protocols/bracha/index.js";
import { neverRequested, valuesOf } from "../src/protocols/reactions.js";

const tags: readonly Message["tag"][] = ["initial", "echo", "ready"];

/** Says each message of reliable broadcast with any value, differently to each. */
export const brachaArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says each message with any value, differently to each",
  strength: 3,
  forwards: false, // nothing is signed, so there is nothing to pass on in another's name
  speaks: true,
  canMove: () => true,
  observes: () => false,
  moves: ({ self, config }) => {
    const values = [...valuesOf(config), ...(self === sender ? [] : [neverRequested])];
    return values.flatMap((value) => tags.map((tag) => ({ tag, value })));
  },
};
