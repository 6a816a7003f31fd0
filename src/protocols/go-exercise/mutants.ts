// What the Go exercise says, one rule at a time, and all at once.

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
    falls: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "prepares-of-all-backups",
    flaw: "2f+1 prepares are needed, and the primary sends none, so one silent backup of three stops everything (handlePrepare)",
    source,
    rules: { preparesNeeded: asWritten.preparesNeeded },
    falls: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 0 },
  },
  {
    name: "payload-unchecked",
    flaw: "whatever the primary sends is executed, also what no client has asked for (handlePrePrepare)",
    source,
    rules: { isRequest: asWritten.isRequest },
    falls: { property: "validity", clients: false, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "executes-once-or-never",
    flaw: "a slot that commits before the one below it is never executed (executeOperation)",
    source,
    rules: { executesLater: asWritten.executesLater },
    falls: { property: "all-execute", clients: false, adversary: "none", byzantine: [], views: 0, slots: 2 },
  },
  {
    name: "view-change-forgets",
    flaw: "view-changes carry nothing, and the new primary numbers from the beginning (startViewChange, sendNewView)",
    source,
    rules: { changesView: asWritten.changesView },
    falls: { ...agreement, adversary: "none", byzantine: [], views: 1 },
  },
  {
    name: "as-written",
    flaw: "all of it at once",
    source,
    rules: asWritten,
    falls: { ...agreement, adversary: "none", byzantine: [], views: 1 },
  },
]);
