import test from "ava";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { integrity } from "../../properties/integrity.js";
import { sumOf } from "../../src/fuzz/counts.js";
import { resultOf } from "../../src/fuzz/fuzz.js";
import { type FuzzOptions, type FuzzResult, fuzz } from "../../src/fuzz/index.js";
import { UserError } from "../../src/model/errors.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { monitor, type Property } from "../../src/protocol/index.js";
import { deafAndListening } from "../support/counting-property.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";
import { to, toySetting } from "../support/toy.js";

const tooFewVotes = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });
const forgetful = pbftSetting("silent", "r3", {
  protocol: pbftMutant("view-change-forgets"),
  bounds: { views: 1 },
});

/** Correct PBFT with three requests and three slots. */
function threeSlots(adversary: string, changes: Partial<Setting> = {}): Setting {
  const config = { replicas: 4, faults: 1, requests: 3, slots: 3, clients: false };
  return pbftSetting(adversary, "r0", { config, bounds: { views: 1 }, ...changes });
}

function verdicts({ properties }: FuzzResult) {
  return properties.map(({ name, verdict }) => `${name}: ${verdict}`);
}

/** What `fuzz` throws, which must be a UserError with this code. */
async function refusal(setting: Setting, options: FuzzOptions = {}) {
  return fuzz(setting, { seed: 1, maxRuns: 50, ...options }).then(
    () => "nothing",
    (error: unknown) => (error instanceof UserError ? error.code : error),
  );
}

test("a random walk finds that 2f votes are too few", async (t) => {
  const result = await fuzz(tooFewVotes, { seed: 1 });
  t.is(result.verdict, "violated");
  t.is(result.counterexample?.property, "agreement");
  t.is(result.reason, result.counterexample!.explanation);
  t.deepEqual(verdicts(result), ["agreement: violated", "validity: inconclusive"]);
  t.is(result.seed, 1);
  t.not(result.path, null);
});

test("a counterexample can be performed action by action, and ends in the violation", async (t) => {
  const { counterexample } = await fuzz(forgetful, { seed: 1 });
  const walk = Walk.begin(new TransitionSystem(forgetful), counterexample!.start)!;
  for (const action of counterexample!.actions) {
    t.is(walk.violation(), null);
    t.true(walk.perform(action));
  }
  t.deepEqual(walk.violation(), {
    property: counterexample!.property,
    explanation: counterexample!.explanation,
  });
});

test("the seed and the path alone repeat a run exactly, however many runs came before it", async (t) => {
  for (const seed of [1, 2, 3, 4]) {
    const found = await fuzz(forgetful, { seed });
    const again = await fuzz(forgetful, { seed, path: found.path! });
    t.deepEqual(again.counterexample, found.counterexample);
    t.is(again.runs, 1);
    t.is(again.path, found.path);
  }
});

test("a run that is found after others has a path that says so", async (t) => {
  const found = await fuzz(forgetful, { seed: 1 });
  t.true(found.runs > 1);
  t.is(found.path!.split(",").at(-1)!.split("<")[0], `${found.runs - 1}`);
});

test("the same seed makes the same campaign", async (t) => {
  const [one, other] = await Promise.all(
    [1, 2].map(() => fuzz(threeSlots("equivocating-primary"), { seed: 7, maxRuns: 5 })),
  );
  const timeless = { seconds: 0, eventsPerSecond: 0, peakMemoryBytes: 0 };
  t.deepEqual({ ...one, ...timeless }, { ...other, ...timeless });
});

test("a run does not depend on what was numbered before it", async (t) => {
  // r1 keeps no state, so the two things that it can do are told apart by what it sends alone; and which of them comes
  // first in the model's order depends on which of r0's timers was the first to fire in the whole campaign.
  const timer = (name: string) => ({ kind: "set-timer", timer: name }) as const;
  const setting = toySetting(
    {
      init: ({ self }) => (self === "r0" ? to([], [timer("one"), timer("two")]) : to(null)),
      step: ({ self }, state, input) => {
        if (input.kind === "timer" && !input.timer.startsWith("send "))
          return to([...(state as string[]), input.timer], [timer(`send ${input.timer}`)]);
        if (input.kind === "timer") return to(state, [{ kind: "send", to: "r1", message: input.timer }]);
        if (input.kind !== "message") return to(state);
        if (self === "r1") return to(state, [{ kind: "send", to: "r0", message: [input.message] }]);
        const received = [...(state as string[]), JSON.stringify(input.message)];
        return to(received, [], [{ kind: "custom", name: "received", data: received }]);
      },
    },
    { properties: [{ ...integrity, ...isNever(["one", "two", '["send two"]']) }] },
  );
  const slow = { ...setting, network: "once", protocol: { ...setting.protocol, slowSteps: true } };
  for (const any of [setting, slow])
    for (let seed = 0; seed < 20; seed++) {
      const { verdict, path, counterexample } = await fuzz(any, { seed, maxRuns: 500, maxActions: 8 });
      t.is(verdict, "violated");
      t.deepEqual((await fuzz(any, { seed, path: path!, maxActions: 8 })).counterexample, counterexample);
    }
});

/** A property that is violated by one custom event. */
function isNever(data: readonly string[]): Pick<Property, "hears" | "monitor"> {
  return {
    hears: () => true,
    monitor: () =>
      monitor<boolean>({
        init: false,
        on: (state, _by, event) =>
          state || (event.kind === "custom" && JSON.stringify(event.data) === JSON.stringify(data)),
        verdict: (state) => (state ? "violated" : "holds"),
        exercised: () => 1,
        explain: () => "it happened",
      }),
  };
}

test("correct PBFT with three slots decides everything behind a silent replica", async (t) => {
  const result = await fuzz(threeSlots("silent"), { seed: 1, maxRuns: 40 });
  t.is(result.verdict, "holds");
  t.is(result.reason, "no violation in 40 runs of at most 200 actions: sampled, not exhausted");
  t.is(result.runs, 40);
  t.is(result.decided, 40);
  t.is(result.undecided, 0);
  t.is(result.decisionsPerRun, 9); // three correct replicas, three slots
  t.is(result.witnesses.decisions, 360);
  t.is(result.witnesses.viewChanges, 1);
});

test("correct PBFT with three slots withstands an equivocating primary", async (t) => {
  const result = await fuzz(threeSlots("equivocating-primary"), { seed: 1, maxRuns: 15 });
  t.is(result.verdict, "holds");
  t.is(result.decided, 15);
  t.true(result.witnesses.agreementComparisons > 0);
  t.true(result.witnesses.adversaryMoves["pre-prepare"]! > 0);
});

test("a property that no run has shown anything is told of, also where blocks are put together; earlier versions did not count it", async (t) => {
  const setting = pbftSetting("equivocating-primary", "r0", { properties: deafAndListening });
  const { verdict, caveats, state } = await fuzz(setting, { seed: 1, maxRuns: 40 });
  t.is(verdict, "holds");
  t.deepEqual(
    caveats.map(({ text }) => text.split(":")[0]),
    ["deaf has not observed anything"],
  );
  const { observed, ...earlier } = state.counts;
  t.deepEqual(observed, [0, state.counts.decided]);
  t.deepEqual(resultOf(setting, state).caveats, caveats);
  t.deepEqual(sumOf(state.counts, state.counts).observed, [0, 2 * state.counts.decided]);
  t.deepEqual(resultOf(setting, { ...state, counts: earlier }).caveats, []);
  t.is(sumOf(earlier, state.counts).observed, undefined);
});

test("runs that are too short to decide anything are vacuous", async (t) => {
  const result = await fuzz(threeSlots("silent"), { seed: 1, maxRuns: 10, maxActions: 1 });
  t.is(result.verdict, "vacuous");
  t.is(result.events, 10);
  t.is(result.decided, 0);
  t.regex(result.reason!, /agreement was never exercised/);
});

test("an adversary that could do nothing makes a campaign vacuous", async (t) => {
  const atBackup = pbftSetting("equivocating-primary", "r3");
  const result = await fuzz(atBackup, { seed: 1, maxRuns: 10 });
  t.is(result.verdict, "vacuous");
  t.regex(result.reason!, /had no move/);
});

test("distinct states are counted exactly: as many as the search finds, if the runs are many", async (t) => {
  // r0 sets two timers; each may fire once, in any order: four states.
  const setting = toySetting({
    init: ({ self }) =>
      self === "r0"
        ? to(0, [
            { kind: "set-timer", timer: "a" },
            { kind: "set-timer", timer: "b" },
          ])
        : to(0),
  });
  const result = await fuzz(setting, { seed: 1, maxRuns: 50 });
  t.is(result.distinctStates, 4);
  t.false(result.distinctStatesEstimated);
  t.is(result.events, 100);
});

test("a liveness property is violated where nothing is left to happen", async (t) => {
  const setting = pbftSetting("silent", "r0", {
    protocol: pbftMutant("primary-forever"),
    config: { replicas: 4, faults: 1, requests: 1, slots: 1, clients: true },
    bounds: { views: 1 },
    properties: [clientsAreServed],
  });
  const result = await fuzz(setting, { seed: 1 });
  t.is(result.counterexample?.property, "clients-are-served");
});

test("an abort ends the campaign, which reports what it has", async (t) => {
  const controller = new AbortController();
  const result = await fuzz(threeSlots("silent"), {
    seed: 1,
    maxRuns: 1_000_000,
    signal: controller.signal,
    onProgress: ({ runs }) => runs > 0 && controller.abort(),
  });
  t.true(result.interrupted);
  t.true(result.runs > 0);
  t.is(result.verdict, "inconclusive");
  t.regex(result.reason!, /interrupted after \d+ runs/);
});

test("a signal that is aborted already lets no run begin", async (t) => {
  const result = await fuzz(tooFewVotes, { seed: 1, signal: AbortSignal.abort() });
  t.is(result.runs, 0);
  t.is(result.verdict, "inconclusive");
});

test.serial("time is a budget: when it is spent the campaign is over, without a complaint", async (t) => {
  const result = await fuzz(threeSlots("silent"), { seed: 1, maxSeconds: 2 });
  t.is(result.verdict, "holds");
  t.false(result.interrupted);
  t.true(result.seconds >= 2 && result.seconds < 10);
});

test("what is wrong with a user's protocol is not taken for a violation", async (t) => {
  t.is(
    await refusal(
      toySetting({
        init: () => to(0, [{ kind: "set-timer", timer: "a" }]),
        step: () => {
          throw new Error("no");
        },
      }),
    ),
    "protocol-threw",
  );
  t.is(
    await refusal(
      toySetting({
        init: () => to([], [{ kind: "set-timer", timer: "a" }]),
        step: (_context, state) => to((state as number[]).push(1)),
      }),
    ),
    "protocol-mutated-input",
  );
  let calls = 0;
  t.is(
    await refusal(
      toySetting({
        init: () => to(0, [{ kind: "set-timer", timer: "a" }]),
        step: () => to(++calls),
      }),
    ),
    "protocol-nondeterministic",
  );
});

test("an error of our own is thrown as it is", async (t) => {
  const begin = () => {
    throw new RangeError("broken strategy");
  };
  const campaign = fuzz(tooFewVotes, { strategy: { name: "broken", summary: "broken", begin } });
  await t.throwsAsync(campaign, { instanceOf: RangeError, message: "broken strategy" });
});

test("a path that is no number is refused", async (t) => {
  t.is(await refusal(tooFewVotes, { path: "4:x" }), "bad-option");
});

test("that few runs decide is told where there is something to decide", async (t) => {
  const setting = toySetting(
    { init: () => to(0, [{ kind: "set-timer", timer: "election" }]), step: () => to(1) },
    { properties: deafAndListening.slice(1) },
  );
  const options = { seed: 1, maxRuns: 20 };
  t.deepEqual((await fuzz(setting, options)).warnings, []);
  const asked = {
    ...setting,
    protocol: { ...setting.protocol, requests: () => ["A"] },
    config: { ...setting.config, requests: 1, slots: 1 },
  };
  t.regex((await fuzz(asked, options)).warnings.join(), /^only 0 of 20 runs decided anything: /);
});
