// The rules of proactive recovery, each a function of its own; a mutant replaces one. References: sections of TOCS 2002.
//
// What they are for. Every certificate must rest on at most f replicas that were faulty when they spoke. More than f may be faulty in the long
// run, so what an earlier one has said, or can still have said in its name, must not count beside what a later one says. It cannot:
// the replica that recovers sends nothing above H_M that rests on what it was left with; nothing is accepted under its old keys
// above H_R; and it counts as recovered once the checkpoint at max(H_M, H_R) is stable, so that everything below is settled.

import { type Config, quorum } from "../../protocol/index.js";
import { checkpointBelow, type RecoveryConfig } from "./parameters.js";
import type { Answer, State } from "./state.js";

type Recovering = Pick<State, "standing" | "bound" | "point" | "stable" | "replies">;

export const recoveryRules = {
  // --- keys (4.2 and 4.3) ---
  /** A message counts under the current key only: others may be known to an attacker. */
  keyIsCurrent: (key: number, current: number): boolean => key >= current,
  /** Who recovers first changes the keys under which others send to it. */
  changesOwnKeys: (): boolean => true,
  /** Who executes a recovery request changes its keys: the attacker knows those of the replica that recovers. */
  changesKeysOnExecution: (): boolean => true,
  /** So does who fetches a state that shows that one was executed. */
  changesKeysOnFetch: (): boolean => true,

  // --- estimation: H_M = c_M + L (4.3) ---
  /**
   * c_M: the last checkpoint c of somebody, of which 2f others have no later one, and f others have prepared c. At least 2f+1 have not gone
   * further, so no checkpoint above c was stable; and a correct replica has come to c, so nobody can make it large at will. Null: not yet.
   */
  estimate: (config: Pick<Config, "faults">, answers: readonly Answer[]): number | null => {
    const fit = answers.filter((one) => {
      const others = answers.filter((other) => other !== one);
      return (
        others.filter(({ checkpoint }) => checkpoint <= one.checkpoint).length >= 2 * config.faults &&
        others.filter(({ prepared }) => prepared >= one.checkpoint).length >= config.faults
      );
    });
    return fit.length === 0 ? null : Math.min(...fit.map(({ checkpoint }) => checkpoint));
  },
  /** What the log and the state have above H_M is discarded. */
  keepsSlot: (slot: number, bound: number): boolean => slot <= bound,
  /** Nothing above H_M is sent before the replica has recovered. */
  maySend: ({ standing, bound }: Recovering, slot: number): boolean =>
    standing === "normal" || (standing === "recovering" && slot <= bound),

  // --- the recovery request (4.3) ---
  /** How many equal replies are waited for: 2f+1. */
  repliesNeeded: (config: Pick<Config, "replicas" | "faults">): number => quorum(config),
  /** H = max(H_M, H_R), where H_R is the highest slot that may be in anybody's log when the recovery request is executed at n_R. */
  recoveryPoint: (config: RecoveryConfig, bound: number, slot: number): number =>
    Math.max(bound, checkpointBelow(config, slot) + config.set.log),
  /** It has recovered when the checkpoint at H is stable. */
  hasRecovered: ({ point, stable }: Recovering): boolean => point > 0 && stable >= point,
  /** Who fetches a state sends its own checkpoint message for it, too: another one may need that for a quorum. */
  vouchesForFetched: (): boolean => true,
  /** The primary fills the log with null requests up to H, if nobody asks for anything. */
  fillsUp: (): boolean => true,

  // --- state (4.3) ---
  /**
   * What a replica makes of its state and the certified one: it compares all of it, and fetches what differs, not only what is newer than
   * what it has.
   */
  repaired: (_own: readonly string[], certified: readonly string[]): readonly string[] => certified,
};
export type RecoveryRules = typeof recoveryRules;
