// A client of `RedLock` of redlock-universal, with an adapter of three lines. `startOf` says from when on its lock is valid.

import { type LockHandle, RedLock } from "redlock-universal";
import type { ClientOf } from "./one-clock.js";

export const redlock =
  (startOf: (handle: LockHandle) => number): ClientOf =>
  ({ servers, ask, ttl, holds }) => {
    const adapters = servers.map((server) => ({
      setNX: (_: string, value: string, ms: number) => ask(server, { kind: "set", value, ttl: ms }),
      delIfMatch: async (_: string, value: string) => (await ask(server, { kind: "delete", value })) === 1,
    })) as never;
    const lock = new RedLock({ adapters, key: "key", ttl, retryAttempts: 0 });
    return {
      lock,
      acquire: () =>
        lock.acquire().then(
          (handle) => holds(startOf(handle) + handle.ttl),
          () => {}, // it did not get it
        ),
    };
  };
