// Variants of PBFT: rules replaced without a violation, within the bounds that were searched. They stand
// beside the mutants because a rule that neither replaces is one whose purpose nobody has shown.

import type { Json, Protocol } from "../../protocol/index.js";
import type { KnownViolation } from "../mutant.js";
import { pbft } from "./protocol.js";
import { pbftRules, type Rules } from "./rules.js";

/**
 * A changed rule that did no harm within bounds that were searched exhaustively. Each is expected to hold in
 * its setting.
 */
export interface Variant {
  readonly name: string;
  readonly change: string;
  /** The argument why, as far as there is one, and what was searched. */
  readonly evidence: string;
  readonly protocol: Protocol<Json, Json>;
  readonly holds: KnownViolation;
  /** The names of the rules that it replaces. */
  readonly changes: readonly string[];
}

const variants: readonly (Omit<Variant, "protocol" | "changes"> & { readonly rules: Partial<Rules> })[] = [
  {
    name: "commit-before-prepared",
    change: "a quorum of commits executes a request that has not prepared here",
    // Of a quorum that has committed, f+1 are correct and have prepared. So the request is decided whether or
    // not it has prepared here; and every quorum of view-changes contains one of these f+1, and its
    // certificate.
    evidence: "agreement holds under arbitrary in every place, views 0-1, n=4, two requests, one slot",
    rules: { commitsOnlyPrepared: () => false },
    holds: { property: "agreement", clients: false, adversary: "arbitrary", byzantine: ["r0"], views: 1 },
  },
  {
    name: "new-view-starts-at-zero",
    change: "a new view proposes null for slots below the last stable checkpoint, too",
    // A replica that enters the view learns of that checkpoint from the same view-changes, and ignores such
    // slots. Only replicas that have not executed that far would accept them: fewer than a quorum, even with
    // the Byzantine replicas.
    evidence:
      "agreement, checkpoint-agreement and checkpoint-durability hold under silent (r0 and r2, two slots), checkpoint-liar and " +
      "lying-voter (r2, one slot), views 0-1, n=4, a checkpoint after each slot",
    rules: { newViewStartsAbove: () => 0 },
    holds: {
      property: "agreement",
      clients: false,
      adversary: "silent",
      byzantine: ["r2"],
      views: 1,
      slots: 2,
      checkpointInterval: 1,
      window: 1,
    },
  },
  {
    name: "replies-once",
    change: "a request that was executed is not answered again",
    // On the async network a reply stays deliverable. On one that loses messages the client would wait for
    // ever.
    evidence: "clients-are-served holds on the async network, views 0-1, with r2 silent",
    rules: { answersAgain: () => false },
    holds: {
      property: "clients-are-served",
      clients: true,
      adversary: "silent",
      byzantine: ["r2"],
      views: 1,
    },
  },
];

/** See {@link Variant}. */
export const pbftVariants: readonly Variant[] = variants.map(({ name, rules, ...rest }) => ({
  ...rest,
  name: `pbft/${name}`,
  protocol: pbft({ ...pbftRules, ...rules }, `pbft/${name}`, rest.change) as unknown as Protocol<Json, Json>,
  changes: Object.keys(rules),
}));
