// Adversaries made of others: two at once, one from a view on, one until the network has become synchronous. On the command
// line they are written `a+b`, `a@2` and `a@until-gst`.

import type { Adversary, StepFaults } from "../src/protocol/index.js";

/**
 * Every Byzantine node can do what `a` and what `b` can, at any time. With several Byzantine nodes that share keys it is also
 * how colluders of different kinds are put together: each of them can do both.
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
    ...(stepFaults && { stepFaults }),
    ...(a.plays !== undefined && a.plays === b.plays && { plays: a.plays }),
  };
}

/** What it runs, if either runs anything: with the liberties of both. It owes only if nothing about it is free. */
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

/** Why an adversary cannot be limited to some views, or null: one that runs the protocol's own steps is what it is from the start. */
export function limitRefusal<Message>({ name, stepFaults }: Adversary<Message>): string | null {
  return stepFaults
    ? `${name} runs the protocol's own steps from the start: it cannot begin or end at a view.`
    : null;
}

/**
 * A correct replica below this view, which it never enters; of the view itself and later ones it says what the adversary
 * would say. (What names no view, as requests and replies do, it may say at any time.)
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
 * A replica that lies about views below the last one, and has followed the protocol besides, so that it can go on as a
 * correct one: in the last view the network has become synchronous (GST), and all that it owes it does. (What names no
 * view it does not say.)
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

/** The view that a message, or what is signed in it, names. */
function viewOf(message: unknown): number | undefined {
  const { tag, body, view } = (message ?? {}) as { tag?: unknown; body?: unknown; view?: unknown };
  if (tag === "signed") return viewOf(body);
  return typeof view === "number" ? view : undefined;
}
