// An adversary: the messages that Byzantine nodes may send to correct ones. The model refuses every proposed
// message that contains a signature or a certificate the Byzantine nodes cannot have (see model/knowledge).
// An adversary may also, or instead, have Byzantine nodes run the protocol's own step function with faults.

import type { Protocol } from "./behaviour.js";
import type { Config, NodeId, Role } from "./node.js";
import type { Certificate, Collection, Signed } from "./signed.js";

/**
 * What the Byzantine nodes of a run know: every signed statement that a correct node has sent, delivered or
 * not.
 */
export interface Knowledge {
  /**
   * The known signed statements of correct nodes, nested ones included. With `matching`, a pure function:
   * only those for which it is true. Moves are recomputed whenever one of these questions has a new answer,
   * so ask for no more than you need ({@link bodies} if the signer makes no difference).
   */
  statements(matching?: (statement: Signed<unknown>) => boolean): readonly Signed<unknown>[];
  /**
   * The bodies of these statements, each once, whoever signed it. With `matching`: only those for which it is
   * true.
   */
  bodies(matching?: (body: unknown) => boolean): readonly unknown[];
  /** Whether the Byzantine nodes can send this statement: it is their own, or they know it. */
  canShow(statement: Signed<unknown>): boolean;
  /** Whether enough distinct signers have signed, counting Byzantine ones, who always could. */
  canProve(proof: Certificate<unknown> | Collection<unknown>): boolean;
}

/** The context in which an adversary is asked for its moves. */
export interface AdversaryContext {
  /** The Byzantine node that sends. */
  readonly self: NodeId;
  /** All Byzantine nodes: they share keys. */
  readonly byzantine: readonly NodeId[];
  /**
   * The receiver's role. Every message returned may reach any correct node of this role, and a different one
   * each.
   */
  readonly to: Role;
  readonly config: Config;
  /** The highest view inside the bounds. */
  readonly views: number;
  /** Whether messages of view `views + 1` are included: they are in liveness runs. */
  readonly beyond: boolean;
}

/**
 * Byzantine nodes that run the protocol's own step function. They receive what is sent to them (but nothing
 * that an adversary made); what they send may reach its receiver at any time, or never.
 */
export interface StepFaults<Message> {
  /** How many copies of each node run side by side, with one identity and its keys (Twins). Default: 1. */
  readonly copies?: number;
  /** Whether a copy may restart at any time without its state. What it has sent stays sent. Default: no. */
  readonly forgets?: boolean;
  /**
   * Whether its messages (to it and from it) and its timers must be delivered in the end, as for a correct
   * node. Default: no.
   */
  readonly owes?: boolean;
  /** It stops before it would enter this view. Default: it never stops. */
  readonly until?: number;
  /**
   * What it may send instead of a message; each receiver may get another one. A replacement may omit
   * statements of correct nodes, certificates and collections, but not add any. Default: no replacement.
   */
  says?(
    message: Message,
    place: Pick<AdversaryContext, "self" | "byzantine" | "config"> & { readonly protocol: Protocol },
  ): readonly Message[];
}

/** A kind of Byzantine behaviour, for every Byzantine node of a run. */
export interface Adversary<Message> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /**
   * Its rank: an adversary with a higher number can do all that one with a lower number can, or the two are
   * not comparable. Suites name the weakest adversary that exposes a flaw.
   */
  readonly strength: number;
  /** Which nodes it plays unless the run says so: those of a role, or one node of the protocol's own. Default: replicas. */
  readonly plays?: Role | { readonly node: NodeId };
  /** Whether it forwards messages of correct nodes to nodes they were not addressed to. */
  readonly forwards: boolean;
  /** Whether it ever sends anything of its own. A silent adversary never moves. */
  readonly speaks: boolean;
  /** Whether `self` can ever move with these parameters: an equivocating primary must lead some view. */
  canMove(place: { readonly self: NodeId; readonly config: Config; readonly views: number }): boolean;
  /**
   * Which statements of correct nodes its moves depend on. No others are remembered: the same moves, fewer
   * states.
   */
  observes(statement: Signed<unknown>): boolean;
  /**
   * The messages that `self` may send to a correct node now. The model refuses those it cannot sign or prove.
   * Must be monotone: more knowledge never means fewer moves.
   */
  moves(situation: AdversaryContext, knowledge: Knowledge): readonly Message[];
  /**
   * Work that has to be done before the first moves are asked for, where it takes seconds: in pieces, between which a run can be interrupted,
   * and its time can be over. After each piece it gives a function that says in words how far it has come. What is not done in this way,
   * `moves` does itself. Default: none.
   */
  prepares?(situation: Omit<AdversaryContext, "self" | "to">): Iterable<() => string>;
  /** Faults of Byzantine nodes that run the protocol's own step function. Default: they do not run it. */
  readonly stepFaults?: StepFaults<Message>;
}
