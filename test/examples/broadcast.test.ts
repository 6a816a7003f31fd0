// The worked example: a protocol of somebody's own, found by its path, broken as planted and sound once repaired. The
// state counts of the plain search are worked out by hand, so they check the search as well.

import test from "ava";
import { genericAdversaries } from "../../adversaries/generic/index.js";
import { broadcast, quorum } from "../../examples/broadcast.js";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import type { Config, Json, NodeId, Protocol } from "../../src/protocol/index.js";

const path = "./examples/broadcast.ts";

function setting(byzantine: readonly NodeId[], properties: readonly string[]): Promise<Setting> {
  return settingFrom({
    protocol: path,
    config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
    byzantine,
    adversary: byzantine.length === 0 ? null : "arbitrary",
    network: "async",
    bounds: { views: 0 },
    properties,
  });
}

async function repaired(byzantine: readonly NodeId[]): Promise<Setting> {
  const all = ["agreement", "validity", "integrity"];
  return { ...(await setting(byzantine, all)), protocol: withThreshold(quorum) };
}

function withThreshold(echoesNeeded: (config: Config) => number): Protocol<Json, Json> {
  return broadcast(echoesNeeded) as unknown as Protocol<Json, Json>;
}

test("the module is found by its path, with its own adversary beside the generic ones", async (t) => {
  const entry = await findProtocol(path);
  t.is(entry.protocol.name, "broadcast");
  t.deepEqual(
    entry.adversaries.map(({ name }) => name),
    [...genericAdversaries.map(({ name }) => name), "arbitrary"],
  );
});

for (const reduction of ["none", "visible-steps"] as const) {
  test(`${reduction}: with f+1 echoes a lying sender makes two replicas deliver different values in four actions`, async (t) => {
    const result = await search(await setting(["r0"], ["agreement", "validity"]), { reduction });
    t.is(result.verdict, "violated");
    t.is(result.counterexample?.property, "agreement");
    t.is(result.counterexample?.actions.length, 4);
    t.true(
      result.counterexample?.actions.every((action) => action.kind === "inject" && action.from === "r0"),
    );
    t.regex(result.reason ?? "", /^r1 executed (apple|pear) at slot 1, but r2 executed (apple|pear) there$/);
  });
}

test("with a quorum of echoes everything holds against a lying sender", async (t) => {
  const result = await search(await repaired(["r0"]), { reduction: "none" });
  t.is(result.verdict, "holds");
  // Each of the 3 correct replicas: its own echo is none, apple or pear, and if there is one, each of the 2 others has
  // heard it or not (1 + 2 * 4 = 9); and of r0 it has heard no echo, apple or pear (3).
  t.is(result.states, (9 * 3) ** 3);
  const reduced = await search(await repaired(["r0"]));
  t.is(reduced.verdict, "holds");
  t.is(reduced.states, 359);
});

test("with a quorum of echoes everything holds against a lying echoer", async (t) => {
  const result = await search(await repaired(["r1"]), { reduction: "none" });
  t.is(result.verdict, "holds");
  // r0 sends apple or pear (2), and each of the 2 others has heard its echo or not (4). Each of those has echoed or
  // not, and if so, each of the 2 correct others has heard it or not (5 * 5). Of r1 each of the 3 has heard no echo,
  // apple, pear or something that was never said (4 * 4 * 4).
  t.is(result.states, 2 * 4 * 5 ** 2 * 4 ** 3);
  const reduced = await search(await repaired(["r1"]));
  t.is(reduced.verdict, "holds");
  t.is(reduced.states, 284);
});

test("with a quorum of echoes everything holds where nobody lies", async (t) => {
  const result = await search(await repaired([]), { reduction: "none" });
  t.is(result.verdict, "holds");
  // r0 sends apple or pear (2), and each of the 3 others has heard its echo or not (8). Each of those has echoed or not,
  // and if so, each of its 3 others has heard it or not (9).
  t.is(result.states, 2 * 8 * 9 ** 3);
});

test("if one echo is enough, a replica delivers what the sender never said", async (t) => {
  const single = { ...(await setting(["r1"], ["validity"])), protocol: withThreshold(() => 1) };
  const result = await search(single, { reduction: "none" });
  t.is(result.verdict, "violated");
  t.is(result.counterexample?.actions.length, 1);
  t.regex(result.reason ?? "", /executed never said, which no client asked for$/);
});

test("where the sender of a broadcast is silent nothing is delivered, and nothing is claimed", async (t) => {
  const { adversaries } = await findProtocol(path);
  const silent = { ...(await repaired(["r0"])), adversary: adversaries[0]! };
  const result = await search(silent);
  t.is(result.verdict, "vacuous");
  t.is(result.states, 1);
});
