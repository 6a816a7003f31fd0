// One instance of a replica, and what belongs to it alone: its timers, its clock, what it has sent. Whatever code of the realm
// asks for (setTimeout, Math.random, ...) it asks of the instance that runs at the moment.

import { decode, encode } from "./codec.js";
import { isMissingModule } from "./missing-module.js";

/** What a timer or a callback waits for. */
export type TimerKind = "timer" | "later" | "tick";

/** A timer that is set, as `setTimeout` and its relatives return it. */
export class Timeout {
  readonly kind: TimerKind;
  name = "";
  delayMs: number;
  readonly repeats: boolean;
  readonly callback: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  /** Increased whenever it is set anew. */
  version = 0;
  constructor(
    kind: TimerKind,
    callback: Timeout["callback"],
    delayMs: number,
    repeats: boolean,
    args: readonly unknown[],
  ) {
    this.kind = kind;
    this.callback = callback;
    this.delayMs = delayMs;
    this.repeats = repeats;
    this.args = args;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  refresh(): this {
    if (current?.timers.includes(this)) this.version++;
    return this;
  }
  close(): this {
    current?.cancel(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return current === null ? 0 : current.handle(this);
  }
}

/** What every node of the realm has in common. */
export interface Dependencies {
  readonly make: (io: object) => unknown;
  readonly random: readonly number[] | "seeded";
  readonly disk: "atomic" | "later";
  readonly clock: "stands" | "ticks";
  readonly tickMs: number;
}

type Handlers = {
  readonly roots: Record<string, unknown>;
  message?(from: string, message: unknown): unknown;
  request?(request: unknown): unknown;
  view?(): unknown;
  stable?(): unknown;
};

/** Something to do once the code that runs now has come to rest. */
type Job = () => unknown;

/** See the file comment. */
export class Node {
  readonly self: string;
  /** Pending, in the order in which they were made. */
  timers: Timeout[] = [];
  readonly ticks: Job[] = [];
  readonly immediates: Timeout[] = [];
  /** What the present step has sent: receiver (null: all others) and text. */
  sent: [to: string | null, text: string][] = [];
  /** What it has said, as JSON text. */
  said: string[] = [];
  /** How many requests it has executed, how many of its timers have fired, how often the clock has ticked. */
  executed = 0;
  fired = 0;
  ticked = 0;
  /** How many random bytes were drawn. */
  bytes = 0;
  /** How many numbers were drawn of the node's own sequence. */
  draws = 0;
  /** Numbers of timers that were turned into numbers, which somebody may keep. */
  readonly handles: Timeout[] = [];
  /** The choices that are to be made in the present step, and how many values each had to choose from. */
  choices: readonly number[] = [];
  drawn: number[] = [];
  /** What was refused, thrown by a handler's promise, or asked of the clock in the present step. */
  refused: string | null = null;
  failure: { readonly error: unknown } | null = null;
  handlers: Handlers | null = null;
  readonly #deps: Dependencies;

  constructor(
    self: string,
    ids: readonly string[],
    config: object,
    restored: string | null,
    deps: Dependencies,
  ) {
    this.self = self;
    this.#deps = deps;
    this.#begin = () => this.#make(ids, config, restored);
  }

  readonly #begin: Job;

  /** Makes the replica. */
  begin(): void {
    this.#begin();
  }

  #make(ids: readonly string[], config: object, restored: string | null): void {
    const mine = [...ids];
    const io = {
      self: this.self,
      ids: mine,
      peers: mine.filter((id) => id !== this.self),
      config: { ...config },
      restored: restored === null ? undefined : JSON.parse(restored),
      send: (to: string, message: unknown) => this.#send(String(to), message),
      broadcast: (message: unknown) => this.#send(null, message),
      executed: (
        request: unknown,
        at: { slot?: number; position?: number; index?: number; result?: unknown; own?: boolean } = {},
      ) => {
        if (at.position === undefined) this.executed++;
        const { slot = this.executed, position = this.executed, index, result = null, own } = at;
        const mark = own ? { own: true } : {};
        this.said.push(JSON.stringify({ kind: "executed", slot, position, index, request, result, ...mark }));
      },
      event: (name: string, data: unknown = null) =>
        void this.said.push(JSON.stringify({ kind: "custom", name: String(name), data })),
      later: (callback: () => void, name = "answer") => {
        const timer = this.set("later", callback as Timeout["callback"], 0, false, []);
        this.#name(timer, name);
      },
    };
    const { clock, tickMs } = this.#deps;
    if (clock === "ticks")
      this.#name(
        this.set("tick", () => {}, tickMs, true, []),
        "the clock ticks",
      );
    const made = this.#deps.make(io);
    const take = (handlers: unknown) => {
      this.handlers = handlers as Handlers;
    };
    if (made instanceof Promise) made.then(take, (error: unknown) => this.#fail(error));
    else take(made);
  }

  #send(to: string | null, message: unknown): void {
    try {
      this.sent.push([to, encode(message)]);
    } catch (error) {
      this.#fail(error); // also if the class takes it for something else
      throw error;
    }
  }

  #fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Calls a handler; if it fails, that is the step's failure. */
  message(from: string, text: string): void {
    const result = this.handlers?.message?.(from, decode(text));
    if (result instanceof Promise) result.catch((error: unknown) => this.#fail(error));
  }

  /** A request may be refused. To ask for a module that is not there is no refusal. */
  request(text: string): void {
    try {
      const result = this.handlers?.request?.(JSON.parse(text));
      if (result instanceof Promise)
        result.catch((error: unknown) => {
          if (isMissingModule(error)) this.#fail(error);
        });
    } catch (error) {
      if (this.refused === null && (!(error instanceof Error) || isMissingModule(error))) this.#fail(error);
    }
  }

  /** A timer fires. */
  fire(name: string): void {
    const timer = this.timers.find((one) => one.name === name);
    if (timer === undefined) return;
    if (timer.kind === "timer") this.fired++;
    if (timer.kind === "tick") this.ticked++;
    if (timer.repeats) timer.version++;
    else this.cancel(timer);
    const result = timer.callback(...timer.args);
    if (result instanceof Promise) result.catch((error: unknown) => this.#fail(error));
  }

  /** Sets a timer. */
  set(
    kind: TimerKind,
    callback: Timeout["callback"],
    delayMs: unknown,
    repeats: boolean,
    args: readonly unknown[],
  ): Timeout {
    if (typeof callback !== "function") throw new TypeError("The callback of a timer must be a function");
    const delay = Number(delayMs);
    const timer = new Timeout(kind, callback, delay >= 1 ? delay : 1, repeats, args);
    this.timers.push(timer);
    if (kind === "timer")
      this.#name(timer, callback.name === "" ? "timer" : callback.name.replace(/^bound /, ""));
    return timer;
  }

  /** Names a timer by what it calls, and by a number where there are several. */
  #name(timer: Timeout, label: string): void {
    let number = 1;
    const safe = label.startsWith("request ") ? `timer ${label}` : label; // see behaviour.ts
    const nameOf = () => (number === 1 ? safe : `${safe} ${number}`);
    while (this.timers.some(({ name }) => name === nameOf())) number++;
    timer.name = nameOf();
  }

  /** Cancels a timer. */
  cancel(timer: unknown): void {
    const found = typeof timer === "object" ? timer : this.handles[Number(timer) - 1];
    this.timers = this.timers.filter((one) => one !== found);
  }

  /** A timer as a number. */
  handle(timer: Timeout): number {
    const known = this.handles.indexOf(timer);
    return known >= 0 ? known + 1 : this.handles.push(timer);
  }

  /** `setImmediate`: done before the step ends, or an input of its own. */
  immediate(callback: Timeout["callback"], args: readonly unknown[]): Timeout {
    if (this.#deps.disk === "later") {
      const timer = this.set("later", callback, 0, false, args);
      this.#name(timer, "answer");
      return timer;
    }
    const immediate = new Timeout("later", callback, 0, false, args);
    this.immediates.push(immediate);
    return immediate;
  }

  /** `Math.random`: a choice, or the next number of the node's own sequence. */
  random(): number {
    const { random } = this.#deps;
    if (random === "seeded") return fractionOf(`${this.self} ${this.draws++}`);
    if (random.length === 1) return random[0]!;
    const choice = this.choices[this.drawn.length] ?? 0;
    this.drawn.push(random.length);
    return random[choice]!;
  }

  /** Whether anything is left to do before the step ends. */
  get isBusy(): boolean {
    return this.ticks.length > 0 || this.immediates.length > 0;
  }

  /** Does the next thing that is left to do. Promises come to rest after each. */
  proceed(): void {
    if (this.ticks.length > 0) {
      for (const job of this.ticks.splice(0)) job();
      return;
    }
    const { callback, args } = this.immediates.shift()!;
    callback(...args);
  }

  /** Forgets what the step has done to the outside. */
  takeUp(choices: readonly number[]): void {
    this.sent = [];
    this.said = [];
    this.drawn = [];
    this.choices = choices;
    this.refused = null;
    this.failure = null;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return epochMs + this.ticked * this.#deps.tickMs;
  }
}

/** A number from 0 to below 1 that a text determines: FNV-1a, then mixed as MurmurHash3 does. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** When runs begin: the first millisecond of 2026. */
export const epochMs = 1767225600000;

/** The instance whose code runs; null while the bundle is loaded. */
export let current: Node | null = null;

/** From now on code runs for this instance. */
export function enter(node: Node | null): void {
  current = node;
}
