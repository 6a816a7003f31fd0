// Adversaries combined from others: two together (`a+b` on the command line), one from a view on (`a@2`), one
// until the network has become synchronous (`a@until-gst`).

import type { Adversary, StepFaults } from "../src/protocol/index.js";

/**
 * Every Byzantine node can do all that `a` and `b` can, at any time. With several Byzantine nodes this also
 * covers colluders of different kinds, since they share keys and each of them can do both.
 *
 * ```ts
 * together(silent, lyingVoter).name // => "silent+lying-voter"
 * ```
 */
export function together<Message>(a: Adversary<Message>, b: Adversary<Message>): Adversary<Message> {
  const stepFaults = ofBoth(a, b);
  return {
    name: `${a.name}+${b.name}`,
    summary: `${a.name} and ${b.name} at once`,
    strength: Math.max(a.strength, b.strength),
    forwards: a.forwards || b.forwards,
    speaks: a.speaks || b.speaks,
    canMove: (place) => a.canMove(place) || b.canMove(place),
    observes: (statement) => a.observes(statement) || b.observes(statement),
    moves: (situation, knowledge) => [...a.moves(situation, knowledge), ...b.moves(situation, knowledge)],
    *prepares(situation) {
      yield* a.prepares?.(situation) ?? [];
      yield* b.prepares?.(situation) ?? [];
    },
    ...(stepFaults && { stepFaults }),
    ...(a.plays !== undefined && a.plays === b.plays && { plays: a.plays }),
  };
}

/**
 * The step faults of both, if either has any: each fault that either allows. The result `owes` only if both
 * have step faults and both owe.
 */
function ofBoth<Message>(a: Adversary<Message>, b: Adversary<Message>): StepFaults<Message> | undefined {
  const [first, second] = [a.stepFaults, b.stepFaults];
  if (!first || !second) {
    const only = first ?? second;
    return only && { ...only, owes: false };
  }
  const speakers = [first, second].filter(({ says }) => says);
  const until = Math.max(first.until ?? Number.POSITIVE_INFINITY, second.until ?? Number.POSITIVE_INFINITY);
  return {
    copies: Math.max(first.copies ?? 1, second.copies ?? 1),
    forgets: (first.forgets ?? false) || (second.forgets ?? false),
    owes: (first.owes ?? false) && (second.owes ?? false),
    ...(Number.isFinite(until) && { until }),
    ...(speakers.length > 0 && {
      says: (message, place) => speakers.flatMap((stepFaults) => stepFaults.says!(message, place)),
    }),
  };
}

/**
 * Why an adversary cannot be limited to some views, or null: step faults apply from the start.
 *
 * ```ts
 * limitRefusal(lyingVoter) // => null
 * limitRefusal(twin) === null // => false
 * ```
 */
export function limitRefusal<Message>({ name, stepFaults }: Adversary<Message>): string | null {
  return stepFaults
    ? `${name} runs the protocol's own steps from the start: it cannot begin or end at a view.`
    : null;
}

/**
 * Follows the protocol below `view`, which it never enters; about that view and later ones it sends what the
 * adversary would. (It may send at any time what names no view: requests and replies.)
 *
 * ```ts
 * fromView(lyingVoter, 2).name // => "lying-voter@2"
 * ```
 */
export function fromView<Message>(adversary: Adversary<Message>, view: number): Adversary<Message> {
  if (view === 0) return { ...adversary, name: `${adversary.name}@0` };
  return {
    ...adversary,
    name: `${adversary.name}@${view}`,
    summary: `follows the protocol in views below ${view}, and is ${adversary.name} from then on`,
    speaks: true,
    canMove: () => true,
    moves: (situation, knowledge) =>
      adversary.moves(situation, knowledge).filter((message) => (viewOf(message) ?? view) >= view),
    stepFaults: { until: view },
  };
}

/**
 * Lies about views below the last one, and follows the protocol besides, so that it can act as a correct
 * replica in the last view: there the network is synchronous (GST) and its messages must be delivered. (It
 * never sends what names no view.)
 *
 * ```ts
 * untilGst(lyingVoter).name // => "lying-voter@until-gst"
 * ```
 */
export function untilGst<Message>(adversary: Adversary<Message>): Adversary<Message> {
  return {
    ...adversary,
    name: `${adversary.name}@until-gst`,
    summary: `follows the protocol, and is ${adversary.name} besides until the last view begins`,
    speaks: true,
    canMove: () => true,
    moves: (situation, knowledge) => {
      const { views } = situation;
      return adversary.moves(situation, knowledge).filter((message) => (viewOf(message) ?? views) < views);
    },
    stepFaults: { owes: true },
  };
}

/** The view named by a message, or by what is signed in it. */
function viewOf(message: unknown): number | undefined {
  const { tag, body, view } = (message ?? {}) as { tag?: unknown; body?: unknown; view?: unknown };
  if (tag === "signed") return viewOf(body);
  return typeof view === "number" ? view : undefined;
}
