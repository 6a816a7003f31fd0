// Where and when a message is made, and by whom.

import { type AdversaryContext, clientIds } from "../../../src/protocol/index.js";

/** The situation that a message is made in. */
export type { AdversaryContext };

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** Whether the node that speaks is a client. */
export function speaksAsClient({ self, config }: Pick<AdversaryContext, "self" | "config">): boolean {
  return config.clients && clientIds(config).includes(self);
}

/** Whether the receiver is a client, to which only replies matter. */
export function isClient({ to }: AdversaryContext): boolean {
  return to === "client";
}
