// Delayed: everything that the replica says comes late, but not so late that a timer must have run out. As primary it makes
// the service as slow as it can without losing its place.

import type { Puppet } from "../../src/protocol/index.js";

export const delayed: Puppet<unknown> = {
  name: "delayed",
  summary: "sends everything half a timeout late",
  attach: ({ timeoutMs }) => ({
    says: (to, message) => [{ to, message, lateMs: timeoutMs / 2 }],
  }),
};
