// Runs in which nothing is wrong: a correct protocol, with enough replicas, and nobody faulty or one that is silent. None of them may be
// called violated.

import type { Entry } from "../../src/catalogue/entry.js";
import { builtins } from "../../src/catalogue/registry.js";
import type { RawOptions } from "../../src/simulate/parameters.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { simulate } from "../../src/simulate/result.js";

/** The protocols that come with Turncoat, without their flaws. */
export const correctForms = builtins.filter(({ mutant }) => mutant === null);

const delays = ["1..2", "5..35", "5..200"];

/** What goes wrong before the network is what liveness assumes, and nobody is faulty. */
export const troubles: readonly RawOptions[] = [
  { drop: 0.1, gst: "1s" },
  { drop: 0.3, gst: "3s", reorder: 0.2 },
  { partition: ["20..1500:r0|r1,r2,r3"] },
  { partition: ["15..3s:r0,r1|r2,r3"] },
  { crash: ["r0:15..1500"] },
  { crash: ["r1:25..3s"] },
];

/** How often each verdict is given in runs with such trouble, and what is said to be wrong in which. */
export async function alarmsInTrouble({ name, protocol }: Entry, seeds: number) {
  const alarms: string[] = [];
  const requests = protocol.request ? 2 : 1;
  for (const trouble of troubles)
    for (const replicas of [4, 7])
      for (const clients of [0, 1])
        for (let seed = 1; seed <= seeds; seed++) {
          const asked = { protocol: name, replicas, clients, requests, seed, delay: "5..35", ...trouble };
          const { verdict, reason } = await simulate(parametersFrom(asked));
          if (verdict === "violated") alarms.push(`${JSON.stringify(asked)}: ${reason}`);
        }
  return alarms;
}

export interface Sweep {
  readonly replicas: readonly number[];
  readonly clients: readonly number[];
  readonly seeds: number;
}

/** What is said to be wrong in which run, and how often each verdict is given. */
export async function alarmsOf({ name, protocol }: Entry, { replicas, clients, seeds }: Sweep) {
  const alarms: string[] = [];
  const verdicts: { [verdict: string]: number } = {};
  const requests = protocol.request ? 2 : 1;
  for (const n of replicas)
    for (const c of clients)
      for (const delay of delays)
        for (const silent of [false, true])
          for (let seed = 1; seed <= seeds; seed++) {
            const asked = { protocol: name, replicas: n, clients: c, requests, seed, delay };
            const faulty = silent
              ? { adversary: "silent", byzantine: { count: 1, which: "any" } as const }
              : {};
            const { verdict, reason, parameters } = await simulate({ ...parametersFrom(asked), ...faulty });
            if (parameters.clients < c) return { alarms, verdicts }; // it has no client nodes
            verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
            if (verdict === "violated") alarms.push(`${JSON.stringify({ ...asked, silent })}: ${reason}`);
          }
  return { alarms, verdicts };
}
