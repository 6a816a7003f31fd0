// One choice of a schedule: which kind of action happens, and which one of that kind. Choice 0 is the first delivery there is, so a
// schedule shrinks towards few actions, deliveries, and early ones.

import * as fc from "fast-check";
import type { Action } from "../model/action.js";

/** What kind of action happens (0..10: a delivery, 11..13: a lie, 14: a timer, 15: anything else), and which one of them, modulo their number. */
export type Choice = readonly [kind: number, which: number];

type Kind = "deliver" | "lie" | "timer" | "other";

/** Of sixteen choices eleven are deliveries, three the adversary's, one a timer, and one anything else. */
export function kindAt(choice: number): Kind {
  if (choice < 11) return "deliver";
  return choice < 14 ? "lie" : choice === 14 ? "timer" : "other";
}

/** The kind of an action. */
export function kindOf({ kind }: Action): Kind {
  if (kind === "deliver" || kind === "timer") return kind;
  return kind === "inject" || kind === "relay" ? "lie" : "other";
}

/** Lists of choices for up to `maxActions` actions; the first choice chooses the start. */
export function choices(maxActions: number): fc.Arbitrary<readonly Choice[]> {
  const choice = fc.tuple(fc.nat(15), fc.nat(2 ** 20 - 1));
  return fc.array(choice, { maxLength: maxActions + 1, size: "max" });
}
