// What a snapshot sees of functions, generators and proxies where the file asks for more sight than the graph of objects: the rewritten
// bundle (src/real/sight) calls these functions. Thunks read variables only when a snapshot is made.
//
// Functions that are made while the bundle is loaded are left out: what they capture belongs to a module, and so to all nodes.

import { pause } from "./frames.js";
import { current } from "./node.js";
import { natives } from "./weak.js";

type Thunks = () => readonly (() => unknown)[];

/** Something with values that cannot be reached as properties. */
export interface Told {
  readonly names: readonly string[];
  readonly thunks: Thunks;
}

/** By function, class or proxy: what it holds. */
export const captures = new natives.WeakMap<object, Told>();

/** A function or class has captured variables. `name`: the one that it would have got from where it stands. */
export function turncoatCaptures<T extends object>(
  made: T,
  names: readonly string[],
  thunks: Thunks,
  name?: PropertyKey,
): T {
  if (name !== undefined && (made as { readonly name?: unknown }).name === "")
    Object.defineProperty(made, "name", {
      value: typeof name === "symbol" ? `[${name.description ?? ""}]` : String(name),
      configurable: true,
    });
  if (current) captures.set(made, { names, thunks });
  return made;
}

/** Methods of an object literal have captured variables. */
export function turncoatMethods<T extends object>(
  made: T,
  told: readonly (readonly [key: string, names: readonly string[], thunks: Thunks])[],
): T {
  if (current)
    for (const [key, names, thunks] of told)
      captures.set((made as Record<string, object>)[key]!, { names, thunks });
  return made;
}

/** Remembers a computed key, after which the function that stands there is named. */
export function turncoatKey(key: PropertyKey): PropertyKey {
  turncoatKey.last = key;
  return key;
}
turncoatKey.last = "" as PropertyKey;

/** A generator pauses at this `yield`. `delegates`: with `yield*`, to what was yielded. */
export function turncoatPauses<T>(
  at: number,
  names: readonly string[],
  thunks: Thunks,
  yielded: T,
  delegates = false,
): T {
  pause({ at, names, thunks, delegate: delegates ? yielded : undefined });
  return yielded;
}

/** Bound functions and proxies tell what they are made of. */
export function install(): void {
  // esbuild's helpers for async functions stand outside the bundle's scope.
  Object.defineProperty(globalThis, "turncoatCaptures", { value: turncoatCaptures });
  const { bind } = Function.prototype;
  Object.defineProperty(Function.prototype, "bind", {
    value: {
      bind(this: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]) {
        const bound = bind.call(this, self, ...args) as object;
        if (current)
          captures.set(bound, {
            names: ["(function)", "(this)", ...args.map((_, index) => `(argument ${index + 1})`)],
            thunks: () => [() => this, () => self, ...args.map((one) => () => one)],
          });
        return bound;
      },
    }.bind,
    writable: true,
    configurable: true,
  });
  const NativeProxy = Proxy;
  function OpenProxy(target: object, handler: ProxyHandler<object>) {
    const proxy = new NativeProxy(target, handler);
    if (current)
      captures.set(proxy, {
        names: ["(target)", "(handler)"],
        thunks: () => [() => target, () => handler],
      });
    return proxy;
  }
  OpenProxy.revocable = NativeProxy.revocable;
  Object.defineProperty(OpenProxy, "name", { value: "Proxy", configurable: true });
  Object.defineProperty(globalThis, "Proxy", { value: OpenProxy, writable: true, configurable: true });
}
