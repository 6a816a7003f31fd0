// Tentative execution (TOCS'02, section 5.1.2): answers one message delay earlier, for which a client wants a quorum.

import test from "ava";
import { settingFrom } from "../../../src/catalogue/index.js";
import { search } from "../../../src/explore/search.js";
import { type Config, sign } from "../../../src/protocol/index.js";
import { client } from "../../../src/protocols/pbft/client.js";
import { pbftRules } from "../../../src/protocols/pbft/index.js";
import { requestOf } from "../../../src/protocols/pbft/requests.js";

const config: Config = { replicas: 4, faults: 1, requests: 1, slots: 1, clients: true, tentative: true };

/** How many requests c0 accepts the answer to, when these replicas answer one after the other. */
function accepted(...answers: readonly (readonly [replica: string, kind: "tentative" | "final"])[]): number {
  const context = { self: "c0", config };
  const { step, init } = client(pbftRules);
  const request = requestOf(config, "c0", 1);
  let state = step(context, init(context, { kind: "start" })[0]!.state, { kind: "request", request })[0]!
    .state;
  let count = 0;
  for (const [replica, kind] of answers) {
    const reply = { tag: "reply", view: 0, client: "c0", timestamp: 1, result: "A@1" } as const;
    const message = sign(replica, kind === "tentative" ? { ...reply, tentative: true } : reply);
    const outcome = step(context, state, { kind: "message", from: replica, message })[0]!;
    state = outcome.state;
    count += outcome.events.filter((event) => event.kind === "accepted").length;
  }
  return count;
}

test("a client wants a quorum of tentative replies, or f+1 final ones", (t) => {
  t.is(accepted(["r0", "tentative"], ["r1", "tentative"]), 0);
  t.is(accepted(["r0", "tentative"], ["r1", "tentative"], ["r2", "tentative"]), 1);
  t.is(accepted(["r0", "final"], ["r1", "final"]), 1);
  t.is(accepted(["r0", "final"], ["r1", "tentative"]), 0);
  t.is(accepted(["r0", "final"], ["r1", "tentative"], ["r2", "tentative"]), 1);
});

test("a final reply takes the place of a tentative one, and never the other way round", (t) => {
  t.is(accepted(["r0", "tentative"], ["r1", "tentative"], ["r0", "final"]), 0);
  t.is(accepted(["r0", "tentative"], ["r1", "tentative"], ["r0", "final"], ["r1", "final"]), 1);
  t.is(accepted(["r0", "final"], ["r0", "tentative"], ["r1", "final"]), 1);
  t.is(accepted(["r0", "tentative"], ["r0", "tentative"], ["r0", "tentative"]), 0);
});

for (const [adversary, byzantine, states] of [
  ["silent", "r0", 210],
  ["lying-voter", "r0", 3335],
] as const)
  test(`${adversary} at ${byzantine}, views 0-1: clients are served, with results that correct replicas gave`, async (t) => {
    const setting = await settingFrom({
      protocol: "pbft",
      config,
      byzantine: [byzantine],
      adversary,
      network: "async",
      bounds: { views: 1 },
      properties: ["validity", "clients-are-served"],
    });
    const result = await search(setting);
    t.is(result.verdict, "holds");
    t.is(result.states, states);
  });
