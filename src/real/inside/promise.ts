// Promises that can be looked into, with the language's own turns: what waits for a promise is a field of it. The engine's promises keep
// their reactions to themselves.

import { natives } from "./weak.js";

type Callback = (value: unknown) => unknown;
type Tell = (made: Callback, names: readonly string[], thunks: () => readonly (() => unknown)[]) => Callback;

/** What is to be done once a promise is settled: handlers, and the promise that they lead to. */
interface Reaction {
  readonly fulfilled: Callback | null;
  readonly rejected: Callback | null;
  readonly leadsTo: OpenPromise;
}

const nothing = natives.Promise.resolve();
const queue = (job: () => void) => void natives.afterwards.call(nothing, job);
/** Tells what our own functions have captured. */
let tell: Tell = (made) => made;

/** See the file comment. Its static methods are for subclasses, too, as the language's are. */
export class OpenPromise {
  is: "pending" | "resolved" | "fulfilled" | "rejected" = "pending";
  value: unknown = undefined;
  reactions: readonly Reaction[] = [];

  constructor(executor: (resolve: Callback, reject: Callback) => void) {
    if (typeof executor !== "function")
      throw new TypeError(`Promise resolver ${String(executor)} is not a function`);
    const { resolve, reject } = resolversOf(this);
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  // biome-ignore lint/suspicious/noThenProperty: it stands for Promise
  then(onFulfilled?: unknown, onRejected?: unknown): OpenPromise {
    const { [Symbol.species]: Species = OpenPromise } = this.constructor as typeof OpenPromise;
    const leadsTo = new (Species as typeof OpenPromise)(() => {});
    const callback = (value: unknown) => (typeof value === "function" ? (value as Callback) : null);
    const reaction = { fulfilled: callback(onFulfilled), rejected: callback(onRejected), leadsTo };
    if (this.is === "fulfilled" || this.is === "rejected") react(this, reaction);
    else this.reactions = [...this.reactions, reaction];
    return leadsTo;
  }

  catch(onRejected?: unknown): OpenPromise {
    return this.then(undefined, onRejected);
  }

  finally(callback?: unknown): OpenPromise {
    if (typeof callback !== "function") return this.then(callback, callback);
    const Maker = this.constructor as typeof OpenPromise;
    const after = (end: (value: unknown) => Callback) =>
      tell(
        (value) => Maker.resolve(callback()).then(tell(end(value), ["(value)"], () => [() => value])),
        ["(callback)"],
        () => [() => callback],
      );
    return this.then(
      after((value) => () => value),
      after((error) => () => {
        throw error;
      }),
    );
  }

  // biome-ignore-start lint/complexity/noThisInStatic: see above
  static get [Symbol.species](): unknown {
    return this;
  }

  static resolve(value?: unknown): OpenPromise {
    if (value instanceof OpenPromise && value.constructor === this) return value;
    return new this((resolve) => resolve(value));
  }

  static reject(error?: unknown): OpenPromise {
    return new this((_, reject) => reject(error));
  }

  static withResolvers(): { promise: OpenPromise; resolve: Callback; reject: Callback } {
    let [resolve, reject]: Callback[] = [];
    const promise = new this((one, other) => {
      [resolve, reject] = [one, other];
    });
    return { promise, resolve: resolve!, reject: reject! };
  }

  static all(values: Iterable<unknown>): OpenPromise {
    return collected(this, values, (one, keep, reject) => one.then(keep(), reject));
  }

  static allSettled(values: Iterable<unknown>): OpenPromise {
    return collected(this, values, (one, keep) =>
      one.then(
        keep((value) => ({ status: "fulfilled", value })),
        keep((reason) => ({ status: "rejected", reason })),
      ),
    );
  }

  static any(values: Iterable<unknown>): OpenPromise {
    const failed = (errors: unknown) => new AggregateError(errors as unknown[], "All promises were rejected");
    return collected(
      this,
      values,
      (one, keep, _, resolve) => one.then(resolve, keep()),
      (errors, reject) => reject(failed(errors)),
    );
  }

  static race(values: Iterable<unknown>): OpenPromise {
    return new this((resolve, reject) => {
      for (const value of values) this.resolve(value).then(resolve, reject);
    });
  }

  // biome-ignore-end lint/complexity/noThisInStatic: see above
  get [Symbol.toStringTag](): string {
    return "Promise";
  }
}

/** The two functions that an executor is given. */
function resolversOf(promise: OpenPromise) {
  let isUsed = false;
  const once = (then: Callback) =>
    tell(
      (value) => {
        if (isUsed) return;
        isUsed = true;
        then(value);
      },
      ["(promise)", "(used)"],
      () => [() => promise, () => isUsed],
    );
  return {
    resolve: once((value) => resolveWith(promise, value)),
    reject: once((error) => settle(promise, "rejected", error)),
  };
}

function resolveWith(promise: OpenPromise, value: unknown): void {
  if (value === promise) {
    settle(promise, "rejected", new TypeError("Chaining cycle detected for promise #<Promise>"));
    return;
  }
  let then: unknown = null;
  try {
    if ((typeof value === "object" && value !== null) || typeof value === "function")
      then = (value as { then?: unknown }).then;
  } catch (error) {
    settle(promise, "rejected", error);
    return;
  }
  if (typeof then !== "function") {
    settle(promise, "fulfilled", value);
    return;
  }
  promise.is = "resolved";
  promise.value = value;
  queue(() => {
    const { resolve, reject } = resolversOf(promise);
    try {
      (then as (...args: unknown[]) => unknown).call(value, resolve, reject);
    } catch (error) {
      reject(error);
    }
  });
}

function settle(promise: OpenPromise, is: "fulfilled" | "rejected", value: unknown): void {
  const { reactions } = promise;
  promise.is = is;
  promise.value = value;
  promise.reactions = [];
  for (const reaction of reactions) react(promise, reaction);
}

function react(promise: OpenPromise, { fulfilled, rejected, leadsTo }: Reaction): void {
  const { is, value } = promise;
  const handler = is === "fulfilled" ? fulfilled : rejected;
  queue(() => {
    if (handler === null)
      return is === "fulfilled" ? resolveWith(leadsTo, value) : settle(leadsTo, "rejected", value);
    try {
      resolveWith(leadsTo, handler(value));
    } catch (error) {
      settle(leadsTo, "rejected", error);
    }
  });
}

/** A promise for a list. `keep` makes a handler that puts what it is given into the list. `end`: what is done with a full list. */
function collected(
  Maker: typeof OpenPromise,
  values: Iterable<unknown>,
  each: (one: OpenPromise, keep: (as?: Callback) => Callback, reject: Callback, resolve: Callback) => void,
  end?: (list: readonly unknown[], reject: Callback) => void,
): OpenPromise {
  return new Maker((resolve, reject) => {
    const list: unknown[] = [];
    let missing = 1;
    const settled = () => {
      if (--missing > 0) return;
      if (end) end(list, reject);
      else resolve(list);
    };
    let index = 0;
    for (const value of values) {
      const at = index++;
      missing++;
      const keep = (as: Callback = (one) => one) =>
        tell(
          (one) => {
            list[at] = as(one);
            settled();
          },
          ["(resolve)", "(reject)", "(list)", "(missing)", "(index)"],
          () => [() => resolve, () => reject, () => list, () => missing, () => at],
        );
      each(Maker.resolve(value), keep, reject, resolve);
    }
    settled();
  });
}

/** Puts it in the place of the language's own. */
export function install(telling: Tell): void {
  tell = telling;
  Object.defineProperty(OpenPromise, "name", { value: "Promise", configurable: true });
  Object.defineProperty(globalThis, "Promise", { value: OpenPromise, writable: true, configurable: true });
}
