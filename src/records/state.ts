// States as records know them: in canonical form, by their digest. Two nodes, or a node and the model, are in the same state if their
// digests are the same. A new state shares most of its parts with the one before, which is canonical: only the others are looked into.

import { createHash } from "node:crypto";
import { type Canonicalizer, canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { interning } from "../model/plain-json.js";
import { sortedText } from "../model/sorted-text.js";
import type { Json, NodeSpec } from "../protocol/index.js";

const canonicalizers = new WeakMap<object, Canonicalizer>();

/** The canonical form of a state of this node, frozen. @throws {UserError} if it does not fit the node's schema of states. */
export function canonicalState({ id, behaviour }: NodeSpec<Json>, state: Json): Json {
  let canonical = canonicalizers.get(behaviour.state);
  if (canonical === undefined) {
    canonical = canonicalizer(behaviour.state);
    canonicalizers.set(behaviour.state, canonical);
  }
  const form = canonical(state);
  if (form instanceof SchemaMismatch)
    throw new UserError("protocol-malformed", `${id} has a state that does not fit its schema: ${form}.`);
  return interning(form);
}

/** The digest of a canonical state: of SHA-256 the first 32 hexadecimal digits. */
export function stateDigest(state: Json): string {
  return createHash("sha256").update(sortedText(state)).digest("hex").slice(0, 32);
}
