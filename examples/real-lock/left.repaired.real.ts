// The same with the rule of the published algorithm: whoever gives up unlocks all servers.

import { RedLock } from "redlock-universal";
import { real } from "turncoat/real";
import { nodeWith, options } from "./servers.js";

export { properties } from "./servers.js";

const unlock = (
  RedLock.prototype as unknown as {
    releasePartialLocks: (results: readonly object[], value: string) => Promise<void>;
  }
).releasePartialLocks;

class Repaired extends RedLock {}
Object.assign(Repaired.prototype, {
  releasePartialLocks(results: readonly object[], value: string) {
    return unlock.call(
      this,
      results.map((result) => ({ ...result, success: true })),
      value,
    );
  },
});

export default real(nodeWith(Repaired), options);
