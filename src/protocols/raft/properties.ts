// The properties of Raft (figure 3), and that what must only grow does.

import { hearing, monitor, type Property } from "../../protocol/index.js";

type Log = readonly { readonly term: number; readonly value: string }[];

/** At most one server leads in a term. */
export const electionSafety: Property = {
  name: "election-safety",
  summary: "at most one leader is elected in a term",
  kind: "always",
  observes: "replicas",
  exercise: "a leader must have been elected",
  hears: hearing("leader"),
  monitor: () =>
    monitor<Leaders>({
      init: {},
      on: (leaders, by, event) => {
        if (event.kind !== "custom" || event.name !== "leader") return leaders;
        const { term } = event.data as { readonly term: number };
        return { ...leaders, [term]: { ...leaders[term], [by]: true } };
      },
      verdict: (leaders) => (twice(leaders) ? "violated" : "holds"),
      exercised: (leaders) => Object.keys(leaders).length,
      explain: (leaders) => {
        const [term, servers] = twice(leaders) ?? ["", []];
        return `${servers.sort().join(" and ")} both lead in term ${term}`;
      },
    }),
};

/** By term: the servers that lead in it, in no order, so that their names can be exchanged. */
type Leaders = { readonly [term: string]: { readonly [server: string]: true } };

function twice(leaders: Leaders): readonly [term: string, servers: string[]] | undefined {
  const terms = Object.entries(leaders).map(([term, servers]) => [term, Object.keys(servers)] as const);
  return terms.find(([, servers]) => servers.length > 1);
}

/** Two entries of one index and term have the same log up to them. */
export const logMatching: Property = {
  name: "log-matching",
  summary: "logs that have an entry of the same index and term are the same up to it",
  kind: "always",
  observes: "replicas",
  exercise: "two servers must have had an entry",
  hears: hearing("log"),
  monitor: () =>
    monitor<{ readonly [server: string]: Log }>({
      init: {},
      on: (logs, by, event) =>
        event.kind === "custom" && event.name === "log"
          ? { ...logs, [by]: (event.data as unknown as { readonly log: Log }).log }
          : logs,
      verdict: (logs) => (mismatch(logs) === null ? "holds" : "violated"),
      exercised: (logs) => Math.max(0, Object.keys(logs).length - 1),
      explain: (logs) => mismatch(logs) ?? "all logs match",
    }),
};

function mismatch(logs: { readonly [server: string]: Log }): string | null {
  const servers = Object.entries(logs);
  for (const [a, one] of servers)
    for (const [b, other] of servers)
      for (let i = Math.min(one.length, other.length) - 1; i >= 0; i--)
        if (one[i]!.term === other[i]!.term && text(one.slice(0, i + 1)) !== text(other.slice(0, i + 1)))
          return `${a} has ${text(one)}, but ${b} has ${text(other)}`;
  return null;
}

function text(log: Log): string {
  return `[${log.map(({ term, value }) => `${value} of term ${term}`).join(", ")}]`;
}

/** Logs by term. */
type Logs = { readonly [term: string]: Log };

/** What was committed in an earlier term is in the log of every later leader. */
export const leaderCompleteness: Property = {
  name: "leader-completeness",
  summary: "a leader has every entry that was committed in an earlier term",
  kind: "always",
  observes: "replicas",
  exercise: "a leader must have been elected, and something committed in an earlier term",
  hears: hearing("leader", "commit"),
  monitor: () =>
    monitor<{ readonly committed: Logs; readonly leaders: Logs }>({
      init: { committed: {}, leaders: {} },
      on: ({ committed, leaders }, _by, event) => {
        if (event.kind !== "custom") return { committed, leaders };
        const { term, log } = event.data as unknown as { readonly term: number; readonly log: Log };
        if (event.name === "leader") return { committed, leaders: { ...leaders, [term]: log } };
        if (event.name !== "commit" || log.length <= (committed[term]?.length ?? 0))
          return { committed, leaders };
        return { committed: { ...committed, [term]: log }, leaders };
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

/** What was committed in a term, with the log of each leader of a later one. */
function pairs({ committed, leaders }: { readonly committed: Logs; readonly leaders: Logs }) {
  return Object.entries(committed).flatMap(([before, log]) =>
    Object.entries(leaders).flatMap(([term, leader]) =>
      Number(before) < Number(term) ? [{ before, log, term, leader }] : [],
    ),
  );
}

function isComplete({ log, leader }: { readonly log: Log; readonly leader: Log }): boolean {
  return text(leader.slice(0, log.length)) === text(log);
}

/** What a server knows for good: it only grows. */
type Known = {
  readonly commit: number;
  readonly match: { readonly [follower: string]: readonly [term: number, index: number] };
  readonly fallen: string;
};

/** What a server has committed it keeps; what a leader knows to be at a follower does not fall, and it sends what comes after. */
export const onlyGrows: Property = {
  name: "only-grows",
  summary: "servers keep what they have committed; what leaders know of followers never falls",
  kind: "always",
  observes: "replicas",
  exercise: "an index must have been told",
  hears: hearing("commit", "log", "match"),
  monitor: () =>
    monitor<{ readonly [server: string]: Known }>({
      init: {},
      on: (all, by, event) => {
        const known = all[by] ?? { commit: 0, match: {}, fallen: "" };
        const after =
          event.kind === "custom" ? grown(known, event.name, event.data as unknown as Told) : known;
        return after === known ? all : { ...all, [by]: after };
      },
      verdict: (all) => (Object.values(all).some(({ fallen }) => fallen !== "") ? "violated" : "holds"),
      exercised: (all) => Object.keys(all).length,
      explain: (all) =>
        Object.entries(all)
          .filter(([, { fallen }]) => fallen !== "")
          .map(([server, { fallen }]) => `of ${server} ${fallen} has fallen`)
          .join("; "),
    }),
};

interface Told {
  readonly term: number;
  readonly log: Log;
  readonly of: string;
  readonly match: number;
  readonly next: number;
}

function grown(known: Known, name: string, { term, log, of, match, next }: Told): Known {
  if (name === "commit") {
    const fallen = log.length < known.commit ? "the commit index" : known.fallen;
    return { ...known, commit: log.length, fallen };
  }
  if (name === "log" && log.length < known.commit) return { ...known, fallen: "what is committed" };
  if (name !== "match") return known;
  const [before, index] = known.match[of] ?? [0, 0];
  if (next <= match) return { ...known, fallen: `what it sends next to ${of}` };
  const fallen = term === before && match < index ? `what it knows of ${of}` : known.fallen;
  return { ...known, match: { ...known.match, [of]: [term, match] }, fallen };
}

/** With pre-votes: whoever leads, or has just heard from a leader, does not help to elect another one. */
export const leadersStay: Property = {
  name: "leaders-stay",
  summary: "no leader gives a pre-vote to somebody who would depose it",
  kind: "always",
  observes: "replicas",
  exercise: "a pre-vote must have been given",
  hears: hearing("pre-vote"),
  monitor: () =>
    monitor<{ readonly given: boolean; readonly by: string | null }>({
      init: { given: false, by: null },
      on: (seen, by, event) => {
        if (event.kind !== "custom" || event.name !== "pre-vote") return seen;
        const { role } = event.data as { readonly role: string };
        return { given: true, by: seen.by ?? (role === "leader" ? by : null) };
      },
      verdict: ({ by }) => (by === null ? "holds" : "violated"),
      exercised: ({ given }) => (given ? 1 : 0),
      explain: ({ by }) => `${by} leads, and has given a pre-vote`,
    }),
};

/** The term of a server never falls, whatever it receives. */
export const termsGrow: Property = {
  name: "terms-grow",
  summary: "the term of a server never falls",
  kind: "always",
  observes: "replicas",
  exercise: "a server must have come to another term",
  hears: () => false,
  looks: (state) => (state as { readonly term: number }).term,
  monitor: () =>
    monitor<{ readonly terms: { readonly [server: string]: number }; readonly fallen: string | null }>({
      init: { terms: {}, fallen: null },
      on: ({ terms, fallen }, by, event) => {
        if (event.kind !== "custom") return { terms, fallen };
        const term = event.data as number; // what it sees of the state
        return { terms: { ...terms, [by]: term }, fallen: fallen ?? (term < (terms[by] ?? 0) ? by : null) };
      },
      verdict: ({ fallen }) => (fallen === null ? "holds" : "violated"),
      exercised: ({ terms }) => Object.values(terms).filter((term) => term > 0).length,
      explain: ({ fallen }) => `the term of ${fallen} has fallen`,
    }),
};
