// A goal that a simulated run has not met: a violation only if the run gave the protocol the time, the network and the correct replicas that
// it assumes, and if the protocol promises the goal at all.

import { bearsOnlyCrashes, nodesNeeded } from "../model/contract.js";
import { whyItStalls } from "../model/setting.js";
import type { Micros } from "../model/timed/timing.js";
import type { Verdict } from "../verdict/verdict.js";
import type { End } from "./end.js";
import type { Measures } from "./measures.js";
import { likelyFlightMs } from "./network.js";
import { type Simulation, stableFromMs } from "./setting.js";

/** What a run was when it ended. */
export interface Ended {
  readonly end: End;
  readonly measures: Measures;
  /** When the run ended. */
  readonly time: Micros;
  /** The highest view that a correct replica entered. */
  readonly highestView: number;
  /** When the first one entered it. */
  readonly highestViewAt: Micros;
}

/** The verdict on a goal that was not met, and why it is this one. */
export function unmet(simulation: Simulation, outcome: Ended): [Verdict, string] {
  const outside = notPromised(simulation, outcome);
  if (outside !== null) return ["outside", outside];
  const early = tooEarly(simulation, outcome) ?? unsaid(simulation, outcome);
  return early === null ? ["violated", "not live"] : ["inconclusive", early];
}

/** Why nobody is promised anything in such a run, or null. */
function notPromised(simulation: Simulation, outcome: Ended): string | null {
  const { end } = outcome;
  if (!isInsideContract(simulation)) return "not live, outside the contract";
  const stalls = stallsIn(simulation, outcome);
  if (stalls !== null) return `not live, and not promised: ${stalls}`;
  if (end.kind === "interrupted" || end.kind === "limit") return null; // it might have come yet
  const { tooLong } = outcome.measures;
  if (tooLong > 0) return `not live, and ${tooLong} messages were too long to be sent (--max-message)`;
  return stableFromMs(simulation.parameters) === null
    ? "not live, and the network loses messages to the end, which no protocol promises to live with"
    : null;
}

/** Why the goal might have been met later, or with other clocks; null: it would not. */
function tooEarly(simulation: Simulation, outcome: Ended): string | null {
  const { end } = outcome;
  if (end.kind === "interrupted") return "interrupted";
  if (end.kind === "limit") return `${end.limit} was reached`;
  if (end.kind === "overloaded")
    return `overloaded: messages waited in queues for up to ${Math.round(end.queuedMs)} ms, and timers begin with ${simulation.parameters.timeoutMs} ms`;
  return (
    tooShortTimers(simulation, outcome) ?? lockstep(simulation, outcome) ?? stillElecting(simulation, outcome)
  );
}

/** Why the protocol itself promises nothing in such a run, or null. */
function stallsIn({ entry: { protocol }, ...run }: Simulation, { highestView }: Ended): string | null {
  const deceives = run.byzantine.length > 0 && run.puppet?.lies !== false;
  const faulty = [...run.byzantine, ...run.gone].sort();
  return whyItStalls(protocol, run.config, {
    ...{ byzantine: faulty, crashed: deceives ? run.gone : faulty },
    ...{ views: highestView, deceives, unbounded: true },
  });
}

/** A view whose timer is shorter than so many message delays may end before it has served anybody. */
const delaysOfView = 10;

/**
 * Why views may have ended too early, for all nodes or for one that has left the view in which the others were served; null: they have not.
 */
function tooShortTimers(
  { parameters }: Simulation,
  { measures: { longestTimer }, highestView }: Ended,
): string | null {
  const flightMs = likelyFlightMs(parameters);
  const isLong = longestTimer >= delaysOfView * flightMs * 1000;
  if (isLong || highestView === 0) return null;
  const ended = highestView === 1 ? "a view" : `${highestView} views`;
  return (
    `${ended} ended, and no timer ran longer than ${Math.round(longestTimer / 1000)} ms, which may be too short for a view ` +
    `in which a message takes ${Math.round(flightMs)} ms (use a larger --timeout)`
  );
}

/**
 * Whether nodes may have stood for election at the same moments for ever, since no clock is faster than another, or not by enough for a
 * message to arrive in between; null: not, for each view has its leader (`primary`), or no timer runs any more.
 */
export function lockstep(
  { entry: { protocol }, parameters }: Simulation,
  { end, measures }: Pick<Ended, "end" | "measures">,
): string | null {
  if (protocol.primary || end.kind === "quiet" || measures.longestTimer === 0) return null;
  const { timerJitter } = parameters;
  if (timerJitter === 0)
    return "the protocol names no leader of a view, and timers of one length ran out at the same moment, so nodes may have stood for election together each time: use --timer-jitter 1";
  const flightMs = likelyFlightMs(parameters);
  const apartMs = (measures.longestTimer / 1000) * (timerJitter / (1 + timerJitter));
  if (apartMs >= delaysOfView * flightMs) return null;
  return (
    `the protocol names no leader of a view, and timers of one length ran out within ${Math.ceil(apartMs)} ms, in which few messages of ` +
    `${Math.round(flightMs)} ms arrive, so nodes may have stood for election together each time (use a larger --timer-jitter or --timeout)`
  );
}

/**
 * Whether nodes entered views to the end, of which none has a leader of its own: who wins an election is chance, and the next one may serve
 * those whom the last one has not; null: not.
 */
function stillElecting(
  { entry: { protocol } }: Simulation,
  { end, time, measures, highestView, highestViewAt }: Ended,
): string | null {
  if (protocol.primary || highestView === 0 || end.kind === "quiet") return null;
  if (time - highestViewAt > 2 * measures.longestTimer) return null;
  return `the protocol names no leader of a view, and after ${highestView} of them nodes still went on to the next, which might have served (other seeds may tell)`;
}

/** Whether everybody has decided once, and the protocol does not say whether it owes more than that; null: it does say so. */
function unsaid({ entry: { protocol }, parameters }: Simulation, { measures }: Ended): string | null {
  const isAsked = protocol.promises !== undefined || parameters.properties !== null || parameters.clients > 0;
  if (isAsked || parameters.requests === 1 || measures.latencies.length !== 1) return null;
  return 'one request was executed everywhere, and the protocol does not say whether it owes more (`promises: "termination"` or "all-execute")';
}

/** Whether the protocol guarantees anything: enough replicas for f, at most f of them faulty, and these in a way that it bears. */
export function isInsideContract({
  entry: { protocol },
  config,
  byzantine,
  gone,
  puppet,
}: Simulation): boolean {
  const lies = byzantine.length > 0 && puppet !== null && puppet.lies !== false;
  return (
    byzantine.length + gone.length <= config.faults &&
    config.replicas >= nodesNeeded(protocol, config.faults) &&
    !(lies && bearsOnlyCrashes(protocol))
  );
}
