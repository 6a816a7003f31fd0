// Histories of real systems: read, and checked for linearizability.

export type { HistoryEvent } from "./event.js";
export { eventsOf } from "./events.js";
export { operationsOf } from "./operations.js";
