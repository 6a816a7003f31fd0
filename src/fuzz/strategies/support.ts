// The adversary joins in: it says in its own name what a correct node has said, and most often to the one who has said it.
// Quorums are made of votes for the same thing. Of all that a Byzantine node could say, hardly anything makes a difference
// but a vote that a correct node waits for; and what it waits for is what it says itself. So both sides of a fork get
// support, without anything being known of the protocol.

import { isSigned } from "../../model/terms.js";
import type { Json, NodeId, Signed } from "../../protocol/index.js";
import type { World } from "../world/world.js";

/** How many of the last things that were said are preferred. */
const recent = 8;

/** Per message and node: the message in the node's name. */
const known = new WeakMap<object, Map<NodeId, Json>>();

/** See the file comment. False if it has nothing to say, or if that changes nothing. */
export function support(world: World): boolean {
  const { dice, said, byzantine, nodes } = world;
  if (said === 0 || byzantine.length === 0) return false;
  const back = dice.below(dice.chance(0.5) ? Math.min(recent, said) : said);
  const { by, message } = world.statement(said - 1 - back);
  const self = dice.pick(byzantine);
  const to = dice.chance(0.5) ? nodes.indexOf(by) : dice.below(nodes.length);
  return world.say(self, to, inTheNameOf(self, message));
}

/** A statement signed by somebody else; what is not signed as a whole is anybody's. */
function inTheNameOf(self: NodeId, message: Json): Json {
  if (!isSigned(message)) return message;
  const names = known.get(message) ?? new Map<NodeId, Json>();
  known.set(message, names);
  const own = names.get(self) ?? ({ ...(message as Signed<Json>), signer: self } as Json);
  names.set(self, own);
  return own;
}
