// A blow-up is explained by what multiplies.

import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { noPaint } from "../../src/render/paint.js";
import { explanationLines } from "../../src/report/explain.js";
import { pbftSetting } from "../support/settings.js";
import { to, toySetting } from "../support/toy.js";

/** r0 counts its ticks up to 9 beside a light that each tick switches; r1 is told of the first one, and does not care. */
const counting = toySetting({
  init: ({ self }) =>
    to({ ticks: 0, light: false, name: self }, self === "r0" ? [{ kind: "set-timer", timer: "tick" }] : []),
  step: ({ self }, state, input) => {
    const { ticks, light } = state as { ticks: number; light: boolean };
    if (input.kind !== "timer" || ticks === 9) return to(state);
    return to({ ticks: ticks + 1, light: !light, name: self }, [
      { kind: "set-timer", timer: "tick" },
      ...(ticks === 0 ? [{ kind: "send", to: "r1", message: { tag: "first" } } as const] : []),
    ]);
  },
});

test("the field that multiplies is named first, with what it multiplies by", async (t) => {
  const { explanation } = await search(counting, { reduction: "none", explain: true });
  const [r0, r1] = explanation!.nodes;
  t.deepEqual(r0, {
    node: "r0",
    components: 11, // each with its timer set, and the last one also without
    localStates: 10,
    outboxes: 2,
    fields: [
      { field: "ticks", values: 10, factor: 5 },
      { field: "light", values: 2, factor: 1 },
      { field: "name", values: 1, factor: 1 },
    ],
  });
  t.deepEqual([r1!.components, r1!.localStates, r1!.outboxes], [1, 1, 1]);
});

test("messages that never change anything are counted", async (t) => {
  const { explanation } = await search(counting, { reduction: "none", explain: true });
  t.deepEqual(explanation!.messages, [{ type: "first", sent: 1, idle: 1 }]);
});

test("what was sent is counted where messages are used up, too", async (t) => {
  const sentOn = async (network: string) => {
    const setting = await settingFrom({
      ...{ protocol: "bracha", config: { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false } },
      ...{ byzantine: ["r3"], adversary: "silent", network, bounds: { views: 0 }, properties: ["agreement"] },
    });
    const { explanation } = await search(setting, { explain: true });
    return explanation!.messages.map(({ type, sent }) => [type, sent]);
  };
  const sent = await sentOn("async");
  t.deepEqual(sent, [
    ["echo", 1],
    ["initial", 1],
    ["ready", 1],
  ]);
  t.deepEqual(await sentOn("once"), sent);
  t.deepEqual(await sentOn("fifo"), sent);
});

test("nothing is explained unless it is asked for", async (t) => {
  t.is((await search(counting)).explanation, null);
});

test("for PBFT it names the log, and a view less as the bound to try", async (t) => {
  const setting = pbftSetting("silent", "r0", { bounds: { views: 1 } });
  const { explanation } = await search(setting, { explain: true });
  t.is(explanation!.nodes[0]!.fields[0]!.field, "log");
  t.is(explanation!.advice.at(-1), "Views are the bound that costs most: try --views 0 first.");
  const lines = explanationLines("pbft", explanation!, noPaint);
  t.is(lines[0], "Where the states come from: pbft");
  t.true(lines.includes(`- ${explanation!.advice.at(-1)}`));
});
