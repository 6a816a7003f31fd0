// A client of `Redlock` of @redis-kit/lock, on a connection of ours that knows its three scripts.

import { Redlock, type RedlockInstance } from "@redis-kit/lock";
import type { ClientOf } from "./one-clock.js";

type Script = { readonly arguments: readonly [value: string, ms?: string] };

/** A client that prolongs its lock once. `extend` does, and gives until when it is valid then. */
export const redisKit =
  (extend: (lock: RedlockInstance) => Promise<number | null>): ClientOf =>
  ({ name, servers, ask, ttl, holds }) => {
    const connections = servers.map((server) => ({
      eval: async (script: string, { arguments: [value, ms] }: Script) => {
        const kind = ms === undefined ? "delete" : script.includes("MGET") ? "extend" : "set";
        const answer = await ask(server, { kind, value, ...(ms !== undefined && { ttl: Number(ms) }) });
        return answer === "OK" ? 1 : (answer ?? 0);
      },
    })) as never;
    const lock = new Redlock(connections, { maxRetryAttempts: 0 });
    const acquire = async () => {
      const held = await lock.acquire("key", ttl);
      if (held === null) return;
      holds(held.expirationTime.getTime());
      const until = name === "A" ? await extend(held) : null;
      if (until !== null) holds(until);
    };
    return { lock, acquire };
  };
