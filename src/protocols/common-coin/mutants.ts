// The mutants of binary agreement with a common coin: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { commonCoin } from "./protocol.js";
import { coinRules } from "./rules.js";

const three = { clients: false, adversary: "none", byzantine: [], replicas: 3, faults: 0, views: 0 } as const;

export const commonCoinMutants = mutantsOf("common-coin", coinRules, commonCoin, [
  {
    name: "coin-first",
    flaw: "a process that is slow fixes its values after the others have seen the coin",
    source: "HoneyBadgerBFT issue 59; the protocol of PODC 2014",
    rules: { bounds: () => [null] },
    exposedBy: { ...three, property: "termination", network: "once" },
  },
  {
    name: "decides-without-coin",
    flaw: "a process decides the value that it has alone, whatever the coin shows",
    source: "textbook",
    rules: { decides: () => true },
    exposedBy: { ...three, property: "agreement", network: "once" },
  },
]);
