// All execute (liveness without clients): every correct replica executes every request. Stronger than what
// PBFT guarantees where clients observe it, for a replica may stay behind until the next checkpoint;
// experiments without clients measure this.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

type Seen = {
  /** For each correct replica, the issued requests that it has yet to execute. */
  readonly missing: { readonly [replica: string]: readonly string[] };
  readonly executions: number;
};

/** Every correct replica eventually executes every request that was issued. */
export const allExecute: Property = {
  name: "all-execute",
  summary: "every correct replica eventually executes every request",
  kind: "eventually",
  observes: "replicas",
  exercise: "a correct replica must have executed a request",
  hears: hearing("executed"),
  monitor: ({ correct, issued }) =>
    monitor<Seen>({
      init: { missing: Object.fromEntries(correct.map((replica) => [replica, issued])), executions: 0 },
      on: (state, by, event) => {
        const mine = state.missing[by];
        if (event.kind !== "executed" || !mine?.includes(event.request)) return state;
        const missing = { ...state.missing, [by]: mine.filter((request) => request !== event.request) };
        return { missing, executions: state.executions + 1 };
      },
      verdict: ({ missing }) =>
        Object.values(missing).some((mine) => mine.length > 0) ? "pending" : "holds",
      exercised: ({ executions }) => executions,
      explain: ({ missing }) => {
        const behind = Object.entries(missing).filter(([, mine]) => mine.length > 0);
        const [replica, mine] = behind[0] ?? ["nobody", []];
        return `${behind.length} correct ${behind.length === 1 ? "replica has" : "replicas have"} not executed everything; ${replica} lacks ${mine[0] ?? "nothing"}`;
      },
    }),
};
