// Stories of traces of every kind: the states that the page unrolls are those of the replay, and messages are followed to their arrival.

import test from "ava";
import type { Json } from "../../src/protocol/index.js";
import { readTrace, replay } from "../../src/trace/index.js";
import { stateLines } from "../../src/viewer/state-lines.js";
import { storyOf } from "../../src/viewer/tell.js";
import { firstDifference, Timeline } from "../../src/viewer/timeline.js";
import { unavoidableIn } from "../../src/viewer/unavoidable-in.js";
import { root } from "../cli/support.js";
import { kinds, traceNamed } from "../export/traces.js";

async function storyNamed(name: string) {
  return storyOf((await traceNamed(name)).result, name);
}

async function timelineIn(file: string, protocol?: string) {
  const result = await replay(await readTrace(`${root}/corpus/${file}.json`), protocol);
  return { result, timeline: new Timeline(storyOf(result, file)) };
}

for (const [name, actions, loop, make] of kinds)
  test(`the story of "${name}" unrolls to the states of its replay`, async (t) => {
    const { result } = await make();
    const timeline = new Timeline(storyOf(result, name));
    t.is(timeline.length, actions + loop);
    t.is(timeline.story.loopFrom, loop === 0 ? null : actions);
    for (const { node, state } of result.nodes)
      t.deepEqual(timeline.standing(timeline.length).get(node)?.state, state);
    for (const [index, { node, now }] of result.steps.entries()) {
      const shown = timeline.standing(index + 1).get(node)!;
      t.deepEqual(shown, { node, view: now.view, timers: now.timers, down: now.down, state: now.state });
    }
    t.deepEqual(JSON.parse(JSON.stringify(timeline.story)), timeline.story);
  });

test("agreement is untested at the start, pending nowhere, and violated at the end", async (t) => {
  const timeline = new Timeline(await storyNamed("two requests at one slot"));
  const verdicts = [0, 1, 2, 3, 4].map((moment) => timeline.monitors(moment)[0]!.verdict);
  t.deepEqual(verdicts, ["holds", "holds", "holds", "holds", "violated"]);
  t.is(timeline.monitors(4)[0]!.why, "r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there");
});

test("every property speaks for itself, also those that the replay mutes", async (t) => {
  const { timeline } = await timelineIn("pbft-new-view-unjustified");
  t.deepEqual(
    timeline.monitors(14).map(({ property, verdict }) => [property, verdict]),
    [["agreement", "violated"]],
  );
});

test("a message is followed from where it was sent to where it arrives", async (t) => {
  const { timeline } = await timelineIn("pbft-new-view-unjustified");
  const prepare = timeline.flights().filter(({ sentAt, to }) => sentAt === 0 && to === "r0");
  t.deepEqual(
    prepare.map(({ from, type, receivedAt }) => [from, type, receivedAt]),
    [["r2", "prepare", [1]]],
  );
  t.deepEqual([...timeline.causes(1)], [0]);
  t.true(timeline.effects(0).has(1));
  t.false(timeline.effects(0).has(0));
});

test("of two nodes that say the same, the one from which a message comes has sent it", async (t) => {
  // In steps 13 and 14 r1 and r2 answer r0 in the same words.
  const { timeline } = await timelineIn("raft-commits-old-terms");
  const { from, causes } = timeline.story.steps[14]!;
  t.is(from, "r2");
  t.deepEqual(
    causes.map(({ node, step }) => [node, step]),
    [["r2", 13]],
  );
});

test("the adversary learns what correct nodes sign", async (t) => {
  const { timeline } = await timelineIn("pbft-new-view-unjustified");
  const learned = timeline.known(14).filter(({ since }) => since > 0);
  t.true(timeline.known(14).length > timeline.known(0).length);
  t.true(learned.every(({ text }) => /^r[023]: /.test(text)));
});

test("a mutant and the correct protocol part where the trace diverges", async (t) => {
  const { timeline: mutant } = await timelineIn("pbft-new-view-unjustified");
  const { timeline: correct } = await timelineIn("pbft-new-view-unjustified", "pbft");
  t.is(firstDifference(mutant.story, correct.story), 4);
  t.is(correct.story.outcome, "diverged");
  t.is(firstDifference(mutant.story, mutant.story), null);
});

test("a timed run has times, and what does not change is not said again", async (t) => {
  const { result, timeline } = await timelineIn("pbft-timeout-constant");
  t.deepEqual(
    timeline.story.steps.map(({ timeMs }) => timeMs),
    result.timesMs as number[],
  );
  t.true(JSON.stringify(timeline.story).length < 250_000);
});

test("expressions see the fields of states, and where the nodes stand", async (t) => {
  const { timeline } = await timelineIn("pbft-new-view-unjustified");
  const { r0 } = timeline.scope(14) as { readonly r0: { readonly [field: string]: Json } };
  t.is(r0.view, 1);
  t.deepEqual(r0.timers, ["view-change"]);
});

test("a replay says from which step on its violation could not be avoided", async (t) => {
  const fates = [
    "pbft-quorum-2f",
    "pbft-new-view-unjustified",
    "two-phase-commit-blocks",
    "pbft-timeout-constant",
  ];
  const found = await Promise.all(
    fates.map(async (file) => unavoidableIn((await timelineIn(file)).result)?.from),
  );
  t.deepEqual(found, [4, 14, 1, undefined]);
});

test("changes of state are told in lines, each with its node and path", async (t) => {
  const { result } = await timelineIn("pbft-quorum-2f");
  const lines = stateLines(result);
  t.is(lines.length, 4);
  t.true(lines[0]!.every((line) => /^[~+-] r1\./.test(line)));
  t.true(lines[2]!.includes("~ r1.lastExecuted = 1"));
});
