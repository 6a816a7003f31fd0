// A mutant's counterexample is not moved into a setting that is too small for the correct form of its protocol.

import test from "ava";
import * as Schema from "effect/Schema";
import { validity } from "../../properties/index.js";
import { search } from "../../src/explore/search.js";
import { minimize } from "../../src/minimize/index.js";
import type { Setting } from "../../src/model/setting.js";
import { defineProtocol, type Json, type Protocol, reply } from "../../src/protocol/index.js";

/** Executes something else than it is asked for in a log with fewer indexes than this. */
function needing(slots: number): Protocol<Json, Json> {
  return defineProtocol({
    ...{ name: `needs-${slots}`, summary: "a log that must not be too short" },
    messages: { hello: {} },
    state: { done: Schema.Boolean },
    initial: { done: false },
    onStart: (_, state) => reply(state).broadcast({ tag: "hello" }),
    on: {
      hello: ({ config }, { done }) =>
        done ? { done } : reply({ done: true }).executed({ request: config.slots < slots ? "none" : "A" }),
    },
  }) as unknown as Protocol<Json, Json>;
}

const setting: Setting = {
  protocol: needing(9),
  config: { replicas: 2, faults: 0, requests: 1, slots: 4, clients: false },
  ...{ byzantine: [], adversary: null, network: "async", bounds: { views: 0 }, properties: [validity] },
};

async function slotsLeft(correct: Protocol<Json, Json> | null): Promise<number> {
  const { counterexample } = await search(setting);
  const { setting: small } = await minimize(setting, counterexample!, { correct, maxStates: 0 });
  return small.config.slots;
}

test("no setting is made so small that the correct form is violated there, too", async (t) => {
  t.is(await slotsLeft(null), 1);
  t.is(await slotsLeft(needing(3)), 3);
  t.is(await slotsLeft(needing(2)), 2);
});

test("where the correct form is violated from the start, nothing is refused", async (t) => {
  t.is(await slotsLeft(needing(9)), 1);
});
