// Liveness where replicas crash: who stays down is owed nothing, who comes back everything; and the last view is no excuse, and no
// accusation either.

import test from "ava";
import { termination } from "../../properties/termination.js";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { type Bounds, insideContract, type Setting } from "../../src/model/setting.js";
import type { Effect, Json, Outcomes } from "../../src/protocol/index.js";
import { replicaIds } from "../../src/protocol/index.js";
import { naiveSearch } from "../support/naive.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually } from "../support/toy-properties.js";

function bracha(bounds: Partial<Bounds>): Promise<Setting> {
  return settingFrom({
    protocol: "bracha",
    config: { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0, crashes: 1, ...bounds },
    properties: ["totality"],
  });
}

test("who stays down is owed nothing: totality holds with a crash, however much it loses", async (t) => {
  for (const losing of ["volatile", "unsynced", "nothing"] as const)
    for (const recovery of ["maybe", "always"] as const) {
      const { verdict, states } = await search(await bracha({ losing, recovery }));
      t.deepEqual([verdict, states], ["holds", 9510], `${losing} ${recovery}`);
    }
});

test("a crash counts as a fault unless whoever crashes comes back", async (t) => {
  const twice = { crashes: 2 };
  t.true(insideContract(await bracha({})));
  t.false(insideContract(await bracha(twice)));
  t.true(insideContract(await bracha({ ...twice, recovery: "always" })));
});

/** r0 leads view 0 and r1 view 1; each node leaves view 0 by its timer, if it has one, and only a leader of view 1 that comes there serves. */
function views(hasTimer: (self: string) => boolean, rearms: boolean, bounds: Bounds = { views: 1 }) {
  const timer: Effect<Json>[] = [{ kind: "set-timer", timer: "view" }];
  const setting = toySetting(
    {
      init: ({ self }) => to("0", hasTimer(self) ? timer : []),
      step: ({ self }, state, input): Outcomes<Json, Json> => {
        if (input.kind !== "timer" || state !== "0") return to(state);
        return to("1", rearms ? timer : [], self === "r1" ? [seen("x")] : []);
      },
    },
    { bounds, properties: [eventually("x")] },
  );
  const { protocol } = setting;
  return {
    ...setting,
    protocol: {
      ...protocol,
      primary: (_config: unknown, view: number) => `r${view % 2}`,
      nodes: (config: Parameters<typeof protocol.nodes>[0]) =>
        protocol.nodes(config).map((spec) => ({
          ...spec,
          behaviour: { ...spec.behaviour, view: (state: Json) => Number(state) },
        })),
    },
  };
}

async function verdictOf(setting: Setting) {
  const results = [];
  for (const reduction of ["none", "visible-steps"] as const) {
    const { properties } = await search(setting, { reduction });
    results.push([properties[0]!.verdict, properties[0]!.reason]);
  }
  return results;
}

function twice<T>(value: T): T[] {
  return [value, value];
}

test("a primary that never comes to the last view decides nothing, if a timer would fire with one view more", async (t) => {
  const setting = views((self) => self === "r0", true);
  const why =
    "r1, the primary of the last view, stays in view 0 while r0 waits in view 1, where timers do not fire; use --views 2";
  t.deepEqual(await verdictOf(setting), twice(["inconclusive", why]));
  t.is(naiveSearch(setting).undecided, "inconclusive");
});

test("without such a timer no further view could help", async (t) => {
  const setting = views((self) => self === "r0", false);
  for (const [verdict] of await verdictOf(setting)) t.is(verdict, "violated");
  t.is(naiveSearch(setting).violation?.length, 1);
});

test("the crashed primary of the last view is as outside as a Byzantine one; if it must come back, the goal is met", async (t) => {
  const crashing = { views: 1, crashes: 1, losing: "nothing" } as const;
  const setting = views(() => true, true, crashing);
  for (const [verdict, reason] of await verdictOf(setting)) {
    t.is(verdict, "outside");
    t.regex(reason!, /^in runs in which r1, the primary of the last view, crashes and stays down/);
  }
  t.is(naiveSearch(setting).undecided, "outside");
  t.deepEqual(
    await verdictOf({ ...setting, bounds: { ...crashing, recovery: "always" } }),
    twice(["holds", null]),
  );
});

test("a restart that must happen is an obligation: who waits for it waits not in vain", async (t) => {
  const one = toySetting(
    {
      init: ({ self }) => to(0, self === "r0" ? [{ kind: "send", to: "r1", message: "m" }] : []),
      step: (_context, state, input) =>
        input.kind === "message" ? to(1, [], state === 0 ? [seen("x")] : []) : to(state),
    },
    { bounds: { views: 0, crashes: 1, losing: "nothing" }, properties: [eventually("x")] },
  );
  for (const [verdict] of await verdictOf(one))
    t.is(verdict, "violated", "r1 may stay down, and the goal is a global one");
  const recovering = { ...one, bounds: { ...one.bounds, recovery: "always" as const } };
  t.deepEqual(await verdictOf(recovering), twice(["holds", null]));
});

test("termination counts who is up", async (t) => {
  const decides = toySetting(
    {
      init: () => to(0, [{ kind: "set-timer", timer: "decide" }]),
      step: (_context, state, input) =>
        input.kind === "timer"
          ? to(1, [], [{ kind: "executed", slot: 1, position: 1, request: "A", result: null }])
          : to(state),
    },
    { bounds: { views: 0, crashes: 1, losing: "nothing" }, properties: [termination] },
  );
  t.is(replicaIds(decides.config).length, 2);
  t.deepEqual(await verdictOf(decides), twice(["holds", null]));
  const naive = naiveSearch(decides);
  t.deepEqual([naive.violation, naive.lasso, naive.undecided], [null, null, null]);
});
