// Predicates on states as properties: in every driver, and never vacuous in silence. The testers of replicated logs are some.

import { join } from "node:path";
import test from "ava";
import * as Schema from "effect/Schema";
import { assertHolds, assertViolated } from "turncoat/assert";
import { leaderCompleteness, logMatching, oneLeaderPerTerm } from "../../properties/index.js";
import { moduleEntry, settingIn } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { fuzz } from "../../src/fuzz/fuzz.js";
import { UserError } from "../../src/model/errors.js";
import { type Claim, invariant, type Property, pairInvariant, world } from "../../src/protocol/index.js";
import { raftMutants } from "../../src/protocols/raft/index.js";
import type { Entry, State as RaftState } from "../../src/protocols/raft/state.js";
import { replayIn } from "../../src/trace/index.js";
import * as election from "../cases/election.js";
import { root } from "../cli/support.js";
import { run } from "../simulate/support.js";
import { alone } from "../support/published-specs.js";

interface State {
  readonly votedFor: string | null;
  readonly leads: boolean;
}
const around = { replicas: 3, faults: 0, requests: 1, views: 0, traces: null } as const;
const flawed = moduleEntry(election, "election", "votes-twice");
const setting = settingIn(flawed, {
  protocol: "election",
  config: { replicas: 3, faults: 0, requests: 1, slots: 1, clients: false },
  byzantine: [],
  adversary: null,
  network: "async",
  bounds: { views: 0 },
  properties: ["at most one leader"],
});
const [oneLeader] = election.properties as [Property];

test("the correct election has one leader at most, and the flawed one two in six actions", async (t) => {
  const [holds] = await assertHolds(election.default, { ...around, properties: [oneLeader] });
  t.true(holds!.properties[0]!.comparisons > 0);
  const { length } = (await assertViolated(flawed.protocol, { ...around, properties: [oneLeader] })).actions;
  t.is(length, 6);
});

test("it is checked on every network, and with symmetry, in as many actions", async (t) => {
  for (const network of ["once", "fifo"]) {
    const { counterexample } = await search({ ...setting, network });
    t.is(counterexample?.actions.length, 6, network);
  }
  const symmetric = await search(setting, { symmetry: true });
  t.is(symmetric.counterexample?.actions.length, 6);
  t.is(symmetric.symmetry, 6);
});

test("it is fuzzed, and what is found replays", async (t) => {
  const { counterexample } = await fuzz(setting, { seed: 1, maxRuns: 20 });
  t.is(counterexample?.property, oneLeader.name);
  const replayed = replayIn(setting, oneLeader.name, counterexample!);
  t.is(replayed.outcome, "reproduced");
});

test("it is simulated", async (t) => {
  const protocol = join(root, "test/cases/election.ts");
  const asked = { replicas: 3, faults: 0, clients: 0, properties: [oneLeader.name] };
  const outcome = await run({ ...asked, protocol: `${protocol}/votes-twice` });
  t.deepEqual([outcome.verdict, outcome.reason?.slice(0, 17)], ["violated", 'it is false of {"']);
  t.not((await run({ ...asked, protocol })).verdict, "violated");
});

/** The verdict on the correct election of a predicate with these options. */
async function verdictOn(property: Property) {
  const { verdict, reason, properties } = await search({
    ...setting,
    protocol: election.default,
    properties: [property],
  });
  return [verdict, reason, properties[0]!.comparisons > 0];
}

test("it is vacuous where no state changes that it sees, where it claims nothing, and where its own test is not met", async (t) => {
  const never = (exercise: string, name = "p") => `${name} was never exercised: ${exercise}`;
  const stays = invariant("p", () => true, { sees: () => 1 });
  t.deepEqual(await verdictOn(stays), ["vacuous", never("a node must change its state"), false]);
  const says = pairInvariant<State>("p", () => null);
  t.deepEqual(await verdictOn(says), ["vacuous", never("a node must change its state"), false]);
  const asks = invariant<State>("p", () => true, { exercised: () => false, exercise: "all must lead" });
  t.deepEqual(await verdictOn(asks), ["vacuous", never("all must lead"), false]);
  t.deepEqual(await verdictOn(invariant<State>("p", () => true)), ["holds", null, true]);
  t.deepEqual(await verdictOn(pairInvariant<State>("p", (a, b) => !(a.state.leads && b.state.leads))), [
    "holds",
    null,
    true,
  ]);
});

test("a crash after which a node is as it was is no test", async (t) => {
  const crashes = { bounds: { views: 0, crashes: 1, recovery: "always" } } as const;
  const { verdict, properties } = await search({
    ...{ ...setting, ...crashes, protocol: election.default },
    properties: [invariant("p", () => true, { sees: () => 1 })],
  });
  t.deepEqual([verdict, properties[0]!.comparisons], ["vacuous", 0]);
});

test("in the plain search it adds no states, but the first ones once more where they come again", async (t) => {
  const clock = world({
    ...{ name: "clock", summary: "an hour clock that may stop", state: Schema.Number, initial: [1, 7] },
    next: (hour) => (hour === 0 ? [] : [(hour % 12) + 1, 0]),
  });
  const states = async (...properties: readonly Property[]) =>
    (await search({ ...alone(clock), properties }, { reduction: "none" })).states;
  t.is(await states(), 13);
  t.is(await states(invariant("p", () => true)), 15);
  t.is(await states(invariant("p", () => true, { exercised: () => true })), 13);
});

test("a sentence says what is wrong", async (t) => {
  const says = pairInvariant<State>(
    "p",
    (a, b) => a.state.votedFor !== b.id || `${a.id} has voted for ${b.id}`,
  );
  t.deepEqual(await verdictOn(says), ["violated", "r1 has voted for r0", true]);
});

test("what it throws, and anything but a claim, is an error that names it", async (t) => {
  const fails = (holds: () => Claim, sees?: () => unknown) =>
    t.throwsAsync(verdictOn(invariant("p", holds, sees ? { sees } : {})), { instanceOf: UserError });
  t.is((await fails(() => (null as unknown as { a: { b: boolean } }).a.b))?.code, "property-threw");
  t.regex(
    (await fails((() => Promise.resolve(true)) as never))!.message,
    /property p.*must give true, false, a sentence or null; it gave object/,
  );
  t.regex(
    (await fails(
      () => true,
      () => new Set(),
    ))!.message,
    /looks\(\) of the property p must give plain JSON/,
  );
});

const whole = ({ snapshot, log }: RaftState) => [...snapshot, ...log];
const testers = {
  "election-safety": oneLeaderPerTerm<RaftState>(({ role, term }) => (role === "leader" ? term : null)),
  "log-matching": logMatching<RaftState, Entry>({ log: whole, termOf: ({ term }) => term }),
  "leader-completeness": leaderCompleteness<RaftState, Entry>({
    term: ({ term }) => term,
    leads: ({ role }) => role === "leader",
    log: whole,
    commit: ({ commit }) => commit,
  }),
};

// Those of replicated logs, on the states of Raft: each finds what Raft's own property finds in its events.

/** In as many actions as Raft's own properties (test/protocols/crash-faults.test.ts). What takes long is left out. */
const actions: { readonly [mutant: string]: number } = {
  "votes-twice": 6,
  "stamps-late": 8,
  "elects-anybody": 9,
};

for (const [mutant, length] of Object.entries(actions)) {
  const {
    property,
    byzantine: _,
    adversary: __,
    ...setting
  } = raftMutants.find(({ name }) => name === `raft/${mutant}`)!.exposedBy;
  test(`raft/${mutant}: ${property} is violated`, async (t) => {
    const tester = testers[property as keyof typeof testers];
    const { actions } = await assertViolated(`raft/${mutant}`, {
      ...setting,
      properties: [tester],
      traces: null,
    });
    t.is(actions.length, length);
  });
}

test("Raft itself keeps them all", async (t) => {
  const bounds = { replicas: 3, faults: 0, requests: 1, views: 2, set: { candidates: 2 } };
  const [result] = await assertHolds("raft", { ...bounds, properties: Object.values(testers), traces: null });
  t.true(result!.properties.every(({ verdict, comparisons }) => verdict === "holds" && comparisons > 0));
  t.is(result!.properties.length, 3);
});
