// The arithmetic of src/protocols/pbft/service-bound.ts, by hand.

import test from "ava";
import type { Config } from "../../../src/protocol/index.js";
import { serviceBound } from "../../../src/protocols/pbft/service-bound.js";
import { withClient } from "../../support/settings.js";

const config: Config = withClient;

test("with a timeout of two Delta, views are long enough from the third on", (t) => {
  // At 90 (GST, a timeout, Delta) view 2 may have begun (20 + 40 <= 90 < 140): one more, and one for a faulty primary: view 4.
  // 30 until all know the request; views 0 to 3 take 300 and 2 Delta each; 80 for view 4.
  t.deepEqual(serviceBound(config, { gst: 60, delta: 10, timeout: 20 }), { within: 490, views: 4 });
});

test("with a long timeout the first view after GST is long enough, if its primary is correct", (t) => {
  // At 110 view 1 may have begun (100 <= 110 < 300), so view 2, or 3. 110 + 700 + 6 * 10 + 80.
  t.deepEqual(serviceBound(config, { gst: 0, delta: 10, timeout: 100 }), { within: 950, views: 3 });
});

test("with a timeout of half of Delta it takes until view 4 that a view is long enough", (t) => {
  // 5 * 2^3 = 40 <= 60 < 80 = 5 * 2^4; at 15 view 2 may have begun (15 <= 15 < 35). So view 4, or 5. 15 + 155 + 100 + 80.
  t.deepEqual(serviceBound(config, { gst: 0, delta: 10, timeout: 5 }), { within: 350, views: 5 });
});

test("exactly six Delta are not long enough", (t) => {
  t.is(serviceBound(config, { gst: 0, delta: 10, timeout: 60 })!.views, 2 + 1);
  t.is(serviceBound(config, { gst: 0, delta: 1, timeout: 6 })!.within, 7 + 6 * 7 + 2 * 3 + 8);
});

test("the later GST is, the higher a view may have begun before it", (t) => {
  const views = [0, 50, 51, 210, 10_000].map(
    (gst) => serviceBound(config, { gst, delta: 10, timeout: 20 })!.views,
  );
  t.deepEqual(views, [3, 4, 4, 5, 10]);
});

test("there is no figure where the argument does not hold", (t) => {
  const timeliness = { gst: 60, delta: 10, timeout: 20 };
  const others: readonly Partial<Config>[] = [
    { requests: 2 },
    { operations: 2 },
    { checkpointInterval: 1 },
    { operations: 2, reads: 1 },
    { readOnly: true },
    { authentication: "authenticators" },
    { replicas: 7, faults: 2 },
  ];
  for (const other of others) t.is(serviceBound({ ...config, ...other }, timeliness), null);
});
