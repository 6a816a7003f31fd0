// The adversary context, and two questions about it.

import { type AdversaryContext, clientIds } from "../../../src/protocol/index.js";

export { range } from "../../collections.js";
/** The context of a move. */
export type { AdversaryContext };

/** Whether the sender is a client. */
export function speaksAsClient({ self, config }: Pick<AdversaryContext, "self" | "config">): boolean {
  return config.clients && clientIds(config).includes(self);
}

/** Whether the receiver is a client, which only replies matter to. */
export function isClient({ to }: AdversaryContext): boolean {
  return to === "client";
}
