// The service bound: how long a client of PBFT may have to wait once the network is synchronous. It computes
// what the paper's "liveness, provided that delay(t) does not grow faster than t indefinitely" (OSDI'99,
// section 2) amounts to, for a network on which after GST every message of use to its receiver arrives within
// Delta. T is the base timeout of replicas and clients.
//
// 1. By t1 = GST + T + Delta every correct replica has the request: the client's timer expires within T, and
//    its broadcast takes Delta.
// 2. A view with a correct primary and T 2^v > 6 Delta that begins after t1 serves the client. Let the first
//    timer of a correct replica in it start at q. That replica has a quorum of view-changes, so f+1 correct
//    ones have been sent: by q + Delta all correct replicas have joined, by q + 2 Delta the primary has a
//    quorum, by q + 3 Delta its new-view is everywhere, and by 4, 5 and 6 Delta the pre-prepares, the
//    prepares and the commits. (Each may have come too early and been deferred: then it comes again within
//    Delta.) So all correct replicas execute before the first timer expires, and the replies arrive by q + 7
//    Delta.
// 3. No correct replica goes to view v+1 before some correct replica's timer of view v has expired. So the
//    highest view at t1 is an h with T (2^h - 1) <= t1. Of f+1 consecutive views one has a correct primary.
//    So a view as in 2 is at most the view w = max(h+1, v*) + f, where v* is the first with T 2^v > 6 Delta.
// 4. Until then each view u costs at most T 2^u + 2 Delta. Once all correct replicas are in u or a later
//    view, those that wait in u have within Delta what starts their timers. That is a quorum of view-changes,
//    for every replica that entered u has sent one, even if a new-view took it there; or f+1 view-changes for
//    later views, if some replica has skipped u. The timers expire at most T 2^u later. The replicas that
//    have executed, and so wait for nothing, join f+1 others within Delta. If fewer are left to wait, f+1
//    have executed.
//
// Together: T + Delta, for each u < w T 2^u + 2 Delta, and 8 Delta for the view w (one of them until q).

import type { Config, ServiceBound, Timeliness } from "../../protocol/index.js";

/**
 * Deltas from the first timer of a view to the last execution in it, and from the view's beginning to the
 * last reply.
 */
const [hopsToExecution, hopsToReply] = [6, 8];

/**
 * See the head of the file. Null where the argument does not hold: with several requests (timers restart
 * while others are served), checkpoints, reads, or authenticators (a pre-prepare may have to wait for the
 * client's own request); and with f > 1, where f correct replicas that skipped a view can leave the others
 * without a quorum in it.
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

/**
 * The last view for which a predicate holds that is true up to some view and false afterwards; 0 if it is
 * true for none.
 */
function lastView(isTrue: (view: number) => boolean): number {
  let view = 0;
  while (isTrue(view + 1)) view++;
  return view;
}
