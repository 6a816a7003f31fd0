// Refuses to resume what was saved with other code: a checkpoint, a campaign, a corpus file.

import { UserError } from "../model/errors.js";
import { changesBetween, type Identity, type Parts } from "./identity.js";

/**
 * What was saved without an identity is refused, too: whether the code is still the same cannot be told, and half a search of one
 * protocol and half of another say nothing about either.
 *
 * @throws {UserError} `bad-file` that names what has changed.
 */
export function refuseOtherCode(file: string, before: Identity | undefined, now: Parts): void {
  const end = "so it cannot be resumed. Begin anew, without it.";
  if (before === undefined)
    throw new UserError(
      "bad-file",
      `${file} does not say with which code it was made (earlier versions of Turncoat did not write that down), ${end}`,
    );
  const changes = changesBetween(before.parts, now);
  if (changes.length > 0)
    throw new UserError("bad-file", `${file} was made with other code, ${end} ${sentence(changes)}`);
}

/** `a has changed` and `b has changed` -> `What differs: a has changed; b has changed.` */
function sentence(changes: readonly string[]): string {
  return `What differs: ${changes.join("; ")}.`;
}
