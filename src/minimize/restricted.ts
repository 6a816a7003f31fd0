// A restricted adversary: of its messages it may send only those like one that it has sent in the trace. A
// search with it is small where one with the whole adversary may be far too big. Whatever it finds, the whole
// adversary can do as well.

import { type Action, messageOf } from "../model/action.js";
import { canonicalizer } from "../model/canonical.js";
import type { Setting } from "../model/setting.js";
import { typeOf } from "../model/terms.js";
import type { Json } from "../protocol/index.js";

/** When two messages of the adversary are alike: if they are equal; if they have one type; always. */
export type Likeness = "same" | "type" | "any";

/**
 * The setting with an adversary that sends only messages like those among these actions, and forwards only if
 * one of them does.
 */
export function restrictedTo(setting: Setting, actions: readonly Action[], likeness: Likeness): Setting {
  const { adversary, protocol } = setting;
  if (!adversary || likeness === "any") return setting;
  const canonical = canonicalizer(protocol.message as never);
  const keyOf = (message: Json) =>
    likeness === "type" ? typeOf(message) : JSON.stringify(canonical(message));
  const said = actions.filter(({ kind }) => kind === "inject").map((action) => keyOf(messageOf(action)!));
  const allowed = new Set(said);
  return {
    ...setting,
    adversary: {
      ...adversary,
      forwards: adversary.forwards && actions.some(({ kind }) => kind === "relay"),
      speaks: adversary.speaks && allowed.size > 0,
      moves: (situation, knowledge) =>
        allowed.size === 0
          ? []
          : adversary.moves(situation, knowledge).filter((message) => allowed.has(keyOf(message))),
    },
  };
}
