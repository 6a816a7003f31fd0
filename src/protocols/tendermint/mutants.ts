// The mutants of Tendermint: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { tendermint } from "./protocol.js";
import { tendermintRules } from "./rules.js";

const agreement = { property: "agreement", clients: false, adversary: "arbitrary" } as const;

export const tendermintMutants = mutantsOf("tendermint", tendermintRules, tendermint, [
  {
    name: "no-valid-value",
    flaw: "a proposer goes by what it is locked on itself, not by the last polka that anybody has seen",
    source: "tendermint issues 9251 and 1263",
    rules: { proposes: ({ locked }) => locked },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "unlocks-on-nil",
    flaw: "a polka for nil undoes a lock, and who is locked prevotes nil for other values",
    source: "tendermint issue 6849",
    rules: { nilUnlocks: () => true },
    exposedBy: { ...agreement, adversary: "tendermint-amnesiac", byzantine: ["r2"], views: 2 },
  },
  {
    name: "polka-not-resent",
    flaw: "an old value is proposed again without the prevotes of its round, and nobody accepts it",
    source: "malachite issue 850",
    rules: { shown: (polka) => ({ ...polka, atLeast: 0 }) },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "nil-stops-the-timer",
    flaw: "a polka for nil cancels the timeout of its step, so nobody begins the next round",
    source: "malachite PR 208",
    rules: { timerAfterNil: () => false },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r0"], views: 1 },
  },
  {
    name: "nil-before-proposal",
    flaw: "a quorum of prevotes that arrives before the proposal makes a replica vote nil",
    source: "tendermint issue 1745",
    rules: { waitsForProposal: () => false },
    exposedBy: {
      property: "termination",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r3"],
      views: 0,
    },
  },
  {
    name: "own-extension-unchecked",
    flaw: "a replica counts its own precommit although its peers drop it, decides alone, and leaves the height",
    source: "cometbft issue 5204",
    rules: {
      accepts: (self, from, round) => self === from || from !== "r3" || round > 0,
      helps: (round) => round > 0,
    },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r2"], views: 1 },
  },
  {
    name: "no-lock",
    flaw: "a replica prevotes any proposal, whatever it is locked on",
    source: "derived",
    rules: { mayPrevote: () => true },
    exposedBy: { ...agreement, adversary: "tendermint-amnesiac", byzantine: ["r1"], views: 1 },
  },
  {
    name: "polka-unproven",
    flaw: "the polka in a proposal is not checked",
    source: "derived",
    rules: { isProven: () => true },
    exposedBy: { ...agreement, byzantine: ["r1"], views: 1 },
  },
  {
    name: "value-unchecked",
    flaw: "a proposed value is not validated",
    source: "derived",
    rules: { isValid: () => true },
    exposedBy: { ...agreement, property: "validity", byzantine: ["r0"], views: 0 },
  },
]);
