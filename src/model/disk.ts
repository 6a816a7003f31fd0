// What a replica finds on its disk after a crash. Everything that its behaviour calls stable was written.
// Unsynced writes may be lost when the power fails, and which are lost is a choice.

import type { Behaviour, Context, Json, NodeSpec } from "../protocol/index.js";
import { stableOf } from "./behaviour-calls.js";
import { calling, UserError } from "./errors.js";
import { type AnyOutcomes, evaluateInit } from "./evaluate.js";
import { nestingProblem } from "./json-problem.js";
import { deepFreeze, isPlainJson } from "./plain-json.js";
import type { Losing } from "./setting.js";

/**
 * All ways for a node that has crashed in this state to come back; which writes are lost is told in the
 * label.
 */
export function restartOutcomes(
  spec: NodeSpec<Json>,
  context: Context,
  state: Json,
  losing: Losing,
): AnyOutcomes {
  const disks = disksAfterCrash(spec, state, losing);
  return disks.flatMap(({ stable, lost }) =>
    evaluateInit(spec, context, { kind: "restart", stable }).map((outcome) => {
      const label = [lost, outcome.label].filter((part) => part !== undefined).join(", ");
      // Which writes are lost is not left to chance, so where there is a choice of disks nothing is.
      const random = (outcome.random ?? false) && disks.length === 1;
      return label === "" ? outcome : { ...outcome, label, random };
    }),
  );
}

/** A possible content of a disk. */
interface Disk {
  readonly stable: Json;
  /** What was lost of what was written, in words; undefined if nothing was. */
  readonly lost?: string;
}

/**
 * What may be on the disk of a node that has crashed in this state: what was written first, then what is
 * left without the last writes.
 */
function disksAfterCrash(spec: NodeSpec<Json>, state: Json, losing: Losing): readonly Disk[] {
  const { id, behaviour } = spec;
  const own = behaviour as Behaviour<Json, Json>;
  const stable = stableOf(spec, state);
  if (losing !== "unsynced") return [{ stable }];
  const left = calling("protocol-threw", `unsynced() of ${id}`, () => own.unsynced?.(state) ?? []);
  if (!Array.isArray(left))
    throw new UserError("protocol-malformed", `unsynced() of ${id} must return a list.`);
  const nested = nestingProblem(left) ?? (isPlainJson(left) ? null : "is not plain JSON");
  if (nested !== null)
    throw new UserError("protocol-malformed", `unsynced() of ${id} gave a value that ${nested}.`);
  const texts = [stable, ...left].map((content) => JSON.stringify(content));
  const others = left.filter((_, index) => texts.indexOf(texts[index + 1]!) === index + 1);
  return [
    { stable },
    ...others.map((content, index) => ({
      stable: deepFreeze(content as Json),
      lost: `unsynced writes lost${others.length === 1 ? "" : ` (${index + 1} of ${others.length})`}`,
    })),
  ];
}
