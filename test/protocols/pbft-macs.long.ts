// PBFT without signatures within larger bounds: liars in every place, and the flaws that take longer.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { fuzz } from "../../src/fuzz/index.js";
import { slowOtherProtocolSuites } from "../../src/suite/other-protocols.js";
import { plan } from "../../src/suite/plan.js";
import { outcomes } from "../support/other-protocols.js";

test("whoever lies, PBFT without signatures agrees; and each flaw shows", async (t) => {
  const { requests } = slowOtherProtocolSuites.find(({ name }) => name === "pbft-macs")!;
  const found: string[] = [];
  for (const request of requests) {
    // (It has fewer states by dominance.)
    const reduce = request.protocol === "pbft-macs/b-of-f+1" ? ({ reduce: "dominance" } as const) : {};
    found.push(...(await outcomes({ ...request, ...reduce })));
  }
  t.deepEqual(found, [
    "pbft-macs, silent at r1, views 0-1: holds, 2880 states",
    "pbft-macs, arbitrary at r1, views 0-1: holds, 114090 states",
    "pbft-macs, arbitrary at r0, views 0-1: holds, 122269 states",
    "pbft-macs, arbitrary at r3, views 0-1: holds, 96217 states",
    "pbft-macs/p-of-last-view, silent at r3, views 0-2: agreement violated, 35 actions, 19816 states",
    "pbft-macs/q-of-last-view, silent at r3, views 0-2, with clients: clients-are-served violated, 22 actions, 3662 states",
    "pbft-macs/without-a2, arbitrary at r0, views 0-1: validity violated, 21 actions, 48240 states",
    "pbft-macs/b-of-f+1, arbitrary at r1, views 0-1: agreement violated, 20 actions, 196595 states",
    "pbft-macs/waits-for-no-acks, selective-sender at r3, views 0-1, with clients: clients-are-served violated, 14 actions, 23679 states",
    "pbft-macs/backup-trusts-decision, arbitrary at r1, views 0-1: validity violated, 17 actions, 68332 states",
    "pbft-macs/claims-unvouched, arbitrary at r1, views 0-1: validity violated, 17 actions, 67363 states",
    "pbft-macs/claims-not-compared, arbitrary at r1, views 0-1: validity violated, 17 actions, 65555 states",
    "pbft-macs/claims-counted-twice, arbitrary at r1, views 0-1: validity violated, 17 actions, 56425 states",
  ]);
});

const fuzzed = {
  "acks-not-compared": "clients-are-served",
  "acknowledges-itself": "clients-are-served",
  "without-a1": "agreement",
};

for (const [flaw, property] of Object.entries(fuzzed))
  test(`random runs come to pbft-macs/${flaw}, and not to the correct form`, async (t) => {
    const runs = { maxRuns: 200, seed: 1 };
    const name = `pbft-macs/${flaw}`;
    const [planned] = plan(await findProtocol(name), { protocol: name });
    const broken = await settingFrom(planned!.description);
    t.is((await fuzz(broken, runs)).counterexample?.property, property);
    const { protocol } = await findProtocol("pbft-macs");
    const { protocol: _, ...setting } = broken;
    t.is((await fuzz({ ...setting, protocol }, runs)).counterexample, null);
  });
