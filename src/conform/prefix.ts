// The longest explained prefix of records, as a trace that everything that shows traces can show.

import type { Records } from "../records/index.js";
import { traceOfRecords } from "../trace/replay-recorded.js";
import type { Trace } from "../trace/schema.js";
import type { Conformance } from "./conform.js";

/** The trace of what is explained; its explanation says why it ends there. */
export function traceOfConformance(found: Conformance, { heads }: Records): Trace {
  const { protocol, correct, byzantine, order, steps, rejection } = found;
  const end =
    rejection === null
      ? "all of the record"
      : `the first ${order.length} of ${steps.length} steps of a record. Then ${rejection.what}: ${rejection.reason}`;
  return traceOfRecords({
    ...{ protocol, byzantine, steps: order },
    heads: correct.map((node) => heads.get(node)!),
    explanation: `${protocol} explains ${end}`,
  });
}
