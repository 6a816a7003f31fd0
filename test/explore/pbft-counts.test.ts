// Exact sizes of PBFT's normal case with n=4: a change of any of these numbers is a change of the model.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { pbftSetting } from "../support/settings.js";

type Row = readonly [
  adversary: string,
  replica: string,
  plain: readonly [states: number, transitions: number, depth: number],
  visible: readonly [states: number, transitions: number, depth: number],
];

const rows: readonly Row[] = [
  ["silent", "r0", [1, 0, 0], [1, 0, 0]],
  ["silent", "r3", [198, 540, 12], [36, 56, 8]],
  ["equivocating-primary", "r0", [625, 2574, 12], [145, 312, 9]],
  ["lying-voter", "r0", [1, 0, 0], [1, 0, 0]],
  ["lying-voter", "r3", [598, 2700, 12], [78, 154, 8]],
  ["arbitrary", "r0", [625, 2574, 12], [145, 312, 9]],
  ["arbitrary", "r1", [598, 2700, 12], [78, 154, 8]],
];

for (const [adversary, replica, plain, visible] of rows) {
  const setting = pbftSetting(adversary, replica);
  test(`view 0 with ${adversary} ${replica} has ${plain[0]} states`, async (t) => {
    const { states, transitions, depth } = await search(setting, { reduction: "none" });
    t.deepEqual([states, transitions, depth], [...plain]);
  });

  test(`view 0 with ${adversary} ${replica} has ${visible[0]} states under visible steps`, async (t) => {
    const { states, transitions, depth } = await search(setting, { reduction: "visible-steps" });
    t.deepEqual([states, transitions, depth], [...visible]);
  });
}
