// The faults that a run really had: crashes and recoveries of replicas, messages lost or duplicated, partitions. They are
// part of a verdict: if faults were asked for and none occurred, it proves nothing about them.

import { networkNamed } from "../model/network.js";
import type { Setting } from "../model/setting.js";
import type { TransitionSystem } from "../model/system.js";
import { grouped } from "../parameters/words.js";

/**
 * How many there were of each kind that was asked for. Of a search: distinct states in which a replica was
 * down, or was up again, and distinct messages and cuts. Of a campaign of the fuzzer: events.
 */
export interface Faults {
  readonly crashes?: number;
  readonly recoveries?: number;
  readonly losses?: number;
  readonly duplicates?: number;
  readonly partitions?: number;
}

/** Of what was counted, what the setting asks for; undefined if that is nothing. */
export function askedFaults(setting: Setting, counted: Required<Faults>): Faults | undefined {
  const { crashes, recoveries, losses, duplicates, partitions } = counted;
  const network = networkNamed(setting.network);
  const asked = {
    ...((setting.bounds.crashes ?? 0) > 0 && { crashes, recoveries }),
    ...((network?.losses ?? 0) > 0 && { losses }),
    ...((network?.duplications ?? 0) > 0 && { duplicates }),
    ...((network?.cuts ?? 0) > 0 && { partitions }),
  };
  return Object.keys(asked).length === 0 ? undefined : asked;
}

/** What a search has come across. */
export function faultsIn(system: TransitionSystem): Faults | undefined {
  const messages = (kind: "lose" | "duplicate" | "cut") =>
    system.reactions.causes().filter((cause) => cause.kind === kind).length;
  const components = (isCounted: (crashes: number) => boolean) =>
    system.nodes.reduce((sum, { crashesOf }) => sum + crashesOf.filter(isCounted).length, 0);
  return askedFaults(system.setting, {
    crashes: components((crashes) => (crashes & 1) === 1),
    recoveries: components((crashes) => crashes > 0 && (crashes & 1) === 0),
    losses: messages("lose"),
    duplicates: messages("duplicate"),
    partitions: messages("cut"),
  });
}

/** Why a run with these faults says nothing about what was asked for, or null. */
export function idleFaults(faults: Faults | undefined): string | null {
  if (faults?.crashes === 0) return "no replica ever crashed, although crashes were asked for";
  if (faults?.losses === 0) return "no message was ever lost, although losses were asked for";
  if (faults?.duplicates === 0) return "no message was ever doubled, although that was asked for";
  if (faults?.partitions === 0) return "the network was never parted, although partitions were asked for";
  return null;
}

/** As in `crashes 12, recoveries 9`. */
export function faultsText(faults: Faults): string {
  return Object.entries(faults)
    .map(([kind, count]) => `${kind} ${grouped(count)}`)
    .join(", ");
}
