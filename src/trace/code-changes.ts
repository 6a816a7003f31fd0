// What a trace says of the code that it was found in, beside the code that is here. A trace of other code replays as any does; that the code is
// another is said, since it may be why the outcome is.

import { changesBetween, partsOf } from "../identity/identity.js";
import type { Trace } from "./schema.js";

/** What has changed; empty: nothing; null: the trace does not say. @throws if the protocol's module cannot be found. */
export async function codeChanges({ identity, setting }: Trace): Promise<readonly string[] | null> {
  return identity === undefined ? null : changesBetween(identity.parts, await partsOf(setting.protocol));
}
