/**
 * Runs in virtual time, with the types of their parameters and results.
 *
 * @module turncoat/simulate
 */

export type { Crash } from "../simulate/crash.js";
export type { CryptoCosts } from "../simulate/crypto.js";
export type { Delay, Matrix } from "../simulate/delay.js";
export type { End } from "../simulate/end.js";
export type { RunOptions } from "../simulate/engine.js";
export type { ParameterValues } from "../simulate/parameters.js";
export type { Partition } from "../simulate/partition.js";
export type { Latency } from "../simulate/percentiles.js";
export type { Placement } from "../simulate/placement.js";
export { defaults as simulationDefaults } from "../simulate/raw-options.js";
export { type SimulationResult, simulate, type Wall } from "../simulate/result.js";
export type { Parameters, SettledParameters } from "../simulate/setting.js";
export type { PropertyVerdict } from "../simulate/watch.js";
