// What adversaries that are made of others can do: no more and no less than their parts, in the views that they are meant for.

import test from "ava";
import {
  arbitrary,
  delayer,
  equivocatingPrimary,
  fromView,
  lyingVoter,
  mutator,
  replayer,
  silent,
  together,
  twin,
  untilGst,
} from "../../adversaries/index.js";
import type { Adversary } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { ask, count, distinct, situations } from "./situations.js";

const here = situations["r1 at the start of view 1"]!;
const [quiet, passing, late, twins, mutating] = [
  silent,
  replayer,
  delayer,
  twin,
  mutator,
] as Adversary<Message>[];

test("two at once say what either says", (t) => {
  const both = together(lyingVoter, equivocatingPrimary);
  const parts = [lyingVoter, equivocatingPrimary].flatMap((part) => [...distinct(ask(part, here).moves)]);
  t.deepEqual(distinct(ask(both, here).moves), new Set(parts));
  t.deepEqual([both.name, both.strength], ["lying-voter+equivocating-primary", 2]);
});

test("two at once forward, speak, move and listen if either does", (t) => {
  const both = together(quiet!, passing!);
  t.deepEqual([both.forwards, both.speaks, both.stepFaults], [true, true, undefined]);
  t.false(together(quiet!, lyingVoter).forwards);
  const place = { ...here.place, self: "r3", views: 0 };
  t.false(equivocatingPrimary.canMove(place));
  t.true(together(equivocatingPrimary, lyingVoter).canMove(place));
  t.true(together(lyingVoter, equivocatingPrimary).observes(here.sent[0]!));
});

test("of two puppets the liberties add up, and only what both owe is owed", (t) => {
  t.deepEqual(together(late!, late!).stepFaults, { copies: 1, forgets: false, owes: true });
  t.deepEqual(together(late!, twins!).stepFaults, { copies: 2, forgets: false, owes: false });
  t.is(together(late!, lyingVoter).stepFaults?.owes, false);
  t.is(typeof together(twins!, mutating!).stepFaults?.says, "function");
  t.is(together(fromView(quiet!, 1), fromView(quiet!, 2)).stepFaults?.until, 2);
  t.is(together(fromView(quiet!, 1), twins!).stepFaults?.until, undefined);
});

test("from view 1 on the lying voter speaks of view 1 only, and runs the protocol below it", (t) => {
  const later = fromView(lyingVoter, 1);
  t.deepEqual(count(ask(lyingVoter, here).moves), { prepare: 5, commit: 5, "view-change": 1 });
  t.deepEqual(count(ask(later, here).moves), { prepare: 3, commit: 3, "view-change": 1 });
  t.deepEqual(later.stepFaults, { until: 1 });
  t.is(later.name, "lying-voter@1");
});

test("from view 0 on it is what it is", (t) => {
  const always = fromView(lyingVoter, 0);
  t.deepEqual(distinct(ask(always, here).moves), distinct(ask(lyingVoter, here).moves));
  t.is(always.stepFaults, undefined);
});

test("until GST it lies about views below the last one, and owes what a correct replica owes", (t) => {
  const former = untilGst(lyingVoter);
  t.deepEqual(count(ask(former, here).moves), { prepare: 2, commit: 2 });
  t.deepEqual(former.stepFaults, { owes: true });
});

test("what names no view is said at any time from a view on, and not at all until GST", (t) => {
  t.is(count(ask(fromView(arbitrary, 1), here).moves).request, 2);
  t.is(count(ask(untilGst(arbitrary), here).moves).request, undefined);
});
