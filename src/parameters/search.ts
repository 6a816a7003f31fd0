// All parameters of a setting: what `check` can be asked for, and what `fuzz` can be asked for besides.

import { everyProtocol } from "./every-protocol.js";
import type { Asked, Fields, Options } from "./parameter.js";
import { pbftParameters } from "./pbft.js";
import { setParameter } from "./set.js";
import { timingParameters } from "./timing.js";

/** The parameters of untimed settings. Their order is that of the keys in trace files. */
export const parameters = { ...everyProtocol, ...pbftParameters, ...setParameter };

/** With times. */
export const timedParameters = { ...parameters, ...timingParameters };

type Parameters = typeof parameters;

/** What nodes know. */
export type ConfigFields = Fields<Parameters, "config">;
/** How far a run looks. */
export type BoundsFields = Fields<Parameters, "bounds">;
/** What is assumed of time. */
export type TimingFields = Fields<typeof timingParameters, "timing">;
/** What can be asked for. */
export type AskedFields = Asked<Parameters>;
/** The same with times. */
export type TimedOptions = Options<typeof timedParameters>;
