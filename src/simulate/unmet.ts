// A goal that a simulated run has not met: a violation only if the run gave the protocol the time, the network and the correct replicas that
// it assumes, and if the protocol promises the goal at all.

import { bearsOnlyCrashes, nodesNeeded } from "../model/contract.js";
import { whyItStalls } from "../model/setting.js";
import type { Micros } from "../model/timed/timing.js";
import type { NodeId, ReplicaStanding } from "../protocol/index.js";
import type { Verdict } from "../verdict/verdict.js";
import { likelyMaxMs } from "./delay.js";
import type { End, SteadyPart } from "./end.js";
import type { Measures } from "./measures.js";
import { likelyFlightMs } from "./network.js";
import { type Simulation, stableFromMs } from "./setting.js";

/** What a run was when it ended. */
export interface Ended {
  readonly end: End;
  /** The part without chance; null: there was none. */
  readonly steady: SteadyPart | null;
  readonly measures: Measures;
  /** When the run ended. */
  readonly time: Micros;
  /** The highest view that a correct replica entered. */
  readonly highestView: number;
  /** When the first one entered it. */
  readonly highestViewAt: Micros;
  /** How far the correct replicas that are up had got. */
  readonly standing: readonly ReplicaStanding[];
}

/** The verdict on a goal that was not met, and why it is this one. */
export function unmet(simulation: Simulation, outcome: Ended): [Verdict, string] {
  const outside = notPromised(simulation, outcome);
  if (outside !== null) return ["outside", outside];
  const early = tooEarly(simulation, outcome);
  if (early !== null) return ["inconclusive", early];
  const alone = leftBehind(simulation, outcome);
  const stays = alone.length > 0 ? stallsIn(simulation, outcome, outcome.standing) : null;
  if (stays !== null) return ["outside", notOwed(stays)];
  const open = unsaid(simulation, outcome, alone);
  return open === null ? ["violated", "not live"] : ["inconclusive", open];
}

/** Why nobody is promised anything in such a run, or null. */
function notPromised(simulation: Simulation, outcome: Ended): string | null {
  const { end } = outcome;
  if (!isInsideContract(simulation)) return "not live, outside the contract";
  const stalls = stallsIn(simulation, outcome);
  if (stalls !== null) return notOwed(stalls);
  if (end.kind === "interrupted" || end.kind === "limit") return null; // it might have come yet
  const { tooLong } = outcome.measures;
  if (tooLong > 0) return `not live, and ${tooLong} messages were too long to be sent (--max-message)`;
  return stableFromMs(simulation.parameters) === null
    ? "not live, and the network loses messages to the end, which no protocol promises to live with"
    : null;
}

function notOwed(why: string): string {
  return `not live, and not promised: ${why}`;
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

/** Why the protocol itself promises nothing in such a run, or null. `standing`: how far its replicas had got, if that is to count. */
function stallsIn(
  { entry: { protocol }, ...run }: Simulation,
  { highestView }: Ended,
  standing: readonly ReplicaStanding[] = [],
): string | null {
  const deceives = run.byzantine.length > 0 && run.puppet?.lies !== false;
  const faulty = [...run.byzantine, ...run.gone].sort();
  return whyItStalls(protocol, run.config, {
    ...{ byzantine: faulty, crashed: deceives ? run.gone : faulty },
    ...{ views: highestView, deceives, unbounded: true, standing },
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

/** What is left open where the protocol does not say what it owes; null: nothing. */
function unsaid(
  { entry: { protocol }, parameters }: Simulation,
  { measures }: Ended,
  alone: readonly NodeId[],
): string | null {
  const isAsked = protocol.promises !== undefined || parameters.properties !== null || parameters.clients > 0;
  if (isAsked) return null;
  if (alone.length > 0)
    return (
      `${alone.join(", ")} went on to a later view alone, and the others have executed everything; the protocol does not say whether it owes ` +
      'that nobody stays behind (`promises: "all-execute"`)'
    );
  if (parameters.requests === 1 || measures.latencies.length !== 1) return null;
  return 'one request was executed everywhere, and the protocol does not say whether it owes more (`promises: "termination"` or "all-execute")';
}

/**
 * Who stays behind without clients: at most f replicas have executed less than the others, which have executed everything, and are in a later view
 * than all of these. Messages that came late, or not before a partition healed, may have found them gone.
 */
function leftBehind(simulation: Simulation, { standing, measures }: Ended): readonly NodeId[] {
  const { config, parameters } = simulation;
  const last = Math.max(0, ...standing.map(({ executed }) => executed));
  const ahead = standing.filter(({ executed }) => executed === last);
  const behind = standing.filter(({ executed }) => executed < last);
  const view = Math.max(...ahead.map((one) => one.view));
  const areAlone = behind.length <= config.faults && behind.every((one) => one.view > view);
  const isRest = parameters.clients === 0 && measures.fewestExecutors() >= ahead.length;
  return areAlone && isRest && !isTimely(simulation) ? behind.map(({ node }) => node) : [];
}

/** Whether nobody is faulty and no message can have come late: then nobody had to leave a view before its messages. */
function isTimely({ parameters, byzantine }: Simulation): boolean {
  const { delay, reorder, processingDelayMs, crypto, bandwidthMbps } = parameters;
  const isBounded = delay.kind === "constant" || delay.kind === "uniform";
  const isInstant = processingDelayMs === 0 && crypto === null && bandwidthMbps === null && reorder === 0;
  const isStable = stableFromMs(parameters) === likelyMaxMs(delay); // from the start, with nobody down
  return byzantine.length === 0 && isBounded && isInstant && isStable;
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
