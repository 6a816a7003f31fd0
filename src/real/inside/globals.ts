// The realm's globals: time, chance and callbacks come from the instance that runs. This module is loaded before everything else.

import { Buffer as ShimBuffer } from "buffer";
import { current, epochMs, type Timeout } from "./node.js";
import { refused } from "./refuse.js";
import { stores } from "./weak.js";

type Callback = Timeout["callback"];
const realm = globalThis as unknown as Record<string, unknown>;
const define = (name: string, value: unknown) =>
  Object.defineProperty(realm, name, { value, writable: true, configurable: true, enumerable: false });

/** What was asked for while the bundle was loaded, when there was no instance yet. */
export const loading = { jobs: [] as (() => unknown)[], clockWasRead: false };

function instance(what: string) {
  if (current) return current;
  throw new Error(`${what} is used while a module is loaded, by no replica: do it in the constructor`);
}

const timers = {
  setTimeout: (callback: Callback, delay?: unknown, ...args: unknown[]) =>
    instance("setTimeout").set("timer", callback, delay, false, args),
  setInterval: (callback: Callback, delay?: unknown, ...args: unknown[]) =>
    instance("setInterval").set("timer", callback, delay, true, args),
  clearTimeout: (timer: unknown) => current?.cancel(timer),
  clearInterval: (timer: unknown) => current?.cancel(timer),
  setImmediate: (callback: Callback, ...args: unknown[]) => {
    if (current) return current.immediate(callback, args);
    return loading.jobs.push(() => callback(...args));
  },
  clearImmediate: (immediate: unknown) => {
    if (!current) return;
    const at = current.immediates.indexOf(immediate as Timeout);
    if (at >= 0) current.immediates.splice(at, 1);
    else current.cancel(immediate);
  },
};
for (const [name, value] of Object.entries(timers)) define(name, value);
define("queueMicrotask", (callback: () => unknown) => void Promise.resolve().then(() => callback()));

function nextTick(callback: Callback, ...args: unknown[]): void {
  (current ? current.ticks : loading.jobs).push(() => callback(...args));
}

/** Milliseconds since 1970. */
export function now(): number {
  loading.clockWasRead = true;
  return current ? current.now : epochMs;
}

class RealmDate extends Date {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(now());
    else super(...(args as [number]));
  }
  static override now(): number {
    return now();
  }
}
// Called without `new` it gives a text.
const DateFunction = new Proxy(RealmDate, {
  apply: () => new RealmDate().toString(),
});
Object.defineProperty(RealmDate, "name", { value: "Date" });
Object.defineProperty(RealmDate.prototype, "constructor", {
  value: DateFunction,
  writable: true,
  configurable: true,
});
define("Date", DateFunction);
define("performance", { now: () => now() - epochMs, timeOrigin: epochMs, mark: () => {}, measure: () => {} });
Math.random = () => (current ? current.random() : 0.5);

const silent = () => {};
define(
  "console",
  Object.fromEntries(
    "log,info,warn,error,debug,trace,dir,table,group,groupEnd,time,timeEnd,assert,count"
      .split(",")
      .map((name) => [name, silent]),
  ),
);

/** What there is of `process`. */
export const realmProcess = {
  nextTick,
  env: {} as Record<string, string>,
  argv: ["node", "replica"],
  execArgv: [],
  title: "node",
  pid: 1,
  platform: "linux",
  arch: "x64",
  version: "v20.19.0",
  versions: { node: "20.19.0" },
  release: { name: "node" },
  exitCode: undefined,
  cwd: () => "/",
  uptime: () => (now() - epochMs) / 1000,
  hrtime: Object.assign(() => [Math.floor((now() - epochMs) / 1000), 0], {
    bigint: () => BigInt(now() - epochMs) * 1000000n,
  }),
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  emitWarning: silent,
  binding: refused("process", "binding"),
  exit: refused("process", "exit"),
  kill: refused("process", "kill"),
  stdout: { write: () => true, isTTY: false },
  stderr: { write: () => true, isTTY: false },
  ...Object.fromEntries(
    "on,once,off,addListener,removeListener,removeAllListeners,emit,prependListener,listeners"
      .split(",")
      .map((name) => [name, () => realmProcess]),
  ),
};
define("process", realmProcess);
define("global", realm);
define("Buffer", ShimBuffer);

for (const name of "fetch,WebSocket,XMLHttpRequest,BroadcastChannel,MessageChannel,Worker,EventSource".split(
  ",",
))
  define(name, refused(name, ""));

class RealmTextEncoder {
  readonly encoding = "utf-8";
  encode(text = ""): Uint8Array {
    return new Uint8Array(ShimBuffer.from(text, "utf8"));
  }
}
class RealmTextDecoder {
  readonly encoding = "utf-8";
  decode(bytes: Uint8Array = new Uint8Array()): string {
    return ShimBuffer.from(bytes).toString("utf8");
  }
}
define("TextEncoder", RealmTextEncoder);
define("TextDecoder", RealmTextDecoder);

/** A copy with the realm's own objects. */
function clone(value: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`a ${typeof value} could not be cloned`);
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const keep = <T>(copy: T): T => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new RealmDate(value.getTime()));
  if (ArrayBuffer.isView(value)) return keep((value as Uint8Array).slice());
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, one] of value) copy.set(clone(key, seen), clone(one, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const one of value) copy.add(clone(one, seen));
    return copy;
  }
  const copy: Record<string, unknown> = keep(Array.isArray(value) ? ([] as never) : {});
  for (const [name, one] of Object.entries(value)) copy[name] = clone(one, seen);
  return copy;
}
define("structuredClone", (value: unknown) => clone(value));

export { stores };
