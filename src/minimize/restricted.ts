// An adversary that is left with less: of what it could say, only what is like something that it has said. In its company a search
// is small, where in that of the whole adversary it may be far too big; and what it finds the whole adversary can do as well.

import { type Action, messageOf } from "../model/action.js";
import { canonicalizer } from "../model/canonical.js";
import type { Setting } from "../model/setting.js";
import { typeOf } from "../model/terms.js";
import type { Json } from "../protocol/index.js";

/** When two messages of the adversary are alike: they are the same, or of one type, or always. */
export type Likeness = "same" | "type" | "any";

/** The setting in which the adversary says only what is like its messages among these actions, and relays only if one of them does. */
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
