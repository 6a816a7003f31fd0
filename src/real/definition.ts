// The interface of `turncoat/real`: a description of how one replica of a class is made, how messages and requests reach it, and which
// objects hold its state. The class itself stays as it is.

/** A node as its class sees the outside; everything in it belongs to one node. */
export interface Io<Message = unknown, Request = string> {
  /** Who the node is: `r0`, `r1`, ... */
  readonly self: string;
  /** All replicas, the node itself included. */
  readonly ids: readonly string[];
  /** All replicas but the node itself. */
  readonly peers: readonly string[];
  /** The parameters of the run: `replicas`, `faults`, `requests`, `slots`. */
  readonly config: {
    readonly replicas: number;
    readonly faults: number;
    readonly requests: number;
    readonly slots: number;
  };
  /** After a crash: what `stable` returned before it. Undefined at the first start. */
  readonly restored: unknown;
  /** Sends a message: JSON, and besides bytes, bigints, dates, Map and Set. It is copied at once. */
  send(to: string, message: Message): void;
  /** Sends a message to all other replicas. */
  broadcast(message: Message): void;
  /**
   * Says that the node has executed a request, which is what `agreement` and `validity` look at. Default of `slot` and of `position`
   * (the place in its log): how many requests it has executed, this one included. `index`: the place among several of a slot, from 0.
   * `result`: default null.
   */
  executed(
    request: Request,
    at?: {
      readonly slot?: number;
      readonly position?: number;
      readonly index?: number;
      readonly result?: unknown;
    },
  ): void;
  /** Says anything else that a property of yours wants to see. */
  event(name: string, data?: unknown): void;
  /** Calls back later, as an input of its own: for the answers of disks and other slow things that you inject. */
  later(callback: () => void, name?: string): void;
}

/** A replica, made: how things reach it. */
export interface RealReplica<Message = unknown, Request = string> {
  /**
   * The objects that hold the state, by the names under which traces show them. Everything that can be reached from them is state.
   * Objects that hold no state of a node (a logger, a table of constants) are better not reachable.
   */
  readonly roots: { readonly [name: string]: unknown };
  /** A message has arrived. `from` is its authenticated sender. */
  message?(from: string, message: Message): unknown;
  /**
   * A client's request has reached this node. It may throw or reject (as "not the leader"): then nothing has happened, and the request
   * can be made again later.
   */
  request?(request: Request): unknown;
  /** The node's view, round or term, to bound a run by. Default: how many of its timers have fired. */
  view?(): number;
  /** What survives a crash, as JSON. Needed for `--crashes`. */
  stable?(): unknown;
}

/** What can be said about a replica besides how it is made. */
export interface RealOptions<Request = string> {
  /** The protocol's name in reports. Default: the file's name. */
  readonly name?: string;
  /** One sentence for lists. */
  readonly summary?: string;
  /**
   * How far into objects the state is seen. `graph` (default): objects, private members included, Map, Set, bytes. `closures`: what functions
   * have captured as well, bound functions, proxies. `everything`: paused generators and async functions, promises as well. The more is seen,
   * the more states there are.
   */
  readonly see?: "graph" | "closures" | "everything";
  /** Whether the order of entries in Map, Set and plain objects carries no meaning. Default: it does. */
  readonly unordered?: boolean;
  /**
   * What `Math.random` may return; each draw is a choice among these. Default: `[0.5]`. `"seeded"`: every node has a sequence of its own,
   * the same in every run, so that nothing is chosen, and random timeouts of different nodes differ.
   */
  readonly random?: readonly number[] | "seeded";
  /** What the clock does: `stands` (default) or `ticks`, which makes every tick of it an input, `tickMs` apart. */
  readonly clock?: "stands" | "ticks";
  /** Milliseconds of one tick. Default: 1000. */
  readonly tickMs?: number;
  /** `atomic` (default): a step runs until nothing is left to do. `later`: what waits for `setImmediate` (as in-memory stores do) is an input of its own. */
  readonly disk?: "atomic" | "later";
  /** n. Default: 4. */
  readonly replicas?: number;
  /** f. Default: floor((n-1)/3). */
  readonly faults?: number;
  /** How many requests there are. Default: 2. */
  readonly requestCount?: number;
  /** The requests. Default: `["A", "B", "C", ...]`. They are JSON. */
  readonly requests?: readonly Request[];
  /**
   * When requests reach a node. `any-time` (default): each at a moment of its own. `at-start`: all of them before anything else
   * happens, in every order; the class keeps them until it can take them.
   */
  readonly ask?: "any-time" | "at-start";
  /**
   * In whose name a message is signed, where messages are: the id of a node, or null. What another node has signed a Byzantine one can pass
   * on, not forge. Default: nothing is signed, and a Byzantine node may say anything (in its own name: `from` is always right).
   */
  readonly signer?: (message: never) => string | null;
  /** Which network is assumed. Default: `fifo`. */
  readonly network?: string;
  /** The bound on `view`. Default: 1. */
  readonly views?: number;
  /** Properties that are checked. Default: agreement and validity. */
  readonly properties?: readonly string[];
}

/** A file's default export. */
export interface RealDefinition {
  readonly tag: "turncoat/real";
  /** Makes one replica. */
  readonly make: (io: Io<never, never>) => unknown;
  readonly options: RealOptions<unknown>;
}

/**
 * Describes how one replica of your class is made, so that `turncoat check ./replica.real.ts` can explore it. The file runs
 * inside a realm of its own (see docs/real-code.md); it imports your class, and nothing of Turncoat but this.
 *
 * ```ts
 * export default real((io) => {
 *   const replica = new Replica({ id: io.self, send: (to, m) => io.send(to, m), apply: (r) => io.executed(r) });
 *   return { roots: { replica }, message: (from, m) => replica.receive(from, m), request: (r) => replica.propose(r) };
 * });
 * ```
 */
export function real<Message = unknown, Request = string>(
  make: (io: Io<Message, Request>) => RealReplica<Message, Request> | Promise<RealReplica<Message, Request>>,
  options: RealOptions<Request> = {},
): RealDefinition {
  return { tag: "turncoat/real", make: make as RealDefinition["make"], options };
}
