// Compares the code that a trace was found in with the present code. A trace of other code is replayed like
// any other; the report names the difference, since it may explain the outcome.

import { changesBetween, partsOf } from "../identity/identity.js";
import type { Trace } from "./schema.js";

/**
 * What has changed; empty: nothing; null: the trace does not say. @throws if the protocol's module cannot be
 * found.
 */
export async function codeChanges({ identity, setting }: Trace): Promise<readonly string[] | null> {
  return identity === undefined ? null : changesBetween(identity.parts, await partsOf(setting.protocol));
}
