// A reaction of a replica of PBFT without signatures, and PBFT's handlers as handlers of such reactions. They
// leave alone what this state has besides PBFT's.

import { type NodeId, type Signed, sign } from "../../protocol/index.js";
import type { Reaction as SignedReaction } from "../pbft/reaction.js";
import type { Body } from "./messages.js";
import type { MacRules } from "./rules.js";
import type { MacState } from "./state.js";

export interface Reaction extends Omit<SignedReaction, "rules" | "state"> {
  readonly rules: MacRules;
  readonly state: MacState;
}

/** A handler of PBFT's normal case, for this state. */
export function shared<Input>(
  handler: (reaction: SignedReaction, input: Input) => SignedReaction,
): (reaction: Reaction, input: Input) => Reaction {
  return (reaction, input) => handler(reaction as unknown as SignedReaction, input) as unknown as Reaction;
}

export function update(reaction: Reaction, change: Partial<MacState>): Reaction {
  return { ...reaction, state: { ...reaction.state, ...change } };
}

/** Sends a message to all other replicas. */
export function broadcast(reaction: Reaction, body: Body): Reaction {
  const message = sign(reaction.context.self, body) as never;
  return { ...reaction, effects: [...reaction.effects, { kind: "broadcast", message }] };
}

/** Asks for the message again: the first one of its sender, type and view, and `about` a replica. */
export function defer(
  reaction: Reaction,
  { signer, body }: Signed<{ readonly tag: string; readonly view: number }>,
  about: NodeId = "",
): Reaction {
  const key = `${signer} ${body.tag} ${body.view} ${about}`;
  return { ...reaction, effects: [...reaction.effects, { kind: "defer", key }] };
}
