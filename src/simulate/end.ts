// Why a simulated run ended.

/**
 * Why a run ended: every request succeeded; nobody was served for too long; the same, while messages waited
 * longer in queues than timers run; no event was left; a limit.
 */
export type End =
  | { readonly kind: "done" | "quiet" | "interrupted" | "gave-up" }
  | { readonly kind: "overloaded"; readonly queuedMs: number }
  | { readonly kind: "limit"; readonly limit: string };

/**
 * The part of a run in which all messages take the same time, so that chance has no part in it: it follows after many views in which nobody was
 * served.
 */
export interface SteadyPart {
  /** In how many views nobody had been served before it. */
  readonly viewsInVain: number;
  /** The goals that were not met when it began. */
  readonly open: readonly string[];
}
