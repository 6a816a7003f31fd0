// Which moves exactly: counted by hand in a few situations, and the remarkable ones picked out.

import test from "ava";
import { arbitrary, byzantineClient, equivocatingPrimary, lyingVoter } from "../../adversaries/index.js";
import { builtinProperties, pick } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Adversary, Json, Protocol, Signed } from "../../src/protocol/index.js";
import type { Body, Message, NewView, ViewChange } from "../../src/protocols/pbft/messages.js";
import { pbft } from "../../src/protocols/pbft/protocol.js";
import { digestOf } from "../../src/protocols/pbft/requests.js";
import { pbftRules, type Rules } from "../../src/protocols/pbft/rules.js";
import { A, B, four, prePrepare, prepared, viewChange } from "../protocols/pbft/support.js";
import { ask, count, endOfView0, situation, situations } from "./situations.js";

const startOfView0 = situations["r0 at the start of view 0"]!;
const startOfView1 = situations["r1 at the start of view 1"]!;

function bodies<Tag extends Body["tag"]>(moves: readonly Message[], tag: Tag) {
  return moves.flatMap(({ body }) => (body.tag === tag ? [body as Extract<Body, { tag: Tag }>] : []));
}

// --- equivocating primary ---

test("in view 0 the equivocating primary proposes A and B, and commits to A and B", (t) => {
  t.deepEqual(count(ask(equivocatingPrimary, startOfView0).moves), { "pre-prepare": 2, commit: 2 });
});

test("it proposes only requests that clients have sent", (t) => {
  const { moves } = ask(equivocatingPrimary, situations["r0 before clients have sent anything"]!);
  t.deepEqual(count(moves), { commit: 2 });
});

test("in view 1 it starts the view from every quorum that it has a part in or can show, by the rules", (t) => {
  const { moves } = ask(equivocatingPrimary, startOfView1);
  t.deepEqual(count(moves), { "pre-prepare": 2, commit: 3, "new-view": 2 });
  for (const body of bodies(moves, "new-view")) {
    t.true(pbftRules.newViewIsJustified(pbftRules, four, body, "r2"));
    t.true(pbftRules.proposalsFollow(pbftRules, body));
  }
});

test("it leads no view but its own", (t) => {
  t.deepEqual(count(ask(equivocatingPrimary, situations["r2 at the end of view 0"]!).moves), {});
});

// --- lying voter ---

test("the lying voter votes for every value in every view, null included above view 0, and hides what has prepared", (t) => {
  const { moves } = ask(lyingVoter, situations["r2 at the end of view 0"]!);
  t.deepEqual(count(moves), { prepare: 5, commit: 5, "view-change": 1 });
  t.deepEqual(bodies(moves, "view-change"), [viewChange("r2", 1).body]);
});

test("in liveness runs it asks for the view beyond the last one as well", (t) => {
  const { moves } = ask(lyingVoter, situation(["r2"], 1, endOfView0, { beyond: true }));
  t.deepEqual(bodies(moves, "view-change"), [viewChange("r2", 1).body, viewChange("r2", 2).body]);
});

// --- arbitrary ---

test("in view 0 arbitrary has 13 moves as primary", (t) => {
  // Requests: forged, usurped. Pre-prepares: A, B, these two, null; A named B, B named A. Votes: A, B.
  t.deepEqual(count(ask(arbitrary, startOfView0).moves), {
    request: 2,
    "pre-prepare": 7,
    prepare: 2,
    commit: 2,
  });
});

test("at the start of view 1 its primary has 46 moves", (t) => {
  // View-changes: no certificate, the one for A, and one for A that proves nothing. New-views with any proposals (A, B,
  // forged, null, none) on no view-changes, or on a quorum that says nothing, or nothing and A. With the proposals that
  // follow: on two view-changes that say nothing, A, or both; or on a quorum one of which is its false one, with or
  // without A.
  t.deepEqual(count(ask(arbitrary, startOfView1).moves), {
    request: 2,
    "pre-prepare": 11,
    prepare: 5,
    commit: 5,
    "view-change": 3,
    "new-view": 3 * 5 + 3 + 2,
  });
});

test("in liveness runs arbitrary asks for, and starts, the view beyond the last one as well", (t) => {
  const { moves } = ask(arbitrary, situations["r1 at the start of view 1, with view 2 in sight"]!);
  const of2 = (body: ViewChange | NewView) => body.view === 2;
  t.is(bodies(moves, "view-change").filter(of2).length, 3);
  t.is(
    new Set(
      bodies(moves, "new-view")
        .filter(of2)
        .map((body) => JSON.stringify(body)),
    ).size,
    5,
  );
});

test("colluders' view-changes count for each other's new views", (t) => {
  const { moves } = ask(arbitrary, situations["r1 and r4 of seven"]!);
  t.true(bodies(moves, "new-view").some(({ viewChanges }) => viewChanges.atLeast === 5));
});

test("a pre-prepare of its own is combined with the prepares for another", (t) => {
  const { moves } = ask(arbitrary, situations["r0 at the end of view 0"]!);
  const mixed = { ...prepared(0, 1, A), prePrepare: prePrepare(0, 1, B) };
  t.true(
    bodies(moves, "view-change").some((body) => JSON.stringify(body.prepared) === JSON.stringify([mixed])),
  );
});

test("a certificate is shown only where it can be proven", (t) => {
  const onePrepare = endOfView0.filter(({ body }) => (body as Body).tag !== "prepare");
  const proven = (sent: readonly Signed<unknown>[]) =>
    bodies(ask(arbitrary, situation(["r3"], 1, sent)).moves, "view-change").filter(
      ({ prepared: [first] }) => first?.prepares.atLeast === 2,
    ).length;
  t.is(proven(onePrepare), 0, "its own prepare alone is not enough");
  t.is(proven(endOfView0), 1);
});

// --- what only arbitrary exposes: PBFT with a check left out, each a line ---

interface Hole {
  readonly left: string;
  readonly rules: Partial<Rules>;
  readonly property: string;
  readonly says: string;
  readonly weaker: Adversary<Message>;
}

const holes: readonly Hole[] = [
  {
    left: "the digest of a pre-prepare is not compared with its request",
    rules: { digestIsRight: () => true },
    property: "agreement",
    says: "r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there",
    weaker: equivocatingPrimary,
  },
  {
    left: "a replica may act as a client in its own name",
    rules: { requestIsAuthentic: (_, { signer, body }) => signer === body.client },
    property: "validity",
    says: "r1 executed r0:2:forged, which no client asked for",
    weaker: equivocatingPrimary,
  },
];

for (const { left, rules, property, says, weaker } of holes)
  test(`where ${left}, arbitrary breaks ${property} and ${weaker.name} does not`, async (t) => {
    const result = await search(inView0(rules, property, arbitrary));
    t.is(result.verdict, "violated");
    t.is(result.counterexample?.explanation, says);
    t.is((await search(inView0(rules, property, weaker))).verdict, "holds");
  });

function inView0(rules: Partial<Rules>, property: string, adversary: Adversary<Message>) {
  return {
    protocol: pbft({ ...pbftRules, ...rules }) as unknown as Protocol<Json, Json>,
    config: four,
    byzantine: ["r0"],
    adversary: adversary as unknown as Adversary<Json>,
    network: "async" as const,
    bounds: { views: 0 },
    properties: [pick("property", property, builtinProperties)],
  };
}

test("the values that arbitrary votes for are those of the run", (t) => {
  const { moves } = ask(arbitrary, startOfView0);
  t.deepEqual(
    bodies(moves, "commit").map(({ digest }) => digest),
    [A, B].map(digestOf),
  );
});

// --- Byzantine clients and authenticators ---

test("a Byzantine client asks for its request, and for another one with the same timestamp", (t) => {
  const { moves } = ask(byzantineClient, situations["c1, a client"]!);
  t.deepEqual(
    moves.map(({ body }) => body),
    ["B", "twin"].map((operation) => ({ tag: "request", client: "c1", timestamp: 1, operation })),
  );
});

test("with authenticators it convinces all, all but one, or one alone", (t) => {
  const { moves } = ask(byzantineClient, situations["c1, a client with authenticators"]!);
  t.is(moves.length, 2 * (1 + 4 + 4));
  const sizes = new Map<number, number>();
  for (const { convinces } of moves) sizes.set(convinces!.length, (sizes.get(convinces!.length) ?? 0) + 1);
  t.deepEqual([...sizes].sort(), [
    [1, 8],
    [3, 8],
    [4, 2],
  ]);
});

test("a Byzantine primary proposes a request as it came, or spoiled for one of the correct replicas", (t) => {
  const { moves } = ask(equivocatingPrimary, situations["r0 with authenticators"]!);
  const shown = moves.flatMap(({ body }) =>
    body.tag === "pre-prepare" && body.request?.tag === "signed" ? [body.request.convinces] : [],
  );
  t.deepEqual(shown, [
    ["r0", "r1", "r2", "r3"],
    ["r0", "r2", "r3"],
    ["r0", "r1", "r3"],
    ["r0", "r1", "r2"],
  ]);
});

test("arbitrary forges an authenticator that convinces no correct replica", (t) => {
  const { moves, admits } = ask(arbitrary, situations["r0 with authenticators"]!);
  const forged = moves.filter(({ body }) => body.tag === "request" && body.operation === "forged");
  t.deepEqual(
    forged.map(({ signer, convinces }) => [signer, convinces]),
    [
      ["c0", ["r0"]],
      ["r0", undefined],
    ],
  );
  t.true(forged.every(admits));
});
