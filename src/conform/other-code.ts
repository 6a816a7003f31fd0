// Whether records were written by the code that they are held against. If they were not, a step that the model does not make may be one that
// the protocol made then: such a rejection accuses nobody.

import { changesBetween, type Parts, partsOf } from "../identity/identity.js";
import { UserError } from "../model/errors.js";
import type { NodeId } from "../protocol/index.js";
import type { RecordHead } from "../records/index.js";

/**
 * How the code that wrote these records differs from the present one, one sentence for all nodes of which it is true; empty: not at all.
 *
 * `name`: the protocol that they are held against. Where that is another one than theirs, its modules may differ, and only Turncoat is compared.
 */
export async function otherCodeIn(heads: readonly RecordHead[], name: string): Promise<readonly string[]> {
  const now = await partsOf(name);
  const nodes = new Map<string, NodeId[]>();
  for (const head of heads)
    for (const sentence of differences(head, now, head.protocol === name))
      nodes.set(sentence, [...(nodes.get(sentence) ?? []), head.node]);
  return [...nodes].map(([sentence, of]) => `${of.join(", ")}: ${sentence}`);
}

function differences({ code, turncoat }: RecordHead, now: Parts, isSame: boolean): readonly string[] {
  const compared = (parts: Parts): Parts => (isSame ? parts : { turncoat: parts.turncoat ?? "unknown" });
  if (code === undefined)
    return [
      `written by Turncoat ${turncoat}, and it does not say with which code (early versions did not write that down)`,
    ];
  return code.flatMap((parts) => {
    const changes = changesBetween(compared(parts), compared(now));
    return changes.length === 0 ? [] : [changes.join("; ")];
  });
}

/** What to do about it: one text for the terminal and for errors. */
export function otherCodeAdvice(name: string): string {
  return (
    `The records were written by other code than the ${name} that they are held against, so the difference may be one between two versions of ${name} and no fault of a node. ` +
    "Hold them against the version that wrote them, or record the run again with this one."
  );
}

/** Calls `held`; an error of the protocol may come of the difference, too, and says so. */
export function besideOtherCode<Result>(
  name: string,
  otherCode: readonly string[],
  held: () => Result,
): Result {
  try {
    return held();
  } catch (error) {
    if (!(error instanceof UserError) || otherCode.length === 0) throw error;
    throw new UserError(error.code, `${error.message} ${otherCodeAdvice(name)} ${otherCode.join(". ")}.`, {
      ...{ frames: error.frames, ...(error.property !== null && { property: error.property }) },
    });
  }
}
