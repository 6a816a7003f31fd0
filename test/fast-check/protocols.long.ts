// Every protocol that comes with Turncoat, held against its properties by fast-check: the correct form holds in random runs under its
// strongest adversary, and a flawed form is found, and shrunk to so many actions. (Forms whose flaw is against liveness alone are none
// of its business.)

import test from "ava";
import * as fc from "fast-check";
import { builtins } from "../../src/catalogue/index.js";
import { check, type ScheduledCase, scheduledRuns } from "../../src/fast-check/index.js";

const seed = 1;

/** Of each protocol a mutant, how many runs find it, and the actions that are left of the run; null where no mutant breaks safety. */
const flawed: {
  readonly [protocol: string]: readonly [mutant: string, numRuns: number, actions: number] | null;
} = {
  pbft: ["pbft/quorum-2f", 10, 4],
  "pbft-macs": ["pbft-macs/p-forgotten", 100, 32],
  "pbft-recovery": ["pbft-recovery/keeps-own-keys", 20, 31],
  bracha: ["bracha/joins-on-one", 10, 4],
  "two-phase-commit": ["two-phase-commit/commits-on-majority", 100, 6],
  paxos: ["paxos/half-is-enough", 100, 8],
  raft: ["raft/votes-twice", 100, 6],
  viewstamped: ["viewstamped/half-is-enough", 200, 14],
  autobahn: ["autobahn/vote-signs-no-value", 50, 6],
  "common-coin": ["common-coin/decides-without-coin", 100, 28],
  simplex: ["simplex/votes-twice", 200, 20],
  minimmit: ["minimmit/skips-views", 300, 17],
  streamlet: ["streamlet/notarized-is-final", 100, 15],
  ibft: ["ibft/value-unchecked", 20, 12],
  tendermint: ["tendermint/value-unchecked", 100, 14],
  hotstuff: ["hotstuff/value-unchecked", 10, 8],
  "fast-hotstuff": ["fast-hotstuff/commits-across-a-gap", 100, 35],
  "go-exercise": ["go-exercise/votes-ignore-payload", 10, 9],
  distalgo: null,
  tutorial: ["tutorial", 20, 15], // as its text has it: see docs/findings.md
};

/** Few runs of Streamlet make two replicas finalize something. */
const numRunsOf = (protocol: string) => (protocol === "streamlet" ? 500 : 20);

test("every protocol has a row", (t) => {
  const names = builtins
    .filter(({ original, name }) => original === null && !name.includes("/"))
    .map(({ name }) => name);
  t.deepEqual(names.toSorted(), Object.keys(flawed).toSorted());
});

for (const [protocol, row] of Object.entries(flawed)) {
  if (row?.[0] !== protocol)
    test(`${protocol} keeps its promises in random runs`, async (t) => {
      await t.notThrowsAsync(check(protocol, {}, { seed, numRuns: numRunsOf(protocol) }));
    });
  if (row === null) continue;
  const [mutant, numRuns, actions] = row;
  test(`${mutant} does not, and shrinks to ${actions} actions`, async (t) => {
    const property = fc.asyncProperty(
      await scheduledRuns(mutant),
      async (one) => one.run().violation === null,
    );
    const details = (await fc.check(property, { seed, numRuns })) as fc.RunDetails<[ScheduledCase]>;
    t.true(details.failed);
    t.is(details.counterexample![0].run().actions.length, actions);
  });
}
