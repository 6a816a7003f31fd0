// Coins together with crashes and recovery: what chance decides, what the scheduler chooses, who comes back with what is on its
// disk and who is owed nothing because it stays down. Against the naive search, with exact counts of what came out.

import type { ExecutionContext } from "ava";
import fc from "fast-check";
import type { Bounds } from "../../src/model/setting.js";
import { compareWith, counted, endOf, naively, remembering } from "./against-naive.js";
import { crashingMachines, crashingTables, withoutChance } from "./coin-machine.js";
import { coinModels, everythingSeen, restless, settingOf, slotAgreement } from "./random-protocol.js";
import { eventually } from "./toy-properties.js";

const ways = (["maybe", "always"] as const).flatMap((recovery) =>
  (["volatile", "unsynced", "nothing"] as const).map((losing) => ({ recovery, losing })),
);
/** Larger ones say little more. */
const maxStates = 200;

/** Two nodes that toss, choose, crash and recover: how the first so many of one sample end. */
export async function crashingNodes(t: ExecutionContext, numRuns: number) {
  const ends: string[] = [];
  for (const [index, [table, disk]] of fc.sample(crashingTables, { seed: 3, numRuns }).entries()) {
    const bounds: Bounds = {
      views: 0,
      ...ways[index % ways.length]!,
      crashes: 1 + (Math.floor(index / ways.length) % 2),
    };
    const setting = { ...crashingMachines(table, disk), bounds };
    const naive = naively(setting, maxStates);
    if (naive === null) continue;
    const end = `${bounds.recovery} ${endOf(naive)}`;
    ends.push(end);
    for (const reduction of ["none", "visible-steps"] as const) {
      const { found, expected } = await compareWith(naive, setting, reduction);
      t.deepEqual(found, expected, `${reduction} ${JSON.stringify({ bounds, table, disk })}`);
    }
    const calm = naively({ ...setting, bounds: { views: 0 } })!;
    if (endOf(calm) !== endOf(naive)) ends.push(`${end} because of a crash`);
    if (endOf(naive) !== "holds") continue;
    const chosen = naively({ ...crashingMachines(withoutChance(table), disk), bounds });
    if (chosen && endOf(chosen) !== "holds") ends.push(`${end} because of chance`);
  }
  return counted(ends);
}

/** Random protocols that toss, crash and recover, on every network: how the first so many of one sample end. */
export async function crashingProtocols(t: ExecutionContext, numRuns: number) {
  const networks = ["async", "once", "fifo", "lossy:1", "duplicating:1"];
  const ends: string[] = [];
  for (const [index, model] of fc.sample(coinModels, { seed: 7, numRuns }).map(restless).entries()) {
    const base = remembering(settingOf(model, [eventually("x")]));
    const network = networks[index % networks.length]!;
    const bounds: Bounds = {
      ...base.bounds,
      ...ways[Math.floor(index / networks.length) % ways.length]!,
      crashes: 1,
    };
    const setting = { ...base, network, bounds };
    const naive = naively(setting, maxStates);
    if (naive === null) continue;
    ends.push(endOf(naive));
    for (const reduction of network === "async"
      ? (["none", "visible-steps"] as const)
      : (["none"] as const)) {
      const { found, expected } = await compareWith(naive, setting, reduction);
      t.deepEqual(found, expected, `${reduction} ${JSON.stringify({ network, bounds, model })}`);
    }
  }
  return counted(ends);
}

/** Random protocols on networks that reorder within a window, lose without end, or keep what they have delivered: how the first so many of one sample end. */
export async function lossyNetworks(t: ExecutionContext, numRuns: number) {
  const networks = ["reordering:2", "reordering:3", "lossy", "lossy-fifo:1", "lossy-fifo", "duplicating"];
  const compared: string[] = [];
  for (const [index, model] of fc.sample(coinModels, { seed: 11, numRuns }).entries()) {
    const network = networks[index % networks.length]!;
    const properties = index % 12 < 6 ? [everythingSeen, slotAgreement] : [eventually("x")];
    const setting = { ...settingOf(model, properties), network };
    const naive = naively(setting, 150);
    if (naive === null) continue;
    compared.push(network);
    const { found, expected } = await compareWith(naive, setting, "none");
    t.deepEqual(found, expected, JSON.stringify({ network, model }));
  }
  return counted(compared);
}

/** Random protocols on networks that part replicas both ways, one way, and with a bridge: how the first so many of one sample end. */
export async function partedNetworks(t: ExecutionContext, numRuns: number) {
  const networks = ["partitions", "one-way-partitions", "bridge-partitions"].flatMap((shape) => [
    `${shape}:1`,
    `${shape}:2`,
    shape,
  ]);
  const compared: string[] = [];
  for (const [index, drawn] of fc.sample(coinModels, { seed: 12, numRuns }).entries()) {
    const model = index % 4 < 2 ? drawn : restless(drawn);
    const network = networks[index % networks.length]!;
    const properties = index % 18 < 9 ? [everythingSeen, slotAgreement] : [eventually("x")];
    const setting = { ...settingOf(model, properties), network };
    const naive = naively(setting, 300);
    if (naive === null) continue;
    compared.push(properties.length === 1 ? endOf(naive) : network);
    const { found, expected } = await compareWith(naive, setting, "none");
    t.deepEqual(found, expected, JSON.stringify({ network, model }));
  }
  return counted(compared);
}
