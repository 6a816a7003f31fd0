// The digest of a state: the SHA-256 of its canonical form. Two nodes, or a node and the model, are in the same state if their digests
// are the same.

import { createHash } from "node:crypto";
import { type Canonicalizer, canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import type { Json, NodeSpec } from "../protocol/index.js";

const canonicalizers = new WeakMap<object, Canonicalizer>();

/** The digest of a state of this node, in 32 hexadecimal digits. @throws {UserError} if it does not fit the node's schema of states. */
export function stateDigest({ id, behaviour }: NodeSpec<Json>, state: Json): string {
  let canonical = canonicalizers.get(behaviour.state);
  if (canonical === undefined) {
    canonical = canonicalizer(behaviour.state);
    canonicalizers.set(behaviour.state, canonical);
  }
  const form = canonical(state);
  if (form instanceof SchemaMismatch)
    throw new UserError("protocol-malformed", `${id} has a state that does not fit its schema: ${form}.`);
  return createHash("sha256").update(JSON.stringify(form)).digest("hex").slice(0, 32);
}
