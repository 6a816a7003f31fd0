// The rules of the Go exercise in which the text has flaws: as written, and repaired. Function names are
// those of its solution.

import type { Config, NodeId } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";

export interface Rules {
  /** `handlePrepare`: how many prepares make a replica commit. The primary sends none. */
  readonly preparesNeeded: (config: Config) => number;
  /**
   * `handlePrepare`: whether a prepare of this node counts. If 2f are enough, the primary's must not: its
   * pre-prepare is its vote.
   */
  readonly mayPrepare: (config: Config, view: number, from: NodeId) => boolean;
  /**
   * `handlePrepare` and `handleCommit`: whether a vote counts although it names another payload than the
   * pre-prepare.
   */
  readonly countsVote: (value: string, proposed: string | undefined) => boolean;
  /** `handlePrePrepare`: whether a payload is a client's request. */
  readonly isRequest: (config: Config, value: string) => boolean;
  /**
   * `handlePrePrepare` and `handlePrepare`: whether a node checks for a quorum after storing its own vote.
   */
  readonly checksOwnVote: () => boolean;
  /** `handlePrepare`: the payload that a commit names, after a prepare for `value`. */
  readonly commitsFor: (value: string, proposed: string | undefined) => string;
  /**
   * `handleCommit`: whether a node commits only what it has prepared. Once it has committed it sends no more
   * votes, and others may need its vote.
   */
  readonly commitsOnlyPrepared: () => boolean;
  /** `viewChangeMonitor`: whether a timeout changes the view. */
  readonly changesView: () => boolean;
  /** `executeOperation`: whether a slot that committed before the one below it is executed later. */
  readonly executesLater: () => boolean;
}

/** The text as written. */
export const asWritten: Rules = {
  // `len(...) >= n.config.CommitQuorum`; the configuration's PrepareQuorum is not used.
  preparesNeeded: ({ faults }) => 2 * faults + 1,
  mayPrepare: () => true,
  countsVote: () => true,
  isRequest: () => true,
  checksOwnVote: () => false,
  commitsFor: (value) => value,
  commitsOnlyPrepared: () => false,
  changesView: () => true,
  executesLater: () => false,
};

/**
 * The normal case repaired. The view change is not repaired but switched off: it lacks what PBFT has
 * (certificates in view-changes, a new-view that proves and re-proposes them).
 */
export const repaired: Rules = {
  preparesNeeded: ({ faults }) => 2 * faults,
  mayPrepare: (config, view, from) => from !== primaryOf(config, view),
  countsVote: (value, proposed) => value === proposed,
  isRequest: (config, value) => valuesOf(config).includes(value),
  checksOwnVote: () => true,
  commitsFor: (value, proposed) => proposed ?? value,
  commitsOnlyPrepared: () => true,
  changesView: () => false,
  executesLater: () => true,
};
