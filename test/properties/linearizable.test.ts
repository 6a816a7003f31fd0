// Linearizability of any service: on sequences of events, and on PBFT's reads against the property made for its log.

import test from "ava";
import {
  linearizability,
  linearizable,
  map,
  queue,
  register,
  type SequentialObject,
} from "../../properties/index.js";
import { configuredFor } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { pbftMutants } from "../../src/protocols/pbft/mutants.js";
import { fourReplicas, pbftMutant, pbftSetting } from "../support/settings.js";
import { accepted, facts, invoked, judge, type Seen } from "./support.js";

const counter = linearizable({
  object: register,
  initial: 0,
  operationOf: (request) => {
    const [, name, value] = request.split(" ");
    return { name: name!, input: value === undefined ? null : Number(value) };
  },
});
const see = (...events: readonly Seen[]) => judge(counter, events, facts(true));
const write = invoked("c0", "1 write 5");
const read = invoked("c1", "2 read");
const answered = (by: string, request: string, result: number | null): Seen => [
  by,
  { kind: "accepted", request, result },
];

test("a read beside a write sees the old value or the new one", (t) => {
  t.deepEqual(see(write, read, answered("c1", "2 read", 0)), { verdict: "holds", exercised: 0 });
  t.deepEqual(see(write, read, answered("c1", "2 read", 5), answered("c0", "1 write 5", null)), {
    verdict: "holds",
    exercised: 0, // both were called before either was answered
  });
});

test("a read after a write sees the new value", (t) => {
  t.deepEqual(see(write, answered("c0", "1 write 5", null), read, answered("c1", "2 read", 0)), {
    verdict: "violated",
    exercised: 1,
    says:
      "No order explains process c1: read, answered 0. The longest order that is possible has 1 operation: " +
      "process c0: write 5. After it the object is 5",
  });
});

test("an answer that nobody has asked for is not looked at", (t) => {
  t.deepEqual(see(accepted("c1", "2 read", "7")), { verdict: "holds", exercised: 0 });
});

/** What clients see of an object: requests as in "1 write x 5", of which the number tells them apart. */
function seenOf(object: SequentialObject, ...events: readonly Seen[]) {
  const operationOf = (request: string) => {
    const [, name, ...input] = request.split(" ");
    return { name: name!, input: input.length > 1 ? input : (input[0] ?? null) };
  };
  return judge(
    linearizable({ object, ...(object === queue && { initial: [] }), operationOf }),
    events,
    facts(true),
  ).verdict;
}
const done = (by: string, request: string, result: string | null): readonly Seen[] => [
  invoked(by, request),
  accepted(by, request, result as string),
];

test("a queue gives each element once, the first first", (t) => {
  const filled = [...done("c0", "1 enqueue a", null), ...done("c0", "2 enqueue b", null)];
  const taken = (first: string, second: string) =>
    seenOf(queue, ...filled, ...done("c1", "3 dequeue", first), ...done("c1", "4 dequeue", second));
  t.deepEqual([taken("a", "b"), taken("b", "a"), taken("a", "a")], ["holds", "violated", "violated"]);
});

test("a map keeps what was written under a key, and mixes up no keys", (t) => {
  const filled = [...done("c0", "1 write x 5", null), ...done("c0", "2 write y 6", null)];
  const read = (value: string | null) => seenOf(map, ...filled, ...done("c1", "3 read x null", value));
  t.deepEqual([read("5"), read("6"), read(null)], ["holds", "violated", "violated"]);
});

/** PBFT's service: a log that answers an operation with its position, and a read with its length. */
const service: SequentialObject = {
  ...{ name: "service", summary: "", operations: ["append", "read"], reads: ["read"] },
  init: () => 0,
  step: (length, { name, input, output }) => {
    const next = name === "read" ? (length as number) : (length as number) + 1;
    return output === undefined || output === `${input}@${next}` ? next : undefined;
  },
};
const ofPbft = linearizable({
  object: service,
  operationOf: (request) => {
    const input = request.split(":").at(-1)!;
    return { name: input === "read" ? "read" : "append", input };
  },
});

for (const [flaw, actions] of [
  ["read-without-quorum", 12],
  ["reads-past-prepared", 14],
] as const)
  test(`pbft/${flaw} is violated after ${actions} actions, as by the property made for it`, async (t) => {
    const {
      adversary,
      byzantine,
      views,
      property: _,
      ...config
    } = pbftMutants.find(({ name }) => name === `pbft/${flaw}`)!.exposedBy;
    for (const property of [linearizability, ofPbft]) {
      const setting = pbftSetting(adversary, byzantine[0]!, {
        protocol: pbftMutant(flaw),
        config: configuredFor({ ...fourReplicas, requests: 1, ...config }, [property]),
        bounds: { views },
        properties: [property],
      });
      const { verdict, depth } = await search(setting, { reduction: "none" });
      t.deepEqual([verdict, depth], ["violated", actions]);
    }
  });

test("PBFT itself, with the reads that expose those, is linearizable", async (t) => {
  const {
    property: _,
    adversary,
    byzantine,
    views,
    ...config
  } = pbftMutants.find(({ name }) => name === "pbft/read-without-quorum")!.exposedBy;
  const setting = pbftSetting(adversary, byzantine[0]!, {
    config: configuredFor({ ...fourReplicas, requests: 1, ...config }, [ofPbft]),
    bounds: { views },
    properties: [ofPbft],
  });
  const { verdict, states } = await search(setting, { reduction: "dominance" });
  t.deepEqual([verdict, states], ["holds", 838]);
});
