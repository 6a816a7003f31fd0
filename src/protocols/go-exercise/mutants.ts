// The mutants of the repaired Go exercise: its own text, one rule at a time and all at once.

import { mutantsOf } from "../mutant.js";
import { goExercise } from "./protocol.js";
import { asWritten, repaired } from "./rules.js";

const agreement = { property: "agreement", clients: false } as const;
const source = "the Go exercise";

export const goExerciseMutants = mutantsOf("go-exercise", repaired, goExercise, [
  {
    name: "votes-ignore-payload",
    flaw: "prepares and commits are counted for a sequence number, whatever payload they name (handlePrepare, handleCommit)",
    source,
    rules: { countsVote: asWritten.countsVote },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    // If 2f prepares are enough, as its theory section says ("prepared when it receives 2f matching"), the
    // primary's must not be one of them. Within one view a wrong "prepared" is harmless as long as commits
    // name what was proposed; as written they need not.
    name: "primary-prepares",
    flaw: "the primary's prepare counts besides its pre-prepare, and a commit names what the last prepare did (handlePrepare)",
    source,
    rules: { mayPrepare: asWritten.mayPrepare, commitsFor: asWritten.commitsFor },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "prepares-of-all-backups",
    flaw: "2f+1 prepares are needed, and the primary sends none, so one silent backup of three stops everything (handlePrepare)",
    source,
    rules: { preparesNeeded: asWritten.preparesNeeded },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 0 },
  },
  {
    name: "payload-unchecked",
    flaw: "whatever the primary sends is executed, also what no client has asked for (handlePrePrepare)",
    source,
    rules: { isRequest: asWritten.isRequest },
    exposedBy: { property: "validity", clients: false, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "own-vote-unchecked",
    flaw: "the vote that completes a quorum is overlooked if it is the node's own (handlePrePrepare, handlePrepare)",
    source,
    rules: { checksOwnVote: asWritten.checksOwnVote },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 0 },
  },
  {
    // A Byzantine node's prepare for another payload arrives after the quorum: the node's first commit, the
    // one that counts, then names a payload that nobody has proposed.
    name: "commits-what-it-hears",
    flaw: "a commit names the payload of the prepare that has just come, not that of the pre-prepare (handlePrepare)",
    source,
    rules: { commitsFor: asWritten.commitsFor },
    exposedBy: {
      property: "termination",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r1"],
      views: 0,
    },
  },
  {
    // With the commits of the two others and of a Byzantine node, the primary executes before it has
    // prepared. Then it never commits, and a node to which the Byzantine one sends nothing stays behind.
    name: "commits-unprepared",
    flaw: "a node executes on 2f+1 commits of others, and then never says its own (handleCommit)",
    source,
    rules: { commitsOnlyPrepared: asWritten.commitsOnlyPrepared },
    exposedBy: {
      property: "termination",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r1"],
      views: 0,
    },
  },
  {
    name: "executes-once-or-never",
    flaw: "a slot that commits before the one below it is never executed (executeOperation)",
    source,
    rules: { executesLater: asWritten.executesLater },
    exposedBy: {
      property: "all-execute",
      clients: false,
      adversary: "silent",
      byzantine: ["r3"],
      views: 0,
      slots: 2,
    },
  },
  {
    name: "view-change-forgets",
    flaw: "view-changes carry nothing, and the new primary numbers from the beginning (startViewChange, sendNewView)",
    source,
    rules: { changesView: asWritten.changesView },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    // The first violation is of liveness. With views 0-1 it violates agreement, too, with correct nodes only:
    // the old primary goes on numbering requests over what the new one has proposed. The fuzzer finds that in
    // seconds; for a breadth-first search it is too deep. The corpus has its trace.
    name: "as-written",
    flaw: "all of it at once",
    source,
    rules: asWritten,
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 0 },
  },
]);
