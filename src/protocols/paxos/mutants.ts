// The mutants of Paxos: the protocol with one rule replaced.

import { type KnownViolation, mutantsOf } from "../mutant.js";
import { paxos } from "./protocol.js";
import { paxosRules } from "./rules.js";

const register: KnownViolation = {
  property: "linearizable",
  clients: true,
  adversary: "none",
  byzantine: [],
  views: 0,
  requests: 2,
  replicas: 3,
  faults: 0,
  network: "once:keep",
};

export const paxosMutants = mutantsOf("paxos", paxosRules, paxos, [
  {
    name: "own-value",
    flaw: "who has a majority of promises proposes its own value, whatever may have been chosen",
    source: "derived",
    rules: { proposalAfter: (_promises, own) => own },
    exposedBy: register,
  },
  {
    name: "promises-broken",
    flaw: "a server accepts proposals below the ballot that it has promised",
    source: "derived",
    rules: { mayAccept: () => true },
    exposedBy: register,
  },
  {
    name: "half-is-enough",
    flaw: "half of the servers count as a majority",
    source: "textbook",
    rules: { majority: ({ replicas }) => Math.ceil(replicas / 2) },
    exposedBy: { ...register, property: "agreement", clients: false, network: "async", replicas: 4 },
  },
]);
