// Selective sender: it sends only to one half of the other nodes, always the same. Those it serves have no
// reason to suspect it, and the others may be too few to replace it.

import type { NodeId, Puppet } from "../../src/protocol/index.js";

export const selective: Puppet<unknown> = {
  name: "selective",
  summary: "sends to one half of the nodes only, drawn from the seed",
  attach: ({ random }) => {
    const served = new Map<NodeId, boolean>();
    return {
      says: (to, message) => {
        if (!served.has(to)) served.set(to, random.float() < 0.5);
        return served.get(to) ? [{ to, message }] : [];
      },
    };
  },
};
