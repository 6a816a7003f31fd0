// State that is hidden in any of these ways is seen or detected; state in sight never raises a false alarm.

import test from "ava";
import { clean, leaks } from "./leaks.js";
import { outcome } from "./leaks-support.js";

const inSight = "10 states";

for (const [where, counter] of Object.entries(leaks))
  test(`hidden in ${where}: seen or detected`, async (t) => {
    const found = await outcome(t, counter);
    t.true(["detected", inSight].includes(found), found);
  });

for (const [where, counter] of Object.entries(clean))
  test(`in sight in ${where}: no false alarm`, async (t) => {
    t.is(await outcome(t, counter), inSight);
  });
