// An adversary says what Byzantine nodes may put in front of correct ones. It proposes messages; the model refuses
// every one that contains a signature or a certificate which the Byzantine nodes could not have (see model/knowledge).
// Besides, or instead, it may have Byzantine nodes run the protocol's own step function, and distort what they do.

import type { Protocol } from "./behaviour.js";
import type { Config, NodeId, Role } from "./node.js";
import type { Certificate, Collection, Signed } from "./signed.js";

/** What the Byzantine nodes of a run have seen: every signed statement that a correct node has sent, delivered or not. */
export interface Knowledge {
  /**
   * The signed statements of correct nodes that are known, nested ones included; with `matching`, a pure function, those for
   * which it is true. Ask for no more than what matters (for {@link bodies}, if it makes no difference who
   * has signed them): moves are made up again for whatever gives another answer.
   */
  statements(matching?: (statement: Signed<unknown>) => boolean): readonly Signed<unknown>[];
  /** What these statements say, each once, whoever has signed it; with `matching`, what it is true for. */
  bodies(matching?: (body: unknown) => boolean): readonly unknown[];
  /** Whether the Byzantine nodes can show this statement: it is their own, or known. */
  canShow(statement: Signed<unknown>): boolean;
  /** Whether enough distinct signers have signed, or are Byzantine and could. */
  canProve(proof: Certificate<unknown> | Collection<unknown>): boolean;
}

/** The situation in which an adversary is asked for its moves. */
export interface AdversaryContext {
  /** The Byzantine node that speaks. */
  readonly self: NodeId;
  /** All Byzantine nodes: they share keys. */
  readonly byzantine: readonly NodeId[];
  /** What the receiver is. Every message returned may reach any correct node of this role, and each a different one. */
  readonly to: Role;
  readonly config: Config;
  /** The highest view inside the bounds. */
  readonly views: number;
  /** Whether messages of view `views + 1` belong to the alphabet: in liveness runs they do. */
  readonly beyond: boolean;
}

/**
 * How Byzantine nodes run the protocol's own step function. They take in what is sent to them (nothing that an adversary has
 * made), and what they send may reach whom it was meant for, at any time or never.
 */
export interface StepFaults<Message> {
  /** How many copies of each node run side by side, with one identity and its keys. Default: 1. */
  readonly copies?: number;
  /** Whether a copy may at any time begin anew, as at its first start, knowing nothing. What it has said stays said. Default: no. */
  readonly forgets?: boolean;
  /** Whether what is sent to it and by it, and its timers, must happen in the end, as for a correct node. Default: no. */
  readonly owes?: boolean;
  /** It stops before it would enter this view. Default: it never does. */
  readonly until?: number;
  /**
   * What it may say in place of a message, to each receiver something else. Terms signed by correct nodes, certificates and
   * collections may be left out, and none be added. Default: nothing else.
   */
  says?(
    message: Message,
    place: Pick<AdversaryContext, "self" | "byzantine" | "config"> & { readonly protocol: Protocol },
  ): readonly Message[];
}

/** A way to be Byzantine. */
export interface Adversary<Message> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  /**
   * How much it can do. An adversary with a higher number can do all that one with a lower number can, or is not
   * comparable with it; suites name the weakest one that exposes a flaw.
   */
  readonly strength: number;
  /** Which nodes it plays, where nobody says which. Default: replicas. */
  readonly plays?: Role;
  /** Whether it relays what correct nodes have signed to nodes that were not addressed. */
  readonly forwards: boolean;
  /** Whether it ever says anything. A silent adversary's only move is not to move. */
  readonly speaks: boolean;
  /** Whether `self` can do anything at all in this place; an equivocating primary needs to be primary of some view. */
  canMove(place: { readonly self: NodeId; readonly config: Config; readonly views: number }): boolean;
  /** Which statements of correct nodes matter to its moves. Others are not remembered (fewer states, same moves). */
  observes(statement: Signed<unknown>): boolean;
  /**
   * The messages that `self` may put in front of a correct node now. What it cannot show or prove is refused by the
   * model. With more knowledge there must be more moves, never fewer.
   */
  moves(situation: AdversaryContext, knowledge: Knowledge): readonly Message[];
  /** Whether Byzantine nodes run the protocol's own step function as well, and how. Default: they do not. */
  readonly stepFaults?: StepFaults<Message>;
}
