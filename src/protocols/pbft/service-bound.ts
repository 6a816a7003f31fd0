// How long a client of PBFT may have to wait once the network is synchronous: the arithmetic behind "liveness, provided that delay(t) does not
// grow faster than t indefinitely" (OSDI'99, section 2), for a network on which after GST whatever is of use to its receiver arrives within
// Delta. T is the base timeout, of replicas and clients alike.
//
// 1. By t1 = GST + T + Delta every correct replica has the request: the client's timer runs out within T, and its broadcast takes Delta.
// 2. A view in which T 2^v > 6 Delta, with a correct primary, that begins after t1, serves the client. Say that the first correct
//    replica's timer in it starts at q. Then that replica has a quorum of view-changes, so f+1 correct ones have been sent: by q + Delta
//    everybody correct has joined, by q + 2 Delta the primary has a quorum, by q + 3 Delta its new-view is everywhere, and by 4, 5 and 6 Delta
//    the pre-prepares, the prepares and the commits. (Each may have come too early and been put off: then it comes again, within Delta.)
//    So before the first timer runs out all correct replicas have executed; the replies are there by q + 7 Delta.
// 3. Nobody correct goes to view v+1 before some correct replica's timer of view v has run out. So the highest view at t1 is an h with
//    T (2^h - 1) <= t1. Of f+1 views in a row one has a correct primary. So a view as in 2 is at most the view
//    w = max(h+1, v*) + f, where v* is the first with T 2^v > 6 Delta.
// 4. Until then each view u costs at most T 2^u + 2 Delta. Once everybody correct is in u or further, within Delta those who wait in u have
//    what starts their timers: a quorum of view-changes, for whoever has come into u has asked for it, also if a new-view took
//    it there; or f+1 view-changes for later views, if somebody has skipped u. The timers run out T 2^u later at most, and
//    those who have executed, and wait for nothing, join f+1 others within Delta. If fewer are left to wait, f+1 have executed.
//
// Together: T + Delta, for each u < w T 2^u + 2 Delta, and 8 Delta for the view w (one of them until q).

import type { Config, ServiceBound, Timeliness } from "../../protocol/index.js";

/** Deltas from the first timer of a view to the last execution in it, and from the view's beginning to the last reply. */
const [hopsToExecution, hopsToReply] = [6, 8];

/**
 * See the file comment. Null where that does not say anything: with several requests (timers start anew while others are served),
 * checkpoints, reads, or authenticators (a pre-prepare may have to wait for the client's own request); and with f > 1, where f correct replicas that have skipped a view can leave the others without a quorum in it.
 *
 * ```ts
 * serviceBound(config, { gst: 60, delta: 10, timeout: 20 }) // => { within: 490, views: 4 }
 * ```
 */
export function serviceBound(config: Config, { gst, delta, timeout }: Timeliness): ServiceBound | null {
  if (!isCovered(config)) return null;
  const untilKnown = timeout + delta;
  const highest = lastView((view) => timeout * (2 ** view - 1) <= gst + untilKnown);
  const longEnough = lastView((view) => timeout * 2 ** (view - 1) <= hopsToExecution * delta);
  const views = Math.max(highest + 1, longEnough) + config.faults;
  const before = timeout * (2 ** views - 1) + 2 * delta * views;
  return { within: untilKnown + before + hopsToReply * delta, views };
}

function isCovered(config: Config): boolean {
  const { faults, requests, operations = 1, checkpointInterval, reads, readOnly, authentication } = config;
  const isPlain = checkpointInterval === undefined && !reads && !readOnly;
  const isSigned = authentication !== "authenticators";
  return faults === 1 && requests * operations === 1 && isPlain && isSigned;
}

/** The last view of which something is true that is true up to some view and then no more; 0 if it is true of no later one. */
function lastView(isTrue: (view: number) => boolean): number {
  let view = 0;
  while (isTrue(view + 1)) view++;
  return view;
}
