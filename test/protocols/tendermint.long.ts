// Tendermint: what holds, what each flaw breaks.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Json, Protocol } from "../../src/protocol/index.js";
import { tendermint, tendermintRules } from "../../src/protocols/tendermint/index.js";
import { plan } from "../../src/suite/plan.js";
import { outcomes, suiteOutcomes } from "../support/other-protocols.js";

test("it agrees, and ends where the faulty are silent; each mutant falls; two amnesiacs are too many", async (t) => {
  t.deepEqual(await suiteOutcomes("tendermint"), [
    "tendermint, silent at r0, views 0-1: holds, 54 states",
    "tendermint, silent at r1, views 0-2: holds, 2090 states",
    "tendermint, silent at r2, views 0-1: holds, 1260 states",
    "tendermint, tendermint-amnesiac at r3, views 0-1: holds, 12293 states",
    "tendermint, tendermint-amnesiac at r2, r3, views 0-1: agreement violated, 13 actions, 187 states",
    "tendermint/no-valid-value, silent at r3, views 0-1: termination violated, 19 actions, 750 states",
    "tendermint/polka-not-resent, silent at r3, views 0-1: termination violated, 14 actions, 191 states",
    "tendermint/nil-stops-the-timer, silent at r0, views 0-1: termination violated, 9 actions, 15 states",
    "tendermint/nil-before-proposal, arbitrary at r3, views 0-0: termination violated, 9 actions, 66 states",
    "tendermint/own-extension-unchecked, silent at r2, views 0-1: termination violated, 13 actions, 291 states",
    "tendermint/no-lock, tendermint-amnesiac at r1, views 0-1: agreement violated, 21 actions, 3324 states",
    "tendermint/value-unchecked, arbitrary at r0, views 0-0: validity violated, 11 actions, 300 states",
  ]);
});

test("within one round it ends whatever a Byzantine replica says: no older lock can be hidden", async (t) => {
  const one = { protocol: "tendermint", adversaries: ["arbitrary"], byzantine: ["r3"], views: 0 } as const;
  t.deepEqual(await outcomes({ ...one, properties: ["termination"] }), [
    "tendermint, arbitrary at r3, views 0-0: holds, 118 states",
  ]);
});

test("with a vote extension that one's own replica does not count either, the next round decides", async (t) => {
  const accepts = (_self: string, from: string, round: number) => from !== "r3" || round > 0;
  const fair = tendermint({ ...tendermintRules, accepts }, "fair");
  const [run] = plan(await findProtocol("tendermint/own-extension-unchecked"), {
    protocol: "tendermint/own-extension-unchecked",
  });
  const setting = await settingFrom(run!.description);
  const { verdict } = await search({ ...setting, protocol: fair as unknown as Protocol<Json, Json> });
  t.is(verdict, "holds");
});
