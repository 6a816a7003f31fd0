// Byzantine nodes that know nothing of the class: they run it, change what it says, or say what was heard elsewhere.

import { fileURLToPath } from "node:url";
import test from "ava";
import { check, realFile, verdictOf } from "./support.js";

const echo = fileURLToPath(new URL("../../../test/real/fixtures/echo.ts", import.meta.url));
const options = { replicas: 4, unordered: true, ask: "at-start", properties: ["agreement"] };
const withQuorum = (quorum: number) =>
  `import { echoWith } from ${JSON.stringify(echo)};\nconst make = echoWith(${quorum});`;

// examples/broadcast.ts is the same protocol as a pure function: it falls in 4 actions, too.
for (const [adversary, states] of [
  ["liar", 397],
  ["twin", 1649],
  ["mutator", 928],
] as const)
  test(`a ${adversary} as the sender has two replicas deliver different values, where two echoes are enough`, async (t) => {
    const result = await check(await realFile(t, withQuorum(2), options), {
      ...{ adversaries: [adversary], byzantine: ["r0"], network: "async" },
    });
    t.like(verdictOf(result), { verdict: "violated", actions: 4, states });
    t.deepEqual(Object.keys(result.witnesses.messages), ["echo"]); // its messages call their type `type`
  });

for (const [adversary, states] of [
  ["liar", 19_683],
  ["mutator", 265_302],
] as const)
  test(`where three echoes are needed a ${adversary} cannot`, async (t) => {
    const result = await check(await realFile(t, withQuorum(3), options), {
      ...{ adversaries: [adversary], byzantine: ["r0"], network: "async" },
    });
    t.like(verdictOf(result), { verdict: "holds", states });
  });

/** What three nodes have voted for is executed; the voter stands in the message. */
const votes = `
class Replica {
  votes = new Map(); io;
  hear(io, { by, value }) {
    this.votes.set(by, value);
    if ([...this.votes.values()].filter((one) => one === value).length === 3 && !this.done) { this.done = true; io.executed(value, { slot: 1, position: 1 }); }
  }
}
const make = (io) => {
  const replica = new Replica();
  const vote = (value) => { const message = { by: io.self, value }; io.broadcast(message); replica.hear(io, message); };
  return { roots: { replica }, message: (_, m) => replica.hear(io, m), request: (value) => { if (!replica.votes.has(io.self) && (io.self === "r2" ? value === "B" : value === "A")) vote(value); } };
};`;

test("without signatures a liar votes in the names of others; with a signer it cannot", async (t) => {
  const request = { adversaries: ["liar"], byzantine: ["r3"], network: "async" };
  const forged = await check(await realFile(t, votes, options), request);
  t.is(forged.verdict, "violated");
  const signing = `${votes}\nconst signer = (m) => m.by;`;
  const signed = await check(await realFile(t, signing, { ...options, signer: "signer" }), request);
  t.is(signed.verdict, "holds");
});

for (const tallies of ["never", "always"] as const)
  test(`votes that a class keeps in a Map are followed by tallies, if they are many: here ${tallies}`, async (t) => {
    const file = await realFile(t, votes, options);
    const request = { adversaries: ["liar"], byzantine: ["r3"], network: "async" };
    const result = await check(file, request, { reduction: "visible-steps", tallies });
    t.like(verdictOf(result), { verdict: "violated", actions: 5, states: 23 });
    // Pairs of votes were tried. (How many depends on how often a search was interrupted.)
    t.is((result.tallies?.checks ?? 0) > 0, tallies === "always");
  });
