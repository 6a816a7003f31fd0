// Short names of actions, by which links say which way an exploration has gone. They depend on what an action is, and not on what else
// is possible, so that a link means the same wherever it is opened.

import { createHash } from "node:crypto";
import type { Action } from "../model/action.js";

/** Eight characters: among the actions that are possible in one state nobody will meet two with the same ones. */
export function actionKey(action: Action): string {
  const { kind, from, via, to, node, timer, choice, message } = action as {
    readonly [field: string]: unknown;
  };
  const text = JSON.stringify([kind, from, via, to, node, timer, choice, message]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}
