// The same protocols within larger bounds, and the flaws that take longer to find.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { fuzz } from "../../src/fuzz/index.js";
import { grandpa, grandpaRules } from "../../src/protocols/grandpa/index.js";
import { slowOtherProtocolSuites } from "../../src/suite/other-protocols.js";
import { plan } from "../../src/suite/plan.js";
import { outcomes } from "../support/other-protocols.js";

const expected: { readonly [protocol: string]: readonly string[] } = {
  streamlet: [
    "streamlet, no adversary, epochs 0-2: holds, 5430 states",
    "streamlet, arbitrary at r3, epochs 0-2: holds, 1080 states",
  ],
  simplex: [
    "simplex, no adversary, views 0-1: holds, 90362 states",
    "simplex, arbitrary at r0, views 0-0: holds, 717 states",
    "simplex/finalizes-what-it-gave-up, no adversary, views 0-1: agreement violated, 22 actions, 160232 states",
    "simplex/few-give-up, no adversary, views 0-1: agreement violated, 20 actions, 91054 states",
    "simplex/skips-views, no adversary, views 0-1: agreement violated, 18 actions, 36235 states",
    "simplex/votes-twice, arbitrary at r0, views 0-0: agreement violated, 12 actions, 22011 states",
    "simplex/drops-late-proofs, arbitrary at r0, views 0-1: termination violated, 15 actions, 4817 states",
  ],
  minimmit: [
    "minimmit, no adversary, views 0-1: holds, 2888 states",
    "minimmit, arbitrary at r0, views 0-0: holds, 2255 states",
    "minimmit, arbitrary at r5, views 0-1: holds, 103279 states",
    "minimmit, arbitrary at r0, views 0-1: holds, 4123153 states",
    "minimmit, arbitrary at r4, r5, views 0-1: agreement violated, 13 actions, 17497 states",
    "minimmit/few-are-f+1, arbitrary at r5, views 0-1: agreement violated, 17 actions, 153609 states",
    "minimmit/final-too-early, arbitrary at r5, views 0-1: agreement violated, 14 actions, 52564 states",
    "minimmit/votes-twice, arbitrary at r0, views 0-0: agreement violated, 10 actions, 110682 states",
    "minimmit/notarizes-what-it-gave-up, arbitrary at r5, views 0-1: agreement violated, 18 actions, 340301 states",
    "minimmit/gives-up-its-vote, arbitrary at r5, views 0-1: agreement violated, 18 actions, 395371 states",
    "minimmit/contradicted-by-f+1, arbitrary at r5, views 0-1: agreement violated, 18 actions, 255284 states",
    "minimmit/skips-views, no adversary, views 0-1: agreement violated, 18 actions, 3762 states",
    "minimmit/never-contradicted, arbitrary at r0, views 0-1: termination violated, 13 actions, 10490 states",
  ],
  grandpa: [
    "grandpa, no adversary, rounds 0-0: holds, 3967 states",
    "grandpa, equivocating-voter at r3, rounds 0-0: holds, 4857 states",
    "grandpa, arbitrary at r3, rounds 0-0: holds, 8635 states",
    "grandpa, arbitrary at r3, rounds 0-1: holds, 407181 states",
    "grandpa/forgets-its-votes, arbitrary at r3, rounds 0-0, 1 crash, all recover: finality violated, 16 actions, 78593 states",
    "grandpa/precommits-unbacked, arbitrary at r3, rounds 0-1: finality violated, 18 actions, 650991 states",
    "grandpa/builds-on-final, arbitrary at r3, rounds 0-1: finality violated, 16 actions, 104481 states",
  ],
  "common-coin": [
    "common-coin, no adversary, once: holds, 32997 states",
    "common-coin/coin-first, no adversary, once: termination violated, 3 actions, 30549 states",
  ],
  bracha: [
    "bracha/echo-quorum-rounded, arbitrary at r0, views 0-0: agreement violated, 12 actions, 3556 states",
  ],
  viewstamped: [
    "viewstamped, no adversary, views 0-1, 1 crash, all recover: holds, 304111 states",
    "viewstamped/forgets-by-crashing, no adversary, views 0-1, 1 crash, all recover: agreement violated, 14 actions, 17046 states",
    "viewstamped/changes-views-unrecovered, no adversary, views 0-1, 1 crash, all recover: agreement violated, 14 actions, 60836 states",
    "viewstamped/helps-in-a-view-change, no adversary, views 0-2, 1 crash, all recover: agreement violated, 19 actions, 1353619 states",
    "viewstamped/old-answers-count, no adversary, views 0-1, 2 crashes, all recover: agreement violated, 22 actions, 1587382 states",
    "viewstamped/recovers-as-published, no adversary, views 0-1, 2 crashes, all recover: agreement violated, 23 actions, 8892611 states",
    "viewstamped/longest-log-wins, no adversary, views 0-2: agreement violated, 15 actions, 21808 states",
  ],
  autobahn: [
    "autobahn, no adversary, views 0-1: holds, 91104 states",
    "autobahn, arbitrary at r0, views 0-1: holds, 65334 states",
    "autobahn, arbitrary at r1, views 0-1: holds, 19844 states",
    "autobahn, arbitrary at r2, views 0-1: holds, 19478 states",
    "autobahn/ticket-unchecked, arbitrary at r1, views 0-1: agreement violated, 13 actions, 15970 states",
    "autobahn/votes-twice, arbitrary at r0, views 0-0: agreement violated, 10 actions, 7368 states",
  ],
};

for (const [name, lines] of Object.entries(expected))
  test(`${name} within larger bounds`, async (t) => {
    const found: string[] = [];
    const { requests } = slowOtherProtocolSuites.find((suite) => suite.name === name)!;
    for (const request of requests) found.push(...(await outcomes(request)));
    t.deepEqual(found, lines);
  });

test("a voter of GRANDPA that leaves a round too early does no harm to what is final", async (t) => {
  const [run] = plan(await findProtocol("grandpa"), {
    ...{ protocol: "grandpa", adversaries: ["arbitrary"], byzantine: ["r3"], views: 1 },
    ...{ properties: ["finality"], set: { notary: false } },
  });
  const setting = await settingFrom(run!.description);
  const protocol = grandpa({
    ...grandpaRules,
    isCompletable: () => true,
  }) as unknown as typeof setting.protocol;
  const { verdict, states } = await search({ ...setting, protocol }, { reduction: "visible-steps" });
  t.deepEqual([verdict, states], ["holds", 131_314]);
});

test("Minimmit goes on whatever a leader lies, and not if proofs are kept", async (t) => {
  const runs = { maxRuns: 1000, seed: 1 };
  const kept = await settingFrom(
    plan(await findProtocol("minimmit/keeps-proofs"), { protocol: "minimmit/keeps-proofs" })[0]!.description,
  );
  t.is((await fuzz(kept, runs)).counterexample?.property, "termination");
  const { protocol: _, ...setting } = kept;
  const { protocol } = await findProtocol("minimmit");
  const correct = await fuzz({ ...setting, protocol }, runs);
  t.deepEqual([correct.counterexample, correct.runs], [null, 1000]);
});

test("Raft with pre-votes, snapshots and changes of members within larger bounds", async (t) => {
  const found: string[] = [];
  const { requests } = slowOtherProtocolSuites.find((suite) => suite.name === "raft")!;
  for (const request of requests) {
    const { candidates, ...others } = request.set ?? {};
    const isNew = candidates !== undefined && Object.keys(others).length > 0;
    if (isNew || request.protocol === "raft/two-changes-at-once") found.push(...(await outcomes(request)));
  }
  t.deepEqual(found, [
    "raft, no adversary, terms 0-2: holds, 358991 states", // pre-votes
    "raft, no adversary, terms 0-2: holds, 22891 states", // snapshots
    "raft, no adversary, terms 0-2: holds, 194751 states", // one change of members
    "raft, no adversary, terms 0-2: holds, 49107 states", // heartbeats
    "raft, no adversary, terms 0-2: holds, 5051 states", // one change, from a leader on
    "raft/two-changes-at-once, no adversary, terms 0-2: agreement violated, 10 actions, 86700 states",
  ]);
});
