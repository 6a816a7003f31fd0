// The rules of Autobahn's consensus. A value commits with 2f+1 votes of its second phase: f+1 correct replicas have seen its certificate then, and
// tell of it in the next view; any ticket has the word of one of them, and its highest certificate must be proposed again.

import { type Config, certificate, equal, inTurn, quorum, replicaIds } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import type { Ballot, Qc, Said, Ticket, Timeout } from "./messages.js";

type Sizes = Pick<Config, "replicas" | "faults" | "requests">;
type Phase = Ballot["phase"];

export type AutobahnRules = {
  /** Votes of a phase, and timeouts of a ticket: 2f+1 of 3f+1. */
  readonly quorum: (config: Sizes) => number;
  /** What a vote signs: of which view and phase it is, and for what. */
  readonly ballot: (phase: Phase, view: number, value: string) => Ballot;
  /** Who may propose in a view. */
  readonly mayPropose: (config: Sizes, view: number, from: string) => boolean;
  /** Whether a replica that has voted in these phases of its view may vote in this one: once in each. */
  readonly mayVote: (voted: readonly Phase[], phase: Phase) => boolean;
  /** Whether a ticket is of 2f+1 replicas, and of the view before. */
  readonly isTicket: (rules: Votes, config: Sizes, ticket: Ticket, view: number) => boolean;
  /** The orders in which the lanes of a cut may be executed: one, the same everywhere. */
  readonly orders: (lanes: readonly string[]) => readonly (readonly string[])[];
};
type Votes = Pick<AutobahnRules, "quorum" | "ballot">;

export const autobahnRules: AutobahnRules = {
  quorum,
  ballot: (phase, view, value) => ({ tag: "vote", phase, view, value }),
  mayPropose: (config, view, from) => from === inTurn(config, view),
  mayVote: (voted, phase) => !voted.includes(phase),
  isTicket: (rules, config, { bodies, atLeast, among }, view) =>
    atLeast >= rules.quorum(config) &&
    among.every((id) => replicaIds(config).includes(id)) &&
    bodies.every((body) => body.view === view - 1 && isHigh(rules, config, body)),
  orders: (lanes) => [lanes],
};

/** The certificate of a phase. */
export function qcOf(rules: Votes, config: Sizes, phase: Phase, view: number, value: string): Qc {
  const proof = certificate(rules.ballot(phase, view, value), rules.quorum(config), replicaIds(config));
  return { view, value, proof };
}

/** Whether it is one, of this phase and for this value. */
export function isQc(rules: Votes, config: Sizes, phase: Phase, { view, value, proof }: Qc): boolean {
  const { vote, atLeast, among } = proof;
  const wanted = rules.ballot(phase, view, value);
  const isQuorum = atLeast >= rules.quorum(config) && among.every((id) => replicaIds(config).includes(id));
  return isQuorum && equal(vote, wanted);
}

function isHigh(rules: Votes, config: Sizes, { view, high }: Timeout): boolean {
  return high === null || (high.view <= view && isQc(rules, config, "prepare", high));
}

/** The values that a proposal of a view may have: that of the ticket's highest certificate, if there is one. */
export function choices(
  rules: AutobahnRules,
  config: Sizes,
  view: number,
  ticket: Ticket | null,
): readonly string[] {
  if (view === 0) return valuesOf(config);
  if (ticket === null || !rules.isTicket(rules, config, ticket, view)) return [];
  const highs = ticket.bodies.flatMap(({ high }) => high ?? []).sort((a, b) => b.view - a.view);
  return highs[0] ? [highs[0].value] : valuesOf(config);
}

/** Whether a proposal is what it should be. */
export function isJustified(rules: AutobahnRules, config: Sizes, proposal: Said<"prepare">): boolean {
  return choices(rules, config, proposal.view, proposal.ticket).includes(proposal.value);
}
