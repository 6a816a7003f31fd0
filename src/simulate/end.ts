// Why a simulated run ended.

/**
 * Why a run ended: every request succeeded; nobody was served for too long; the same, while messages waited
 * longer in queues than timers run; no event was left; a limit.
 */
export type End =
  | { readonly kind: "done" | "gave-up" | "quiet" | "interrupted" }
  | { readonly kind: "overloaded"; readonly queuedMs: number }
  | { readonly kind: "limit"; readonly limit: string };
