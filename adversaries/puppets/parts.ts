// Helpers for puppets: the type of a message, and a copy of it with some fields changed. They work for every
// protocol whose messages, or the statements that they sign, have a `tag`.

import { type NodeId, type Signed, sign } from "../../src/protocol/index.js";

/** The fields that votes and proposals have in common. */
export interface Body {
  readonly tag?: string;
  readonly view?: number;
  readonly slot?: number;
  readonly digest?: string;
}

function isSigned(message: unknown): message is Signed<unknown> {
  return (message as Signed<unknown> | null)?.tag === "signed";
}

/** The content of a message, without its signature. */
export function bodyOf(message: unknown): Body {
  return (isSigned(message) ? message.body : message) as Body;
}

/** The message with some fields replaced, signed by `self` if it was signed. */
export function changed<Message>(
  self: NodeId,
  message: Message,
  change: Body & { readonly request?: unknown },
): Message {
  const body = { ...bodyOf(message), ...change };
  return (isSigned(message) ? sign(self, body) : body) as Message;
}

/** A digest of nothing. */
export function fake(digest: string | undefined, mark: string | number = "fake"): string {
  return `${digest}::${mark}`;
}
