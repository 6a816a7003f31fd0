// Session keys (sections 4.2 and 4.3). Each replica chooses the keys under which others send to it. It changes all at once, by a message that
// its co-processor signs, with a counter; whoever has the co-processor decrypts it. The attacker keeps the keys that it has stolen,
// and gets no new ones once the replica has restarted. In this model a replica counts its changes, and a message of the attacker names
// the how-manieth key it is made with. Correct replicas send what was refused again, under the new key: so theirs are always current.

import type { NodeId } from "../../protocol/index.js";
import { type Context, type Turn, update } from "./context.js";
import { firstOf, intruder, type RecoveryConfig } from "./parameters.js";
import type { Mac, State } from "./state.js";

/** Who a receiver takes the sender for; null if the MAC is not right. */
export function senderOf(
  { self, rules }: Context,
  { keys }: State,
  from: NodeId,
  mac: Mac | undefined,
): NodeId | null {
  if (from !== intruder) return from;
  if (mac === undefined || mac.as === self || (mac.to ?? self) !== self) return null;
  return rules.keyIsCurrent(mac.key, keys) ? mac.as : null;
}

/**
 * Changes the keys. What has come under the old ones counts only where its certificate is complete. That of the other replicas comes again
 * under the new ones, so what is dropped for good is what the attacker has said in the name of the one that recovers.
 */
export function changeKeys(config: RecoveryConfig, turn: Turn): Turn {
  const { keys, log, checkpoints } = turn.state;
  const first = firstOf(config);
  return update(turn, {
    keys: keys + 1,
    log: log.map((entry) => ({ ...entry, votes: entry.votes.filter((from) => from !== first) })),
    checkpoints: checkpoints.filter(({ from }) => from !== first),
  });
}
