// Sweeps: what to run, running it on all cores, and the results.

export { axisFrom, type Experiment, experimentFrom, sweepOf } from "./plan.js";
export { type PointResult, pointResults, runsOf, type Sweep } from "./points.js";
export { simulateAll } from "./pool.js";
