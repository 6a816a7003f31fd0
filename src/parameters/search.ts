// All parameters of a setting: those of `check`, and the further ones of `fuzz`.

import { everyProtocol } from "./every-protocol.js";
import type { Asked, Fields, Options } from "./parameter.js";
import { pbftParameters } from "./pbft.js";
import { setParameter } from "./set.js";
import { timingParameters } from "./timing.js";

/** The parameters of untimed settings. Their order is that of the keys in trace files. */
export const parameters = { ...everyProtocol, ...pbftParameters, ...setParameter };

/** The parameters of timed settings. */
export const timedParameters = { ...parameters, ...timingParameters };

type Parameters = typeof parameters;

/** The parameters that nodes know. */
export type ConfigFields = Fields<Parameters, "config">;
/** The bounds of a run. */
export type BoundsFields = Fields<Parameters, "bounds">;
/** The assumptions about time. */
export type TimingFields = Fields<typeof timingParameters, "timing">;
/** The parameters that `check` can be asked for. */
export type AskedFields = Asked<Parameters>;
/** The parameters that `fuzz` can be asked for. */
export type TimedOptions = Options<typeof timedParameters>;
