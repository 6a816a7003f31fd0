// What protocols that elect leaders and replicate a log promise (Ongaro and Ousterhout, "In search of an
// understandable consensus algorithm", 2014, figure 3), for any of them: each is told where in a state the term,
// the leader and the log stand, and looks at the states of correct replicas.

import { type Json, monitor, type NodeId, type Property, pairInvariant } from "../src/protocol/index.js";

/** Replicas by the term that they have led. */
type Leaders = { readonly [term: string]: readonly NodeId[] };

/**
 * At most one replica leads in a term, at one time or after each other. `leads` gives the term that a replica leads in a state, or null.
 *
 * ```ts
 * const oneLeader = oneLeaderPerTerm<State>(({ role, term }) => (role === "leader" ? term : null));
 * oneLeader.name // => "one-leader-per-term"
 * ```
 */
export function oneLeaderPerTerm<State>(leads: (state: State) => number | null): Property {
  return {
    ...ofReplicas("one-leader-per-term", "at most one replica leads in a term"),
    exercise: "a replica must have led",
    looks: (state, { role }) => (role === "replica" ? leads(state as State) : null),
    monitor: () =>
      monitor<Leaders>({
        init: {},
        on: (leaders, by, event) => {
          const term = event.kind === "custom" ? (event.data as number | null) : null;
          if (term === null || leaders[term]?.includes(by)) return leaders;
          return { ...leaders, [term]: [...(leaders[term] ?? []), by].sort() };
        },
        verdict: (leaders) => (twice(leaders) ? "violated" : "holds"),
        exercised: (leaders) => Object.keys(leaders).length,
        explain: (leaders) => {
          const [term, replicas] = twice(leaders) ?? ["", []];
          return `${replicas.join(" and ")} both lead in term ${term}`;
        },
      }),
  };
}

const twice = (leaders: Leaders) => Object.entries(leaders).find(([, replicas]) => replicas.length > 1);

/** Where a log stands in a state. */
export interface LogOf<State, Entry> {
  /** The entries, the oldest first, without gaps. */
  readonly log: (state: State) => readonly Entry[];
  /** The term in which an entry was made. */
  readonly termOf: (entry: Entry) => number;
}

/**
 * Two logs that have an entry of the same index and term are the same up to it.
 *
 * ```ts
 * const matching = logMatching<State, Entry>({ log: ({ log }) => log, termOf: ({ term }) => term });
 * matching.name // => "logs-match"
 * ```
 */
export function logMatching<State, Entry>({ log, termOf }: LogOf<State, Entry>): Property {
  return pairInvariant<State, readonly Entry[]>(
    "logs-match",
    (a, b) => {
      if (a.id > b.id) return null; // the same pair
      let last = Math.min(a.state.length, b.state.length) - 1;
      while (last >= 0 && termOf(a.state[last]!) !== termOf(b.state[last]!)) last--;
      if (last < 0) return null;
      const [one, other] = [text(a.state.slice(0, last + 1)), text(b.state.slice(0, last + 1))];
      return one === other || `${a.id} has ${one}, but ${b.id} has ${other}`;
    },
    {
      summary: "logs that have an entry of the same index and term are the same up to it",
      sees: log,
      exercise: "two replicas must have had an entry of the same index and term",
      exercised: () => true,
    },
  );
}

/** Where a replica's part in the replicated log stands in a state. */
export interface ReplicaOf<State, Entry> {
  /** The replica's current term. */
  readonly term: (state: State) => number;
  /** Whether it leads in that term. */
  readonly leads: (state: State) => boolean;
  /** The entries, the oldest first, without gaps. */
  readonly log: (state: State) => readonly Entry[];
  /** How many of them it knows to be committed. */
  readonly commit: (state: State) => number;
}

/** Logs by term: what was committed in it, and what its leader had when it was first seen. */
type Seen = { readonly committed: Logs; readonly leaders: Logs };
type Logs = { readonly [term: string]: readonly Json[] };
type View = {
  readonly term: number;
  readonly committed: readonly Json[];
  readonly leads: readonly Json[] | null;
};

/**
 * A leader has, from its first step on, every entry that some replica of an earlier term knew to be committed.
 *
 * ```ts
 * const complete = leaderCompleteness<State, Entry>({
 *   term: ({ term }) => term,
 *   leads: ({ role }) => role === "leader",
 *   log: ({ log }) => log,
 *   commit: ({ commit }) => commit,
 * });
 * complete.name // => "leaders-are-complete"
 * ```
 */
export function leaderCompleteness<State, Entry>(of: ReplicaOf<State, Entry>): Property {
  return {
    ...ofReplicas("leaders-are-complete", "a leader has every entry that was committed in an earlier term"),
    exercise: "a replica must have led, and something been committed in an earlier term",
    looks: (state, { role }) => {
      if (role !== "replica") return undefined;
      const [term, log] = [of.term(state as State), of.log(state as State) as readonly Json[]];
      const leads = of.leads(state as State) ? log : null;
      return { term, committed: log.slice(0, of.commit(state as State)), leads };
    },
    monitor: () =>
      monitor<Seen>({
        init: { committed: {}, leaders: {} },
        on: (seen, _by, event) => {
          if (event.kind !== "custom") return seen;
          const { term, committed, leads } = event.data as View;
          const isMore = committed.length > (seen.committed[term]?.length ?? 0);
          const isNew = leads !== null && seen.leaders[term] === undefined;
          return {
            committed: isMore ? { ...seen.committed, [term]: committed } : seen.committed,
            leaders: isNew ? { ...seen.leaders, [term]: leads } : seen.leaders,
          };
        },
        verdict: (seen) => (pairs(seen).every(isComplete) ? "holds" : "violated"),
        exercised: (seen) => pairs(seen).length,
        explain: (seen) => {
          const bad = pairs(seen).find((pair) => !isComplete(pair));
          if (!bad) return "all leaders are complete";
          return `the leader of term ${bad.term} has ${text(bad.leader)}, but ${text(bad.log)} was committed in term ${bad.before}`;
        },
      }),
  };
}

/** What was committed in a term, with the log of each leader of a later one. */
function pairs({ committed, leaders }: Seen) {
  return Object.entries(committed).flatMap(([before, log]) =>
    Object.entries(leaders).flatMap(([term, leader]) =>
      Number(before) < Number(term) ? [{ before, log, term, leader }] : [],
    ),
  );
}

function isComplete({
  log,
  leader,
}: {
  readonly log: readonly Json[];
  readonly leader: readonly Json[];
}): boolean {
  return text(leader.slice(0, log.length)) === text(log);
}

const text = (value: unknown) => JSON.stringify(value);

function ofReplicas(name: string, summary: string) {
  return { name, summary, kind: "always", observes: "both", hears: () => false } as const;
}
