// Delayed: every message of the replica is late, but not so late that a timer must have expired. As primary
// it makes the service as slow as it can without being replaced.

import type { Puppet } from "../../src/protocol/index.js";

export const delayed: Puppet<unknown> = {
  name: "delayed",
  summary: "sends everything half a timeout late",
  attach: ({ timeoutMs }) => ({
    says: (to, message) => [{ to, message, lateMs: timeoutMs / 2 }],
  }),
};
