// Percentiles of latencies. Exact: every latency is kept, and a percentile is one of them (nearest rank).

/** How long requests took, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly mean: number;
  readonly max: number;
}

/**
 * Percentiles in milliseconds of latencies in microseconds; null if there are none.
 *
 * ```ts
 * latencyMs([1000, 2000, 4000]) // => { p50: 2, p95: 4, p99: 4, mean: 2.333, max: 4 }
 * ```
 */
export function latencyMs(micros: readonly number[]): Latency | null {
  if (micros.length === 0) return null;
  const sorted = Float64Array.from(micros).sort();
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]! / 1000;
  const sum = sorted.reduce((total, one) => total + one, 0);
  return {
    p50: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
    mean: Math.round(sum / sorted.length) / 1000,
    max: sorted[sorted.length - 1]! / 1000,
  };
}
