// Histories of real systems: read, and checked for linearizability.

export { eventsOf, type HistoryEvent } from "./events.js";
export { operationsOf } from "./operations.js";
