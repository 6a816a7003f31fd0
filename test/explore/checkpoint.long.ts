// What checkpoint.test.ts does of liveness with a silent primary, with a silent backup: a larger search.

import test from "ava";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { compareWithCuts } from "../support/cut-searches.js";
import { pbftSetting, withClient } from "../support/settings.js";

test("liveness of PBFT: the counts of a search that was cut again and again are those of one that was not", async (t) => {
  const bounds = { views: 1 };
  const setting = pbftSetting("silent", "r2", { config: withClient, properties: [clientsAreServed], bounds });
  t.is(await compareWithCuts(t, "liveness of PBFT", setting, "none"), 28_411);
});
