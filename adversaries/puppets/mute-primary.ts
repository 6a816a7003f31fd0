// Mute primary: a correct backup that is silent whenever it leads. It proposes nothing and starts no view, so
// the others must time out on one such primary after the other.

import type { Puppet } from "../../src/protocol/index.js";
import { bodyOf } from "./parts.js";

const leading = ["pre-prepare", "new-view"];

export const mutePrimary: Puppet<unknown> = {
  name: "mute-primary",
  summary: "follows the protocol as a backup, and proposes nothing as primary",
  attach: () => ({
    says: (to, message) => (leading.includes(bodyOf(message).tag ?? "") ? [] : [{ to, message }]),
  }),
};
