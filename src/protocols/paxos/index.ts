// Single-decree Paxos.

export { linearizable } from "./linearizable.js";
export { paxosMutants } from "./mutants.js";
export { paxos } from "./protocol.js";
