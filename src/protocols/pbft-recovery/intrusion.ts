// How replicas fall, and in which state one comes back. What the attacker says meanwhile is in adversaries/pbft-recovery.ts.

import { type NodeId, reply, sign } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import type { Context, Turn } from "./context.js";
import { firstOf, type RecoveryConfig, secondOf } from "./parameters.js";
import { type Entry, initial, type State } from "./state.js";
import { nullRequest } from "./values.js";

/** It forges no further than this. What is that far above H_M is discarded, wherever it is. */
const mostSlots = 8;

/** What the attacker can have left: nothing; a slot that looks committed; or a state of the service that looks executed. */
export function remainsOf(
  config: RecoveryConfig,
): readonly { readonly label: string; readonly left: State }[] {
  const slots = Array.from({ length: Math.min(config.slots, mostSlots) }, (_, index) => index + 1);
  const value = valuesOf(config).at(-1)!;
  const logs = slots.map((slot) => {
    const entry: Entry = { slot, value, phase: "committed", votes: [] };
    return { label: `${value} forged in slot ${slot}`, left: { ...initial, log: [entry] } };
  });
  const states = slots.map((slot) => {
    const history = [value, ...Array<string>(slot - 1).fill(nullRequest)];
    return { label: `state forged up to slot ${slot}`, left: { ...initial, history } };
  });
  const all = { nothing: [{ label: "nothing left", left: initial }], log: logs, state: states };
  const { left } = config.set;
  return left === "anything" ? [...all.nothing, ...all.log, ...all.state] : all[left];
}

/** A replica falls: it does nothing any more, and the attacker has its keys. */
export function fall({ self }: Context): Turn {
  const state: State = { ...initial, standing: "taken" };
  return reply(state).broadcast(sign(self, { tag: "taken" as const }));
}

/** The first one has recovered: the next one may fall. */
export function onRecovered(context: Context, turn: Turn, from: NodeId): Turn {
  const { self, config } = context;
  const falls = self === secondOf(config) && config.set.window && from === firstOf(config);
  return falls ? fall(context) : turn;
}
