// Clients and servers of a lock as nodes: r0 and r1 ask for the lock, r2, r3 and r4 keep it. What a client calls in Redis is a message to a
// server, and one back; each link keeps its order, as a connection does. The adapter of the package is used, on a client of ours.

import { IoredisAdapter, type RedLock } from "redlock-universal";
import type { Io, RealReplica } from "turncoat/real";

export type Message =
  | { type: "set" | "delete"; call: number; value: string }
  | { type: "answer"; call: number; result: string | number | null }
  | { type: "last" };

const servers = ["r2", "r3", "r4"];

export const options = {
  replicas: 5,
  faults: 0,
  requests: ["r0", "r1"],
  network: "fifo",
  see: "everything",
  properties: ["nothing-left"],
} as const;

/** A server: `SET key value NX`, and the script that deletes a key if it has this value. Nothing expires. */
function server(io: Io<Message, string>): RealReplica<Message> {
  const kept = { value: null as string | null };
  return {
    roots: { kept },
    message: (from, message) => {
      if (message.type === "set") {
        const isFree = kept.value === null;
        if (isFree) kept.value = message.value;
        io.send(from, { type: "answer", call: message.call, result: isFree ? "OK" : null });
      } else if (message.type === "delete") {
        const isOwn = kept.value === message.value;
        if (isOwn) kept.value = null;
        io.send(from, { type: "answer", call: message.call, result: isOwn ? 1 : 0 });
      } else if (message.type === "last") {
        io.event("gave-up", { client: from, isLeft: kept.value?.startsWith(from) === true });
      }
    },
    request: () => {
      throw new Error("a server asks for nothing");
    },
  };
}

/** What the adapter calls of ioredis. */
class Connection {
  readonly #ask: (message: { type: "set" | "delete"; value: string }) => Promise<unknown>;
  constructor(ask: (message: { type: "set" | "delete"; value: string }) => Promise<unknown>) {
    this.#ask = ask;
  }
  set(_key: string, value: string) {
    return this.#ask({ type: "set", value });
  }
  script() {
    return Promise.resolve("sha");
  }
  evalsha(_sha: string, _keys: number, _key: string, value: string) {
    return this.#ask({ type: "delete", value });
  }
}

function client(io: Io<Message, string>, Class: typeof RedLock): RealReplica<Message> {
  const waiting = new Map<number, (result: unknown) => void>();
  const calls = { made: 0 };
  const adapters = servers.map(
    (to) =>
      new IoredisAdapter(
        new Connection(
          ({ type, value }) =>
            new Promise((resolve) => {
              const call = ++calls.made;
              waiting.set(call, resolve);
              io.send(to, { type, call, value: `${io.self} ${value}` });
            }),
        ) as never,
      ),
  );
  const lock = new Class({ adapters, key: "key", ttl: 30_000, retryAttempts: 0 });
  const roots = { lock, waiting, calls };
  return {
    roots,
    message: (_, message) => {
      if (message.type !== "answer") return;
      waiting.get(message.call)?.(message.result);
      waiting.delete(message.call);
    },
    request: (command) => {
      if (command !== io.self) throw new Error("the other client asks for this");
      lock.acquire().then(
        () => io.event("acquired", {}),
        () => {
          for (const to of servers) io.send(to, { type: "last" });
        },
      );
    },
  };
}

export function nodeWith(Class: typeof RedLock) {
  return (io: Io<Message, string>): RealReplica<Message> =>
    servers.includes(io.self) ? server(io) : client(io, Class);
}

interface Seen {
  readonly count: number;
  readonly left: string;
}

interface GaveUp {
  readonly kind: string;
  readonly name?: string;
  readonly data?: { readonly client: string; readonly isLeft: boolean };
}

/** Redis, "Distributed locks": who fails to get the lock unlocks all servers, even those where it believes that it did not. */
export const properties = [
  {
    name: "nothing-left",
    summary: "who has given up holds nothing",
    kind: "always",
    observes: "both",
    exercise: "a client must have given up",
    monitor: () => ({
      init: { count: 0, left: "" } as Seen,
      on: ({ count, left }: Seen, by: string, { name, data }: GaveUp): Seen =>
        name !== "gave-up" || data === undefined
          ? { count, left }
          : {
              count: count + 1,
              left: left || (data.isLeft ? `${by} still keeps the lock for ${data.client}` : ""),
            },
      verdict: ({ left }: Seen) => (left === "" ? "holds" : "violated"),
      exercised: ({ count }: Seen) => count,
      explain: ({ left }: Seen) => left,
    }),
  },
];
