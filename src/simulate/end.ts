// Why a simulated run ended.

/**
 * Why a run ended: every request succeeded; nobody was served for too long; the same, while messages waited
 * longer in queues than timers run; no event was left; a limit. `servedSteadily`: in that many views nobody was served, and then everybody was, once
 * all messages took the same time, so that chance had no part in it.
 */
export type End =
  | { readonly kind: "done" | "quiet" | "interrupted" }
  | { readonly kind: "gave-up"; readonly servedSteadily?: number }
  | { readonly kind: "overloaded"; readonly queuedMs: number }
  | { readonly kind: "limit"; readonly limit: string };
