// The rules of the Go exercise that the search has something to say about: as the text has them, and repaired. Function names are
// those of its solution.

import type { Config, NodeId } from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";

export interface Rules {
  /** `handlePrepare`: how many prepares make a replica commit. The primary sends none. */
  readonly preparesNeeded: (config: Config) => number;
  /** `handlePrepare`: whether a prepare of this node counts. Where 2f are enough the primary's must not: its pre-prepare is its vote. */
  readonly mayPrepare: (config: Config, view: number, from: NodeId) => boolean;
  /** `handlePrepare` and `handleCommit`: whether a vote counts although it names another payload than the pre-prepare. */
  readonly countsVote: (value: string, proposed: string | undefined) => boolean;
  /** `handlePrePrepare`: whether a payload is taken for a client's request. */
  readonly isRequest: (config: Config, value: string) => boolean;
  /** `handlePrePrepare` and `handlePrepare`: whether a node that stores its own vote looks whether that makes a quorum. */
  readonly checksOwnVote: () => boolean;
  /** `handlePrepare`: which payload a commit names, after a prepare for `value` has come. */
  readonly commitsFor: (value: string, proposed: string | undefined) => string;
  /** `handleCommit`: whether a node commits only what it has prepared itself. Once it has committed it votes no more, and others may need its vote. */
  readonly commitsOnlyPrepared: () => boolean;
  /** `viewChangeMonitor`: whether a timeout changes the view. */
  readonly changesView: () => boolean;
  /** `executeOperation`: whether a committed slot is executed later on if it came before the one below it. */
  readonly executesLater: () => boolean;
}

/** What the text says. */
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
 * The normal case as it should be. Its view change is not repaired but switched off: what it lacks is PBFT's (certificates in view-changes, a
 * new-view that proves and re-proposes them).
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
