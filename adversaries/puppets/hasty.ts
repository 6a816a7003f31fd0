// Hasty: it ignores quorums. Whatever it prepares it commits in the same breath, to everybody, though nobody else has prepared it.

import type { Puppet } from "../../src/protocol/index.js";
import { bodyOf, changed } from "./parts.js";

export const hasty: Puppet<unknown> = {
  name: "hasty",
  summary: "commits whatever it prepares at once, before any quorum",
  attach: ({ self }) => ({
    says: (to, message) => {
      const said = { to, message };
      if (bodyOf(message).tag !== "prepare") return [said];
      return [said, { to, message: changed(self, message, { tag: "commit" }) }];
    },
  }),
};
