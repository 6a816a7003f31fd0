// The mutants of Autobahn: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { autobahn } from "./protocol.js";
import { autobahnRules } from "./rules.js";

const agreement = { property: "agreement", clients: false, requests: 2 } as const;
const study = "case study of Autobahn's code, 2026, confirmed by the authors";

export const autobahnMutants = mutantsOf("autobahn", autobahnRules, autobahn, [
  {
    name: "vote-signs-no-value",
    flaw: "a vote signs its view and phase alone, so a certificate fits any value",
    source: `DA-1; ${study}`,
    rules: { ballot: (phase, view) => ({ tag: "vote", phase, view }) },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "ticket-unchecked",
    flaw: "nobody checks who has signed the timeouts of a ticket",
    source: `DA-2 and DA-3; ${study}`,
    rules: { isTicket: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r1"], views: 1 },
  },
  {
    name: "lanes-in-any-order",
    flaw: "the lanes of a cut are executed in the order of a hash map, which differs from replica to replica",
    source: `DA-27; ${study}`,
    rules: { orders: (lanes) => [lanes, [...lanes].reverse()] },
    exposedBy: { ...agreement, adversary: "none", byzantine: [], requests: 1, views: 0 },
  },
  {
    name: "anybody-proposes",
    flaw: "a replica votes for whoever proposes first, leader or not",
    source: `DA-4; ${study}`,
    rules: { mayPropose: () => true },
    exposedBy: { ...agreement, property: "termination", adversary: "usurper", byzantine: ["r3"], views: 0 },
  },
  {
    name: "votes-twice",
    flaw: "a replica votes for every proposal of a view",
    source: "derived",
    rules: { mayVote: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
]);
