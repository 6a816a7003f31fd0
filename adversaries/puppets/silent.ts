// Silent: the replica never sends anything. To the others it looks crashed from the start.

import type { Puppet } from "../../src/protocol/index.js";

export const silentPuppet: Puppet<unknown> = {
  name: "silent",
  summary: "never sends anything",
  lies: false,
  attach: () => ({ says: () => [] }),
};
