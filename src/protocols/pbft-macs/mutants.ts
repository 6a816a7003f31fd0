// The mutants of PBFT without signatures: one rule of its view change replaced. Those of the normal case are
// PBFT's (../pbft/mutants.ts), which this form shares.

import { weakQuorum } from "../../protocol/index.js";
import { type Flaw, type Mutant, mutantsOf } from "../mutant.js";
import { conditionB } from "./decision.js";
import { pbftMacs } from "./protocol.js";
import { assigned, type MacRules, macRules } from "./rules.js";

const agreement = { property: "agreement", clients: false, views: 1 } as const;
const service = { property: "clients-are-served", clients: true, views: 1 } as const;
const silent = { adversary: "silent", byzantine: ["r3"] } as const;
const validity = { property: "validity", clients: false, requests: 1, views: 1 } as const;
const primaryLies = { adversary: "arbitrary", byzantine: ["r1"] } as const;
const backupLies = { adversary: "view-change-liar", byzantine: ["r3"] } as const;
const formerPrimaryLies = { adversary: "arbitrary", byzantine: ["r0"] } as const;

const definitions: readonly Flaw<MacRules>[] = [
  {
    name: "p-forgotten",
    flaw: "view-changes carry nothing that has prepared (an empty P)",
    source: "derived",
    rules: { preparedCarried: () => [] },
    exposedBy: { ...agreement, ...silent },
  },
  {
    // A view that nobody enters lies between the one in which it committed and the next new view.
    name: "p-of-last-view",
    flaw: "P has only what prepared in the view that is left, not what prepared in views before",
    source: "derived",
    rules: {
      preparedCarried: (state) => macRules.preparedCarried(state).filter(({ view }) => view === state.view),
    },
    exposedBy: { ...agreement, ...silent, views: 2 },
  },
  {
    name: "q-forgotten",
    flaw: "view-changes carry nothing that has pre-prepared (an empty Q): what has prepared can never be chosen",
    source: "derived",
    rules: { prePreparedCarried: () => [] },
    exposedBy: { ...service, ...silent },
  },
  {
    name: "q-of-last-view",
    flaw: "Q has only what pre-prepared in the view that is left, not what pre-prepared in views before",
    source: "derived",
    rules: {
      prePreparedCarried: ({ log }) =>
        log.flatMap(({ slot, proposal }) =>
          proposal ? [assigned(slot, proposal.body.view, proposal.body.request)] : [],
        ),
    },
    exposedBy: { ...service, ...silent, views: 2 },
  },
  {
    // One backup has executed a request; the new primary, which has prepared it, chooses another one that the
    // former primary says has prepared in the same view, and that the third backup was proposed.
    name: "without-a1",
    flaw: "a request is chosen although another one has prepared in the same view or a later one (no condition A1)",
    source: "derived",
    rules: { leavesRoom: () => true },
    exposedBy: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"] },
  },
  {
    // The request that the liar says has prepared is one that no client has made.
    name: "without-a2",
    flaw: "one replica's word that a request has prepared is believed (no condition A2)",
    source: "derived",
    rules: { isSupported: () => true },
    exposedBy: { ...validity, ...formerPrimaryLies },
  },
  {
    name: "b-of-f+1",
    flaw: "the null request is chosen if f+1 have nothing prepared (condition B)",
    source: "derived",
    rules: {
      allowsNull: (rules, config, set, slot) =>
        conditionB({ ...rules, quorum: weakQuorum }, config, set, slot),
    },
    exposedBy: { ...agreement, ...primaryLies },
  },
  {
    name: "without-b",
    flaw: "the null request is chosen wherever no other can be (no condition B)",
    source: "derived",
    rules: { allowsNull: () => true },
    exposedBy: { ...agreement, ...silent },
  },
  {
    // The liar sends its view-change to the primary alone, and nobody else can know whether it is genuine.
    name: "waits-for-no-acks",
    flaw: "the new primary uses view-changes that nobody has acknowledged (2f-2 acks instead of 2f-1)",
    source: "derived",
    rules: { acksNeeded: ({ faults }) => 2 * faults - 2 },
    exposedBy: { ...service, adversary: "selective-sender", byzantine: ["r3"] },
  },
  {
    name: "acks-not-compared",
    flaw: "an ack counts whatever view-change it is for",
    source: "derived",
    rules: { ackMatches: () => true },
    exposedBy: { ...service, ...backupLies },
  },
  {
    name: "acknowledges-itself",
    flaw: "the sender's own ack for its view-change counts",
    source: "derived",
    rules: { ackIsNew: ({ acks }, by) => !acks.includes(by) },
    exposedBy: { ...service, ...backupLies },
  },
  {
    name: "backup-trusts-decision",
    flaw: "backups do not make the decision of a new view again",
    source: "derived",
    rules: { decisionIsRight: () => true },
    exposedBy: { ...validity, ...primaryLies },
  },
  {
    name: "claims-unvouched",
    flaw: "backups believe the new primary what others have sent",
    source: "derived",
    rules: { vouchersNeeded: () => 0 },
    exposedBy: { ...validity, ...primaryLies },
  },
  {
    name: "claims-not-compared",
    flaw: "backups do not compare the view-changes in a new-view with those that they have",
    source: "derived",
    rules: { claimMatches: () => true },
    exposedBy: { ...validity, ...primaryLies },
  },
  {
    name: "claims-counted-twice",
    flaw: "several view-changes of one replica count in a new-view",
    source: "derived",
    rules: { claimsAreWellFormed: () => true },
    exposedBy: { ...validity, ...primaryLies },
  },
];

/** All mutants of PBFT without signatures. */
export const pbftMacsMutants: readonly Mutant[] = mutantsOf("pbft-macs", macRules, pbftMacs, definitions);
