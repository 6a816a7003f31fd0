// What differential.test.ts does of few random protocols, of many; and of a Byzantine client.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { agreeOnAllKinds } from "../support/agreeing.js";
import { compare } from "../support/compare.js";
import { pbftSetting, withClient } from "../support/settings.js";

test("fast, reduced and naive search agree on a Byzantine client and the silent r3", async (t) => {
  const byzantine = ["c0", "r3"];
  const setting = pbftSetting("byzantine-client", "c0", {
    ...{ config: withClient, byzantine, properties: [agreement] },
  });
  const [found, expected] = await compare(setting);
  t.deepEqual(found, expected);
});

agreeOnAllKinds({ usual: 40, idle: 25 });
