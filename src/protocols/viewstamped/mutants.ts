// The mutants of Viewstamped Replication: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { viewstamped } from "./protocol.js";
import { viewstampedRules } from "./rules.js";

/** Three replicas, nobody lies, any order. */
const three = {
  ...{ property: "agreement", clients: false, adversary: "none", byzantine: [], replicas: 3, faults: 1 },
  ...{ requests: 2, slots: 1 },
} as const;
const crashing = { ...three, crashes: 1, recovery: "always" } as const;

export const viewstampedMutants = mutantsOf("viewstamped", viewstampedRules, viewstamped, [
  {
    name: "forgets-by-crashing",
    flaw: "a replica that comes back takes part at once, with an empty log",
    source: "the paper, section 4.3; textbook",
    rules: { mustRecover: () => false },
    exposedBy: { ...crashing, views: 1, set: { impatient: 1 } },
  },
  {
    name: "changes-views-unrecovered",
    flaw: "a replica that recovers takes part in view changes, with the empty log that it has",
    source: "tapir issue 15",
    rules: { mayChangeView: () => true },
    exposedBy: { ...crashing, views: 1, set: { impatient: 1 } },
  },
  {
    name: "helps-in-a-view-change",
    flaw: "a replica that changes its view helps another one to recover",
    source: "the paper, section 4.3",
    rules: { mayHelp: ({ status }) => status !== "recovering" },
    exposedBy: { ...crashing, views: 2, set: { impatient: 1 } },
  },
  {
    name: "recovers-from-anybody",
    flaw: "a replica recovers what any replica of the latest view has, not what its primary has",
    source: "the paper, section 4.3",
    rules: {
      recovered: (_config, replies) => {
        const latest = Math.max(...replies.map(({ view }) => view));
        return replies.find(({ view }) => view === latest) ?? null;
      },
    },
    exposedBy: { ...crashing, views: 1, set: { impatient: 1 } },
  },
  {
    name: "old-answers-count",
    flaw: "a replica takes an answer to a recovery before its last crash for one to this one",
    source: "the paper, section 4.3",
    rules: { isFresh: () => true },
    exposedBy: { ...crashing, views: 1, crashes: 2, set: { impatient: 1 } },
  },
  {
    name: "recovers-as-published",
    flaw: "a new primary counts what a replica said before a crash, although that replica has gone back to the old view",
    source: "the paper itself, section 4.3; found by Michael, Ports, Sharma and Szekeres (DISC 2017)",
    rules: { isOutdated: () => false },
    exposedBy: { ...crashing, views: 1, crashes: 2, set: { impatient: 2 } },
  },
  {
    name: "longest-log-wins",
    flaw: "a view starts with the longest log, whatever view that is of",
    source: "vsr-tlaplus (2022); textbook",
    rules: { best: (changes) => [...changes].sort((a, b) => b.log.length - a.log.length)[0]! },
    exposedBy: { ...three, views: 2, set: { impatient: 2 } },
  },
  {
    name: "half-is-enough",
    flaw: "half of the replicas count as a majority",
    source: "textbook",
    rules: { quorum: ({ replicas }) => Math.ceil(replicas / 2) },
    exposedBy: { ...three, views: 1, replicas: 4, set: { impatient: 1 } },
  },
]);
