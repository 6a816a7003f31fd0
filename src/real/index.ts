/**
 * What a file imports that describes a replica of somebody's own class.
 *
 * @module turncoat/real
 */

export { type Io, type RealDefinition, type RealOptions, type RealReplica, real } from "./definition.js";
