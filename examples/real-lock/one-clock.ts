// Two clients of a lock and its server as one node, so that there is one clock: it is an input, and ticks every four seconds. What a client
// calls happens on the server at once; the answer comes when it likes.

import type { Io, RealReplica } from "turncoat/real";

interface Message {
  readonly type: "answer";
  readonly client: string;
  readonly call: number;
  readonly result: string | number | null;
}

/** How long the lock is asked for, in milliseconds. */
const ttl = 10_000;

/** A server of locks: what a client calls happens there at once; the answer takes its time. */
class Server {
  readonly id: string;
  value: string | null = null;
  until = 0;
  constructor(id: string) {
    this.id = id;
  }
  do(call: Call): string | number | null {
    if (Date.now() >= this.until) this.value = null;
    if (call.kind === "set") {
      if (this.value !== null) return null;
      this.value = call.value;
      this.until = Date.now() + call.ttl!;
      return "OK";
    }
    if (this.value !== call.value) return 0;
    if (call.kind === "delete") this.value = null;
    else this.until = Date.now() + call.ttl!;
    return 1;
  }
}
export interface Call {
  kind: "set" | "delete" | "extend";
  value: string;
  ttl?: number;
}
export type Ask = (server: string, call: Call) => Promise<unknown>;
/** Makes a client. It says `holds` whenever it is told until when it has the lock. */
export type ClientOf = (client: {
  readonly name: string;
  readonly servers: readonly string[];
  readonly ask: Ask;
  readonly ttl: number;
  holds(until: number): void;
}) => { readonly lock: object; acquire(): unknown };

export const options = {
  replicas: 1,
  faults: 0,
  requests: ["A", "B"],
  network: "once",
  clock: "ticks",
  tickMs: 4000,
  views: 3,
  see: "everything",
  properties: ["one-holder"],
} as const;

export const worldOf =
  (clientOf: ClientOf) =>
  (io: Io<Message, string>): RealReplica<Message> => {
    const names = ["s0"];
    const servers = new Map(names.map((id) => [id, new Server(id)]));
    const waiting = new Map<string, (result: unknown) => void>();
    const calls = { A: 0, B: 0 };
    const clients: { [name: string]: ReturnType<ClientOf> } = {};
    for (const name of ["A", "B"] as const)
      clients[name] = clientOf({
        name,
        servers: names,
        ttl,
        ask: (server, call) =>
          new Promise((resolve) => {
            const number = ++calls[name];
            waiting.set(`${name} ${number}`, resolve);
            io.send(io.self, {
              type: "answer",
              client: name,
              call: number,
              result: servers.get(server)!.do(call),
            });
          }),
        holds: (until) => io.event("holds", { client: name, now: Date.now(), until }),
      });
    return {
      roots: { servers, waiting, calls, clients },
      message: (_, { client, call, result }) => {
        waiting.get(`${client} ${call}`)?.(result);
        waiting.delete(`${client} ${call}`);
      },
      request: (name) => void clients[name]!.acquire(),
    };
  };

interface Seen {
  /** By client: until when it holds the lock, as it was told. */
  readonly until: { readonly [client: string]: number };
  readonly both: string;
}

interface Holds {
  readonly name?: string;
  readonly data?: { readonly client: string; readonly now: number; readonly until: number };
}

const seconds = (ms: number) => `${(ms - Date.UTC(2026, 0, 1)) / 1000} s`;

export const properties = [
  {
    name: "one-holder",
    summary: "no client gets the lock while another one has been told that it holds it",
    kind: "always",
    observes: "both",
    exercise: "both clients must have held it",
    monitor: () => ({
      init: { until: {}, both: "" } as Seen,
      on: (seen: Seen, _: string, { name, data }: Holds): Seen => {
        if (name !== "holds" || data === undefined || data.until <= data.now) return seen;
        const other = Object.entries(seen.until).find(([who, end]) => who !== data.client && end > data.now);
        const said = other
          ? `${data.client} gets the lock at ${seconds(data.now)}, and ${other[0]} has it until ${seconds(other[1])}`
          : "";
        return { until: { ...seen.until, [data.client]: data.until }, both: seen.both || said };
      },
      verdict: ({ both }: Seen) => (both === "" ? "holds" : "violated"),
      exercised: ({ until }: Seen) => (Object.keys(until).length === 2 ? 1 : 0),
      explain: ({ both }: Seen) => both,
    }),
  },
];
