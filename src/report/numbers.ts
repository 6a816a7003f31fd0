// Formats numbers, the same everywhere.

export { grouped } from "../parameters/words.js";

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

/**
 * With as many decimals as matter.
 *
 * ```ts
 * decimals(50) // => "50"
 * decimals(0.12345) // => "0.123"
 * decimals(1234.5) // => "1,234.5"
 * ```
 */
export function decimals(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 100 ? 3 : 1 });
}

/**
 * ```ts
 * bytes(512) // => "512 B"
 * bytes(15_300) // => "15.3 kB"
 * ```
 */
export function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
