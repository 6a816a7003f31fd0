// The tutorial's protocol under the tutorial's malicious nodes does what its code says, and not what was written about it.

import test from "ava";
import { run } from "./support.js";

const experiment = {
  replicas: 10,
  adversary: "random",
  delay: { kind: "uniform", minMs: 5, maxMs: 35 },
  reorder: 0.05,
  maxTimeMs: 2000,
  timeoutMs: 200,
} as const;

for (let malicious = 0; malicious <= 9; malicious++)
  test(`${malicious} malicious: the tutorial succeeds if and only if its primary is correct and seven nodes are`, async (t) => {
    for (let seed = 0; seed < 20; seed++) {
      const byzantine = { count: malicious, which: "any" } as const;
      const result = await run({ ...experiment, protocol: "tutorial", byzantine, seed });
      const canSucceed = malicious <= 3 && !result.byzantine.includes("r0");
      t.is(result.succeeded, canSucceed ? 1 : 0);
      // Three hops of at most 55 ms: 0.41 s, as the write-up has it, is out of reach.
      if (canSucceed) t.true(result.latencyMs!.max <= 165);
      t.not(result.agreement, false);
    }
  });

for (let malicious = 0; malicious <= 3; malicious++)
  test(`${malicious} malicious: PBFT succeeds within the two seconds, whoever they are`, async (t) => {
    for (let seed = 0; seed < 20; seed++) {
      const result = await run({ ...experiment, byzantine: { count: malicious, which: "any" }, seed });
      t.is(result.verdict, "holds");
      t.is(result.succeeded, 1);
    }
  });

test("without malicious nodes it takes three phases, to oneself as well, and commits are sent again for every late prepare", async (t) => {
  const { latencies, messages } = await run({
    protocol: "tutorial",
    replicas: 10,
    delay: { kind: "constant", ms: 10 },
  });
  t.deepEqual(latencies, [30_000]);
  // From the seventh prepare to the tenth: four commits instead of one.
  t.deepEqual(messages, { "pre-prepare": 10, prepare: 100, commit: 400 });
});
