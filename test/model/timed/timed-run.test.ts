// What a timed counterexample says of itself is not believed: actions and times are checked against the rules.

import test from "ava";
import { fuzz } from "../../../src/fuzz/index.js";
import { strategyNamed } from "../../../src/fuzz/strategies/index.js";
import type { ActionTimes, Counterexample } from "../../../src/model/action.js";
import type { Setting } from "../../../src/model/setting.js";
import { TransitionSystem } from "../../../src/model/system.js";
import { type TimedActions, TimedRuns } from "../../../src/model/timed/timed-run.js";
import { judge } from "../../support/naive-timed.js";
import { pbftMutant, timedSetting, timing } from "../../support/settings.js";

/** With 5 Delta instead of 49 a silent primary is too much. */
const setting = timedSetting("silent", ["r0"], { timing: { ...timing, withinDeltas: 5 } });
const uniform = strategyNamed("uniform");
let found: Counterexample;
let run: TimedActions;
test.before(async () => {
  found = (await fuzz(setting, { seed: 1, maxRuns: 10, strategy: uniform })).counterexample!;
  run = { actions: found.actions, schedule: found.schedule! };
});

function check(changes: Partial<TimedActions>, other: Setting = setting) {
  const runs = new TimedRuns(new TransitionSystem(other), other.timing!);
  return runs.begin(found.start) ? runs.check({ ...run, ...changes }) : null;
}

/** The schedule with one time replaced. */
function at(index: number, timeMs: number): ActionTimes {
  return { ...run.schedule, timesMs: run.schedule.timesMs.with(index, timeMs) };
}

test("this is a timed run in which a client is not served in time", (t) => {
  t.deepEqual(run.schedule, {
    timesMs: [20, 30, 50, 60, 70, 70, 70, 90, 90, 100, 100, 100, 100, 110, 110],
    untilMs: 110,
  });
  const explanation =
    "the client of c0:1:A still waits at 110 ms, more than 5 Delta after it asked and GST (60 ms)";
  t.is(found.explanation, explanation);
  t.deepEqual(check({}), { kind: "violated", explanation });
});

test("a timer fires when it has run out, neither before nor after", (t) => {
  const reason = "c0's timer retransmit should have come by 20 ms";
  t.deepEqual(check({ schedule: at(0, 19) }), {
    kind: "invalid",
    at: 0,
    reason: "that timer does not run out at 19 ms",
  });
  t.deepEqual(check({ schedule: at(0, 21) }), { kind: "invalid", at: 0, reason });
});

test("time does not go back", (t) => {
  t.deepEqual(check({ schedule: at(6, 60) }), {
    kind: "invalid",
    at: 6,
    reason: "it comes at 60 ms, which is over",
  });
});

test("before GST a message takes as long as it likes; after it, Delta and no longer", (t) => {
  t.is(check({ schedule: at(1, 49) })!.kind, "invalid"); // r2's timer then runs out at 69 ms, and not at 50
  t.deepEqual(check({ schedule: at(6, 70.001) }), {
    kind: "invalid",
    at: 6,
    reason: "what r1 can make use of (number 1 of all that was sent) should have come by 70 ms",
  });
});

test("what is owed cannot be left out", (t) => {
  const { timesMs } = run.schedule;
  const outcomes = timesMs.map((_, index) =>
    check({
      actions: run.actions.toSpliced(index, 1),
      schedule: { ...run.schedule, timesMs: timesMs.toSpliced(index, 1) },
    }),
  );
  t.deepEqual(
    outcomes.map((outcome) => outcome!.kind),
    timesMs.map(() => "invalid"),
  );
});

test("the run has to be watched until the client cannot be served in time any more", (t) => {
  t.deepEqual(check({ schedule: { ...run.schedule, untilMs: 109.999 } }), {
    kind: "invalid",
    at: 15,
    reason: "it ends before its last action",
  });
});

test("nobody can complain who may wait longer, and nobody where more than f replicas are faulty", (t) => {
  const patient = { ...setting, timing };
  t.deepEqual(check({}, patient), { kind: "holds" });
});

test("an action has to be possible, and to have a time", (t) => {
  const { actions, schedule } = run;
  t.deepEqual(check({ actions: [actions[1]!, ...actions.slice(1)], schedule: at(0, 20) }), {
    kind: "invalid",
    at: 0,
    reason: "it is no longer possible",
  });
  t.deepEqual(check({ schedule: { ...schedule, timesMs: schedule.timesMs.slice(0, 14) } }), {
    kind: "invalid",
    at: 14,
    reason: "it has no time",
  });
});

test("the naive reading of the rules finds the same faults", (t) => {
  const complaints = (schedule: ActionTimes) => judge(setting, run.actions, schedule).complaints.length;
  t.is(complaints(run.schedule), 0);
  for (const [index, timeMs] of [
    [0, 19],
    [0, 21],
    [6, 60],
    [1, 49],
    [6, 70.001],
  ] as const)
    t.true(complaints(at(index, timeMs)) > 0, `${index} at ${timeMs}`);
});

test("a lasso is believed only where the situation is the same, and after GST", async (t) => {
  const stuck = timedSetting("silent", ["r0"], { protocol: pbftMutant("primary-forever") });
  const { counterexample } = await fuzz(stuck, { seed: 1, maxRuns: 1, strategy: uniform });
  const { actions, schedule, explanation, start } = counterexample!;
  const judged = (changes: Partial<ActionTimes>) => {
    const runs = new TimedRuns(new TransitionSystem(stuck), timing);
    return runs.begin(start) ? runs.check({ actions, schedule: { ...schedule!, ...changes } }) : null;
  };
  t.deepEqual([schedule!.againMs, schedule!.untilMs], [80, 100]);
  t.deepEqual(judged({}), { kind: "violated", explanation });
  t.deepEqual(judged({ untilMs: 99 }), { kind: "holds" });
  t.deepEqual(judged({ againMs: 81 }), { kind: "holds" });
  t.deepEqual(judged({ againMs: 100 }), { kind: "holds" });
  t.deepEqual(judged({ againMs: 40 }), { kind: "holds" }); // that is over
  const { againMs: _, ...unsaid } = schedule!;
  const runs = new TimedRuns(new TransitionSystem(stuck), timing);
  t.true(runs.begin(start));
  t.deepEqual(runs.check({ actions, schedule: unsaid }), { kind: "holds" });
});

for (const network of ["once", "fifo"])
  test(`where a message is delivered once it is due Delta after it was sent, whatever it does: ${network}`, async (t) => {
    const timely = timedSetting("silent", ["r0"], { network, timing: { ...timing, withinDeltas: 5 } });
    const { counterexample } = await fuzz(timely, { seed: 1, maxRuns: 10, strategy: uniform });
    const { actions, start, schedule } = counterexample!;
    const runs = new TimedRuns(new TransitionSystem(timely), timely.timing!);
    const verdict = (changes: Partial<TimedActions>) => {
      return runs.begin(start) && runs.check({ actions, schedule: schedule!, ...changes });
    };
    t.deepEqual(judge(timely, actions, schedule!).complaints, []);
    t.like(verdict({}), { kind: "violated" });
    // The same one action too early or too late: the naive reading of the rules complains where the other one does.
    for (const [index, timeMs] of schedule!.timesMs.entries())
      for (const other of [timeMs - 1, timeMs + 1]) {
        const moved = { ...schedule!, timesMs: schedule!.timesMs.with(index, other) };
        const isWrong = (verdict({ schedule: moved }) as { kind: string }).kind === "invalid";
        t.is(judge(timely, actions, moved).complaints.length > 0, isWrong, `${index} at ${other}`);
      }
    // Without one that was delivered what follows is overdue, for both. (What comes at the very end may be due there, says the naive reading.)
    const deliveries = [...actions.keys()].filter((index) => actions[index]!.kind === "deliver");
    for (const index of deliveries) {
      const less = actions.toSpliced(index, 1);
      const then = { ...schedule!, timesMs: schedule!.timesMs.toSpliced(index, 1) };
      t.like(verdict({ actions: less, schedule: then }), { kind: "invalid" });
      const isBefore = schedule!.timesMs[index]! < schedule!.untilMs;
      t.true(!isBefore || judge(timely, less, then).complaints.length > 0, `without ${index}`);
    }
  });
