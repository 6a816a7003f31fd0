// All execute (liveness without clients): every correct replica executes every request. Stronger than what
// PBFT guarantees where clients observe it, for a replica may stay behind until the next checkpoint;
// experiments without clients measure this.

import { hearing, monitor, type Property, type RunFacts, replicaIds } from "../src/protocol/index.js";

type Seen = {
  /** For each correct replica, the issued requests that it has yet to execute. */
  readonly missing: { readonly [replica: string]: readonly string[] };
  /** For each issued request that somebody has executed, as which one of its log. */
  readonly positions: { readonly [request: string]: number };
  readonly executions: number;
};

/**
 * Every correct replica (`r0`, `r1`, ...) eventually executes every request that was issued, or installs the state of others in which it was executed:
 * then it emits a custom event `state-installed` with the number of requests of that state. Of nodes with other names nothing is asked beside these.
 */
export const allExecute: Property = {
  name: "all-execute",
  summary: "every correct replica eventually executes every request",
  kind: "eventually",
  observes: "replicas",
  exercise: "a correct replica must have executed a request",
  hears: hearing("executed", "state-installed"),
  monitor: (facts) =>
    monitor<Seen>({
      init: {
        missing: Object.fromEntries(executors(facts).map((replica) => [replica, facts.issued])),
        positions: {},
        executions: 0,
      },
      on: (state, by, event) => {
        const mine = state.missing[by];
        if (event.kind === "custom" && event.name === "state-installed" && mine) {
          const lacks = (request: string) =>
            (state.positions[request] ?? Number.POSITIVE_INFINITY) > Number(event.data);
          return { ...state, missing: { ...state.missing, [by]: mine.filter(lacks) } };
        }
        if (event.kind !== "executed" || !mine?.includes(event.request)) return state;
        const missing = { ...state.missing, [by]: mine.filter((request) => request !== event.request) };
        const positions = { [event.request]: event.position, ...state.positions };
        return { missing, positions, executions: state.executions + 1 };
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

/** The correct replicas: a node besides them, such as an intruder, executes nothing. Where a protocol has other names for its nodes: all of them. */
function executors({ config, correct }: RunFacts): RunFacts["correct"] {
  const ids = new Set(replicaIds(config));
  const replicas = correct.filter((id) => ids.has(id));
  return replicas.length > 0 ? replicas : correct;
}
