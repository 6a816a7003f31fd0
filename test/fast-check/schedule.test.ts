import test from "ava";
import * as fc from "fast-check";
import { adversary, faultPlan, type Schedule, schedule } from "../../src/fast-check/index.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { pbftAdversary, pbftMutant, pbftSetting } from "../support/settings.js";

const tooFewVotes = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });

/** The first failure that fast-check finds, shrunk. */
function shrunk(numRuns: number) {
  const details = fc.check(
    fc.property(schedule(tooFewVotes), (one) => one.run().violation === null),
    { seed: 1, numRuns },
  );
  return details as fc.RunDetails<[Schedule]>;
}

test("fast-check finds a flaw, and shrinks the schedule to the shortest one there is", (t) => {
  const details = shrunk(500);
  t.true(details.failed);
  const { actions, violation } = details.counterexample![0].run();
  t.is(violation?.property, "agreement");
  // The search's shortest counterexample has 4 actions.
  t.is(actions.length, 4);
});

test("fast-check's seed and path repeat a failure", (t) => {
  const { seed, counterexamplePath, counterexample } = shrunk(500);
  const again = fc.check(
    fc.property(schedule(tooFewVotes), (one) => one.run().violation === null),
    { seed, path: counterexamplePath!, endOnFailure: true },
  );
  t.deepEqual(again.counterexample![0].run(), counterexample![0].run());
});

test("what fast-check prints is what has happened", (t) => {
  const [one] = shrunk(500).counterexample!;
  const text = fc.stringify(one);
  t.is(text.match(/"kind":/g)?.length, 4);
  t.regex(text, /^schedule\(\{/);
});

test("a schedule's run is a run of the model, the same each time", (t) => {
  const setting = pbftSetting("arbitrary", "r0", { bounds: { views: 1 } });
  const system = new TransitionSystem(setting);
  let executions = 0;
  fc.assert(
    fc.property(schedule(setting), (one) => {
      const run = one.run();
      const walk = Walk.begin(system, run.start)!;
      for (const action of run.actions) if (!walk.perform(action)) return false;
      executions += run.executions;
      t.deepEqual(one.run(), run);
      return walk.violation()?.property === run.violation?.property;
    }),
    { seed: 1, numRuns: 30 },
  );
  t.true(executions > 0);
});

test("under a plan nothing crosses a partition, and who is patient does not time out, as long as it lasts", (t) => {
  const setting = pbftSetting("silent", "r3", { bounds: { views: 1 } });
  const crossings = (steps: number) => {
    let count = 0;
    fc.assert(
      fc.property(schedule(setting), (one) => {
        const { actions } = one.run({ plan: [{ steps, apart: ["r1"], patient: ["r0", "r1", "r2"] }] });
        for (const action of actions)
          if (action.kind === "timer") count++;
          else if (action.kind === "deliver" && (action.from === "r1") !== (action.to === "r1")) count++;
      }),
      { seed: 1, numRuns: 50 },
    );
    return count;
  };
  t.is(crossings(1000), 0);
  t.true(crossings(5) > 0);
});

test("plans name nodes of the setting; adversaries shrink to weaker ones", (t) => {
  const [plan] = fc.sample(faultPlan(tooFewVotes, { phases: 5 }), { seed: 3, numRuns: 1 });
  for (const { apart, patient } of plan!)
    for (const id of [...apart, ...patient]) t.true(["r0", "r1", "r2", "r3"].includes(id));
  const [strong, weak] = [pbftAdversary("arbitrary"), pbftAdversary("equivocating-primary")];
  const details = fc.check(
    fc.property(adversary([strong, weak]), schedule(tooFewVotes), (liar, one) => {
      return one.run({ adversary: liar }).violation === null;
    }),
    { seed: 4, numRuns: 500 },
  );
  t.true(details.failed);
  t.is(details.counterexample![0].name, "equivocating-primary");
});
