// `turncoat/real`: what a file imports that describes a replica of somebody's own class.

export { type Io, type RealDefinition, type RealOptions, type RealReplica, real } from "./definition.js";
