// Lying voter: it votes for made-up digests, a different one for every receiver.

import type { Puppet } from "../../src/protocol/index.js";
import { bodyOf, changed, fake } from "./parts.js";

const votes = ["prepare", "commit", "checkpoint"];

export const lyingVoterPuppet: Puppet<unknown> = {
  name: "lying-voter",
  summary: "votes for a made-up digest, a different one to each",
  attach: ({ self }) => ({
    says: (to, message) => {
      const { tag, digest } = bodyOf(message);
      if (!votes.includes(tag ?? "")) return [{ to, message }];
      return [{ to, message: changed(self, message, { digest: fake(digest, to) }) }];
    },
  }),
};
