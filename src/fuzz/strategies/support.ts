// Echo votes: the adversary repeats a correct node's statement, signed as itself, mostly to the node that
// made it. Quorums are made of equal votes. Of all that a Byzantine node could send, little makes a
// difference except a vote that a correct node waits for; and a node waits for what it has sent itself. So
// both sides of a fork get support, without any knowledge of the protocol.

import { isSigned } from "../../model/terms.js";
import type { Json, NodeId, Signed } from "../../protocol/index.js";
import type { World } from "../world/world.js";

/** How many of the last statements are preferred. */
const recent = 8;

/** By message and node: the message in the node's name. */
const known = new WeakMap<object, Map<NodeId, Json>>();

/** Sends an echo vote. False if there is none, or if it changes nothing. */
export function support(world: World): boolean {
  const { dice, said, byzantine, nodes } = world;
  if (said === 0 || byzantine.length === 0) return false;
  const back = dice.below(dice.chance(0.5) ? Math.min(recent, said) : said);
  const { by, message } = world.statement(said - 1 - back);
  const self = dice.pick(byzantine);
  const to = dice.chance(0.5) ? nodes.indexOf(by) : dice.below(nodes.length);
  return world.say(self, to, inTheNameOf(self, message));
}

/** The message signed by `self` instead; a message that is not signed as a whole stays as it is. */
function inTheNameOf(self: NodeId, message: Json): Json {
  if (!isSigned(message)) return message;
  const names = known.get(message) ?? new Map<NodeId, Json>();
  known.set(message, names);
  const own = names.get(self) ?? ({ ...(message as Signed<Json>), signer: self } as Json);
  names.set(self, own);
  return own;
}
