// OSDI'99, sections 4.4 and 4.5.2: view changes.

import test from "ava";
import { type Config, certificate, type Json, type Protocol, sign } from "../../../src/protocol/index.js";
import type { Prepared, ViewChange } from "../../../src/protocols/pbft/messages.js";
import { pbft } from "../../../src/protocols/pbft/protocol.js";
import { pbftRules, viewChangeIsValid } from "../../../src/protocols/pbft/rules.js";
import type { ReplicaState } from "../../../src/protocols/pbft/state.js";
import {
  A,
  B,
  behaviourOf,
  C,
  commit,
  committed,
  deeds,
  drive,
  forged,
  four,
  newView,
  outcomesOf,
  prePrepare,
  prepare,
  prepared,
  threeSlots,
  viewChange,
} from "./support.js";

const seven: Config = { ...four, replicas: 7, faults: 2 };
const emptyQuorum = [viewChange("r0", 1), viewChange("r1", 1), viewChange("r3", 1)];

// --- leaving a view ---

test("a replica whose timer runs out asks for the next view, and the timer stays off", (t) => {
  const ran = drive("r2", [A, "timeout"]);
  t.deepEqual(ran.last, ["view-change(1)", "cancel-timer"]);
  t.deepEqual([ran.state.view, ran.state.active], [1, false]);
});

test("a view-change carries a certificate for every slot that has prepared, and for no other", (t) => {
  const ran = drive(
    "r1",
    [...committed(1, A), prePrepare(0, 2, B), prePrepare(0, 3, C), prepare("r3", 0, 3, C), "timeout"],
    { config: threeSlots },
  );
  t.deepEqual(ran.last, ["view-change(1, 1:A of view 0, 3:C of view 0)", "cancel-timer"]);
});

test("a replica that has left a view takes part in it no more", (t) => {
  const left = drive("r2", [prePrepare(0, 1, A), prepare("r3", 0, 1, A), "timeout"]).state;
  t.deepEqual(left.log, []);
  t.deepEqual(drive("r2", [commit("r0", 0, 1, A), commit("r3", 0, 1, A)], { state: left }).history, [[], []]);
});

test("certificates survive view changes: the next view-change carries them again", (t) => {
  const ran = drive("r2", [
    prePrepare(0, 1, A),
    prepare("r3", 0, 1, A),
    "timeout",
    newView(1, emptyQuorum),
    "timeout",
  ]);
  t.deepEqual(ran.last, ["view-change(2, 1:A of view 0)", "cancel-timer"]);
});

// --- the f+1 rule ---

test("one view-change moves nobody, f+1 do, although the own timer still runs", (t) => {
  const ran = drive("r3", [A, viewChange("r1", 1), viewChange("r2", 1)]);
  t.deepEqual(ran.history.slice(1), [[], ["view-change(1)", "set-timer 2"]]);
});

test("the f+1 rule counts distinct senders, not messages", (t) => {
  t.deepEqual(drive("r3", [viewChange("r1", 1), viewChange("r1", 2), viewChange("r1", 3)]).last, []);
  const bySix = [1, 2, 3].flatMap((view) => ["r1", "r2"].map((by) => viewChange(by, view)));
  t.deepEqual(drive("r3", bySix, { config: seven }).last, []);
});

test("the f+1 rule counts all higher views together, and joins the smallest of them", (t) => {
  t.deepEqual(drive("r0", [viewChange("r1", 3), viewChange("r2", 2)]).last, ["view-change(2)"]);
});

test("whoever has joined joins on, if a weak quorum is still above", (t) => {
  const ran = drive("r0", [viewChange("r1", 2), viewChange("r1", 1), viewChange("r2", 2)]);
  t.deepEqual(ran.last, ["view-change(1)", "view-change(2)", "set-timer 4"]);
  t.is(ran.state.view, 2);
});

test("view-changes for the own view or a lower one do not make anybody move", (t) => {
  const inView1 = drive("r2", [newView(1, emptyQuorum)]).state;
  const late = [viewChange("r0", 1), viewChange("r3", 1), viewChange("r0", 0)];
  t.deepEqual(drive("r2", late, { state: inView1 }), { state: inView1, history: [[], [], []], last: [] });
});

test("with a rule that joins on one, the next view is joined, and never a view that nobody asked for", (t) => {
  const rules = { ...pbftRules, joinsView: () => true };
  const protocol = pbft(rules) as unknown as Protocol<Json, Json>;
  t.deepEqual(drive("r3", [viewChange("r1", 1)], { protocol }).last, ["view-change(1)"]);
  t.is(drive("r3", ["timeout", viewChange("r1", 1)], { protocol }).state.view, 1);
});

// --- the timer of a view change ---

test("the new-view timer starts only once a quorum of view-changes is in, with twice the delay for every view", (t) => {
  t.deepEqual(drive("r2", [A, "timeout", viewChange("r0", 1), viewChange("r3", 1)]).history.slice(1), [
    ["view-change(1)", "cancel-timer"],
    [],
    ["set-timer 2"],
  ]);
});

test("when the new-view timer runs out, the view after that is asked for, and a quorum is awaited anew", (t) => {
  const ran = drive("r2", [A, "timeout", viewChange("r0", 1), viewChange("r3", 1), "timeout"]);
  t.deepEqual(ran.last, ["view-change(2)", "cancel-timer"]);
  t.is(ran.state.view, 2);
});

test("the timer that waits for the new view goes on until a request is executed in it", (t) => {
  const waiting = drive("r3", [A, "timeout", viewChange("r0", 1), viewChange("r1", 1)]);
  t.deepEqual(waiting.last, ["set-timer 2"]);
  const entered = drive("r3", [newView(1, emptyQuorum)], { state: waiting.state });
  t.deepEqual(entered.last, [], "neither set anew nor cancelled");
});

test("a new view with nothing to wait for cancels the timer", (t) => {
  const waiting = drive("r3", ["timeout", viewChange("r0", 1), viewChange("r1", 1)]);
  t.deepEqual(drive("r3", [newView(1, emptyQuorum)], { state: waiting.state }).last, ["cancel-timer"]);
});

test("a replica that restarts while it waits sets its timer anew", (t) => {
  const behaviour = behaviourOf<ReplicaState>("r2");
  const restart = (stable: ReplicaState) =>
    behaviour.init({ self: "r2", config: four }, { kind: "restart", stable: stable as never })[0]!;
  const waiting = drive("r2", [A]).state;
  t.deepEqual(behaviour.stable(waiting), waiting);
  t.deepEqual([restart(waiting).state, deeds(restart(waiting))], [waiting, ["set-timer 1"]]);
  t.deepEqual(deeds(restart(drive("r1", committed(1, A)).state)), []);
});

// --- the new primary ---

test("the primary of the awaited view starts it with a quorum of view-changes, its own included", (t) => {
  const ran = drive("r1", ["timeout", viewChange("r2", 1), viewChange("r3", 1)]);
  t.deepEqual(ran.last, ["new-view(1, 3 say nothing)"]);
  t.deepEqual([ran.state.view, ran.state.active, ran.state.viewChanges], [1, true, []]);
});

test("the new primary re-proposes by its new-view alone, and does not prepare", (t) => {
  const ran = drive("r1", ["timeout", viewChange("r2", 1, [prepared(0, 1, A)]), viewChange("r3", 1)]);
  t.deepEqual(ran.last, ["new-view(1, 3 say 1:A of view 0 or nothing, 1:A)", "set-timer 2"]);
  t.deepEqual(drive("r1", [prepare("r2", 1, 1, A), prepare("r3", 1, 1, A)], { state: ran.state }).history, [
    [],
    ["commit(1, 1, A)"],
  ]);
});

test("numbering continues above what the new view proposes", (t) => {
  const ran = drive("r1", [B, "timeout", viewChange("r2", 1, [prepared(0, 2, A)]), viewChange("r3", 1)], {
    config: threeSlots,
  });
  t.deepEqual(ran.last, [
    "new-view(1, 3 say 2:A of view 0 or nothing, 1:null, 2:A)",
    "pre-prepare(1, 3, B)",
    "set-timer 2",
  ]);
});

test("a request that the new view re-proposes is not proposed once more", (t) => {
  const ran = drive("r1", [A, "timeout", viewChange("r2", 1, [prepared(0, 1, A)]), viewChange("r3", 1)], {
    config: threeSlots,
  });
  t.deepEqual(ran.last, ["new-view(1, 3 say 1:A of view 0 or nothing, 1:A)", "set-timer 2"]);
});

test("a replica that is not the primary of the awaited view starts nothing", (t) => {
  t.deepEqual(drive("r2", ["timeout", viewChange("r1", 1), viewChange("r3", 1)]).last, ["set-timer 2"]);
});

// --- what a new view proposes ---

const proposed = (...viewChanges: ReturnType<typeof viewChange>[]) =>
  pbftRules
    .proposalsFrom(
      pbftRules,
      viewChanges.map(({ body }) => body),
    )
    .map(({ slot, digest }) => `${slot}: ${digest}`);

test("a new view after view-changes without certificates proposes nothing", (t) => {
  t.deepEqual(proposed(...emptyQuorum), []);
});

test("for each slot the certificate of the highest view wins, whoever sends it first", (t) => {
  const low = viewChange("r0", 3, [prepared(0, 1, A)]);
  const high = viewChange("r1", 3, [prepared(2, 1, B)]);
  const middle = viewChange("r2", 3, [prepared(1, 1, C)]);
  t.deepEqual(proposed(low, high, middle), ["1: c1:1:B"]);
  t.deepEqual(proposed(middle, low, high), ["1: c1:1:B"]);
  t.deepEqual(proposed(high, middle, low), ["1: c1:1:B"]);
});

test("slots without a certificate below the highest one become null requests", (t) => {
  t.deepEqual(proposed(viewChange("r0", 1, [prepared(0, 3, C)]), viewChange("r1", 1, [prepared(0, 2, B)])), [
    "1: null",
    "2: c1:1:B",
    "3: c2:1:C",
  ]);
});

test("a null request that prepared in a later view beats a request of an earlier one", (t) => {
  const viewChanges = [viewChange("r0", 2, [prepared(0, 1, A)]), viewChange("r2", 2, [prepared(1, 1, null)])];
  t.deepEqual(proposed(...viewChanges), ["1: null"]);
});

// --- accepting a new view ---

test("a backup of a lower view accepts a justified new-view at once, asks for its view as well, and prepares its proposals", (t) => {
  const quorum = [viewChange("r1", 1), viewChange("r2", 1, [prepared(0, 1, A)]), viewChange("r3", 1)];
  const ran = drive("r0", [newView(1, quorum)]);
  t.deepEqual(ran.last, ["view-change(1)", "prepare(1, 1, A)", "set-timer 2"]);
  t.deepEqual([ran.state.view, ran.state.active], [1, true]);
});

test("a new view is entered once", (t) => {
  const quorum = [viewChange("r1", 1), viewChange("r2", 1, [prepared(0, 1, A)]), viewChange("r3", 1)];
  t.deepEqual(drive("r0", [newView(1, quorum), newView(1, quorum)]).last, []);
});

test("a new-view for a view that was left is ignored", (t) => {
  const view2 = newView(
    2,
    ["r0", "r1", "r3"].map((by) => viewChange(by, 2)),
  );
  t.is(drive("r3", [view2, newView(1, emptyQuorum)]).state.view, 2);
  const asked = drive("r3", ["timeout", "timeout", newView(1, emptyQuorum)]).state;
  t.deepEqual([asked.view, asked.active], [2, false]);
});

test("view-changes for still higher views are kept when a view is entered, the others go", (t) => {
  const { state } = drive("r2", [viewChange("r0", 1), viewChange("r0", 2), newView(1, emptyQuorum)]);
  t.deepEqual(state.viewChanges, [{ replica: "r0", view: 2, said: viewChange("r0", 2).body }]);
});

test("view-changes for views that were left go, and so does the log of the view", (t) => {
  const left = drive("r2", [viewChange("r0", 1), "timeout", "timeout"]).state;
  t.deepEqual(left.viewChanges, [{ replica: "r2", view: 2, said: viewChange("r2", 2).body }]);
  t.deepEqual(drive("r2", [prePrepare(0, 1, A), newView(1, emptyQuorum)]).state.log, []);
});

test("view-changes are kept once for each sender and view", (t) => {
  const first = viewChange("r0", 2);
  const both = [first, viewChange("r0", 2, [prepared(0, 1, A)])];
  t.deepEqual(drive("r2", both).state.viewChanges, [{ replica: "r0", view: 2, said: first.body }]);
});

test("only the primary of a view remembers what view-changes for it say", (t) => {
  const asked = drive("r3", [viewChange("r0", 2, [prepared(0, 1, A)])]).state;
  t.deepEqual(asked.viewChanges, [{ replica: "r0", view: 2, said: null }]);
});

test("once a quorum asks for the awaited view, its backups forget who", (t) => {
  const asked = ["timeout", viewChange("r0", 1), viewChange("r3", 1)] as const;
  const { viewChanges, isAwaitedByQuorum } = drive("r2", [...asked, viewChange("r1", 1)]).state;
  t.deepEqual([viewChanges, isAwaitedByQuorum], [[], true]);
});

const refusedNewViews: readonly (readonly [string, ReturnType<typeof newView>])[] = [
  ["with too few view-changes", newView(1, emptyQuorum.slice(1))],
  [
    "with two view-changes of one sender",
    newView(1, [...emptyQuorum.slice(1), viewChange("r3", 1, [prepared(0, 1, A)])]),
  ],
  [
    "that moves a value to another slot",
    newView(
      1,
      [...emptyQuorum.slice(1), viewChange("r0", 1, [prepared(0, 1, A)])],
      [{ slot: 2, digest: "", request: A }],
    ),
  ],
  ["with a view-change for another view", newView(1, [...emptyQuorum.slice(1), viewChange("r0", 2)])],
  [
    "with a view-change of a node that is no replica",
    newView(1, [...emptyQuorum.slice(1), viewChange("c0", 1)]),
  ],
  ["by another than its primary", sign("r3", newView(1, emptyQuorum).body)],
  ["that proposes what does not follow", newView(1, emptyQuorum, [{ slot: 1, digest: "", request: A }])],
  [
    "that leaves out what follows",
    newView(1, [...emptyQuorum.slice(1), viewChange("r0", 1, [prepared(0, 1, A)])], []),
  ],
  [
    "that puts another value where one has prepared",
    newView(
      1,
      [...emptyQuorum.slice(1), viewChange("r0", 1, [prepared(0, 1, A)])],
      [{ slot: 1, digest: "", request: B }],
    ),
  ],
];
for (const [which, message] of refusedNewViews)
  test(`a new-view ${which} is refused`, (t) => {
    t.deepEqual(drive("r2", [message]).last, []);
    t.is(drive("r2", [message]).state.view, 0);
  });

test("a new-view whose proposals somebody else has signed is refused", (t) => {
  const { body } = newView(1, [...emptyQuorum.slice(1), viewChange("r0", 1, [prepared(0, 1, A)])]);
  const proposals = body.proposals.map((proposal) => sign("r3", proposal.body));
  t.deepEqual(drive("r2", [sign("r1", { ...body, proposals })]).last, []);
});

test("the primary of a view does not take its own new-view back", (t) => {
  t.is(drive("r1", [newView(1, emptyQuorum)]).state.view, 0);
});

// --- which view-changes are valid ---

const certified = prepared(0, 1, A);
const vote = certified.prepares.vote;
const invalid: readonly (readonly [string, Prepared])[] = [
  ["with a prepare too few", { ...certified, prepares: certificate(vote, 1, ["r1", "r2", "r3"]) }],
  [
    "with the primary among those who prepare",
    { ...certified, prepares: certificate(vote, 2, ["r0", "r1", "r2", "r3"]) },
  ],
  [
    "with prepares for another view",
    { ...certified, prepares: certificate({ ...vote, view: 1 }, 2, ["r1", "r2", "r3"]) },
  ],
  [
    "with prepares for another slot",
    { ...certified, prepares: certificate({ ...vote, slot: 2 }, 2, ["r1", "r2", "r3"]) },
  ],
  ["with prepares for another digest", { ...certified, prepares: prepared(0, 1, B).prepares }],
  ["with a pre-prepare of another than the primary", { ...certified, prePrepare: prePrepare(0, 1, A, "r1") }],
  ["of a request that no client has signed", prepared(0, 1, forged)],
  ["of a view that is not below", prepared(2, 1, A)],
  ["for a slot above the watermark", prepared(0, 2, A)],
  ["for a slot that is no whole number", prepared(0, 0.5, A)],
];
for (const [which, certificateOf] of invalid)
  test(`a view-change with a certificate ${which} is refused`, (t) => {
    t.deepEqual(drive("r3", [viewChange("r1", 2, [certificateOf])]).state.viewChanges, []);
    t.deepEqual(drive("r3", [viewChange("r1", 2, [certified])]).state.viewChanges.length, 1);
  });

test("a view-change with a certificate of a request under another's digest is refused", (t) => {
  const body = { ...prePrepare(0, 1, A).body, request: B };
  t.deepEqual(
    drive("r3", [viewChange("r1", 1, [{ ...certified, prePrepare: sign("r0", body) }])]).state.viewChanges,
    [],
  );
});

const malformed: readonly (readonly [string, Partial<ViewChange>])[] = [
  ["with two certificates for one slot", { prepared: [certified, prepared(0, 1, B)] }],
  ["with a checkpoint that nobody has taken", { stable: 1 }],
  ["for a view that is no whole number", { view: 0.5 }],
];
for (const [which, change] of malformed)
  test(`a view-change ${which} is refused`, (t) => {
    const { body } = viewChange("r1", 1);
    t.false(viewChangeIsValid(pbftRules, four, sign("r1", { ...body, ...change }), "r2"));
    t.true(viewChangeIsValid(pbftRules, four, sign("r1", body), "r2"));
  });

test("a view-change of a node that is no replica is refused", (t) => {
  t.false(viewChangeIsValid(pbftRules, four, viewChange("c0", 1), "r2"));
});

// --- a decided replica goes on ---

test("a replica that has executed everything still joins, votes and leads later views", (t) => {
  const decided = drive("r1", committed(1, A)).state;
  const joined = drive("r1", [viewChange("r2", 1), viewChange("r3", 1)], { state: decided });
  t.deepEqual(joined.last, [
    "view-change(1, 1:A of view 0)",
    "new-view(1, 3 say 1:A of view 0 or nothing, 1:A)",
  ]);
  const votes = [prepare("r2", 1, 1, A), prepare("r3", 1, 1, A)];
  t.deepEqual(drive("r1", votes, { state: joined.state }).last, ["commit(1, 1, A)"]);
});

test("every outcome of a step is the same when it is asked again", (t) => {
  const { state } = drive("r2", [A, prePrepare(0, 1, A), prepare("r3", 0, 1, A)]);
  for (const happening of [
    "timeout",
    commit("r0", 0, 1, A),
    viewChange("r1", 1),
    newView(1, emptyQuorum),
  ] as const)
    t.deepEqual(outcomesOf("r2", state, happening), outcomesOf("r2", state, happening));
});
