// PBFT with proactive recovery: what holds, what each flaw breaks, and what keys and estimates are made of. What takes longer is in
// pbft-recovery.long.ts.

import test from "ava";
import type { Context } from "../../src/protocols/pbft-recovery/context.js";
import { pbftRecovery, recoveryRules } from "../../src/protocols/pbft-recovery/index.js";
import { senderOf } from "../../src/protocols/pbft-recovery/keys.js";
import { intruder, tooFewSlots } from "../../src/protocols/pbft-recovery/parameters.js";
import { type Answer, initial } from "../../src/protocols/pbft-recovery/state.js";
import { boundIn, executions, recoveryRequest } from "../../src/protocols/pbft-recovery/values.js";
import { outcomes } from "../support/other-protocols.js";

const config = { replicas: 4, faults: 1, requests: 1, slots: 3, clients: false };
const set = { first: 3, second: 0, window: true, left: "anything", interval: 1, log: 1 } as const;
const contextOf = (self: string) =>
  ({ self, config: { ...config, set }, rules: recoveryRules }) as unknown as Context;

// Its whole suite, in which more than f fall in the long run and nothing is violated, and all flaws: pbft-recovery.long.ts.
test("with proactive recovery more than f may not fall too soon, nor need fetching end in silence", async (t) => {
  const tooSoon = { requests: 1, slots: 1, set: { left: "nothing", window: false } };
  t.deepEqual(
    [
      ...(await outcomes({ protocol: "pbft-recovery", ...tooSoon, properties: ["states-agree"] })),
      ...(await outcomes({ protocol: "pbft-recovery/fetches-in-silence" })),
    ],
    [
      "pbft-recovery, intruder at intruder: states-agree violated, 9 actions, 656 states",
      "pbft-recovery/fetches-in-silence, intruder at intruder: recovery-completes violated, 24 actions, 2383 states",
    ],
  );
});

test("a recovery need not complete where its point may be beyond the last slot", (t) => {
  const needed = (requests: number, interval: number, log: number) =>
    [1, 2, 3, 4, 5, 6, 7].findIndex(
      (slots) => tooFewSlots({ ...config, requests, slots, set: { ...set, interval, log } }) === null,
    ) + 1;
  t.deepEqual(
    [needed(0, 1, 1), needed(1, 1, 1), needed(2, 1, 1), needed(1, 2, 2), needed(2, 2, 4)],
    [2, 3, 4, 4, 6],
  );
  const { stalls } = pbftRecovery(recoveryRules, "pbft-recovery");
  const run = { byzantine: [intruder], crashed: [], views: 0, deceives: false };
  t.is(stalls!({ ...config, set }, run), null);
  t.is(
    stalls!({ ...config, slots: 2, set }, run),
    "the recovery point may be beyond the last slot: use --slots 3",
  );
  t.regex(
    stalls!({ ...config, set }, { ...run, byzantine: [intruder, "r2"] })!,
    /one replica is faulty already/,
  );
});

test("a MAC counts under the current key, for its receiver, and not in the receiver's own name", (t) => {
  const r1 = contextOf("r1");
  const [old, current] = [initial, { ...initial, keys: 1 }];
  t.is(senderOf(r1, old, "r2", undefined), "r2", "a correct replica sends under the current key");
  t.is(senderOf(r1, old, intruder, undefined), null);
  t.is(senderOf(r1, old, intruder, { as: "r3", key: 0 }), "r3");
  t.is(senderOf(r1, current, intruder, { as: "r3", key: 0 }), null);
  t.is(senderOf(r1, current, intruder, { as: "r0", key: 1 }), "r0");
  t.is(senderOf(r1, old, intruder, { as: "r1", key: 0 }), null);
  t.is(senderOf(r1, old, intruder, { as: "r2", key: 0, to: "r3" }), null);
  t.is(senderOf(r1, old, "r2", { as: "r3", key: 0 }), "r2", "only the attacker has keys of others");
});

test("the estimate waits for 2f others that are not further, and for f that have prepared as much", (t) => {
  const answers = (...said: readonly [number, number][]): Answer[] =>
    said.map(([checkpoint, prepared], index) => ({ from: `r${index}`, checkpoint, prepared }));
  const estimate = (...said: readonly [number, number][]) => recoveryRules.estimate(config, answers(...said));
  t.is(estimate([0, 0], [0, 0]), null);
  t.is(estimate([0, 0], [0, 0], [0, 0]), 0);
  // Somebody says that it is far ahead: nobody has prepared as much.
  t.is(estimate([9, 9], [0, 0], [0, 0]), null);
  t.is(estimate([9, 9], [0, 0], [0, 0], [0, 0]), 0);
  // Somebody has prepared as much, so it may be true.
  t.is(estimate([2, 2], [0, 2], [0, 0]), 2);
  // One that is behind does not make it less than what may be stable.
  t.is(estimate([0, 0], [2, 2], [2, 2]), 2);
});

test("the recovery point is above all that can be in a log when the recovery request is executed", (t) => {
  const point = (interval: number, log: number, bound: number, slot: number) =>
    recoveryRules.recoveryPoint({ ...config, set: { ...set, interval, log } } as never, bound, slot);
  t.is(point(1, 1, 1, 1), 2);
  t.is(point(2, 4, 4, 3), 6);
  t.is(point(2, 4, 8, 3), 8);
});

test("a recovery request is known by its name, and what is executed twice counts once", (t) => {
  t.is(boundIn(recoveryRequest("r3", 12)), 12);
  t.is(boundIn("A"), null);
  t.deepEqual(executions({ requests: 2 }, ["A", "-", recoveryRequest("r3", 1), "A", "B"]), [
    { request: "A", slot: 1, position: 1 },
    { request: "B", slot: 5, position: 2 },
  ]);
});

test("who falls, and how long the log is, has to make sense", (t) => {
  const protocol = pbftRecovery();
  const refusal = (change: object) => protocol.refuses!({ ...config, set: { ...set, ...change } } as never);
  t.is(refusal({}), null);
  t.is(refusal({ second: 9 }), null, "nobody falls second");
  t.is(refusal({ first: 4 }), "set.first is 4: there is no such replica; there are 0 to 3.");
  t.is(
    refusal({ first: 0 }),
    "the primary recovers only after a view change, and pbft-recovery has none: use a set.first other than 0.",
  );
  t.is(refusal({ second: 3 }), "set.first and set.second must be two replicas.");
  t.is(
    refusal({ interval: 2, log: 3 }),
    "set.log must be a multiple of set.interval, and both at least 1; they are 3 and 2.",
  );
  t.is(
    protocol.refuses!({ ...config, replicas: 3, set } as never),
    "pbft-recovery needs n >= 3f+1 and f >= 1; it was asked for n = 3 and f = 1.",
  );
});
