// Generators that pause: at which `yield`, and what their variables are. The generator that runs is known because whatever goes on with
// one goes through `next`, `throw` and `return`, which are wrapped.

import { natives } from "./weak.js";

/** Where a generator has paused. */
export interface Frame {
  /** The number of the `yield` in the bundle. */
  readonly at: number;
  readonly names: readonly string[];
  readonly thunks: () => readonly (() => unknown)[];
  /** With `yield*` the iterator that goes on. */
  readonly delegate: unknown;
}

const paused = new natives.WeakMap<object, Frame>();
let running: object | null = null;

/** The generator that runs pauses. */
export function pause(frame: Frame): void {
  if (running) paused.set(running, frame);
}

/** Where a generator has paused; undefined if it has not begun, or has ended. */
export function frameOf(generator: object): Frame | undefined {
  return paused.get(generator);
}

/** Wraps what goes on with a generator. */
export function install(): void {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())) as Record<
    string,
    (this: object, value: unknown) => IteratorResult<unknown>
  >;
  for (const name of ["next", "throw", "return"]) {
    const goOn = prototype[name]!;
    const wrapped = {
      [name](this: object, value: unknown): IteratorResult<unknown> {
        const outer = running;
        running = this;
        let isDone = true;
        try {
          const result = goOn.call(this, value);
          isDone = result.done === true;
          return result;
        } finally {
          running = outer;
          if (isDone) paused.delete(this);
        }
      },
    };
    Object.defineProperty(prototype, name, { value: wrapped[name], writable: true, configurable: true });
  }
}
