// Tests whether a promise is pending. The language offers no test for that, but Node's inspector of values shows
// it.

import { inspect } from "node:util";

/** See the file comment. */
export function promiseIsPending(promise: object): boolean {
  return inspect(promise, { depth: 0, customInspect: false }).includes("<pending>");
}
