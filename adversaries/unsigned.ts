// Adversaries for protocols whose messages carry no proof: every message of a finite alphabet, to anybody, at
// any time. Within that alphabet no adversary is stronger.

import { type Adversary, type AdversaryContext, sign } from "../src/protocol/index.js";
import type { Message as Exercise } from "../src/protocols/go-exercise/index.js";
import { neverRequested, valuesOf } from "../src/protocols/reactions.js";
import type { Body, Message as Tutorial } from "../src/protocols/tutorial/messages.js";
import { range } from "./collections.js";

const phases = ["pre-prepare", "prepare", "commit"] as const;

function everything<Message>(
  forwards: boolean,
  moves: (place: AdversaryContext) => readonly Message[],
): Adversary<Message> {
  return {
    name: "arbitrary",
    summary: "says anything that is well-formed and within the bounds, differently to each",
    strength: 3,
    forwards,
    speaks: true,
    canMove: () => true,
    observes: () => false,
    moves,
  };
}

/** The Go exercise's: pre-prepares of any payload, votes for any request, and every view change. */
export const goExerciseArbitrary = everything<Exercise>(false, ({ config, views }) =>
  range(0, views).flatMap((view): Exercise[] => [
    ...(views === 0 ? [] : [{ tag: "view-change", view } as const, { tag: "new-view", view } as const]),
    ...range(1, config.slots).flatMap((slot): Exercise[] => [
      { tag: "pre-prepare", view, slot, value: neverRequested },
      ...valuesOf(config).flatMap((value) => phases.map((tag) => ({ tag, view, slot, value }))),
    ]),
  ]),
);

/**
 * The asyncio tutorial's: each phase of each slot, with a digest that was requested and with one that was
 * not.
 */
export const tutorialArbitrary = everything<Tutorial>(true, ({ self, config }) =>
  range(1, config.slots).flatMap((slot) =>
    ["tx-1", neverRequested].flatMap((digest) =>
      phases.map((tag) => sign<Body>(self, { tag, view: 0, slot, digest })),
    ),
  ),
);
