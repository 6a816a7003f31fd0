// What must happen does happen, on every fair execution.

import test from "ava";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { hearing, type Json, type Protocol } from "../../src/protocol/index.js";
import { pbft, pbftRules } from "../../src/protocols/pbft/index.js";
import { naiveSearch } from "../support/naive.js";
import { replay } from "../support/replay.js";
import { pbftMutant, pbftSetting, withClient } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually, neverBoth } from "../support/toy-properties.js";

const served = { config: withClient, bounds: { views: 1 }, properties: [clientsAreServed] };

test("PBFT serves its client although the first primary is silent", async (t) => {
  const plain = await search(pbftSetting("silent", "r0", served), { reduction: "none" });
  t.deepEqual([plain.verdict, plain.states], ["holds", 827]);
  const reduced = await search(pbftSetting("silent", "r0", served));
  t.deepEqual([reduced.verdict, reduced.reduction, reduced.states], ["holds", "visible-steps", 84]);
});

test("without view changes a silent primary leaves the client waiting after 4 actions", async (t) => {
  const setting = pbftSetting("silent", "r0", { ...served, protocol: pbftMutant("primary-forever") });
  const { verdict, counterexample } = await search(setting);
  t.is(verdict, "violated");
  t.is(
    counterexample!.explanation,
    "nothing that must happen is left to happen, and the client of c0:1:A still waits",
  );
  t.deepEqual(replay(setting, counterexample!), [null, null, null, null, "clients-are-served"]);
});

test("a correct replica that leaves the last view without need violates liveness", async (t) => {
  const toy = toySetting(
    {
      init: () => to(0, [{ kind: "broadcast", message: "go" }]),
      step: (_context, state, input) => (input.kind === "message" ? to(1) : to(state)),
    },
    { properties: [eventually("end")] },
  );
  const protocol = {
    ...toy.protocol,
    nodes: (config: typeof toy.config) =>
      toy.protocol
        .nodes(config)
        .map((spec) => ({ ...spec, behaviour: { ...spec.behaviour, view: (state: number) => state } })),
    primary: () => "r0",
  };
  const { verdict, counterexample } = await search({ ...toy, protocol });
  t.is(verdict, "violated");
  t.is(counterexample!.actions.length, 1);
  t.regex(counterexample!.explanation, /^r\d left view 0 although its primary is correct/);
});

test("PBFT that joins a view on one view-change is driven out of the last view by one Byzantine replica", async (t) => {
  const protocol = pbft({ ...pbftRules, joinsView: (_, senders) => senders >= 1 }) as unknown as Protocol<
    Json,
    Json
  >;
  const { verdict, counterexample } = await search(pbftSetting("lying-voter", "r3", { ...served, protocol }));
  t.is(verdict, "violated");
  t.is(counterexample!.actions.length, 1);
  t.is(
    counterexample!.explanation,
    "r0 left view 1 although its primary is correct; the client of c0:1:A still waits",
  );
});

test("a message that makes another one useless can leave a goal unmet, and that is found", async (t) => {
  // r1 shows `end` only if the first message that it hears is "go".
  const setting = toySetting(
    {
      init: ({ self }) =>
        to(
          "waiting",
          self === "r0"
            ? [
                { kind: "broadcast", message: "go" },
                { kind: "broadcast", message: "stop" },
              ]
            : [],
        ),
      step: (_context, state, input) => {
        if (input.kind !== "message" || state !== "waiting") return to(state);
        return input.message === "go" ? to("done", [], [seen("end")]) : to("stopped");
      },
    },
    { properties: [eventually("end")] },
  );
  const { verdict, counterexample } = await search(setting);
  t.is(verdict, "violated");
  t.deepEqual(counterexample!.actions, [{ kind: "deliver", from: "r0", to: "r1", message: "stop" }]);
});

for (const network of ["async", "once"])
  test(`on ${network} a node may stay as it is for ever, even if it shows something each time`, async (t) => {
    const setting = toySetting(
      {
        init: ({ self }) => to("start", self === "r0" ? [{ kind: "send", to: "r1", message: "go" }] : []),
        step: (_context, state, input) =>
          input.kind === "message" && state === "start"
            ? [
                { state, label: "stay", effects: [], events: [seen("stayed")] },
                { state: "done", label: "go", effects: [], events: [seen("gone")] },
              ]
            : to(state),
      },
      { network, properties: [eventually("gone")] },
    );
    t.is((await search(setting, { reduction: "none" })).verdict, "violated");
    const { lasso, violation } = naiveSearch(setting);
    t.is(lasso ?? violation?.property, "eventually-gone");
  });

// Nothing is left to happen where all that must happen changes no node and tells no property anything new. A goal that is met
// on every way to such a state may be missed on a circle, which the plain search looks for.
for (const [event, verdict, last] of [
  ["end", "holds", "none"],
  ["other", "violated", "visible-steps"],
] as const)
  test(`a message that changes no state may be all that is left to happen, and shows ${event}`, async (t) => {
    const setting = toySetting(
      {
        init: ({ self }) => to(0, self === "r0" ? [{ kind: "send", to: "r1", message: "go" }] : []),
        step: (_context, state, input) =>
          input.kind === "message" ? to(state, [], [seen(event)]) : to(state),
      },
      { properties: [eventually("end")] },
    );
    t.is((await search(setting, { reduction: "none" })).verdict, verdict);
    const reduced = await search(setting, { reduction: "visible-steps" });
    t.deepEqual([reduced.verdict, reduced.reduction], [verdict, last]);
  });

test("an adversary whose every message shows only what nobody hears has done nothing, in whatever search", async (t) => {
  const setting = toySetting(
    {
      step: (_context, state, input) =>
        input.kind === "message" ? to(state, [], [seen("unheard")]) : to(1, [], [seen("gone")]),
      init: () => to(0, [{ kind: "set-timer", timer: "t" }]),
    },
    {
      ...{ config: { replicas: 3, faults: 1, requests: 0, slots: 0, clients: false }, byzantine: ["r2"] },
      adversary: {
        ...{ name: "talker", summary: "says one word", strength: 1, speaks: true, forwards: false },
        canMove: () => true,
        observes: () => false,
        moves: () => [{ message: "word" }],
      } as unknown as NonNullable<Setting["adversary"]>,
      properties: [
        {
          ...neverBoth("gone", "never"),
          hears: hearing("gone"),
        },
      ],
    },
  );
  for (const reduction of ["none", "visible-steps", "dominance"] as const) {
    const { verdict, reason } = await search(setting, { reduction });
    t.deepEqual(
      [reduction, verdict, reason],
      [reduction, "vacuous", "the adversary talker at r2 had no move that changed anything"],
    );
  }
});
