// Whether a promise is pending. The language does not tell, Node's inspector of values does.

import { inspect } from "node:util";

/** See the file comment. */
export function promiseIsPending(promise: object): boolean {
  return inspect(promise, { depth: 0, customInspect: false }).includes("<pending>");
}
