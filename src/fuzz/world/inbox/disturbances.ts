// What a network can do in a state besides delivering: lose or duplicate a message, part replicas, heal.

import type { NetworkAction } from "../../../model/action.js";
import { hashText } from "../../../model/hash.js";
import { Successors } from "../../../model/successors.js";
import type { TransitionSystem } from "../../../model/system.js";

/** One thing that the network can do. */
export interface Disturbance {
  readonly node: number;
  /** The packet, or the number of the cut. */
  readonly what: number;
  readonly action: NetworkAction;
}

const successors = new Successors();

/** All of them, in an order of content. */
export function disturbancesIn(system: TransitionSystem, vector: Int32Array): Disturbance[] {
  system.channelSteps!.byNetwork(vector, successors);
  const { reactions } = system;
  return Array.from({ length: successors.length }, (_, index) => {
    const [node, cause] = [successors.node(index), successors.cause(index)];
    const action = reactions.action(node, cause) as NetworkAction;
    return { node, what: reactions.subjectOf(cause), action, key: hashText(JSON.stringify(action)) };
  }).sort((a, b) => a.key - b.key);
}
