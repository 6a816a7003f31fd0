// Merges the records of nodes into one order that agrees with their vector clocks: a step comes after every step that its clock counts.
// Steps that neither clock orders stand by the time of the nodes' own clocks.

import { UserError } from "../model/errors.js";
import type { NodeId } from "../protocol/index.js";
import type { Records } from "./reader.js";
import type { RecordedStep } from "./schema.js";

/** The steps in an order that agrees with the clocks. */
export interface Merged {
  readonly steps: readonly RecordedStep[];
  /**
   * By node: the highest number of its steps that others have counted, where that is more than its record has. Its record lacks its end,
   * or somebody has lied about it.
   */
  readonly missing: { readonly [node: NodeId]: number };
}

/** @throws {UserError} `bad-file` if a node's own clock does not count 1, 2, 3, or clocks contradict each other. */
export function merged({ heads, steps }: Records): Merged {
  const queues = new Map<NodeId, RecordedStep[]>([...heads.keys()].map((node) => [node, []]));
  for (const step of steps) queues.get(step.node)!.push(step);
  for (const [node, own] of queues) refuseGaps(node, own);
  const done = new Map<NodeId, number>();
  const missing: { [node: NodeId]: number } = {};
  const isReady = ({ node, clock }: RecordedStep) =>
    Object.entries(clock).every(([other, count]) => {
      const there = queues.get(other)?.length ?? 0;
      if (count > there && heads.has(other)) missing[other] = Math.max(count, missing[other] ?? 0);
      return other === node || (done.get(other) ?? 0) >= Math.min(count, there);
    });
  const out: RecordedStep[] = [];
  while (out.length < steps.length) {
    let next: RecordedStep | null = null;
    for (const [node, own] of queues) {
      const step = own[done.get(node) ?? 0];
      if (step !== undefined && (next === null || step.at < next.at) && isReady(step)) next = step;
    }
    if (next === null) throw contradiction(queues, done);
    done.set(next.node, (done.get(next.node) ?? 0) + 1);
    out.push(next);
  }
  return { steps: out, missing };
}

function refuseGaps(node: NodeId, steps: readonly RecordedStep[]): void {
  for (const [index, { clock }] of steps.entries())
    if (clock[node] !== index + 1)
      throw new UserError(
        "bad-file",
        `the record of ${node} is not whole: its step number ${index + 1} has the number ${clock[node] ?? "none"} in its own clock.`,
      );
}

function contradiction(
  queues: ReadonlyMap<NodeId, RecordedStep[]>,
  done: ReadonlyMap<NodeId, number>,
): UserError {
  const stuck = [...queues].flatMap(([node, own]) => {
    const step = own[done.get(node) ?? 0];
    return step === undefined ? [] : [`step ${(done.get(node) ?? 0) + 1} of ${node}`];
  });
  return new UserError(
    "bad-file",
    `the clocks contradict each other: each of ${stuck.join(", ")} is said to come after another of them.`,
  );
}
