// How numbers look: the same everywhere.

/**
 * ```ts
 * grouped(4409109) // => "4,409,109"
 * ```
 */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/**
 * ```ts
 * seconds(0.04) // => "0.04 s"
 * seconds(12.34) // => "12.3 s"
 * ```
 */
export function seconds(value: number): string {
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)} s`;
}

/**
 * ```ts
 * megabytes(411_000_000) // => "411 MB"
 * ```
 */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/**
 * To three decimals, for JSON.
 *
 * ```ts
 * round(1.23456) // => 1.235
 * ```
 */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
