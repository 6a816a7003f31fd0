// The large form of false-alarms.test.ts: some minutes.

import test from "ava";
import { alarmsInTrouble, alarmsOf, correctForms } from "./false-alarms.js";

/** Tens of milliseconds a run. */
const slow = ["streamlet", "simplex", "minimmit", "grandpa"];

for (const form of correctForms.filter(({ name }) => name !== "tutorial"))
  test(`${form.name} is never called violated where nobody lies`, async (t) => {
    const seeds = slow.includes(form.name) ? 4 : 50;
    const { alarms } = await alarmsOf(form, { replicas: [4, 5, 6, 7], clients: [0], seeds });
    t.deepEqual(alarms, []);
    const served = await alarmsOf(form, { replicas: [4, 7], clients: [1, 4], seeds: Math.ceil(seeds / 2) });
    t.deepEqual(served.alarms, []);
    t.deepEqual(await alarmsInTrouble(form, Math.ceil(seeds / 2)), []);
  });
