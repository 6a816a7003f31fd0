// The interface of `turncoat/real`: a description of how one replica of a class is made, how messages and requests reach it, and which
// objects hold its state. The class itself stays as it is.

/**
 * What one node can do and knows: the argument of the function that is given to {@link real}. `Message` and `Request` are the types of
 * the class's own messages and requests.
 *
 * ```ts
 * const replica = new Replica({ id: io.self, peers: io.peers, send: (to, message) => io.send(to, message) });
 * replica.on("commit", (command, index) => io.executed(command, { slot: index }));
 * ```
 */
export interface Io<Message = unknown, Request = string> {
  /** Who the node is: `r0`, `r1`, ... */
  readonly self: string;
  /** All replicas, the node itself included. */
  readonly ids: readonly string[];
  /** All replicas but the node itself. */
  readonly peers: readonly string[];
  /** The parameters of the run: n, f, how many requests there are, how many slots. */
  readonly config: {
    readonly replicas: number;
    readonly faults: number;
    readonly requests: number;
    readonly slots: number;
  };
  /** After a crash: what `stable` returned before it. Undefined at the first start. */
  readonly restored: unknown;
  /**
   * Sends a message to one node, by its id. A message is JSON, and besides `undefined`, bytes, bigints, dates, Map and Set. It is copied at
   * once, so later changes do not reach the receiver.
   *
   * @throws {TypeError} for anything else (functions, Promises, cycles), with the path of what cannot be sent.
   */
  send(to: string, message: Message): void;
  /** Sends a message to all other replicas; as {@link Io.send} does. */
  broadcast(message: Message): void;
  /**
   * Tells the properties that the node has executed a request; `agreement` and `validity` compare nothing else. `slot` is the sequence
   * number, and `position` the place in the node's log, both from 1. Default of both: how many requests the node has executed, this one
   * included. `index` is the place among several requests of one slot, from 0 (default: 0). `result` is the answer to the client, as JSON
   * (default: null). `own` says that the protocol made the entry itself, as a change of members, and no client has asked for it (default: no).
   */
  executed(
    request: Request,
    at?: {
      readonly slot?: number;
      readonly position?: number;
      readonly index?: number;
      readonly result?: unknown;
      readonly own?: boolean;
    },
  ): void;
  /** Shows an event to properties of your own: a name, and data as JSON (default: null). */
  event(name: string, data?: unknown): void;
  /**
   * Calls back later, as an input of its own that may come at any time: for the answers of disks and other slow things that you inject.
   * `name` is what traces call the input (default: `answer`).
   */
  later(callback: () => void, name?: string): void;
}

/**
 * One replica, and how inputs reach it: what the function that is given to {@link real} returns. Every function may be async.
 *
 * ```ts
 * return {
 *   roots: { replica },
 *   message: (from, message) => replica.receive(from, message),
 *   request: (command) => replica.propose(command),
 *   view: () => replica.term,
 *   stable: () => ({ term: replica.term, log: replica.log }),
 * };
 * ```
 */
export interface RealReplica<Message = unknown, Request = string> {
  /**
   * The objects that hold the state, by the names under which traces show them. Everything that can be reached from them is state.
   * Objects that hold no state of a node (a logger, a table of constants) are better not reachable.
   */
  readonly roots: { readonly [name: string]: unknown };
  /**
   * A message has arrived. `from` is the id of its sender, authenticated. An exception or a rejection ends the run as an error of the
   * class, with file and line. Default: messages are ignored.
   */
  message?(from: string, message: Message): unknown;
  /**
   * A client's request has reached this node. It may throw or reject (as "not the leader"): then nothing has happened, and the request
   * can be made again later. Default: requests are ignored.
   */
  request?(request: Request): unknown;
  /** The node's view, round or term, from 0: `--views` bounds it. Default: how many of the node's timers have fired. */
  view?(): number;
  /** What survives a crash, as JSON; after it `io.restored` has that. Without it `--crashes` is possible only with `--losing nothing`. */
  stable?(): unknown;
}

/**
 * Options of {@link real}: how the class is run and seen, and defaults of the run, which options of the command line override.
 *
 * ```ts
 * export default real(make, { replicas: 3, network: "once", random: [0.1, 0.9], disk: "later" });
 * ```
 */
export interface RealOptions<Request = string> {
  /** The protocol's name in reports. Default: the file's name. */
  readonly name?: string;
  /** One sentence for lists. Default: "the class that FILE describes". */
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
  /** The number of replicas, n. Default: 4; 6 for `fast-byzantine`. */
  readonly replicas?: number;
  /**
   * Which faults the class bears: `byzantine` (default; n >= 3f+1 replicas), `crash` (n >= 2f+1, and nobody lies: Raft, Paxos) or
   * `fast-byzantine` (n >= 5f+1). What happens beyond these faults is reported as outside the contract.
   */
  readonly resilience?: "byzantine" | "crash" | "fast-byzantine";
  /** The number of faults to bear, f. Default: the most that n replicas bear, of three 0, and 1 with `resilience: "crash"`. */
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
  /** Names of the properties that are checked. Default: `agreement` and `validity`. */
  readonly properties?: readonly string[];
}

/** What {@link real} returns: the default export of a file that describes a class. */
export interface RealDefinition {
  readonly tag: "turncoat/real";
  /** Makes one replica: the function that was given to {@link real}. */
  readonly make: (io: Io<never, never>) => unknown;
  readonly options: RealOptions<unknown>;
}

/**
 * Describes how one replica of your class is made, so that `turncoat check ./replica.real.ts` can explore it. The file runs
 * inside a realm of its own (see docs/real-code.md); it imports your class, and nothing of Turncoat but this. `make` is called for every node,
 * and again whenever an instance has to be made from its history, so it must do the same each time.
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
