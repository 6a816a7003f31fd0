// The expansion of a state may be abandoned wherever the clock is looked at, and is then made again: nothing that is found, counted or
// checked may depend on that. Searches that are abandoned at random points are compared with ones that are not, and with the naive one. Those by tallies are in abandoned-tallies.long.ts.

import test from "ava";
import fc from "fast-check";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { Expansion } from "../../src/explore/expansion.js";
import type { SearchOptions } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import { VisitedSet } from "../../src/explore/visited.js";
import type { Setting } from "../../src/model/setting.js";
import { Successors } from "../../src/model/successors.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Abandoned, watched } from "../../src/watch/clock.js";
import { agrees, foundBy } from "../support/abandoned-search.js";
import { uniformFrom, whileTimeFlies } from "../support/abandoning.js";
import { naiveSearch } from "../support/naive.js";
import { everythingSeen, randomModels, safetySettingOf, settingOf } from "../support/random-protocol.js";
import { fourReplicas, pbftMutant, pbftSetting, withClient } from "../support/settings.js";
import { streamlet } from "../support/streamlet-setting.js";

const settings: { readonly [name: string]: readonly [Setting, SearchOptions] } = {
  "the plain search": [pbftSetting("equivocating-primary", "r0"), { reduction: "none" }],
  "visible steps": [pbftSetting("lying-voter", "r0"), {}],
  dominance: [pbftSetting("arbitrary", "r0"), { reduction: "dominance" }],
  "sleep sets": [pbftSetting("equivocating-primary", "r0"), { reduction: "sleep-sets" }],
  symmetry: [pbftSetting("equivocating-primary", "r0"), { symmetry: true }],
  "dead messages": [pbftSetting("equivocating-primary", "r0"), { deadMessages: true }],
  "dead messages and dominance": [
    pbftSetting("arbitrary", "r0"),
    { deadMessages: true, reduction: "dominance" },
  ],
  crashes: [
    pbftSetting("silent", "r3", { adversary: null, byzantine: [], bounds: { views: 0, crashes: 1 } }),
    { maxStates: 400 },
  ],
  "a network that keeps the order": [
    pbftSetting("equivocating-primary", "r0", { network: "fifo" }),
    { maxStates: 2000 },
  ],
  "a network that loses": [
    pbftSetting("equivocating-primary", "r0", { network: "lossy:1" }),
    { maxStates: 2000 },
  ],
  "a mutant that falls": [
    pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("votes-ignore-digest") }),
    { maxViolations: 3 },
  ],
  "a limit of states": [pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }), { maxStates: 100 }],
  liveness: [
    pbftSetting("silent", "r0", { config: withClient, properties: [clientsAreServed], bounds: { views: 1 } }),
    {},
  ],
};

for (const [name, [setting, options]] of Object.entries(settings))
  test.serial(`${name}: nothing that is found depends on what was abandoned`, async (t) => {
    const abandoned = await agrees(t, setting, options, 1);
    t.true(abandoned > 40, `${abandoned}`);
  });

for (const reduction of ["visible-steps", "dominance"] as const)
  test.serial(`Streamlet, ${reduction}: nothing that is found depends on what was abandoned`, async (t) => {
    t.true((await agrees(t, streamlet, { reduction, maxStates: 60, tallies: "never" }, 2)) > 100);
  });

/** What the naive search observes; null if it is large, or ends with a violation. */
function naivelyFound(setting: Setting) {
  try {
    const found = naiveSearch(setting, 100);
    return found.violation === null ? found : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

test.serial(
  "random protocols: nothing that is found depends on what was abandoned, and the naive search agrees",
  async (t) => {
    let naive = 0;
    await fc.assert(
      fc.asyncProperty(randomModels, fc.nat(), async (model, seed) => {
        const safety = safetySettingOf(model);
        const expected = naivelyFound(safety);
        for (const reduction of ["none", "visible-steps", "dominance", "sleep-sets"] as const) {
          await agrees(t, safety, { reduction, maxStates: 100 }, seed);
          if (expected === null) continue;
          naive++;
          const found = await whileTimeFlies(seed, () => foundBy(safety, { reduction }));
          t.deepEqual(found.observations.sort(), [...expected.observations].sort());
        }
        await agrees(t, settingOf(model, [everythingSeen]), { maxStates: 100 }, seed);
      }),
      { numRuns: 8, seed: 7 },
    );
    t.true(naive > 0, `${naive}`);
  },
);

// Whoever checks steps (dead messages, symmetry) is told of each of them, also if the work is abandoned directly after it was evaluated.
test.serial("each step that was evaluated is told, whatever is abandoned after it", async (t) => {
  const system = new TransitionSystem(pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }));
  let told = 0;
  for (const table of system.nodes) table.listeners.push(() => told++);
  const { abandoned } = await whileTimeFlies(1, () => graphIn(system, "visible-steps", 30, 1, 20));
  t.true(abandoned > 50, `${abandoned}`);
  t.is(told, system.stepCalls);
});

/** The states of a search in their order, each with all that follows it. Each expansion is abandoned up to `times` times. */
function graphOf(setting: Setting, reduction: Reduction, maxStates: number, seed: number, times: number) {
  return graphIn(new TransitionSystem(setting), reduction, maxStates, seed, times);
}

function graphIn(
  system: TransitionSystem,
  reduction: Reduction,
  maxStates: number,
  seed: number,
  times: number,
) {
  const expansion = new Expansion(system, reduction);
  const visited = new VisitedSet(system.width, () => system.largestNumbers());
  const count = system.nodes.length;
  const uniform = uniformFrom(seed);
  const vector = new Int32Array(system.width);
  const textOf = (state: Int32Array) =>
    JSON.stringify([
      system.nodes.map((table, node) => table.serialize(state[node]!)),
      system.observations.monitorStates(state[count]!),
    ]);
  const out = new Successors();
  let abandoned = 0;
  const expand = (state: number) => {
    for (let left = times; ; left--) {
      visited.read(state, vector);
      const mustEnd = () => left > 0 && uniform() < 0.2;
      try {
        watched(mustEnd, () => expansion.successors(visited, visited.parent(state), vector, out));
        return;
      } catch (error) {
        if (!(error instanceof Abandoned)) throw error;
        abandoned++;
      }
    }
  };
  for (const start of system.initial()) visited.add(start.vector, -1);
  const graph: (readonly string[])[] = [];
  for (let state = 0; state < Math.min(visited.count, maxStates); state++) {
    expand(state);
    const next = Array.from({ length: out.length }, (_, index) => {
      const after = visited.read(state, new Int32Array(system.width));
      out.writeTo(index, after);
      visited.add(after, state);
      return textOf(after);
    });
    graph.push([textOf(visited.read(state, vector)), ...next]);
  }
  return { graph, abandoned, stepCalls: system.stepCalls };
}

const graphs: { readonly [name: string]: readonly [Setting, Reduction] } = {
  "PBFT, visible steps": [pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }), "visible-steps"],
  "PBFT, dominance": [pbftSetting("arbitrary", "r0", { bounds: { views: 1 } }), "dominance"],
  "PBFT, plain": [pbftSetting("arbitrary", "r0", { config: { ...fourReplicas, requests: 1 } }), "none"],
  "Streamlet, visible steps": [streamlet, "visible-steps"],
  "Streamlet, dominance": [streamlet, "dominance"],
};

for (const [name, [setting, reduction]] of Object.entries(graphs))
  test.serial(
    `${name}: the same follows every state, in the same order, however often it is abandoned`,
    async (t) => {
      const calm = graphOf(setting, reduction, 30, 1, 0);
      for (const seed of [1]) {
        const hurried = await whileTimeFlies(seed, () => graphOf(setting, reduction, 30, seed, 20));
        t.true(hurried.abandoned > 100, `${hurried.abandoned}`);
        t.deepEqual({ ...hurried, abandoned: 0 }, calm);
      }
    },
  );

test.serial("random protocols: the same follows every state, in the same order", async (t) => {
  let abandoned = 0;
  await fc.assert(
    fc.asyncProperty(randomModels, fc.nat(), async (model, seed) => {
      for (const reduction of ["none", "sleep-sets", "visible-steps", "dominance"] as const) {
        const calm = graphOf(safetySettingOf(model), reduction, 40, seed, 0);
        const hurried = await whileTimeFlies(seed, () =>
          graphOf(safetySettingOf(model), reduction, 40, seed, 40),
        );
        abandoned += hurried.abandoned;
        t.deepEqual({ ...hurried, abandoned: 0 }, calm);
      }
    }),
    { numRuns: 15, seed: 9 },
  );
  t.true(abandoned > 1000, `${abandoned}`);
});
