// Explains as many steps as it can: the longest prefix that an execution of the model has, and why each node's next step does not belong to it.
//
// What makes a step possible stays: a message that was sent can be received ever after, and Byzantine nodes forget nothing. So steps that are
// possible are taken in any order, and the prefix in which none is left is the only longest one.

import { type Canonicalizer, SchemaMismatch } from "../model/canonical.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { NodeRun, RecordedStep, StepProblem } from "../records/index.js";
import type { Describer } from "../render/describe.js";
import { Said } from "./said.js";
import { inputWords, problemWords } from "./step-words.js";

/** A step that could come next, and why it does not. */
export interface Candidate {
  readonly node: NodeId;
  /** Its number among the steps of its node, from 1. */
  readonly number: number;
  readonly step: RecordedStep;
  /** What the node is said to have done, in words. */
  readonly what: string;
  /** Why no execution of the model does that after the explained steps. */
  readonly reason: string;
  /** The node waits: its step comes after one of another node that is not explained. So the fault is not here. */
  readonly waits: boolean;
}

/** What was explained, and what was not. */
export interface Explained {
  /** In the order of an execution. */
  readonly order: readonly RecordedStep[];
  /** The next step of each node that has one; none if all steps are explained. Those that wait come last. */
  readonly frontier: readonly Candidate[];
}

/** What an explanation needs. */
export interface ExplanationDependencies {
  /** In an order that agrees with the clocks. */
  readonly steps: readonly RecordedStep[];
  readonly nodes: ReadonlyMap<NodeId, NodeRun>;
  readonly said: Said;
  readonly canonical: Canonicalizer;
  readonly describe: Describer;
}

/** The steps of one node. */
interface Queue {
  readonly node: NodeId;
  readonly steps: readonly Numbered[];
  /** How many of them its behaviour may make, one after the other. */
  readonly made: number;
  /** Why not the next one. */
  readonly problem: StepProblem | null;
  done: number;
}

/** A step with its place in the order. */
interface Numbered {
  readonly step: RecordedStep;
  readonly place: number;
  /** The message that it receives, as the node has received it: in canonical form. Null: it receives none. */
  readonly message: Json | SchemaMismatch | null;
}

/** See the file comment. */
export class Explanation {
  readonly #deps: ExplanationDependencies;
  readonly #queues: ReadonlyMap<NodeId, Queue>;
  readonly #order: RecordedStep[] = [];

  constructor(dependencies: ExplanationDependencies) {
    this.#deps = dependencies;
    const { nodes, steps, canonical } = dependencies;
    const own = new Map([...nodes.keys()].map((node) => [node, [] as Numbered[]]));
    for (const [place, step] of steps.entries()) {
      const message = step.input.kind === "message" ? canonical(step.input.message) : null;
      own.get(step.node)?.push({ step, place, message });
    }
    this.#queues = new Map(
      [...nodes].map(([node, run]) => {
        const steps = own.get(node)!;
        let [made, problem]: [number, StepProblem | null] = [0, null];
        while (made < steps.length) {
          if (steps[made]!.message instanceof SchemaMismatch) break; // no behaviour receives that: see #unsaid
          problem = run.take(received(steps[made]!));
          if (problem !== null) break;
          made++;
        }
        return [node, { node, steps, made, problem, done: 0 }];
      }),
    );
  }

  find(): Explained {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const { node, steps, done } = next;
      const { step } = steps[done]!;
      if (!this.#deps.nodes.get(node)!.undone.has(done)) this.#deps.said.add(node, step.effects);
      next.done++;
      this.#order.push(step);
    }
    return { order: this.#order, frontier: this.#frontier() };
  }

  /**
   * Whoever can make a step now; of several the one that comes first in the order. Where the record is right, that is the first one that is
   * looked at.
   */
  #next(): Queue | null {
    const tried = new Set<Queue>();
    for (let first = this.#first(tried); first !== null; first = this.#first(tried)) {
      if (this.#obstacle(first) === null) return first;
      tried.add(first);
    }
    return null;
  }

  /** Of the nodes that have a step left, and are not among these, the one whose step comes first in the order. */
  #first(except: ReadonlySet<Queue>): Queue | null {
    let best: Queue | null = null;
    let bestPlace = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      const place = queue.steps[queue.done]?.place ?? Number.POSITIVE_INFINITY;
      if (place < bestPlace && !except.has(queue)) [best, bestPlace] = [queue, place];
    }
    return best;
  }

  /** Why the next step of a node is not possible now, or null. It is put into words only where somebody reads them. */
  #obstacle(queue: Queue): { readonly reason: () => string; readonly waits: boolean } | null {
    const next = queue.steps[queue.done]!;
    const { step } = next;
    const earlier = this.#before(step);
    if (earlier !== null) return { reason: earlier, waits: true };
    const unsaid = this.#unsaid(next);
    if (unsaid !== null) return { reason: unsaid, waits: false };
    if (queue.done < queue.made) return null;
    return { reason: () => problemWords(queue.problem!, step.node, this.#deps.describe), waits: false };
  }

  /** Which unexplained step of another node it comes after, by its clock. */
  #before({ node, clock }: RecordedStep): (() => string) | null {
    for (const [other, count] of Object.entries(clock)) {
      const queue = this.#queues.get(other);
      if (other === node || queue === undefined) continue;
      if (queue.done < Math.min(count, queue.steps.length))
        return () =>
          `it comes after step ${count} of ${other}, and only ${queue.done} of ${other} are explained`;
    }
    return null;
  }

  #frontier(): Candidate[] {
    const left = [...this.#queues.values()].filter(({ steps, done }) => done < steps.length);
    const candidates = left.map((queue): Candidate & { readonly place: number } => {
      const { step, place } = queue.steps[queue.done]!;
      const what = inputWords(step, this.#deps.describe);
      const { reason, waits } = this.#obstacle(queue)!;
      return { node: queue.node, number: queue.done + 1, step, what, reason: reason(), waits, place };
    });
    candidates.sort((a, b) => Number(a.waits) - Number(b.waits) || a.place - b.place);
    return candidates.map(({ place: _, ...candidate }) => candidate);
  }

  /** Why a message cannot have come, or null. One that is looked at again comes once more. */
  #unsaid({ step: { node, input }, message }: Numbered): (() => string) | null {
    if (input.kind !== "message") return null;
    const { from, via = from } = input;
    const { said, nodes } = this.#deps;
    if (message instanceof SchemaMismatch) return () => `that is no message of the protocol: ${message}`;
    const author = Said.authorOf(message, via);
    if (author !== from) return () => `it takes the message for one of ${from}, and it is one of ${author}`;
    if (!said.isByzantine(via)) {
      if (!nodes.has(via)) return () => `there is no node ${via}`;
      return said.wasSent(via, node, message) ? null : () => this.#notSent(via, node, message);
    }
    if (said.canBeSaid(message)) return null;
    return () =>
      `${via} is Byzantine, and can still not have said that: it would have to forge a signature or a certificate`;
  }

  #notSent(via: NodeId, node: NodeId, message: Json): string {
    const { said, nodes } = this.#deps;
    const queue = this.#queues.get(via)!;
    const { undone } = nodes.get(via)!;
    const lost = queue.steps.findIndex(
      ({ step }, index) => undone.has(index) && said.sends(via, step.effects, node, message),
    );
    if (lost >= 0)
      return `${via} has sent that to ${node} only in its step ${lost + 1}, which is undone: after its crash it has come back with what was on its disk before`;
    const later = queue.steps.findIndex(({ step }, index) => {
      return index >= queue.done && said.sends(via, step.effects, node, message);
    });
    const others = said.sendersOf(node, message, [...nodes.keys()]);
    const hint = others.length > 0 ? `; ${others.join(" and ")} has` : "";
    const when = later < 0 ? "" : ` (only in its step ${later + 1}, which is not explained)`;
    return `${via} has not sent that to ${node} by then${when}${hint}`;
  }
}

/** The step with its message as the node has received it. A behaviour may look at the order of keys. */
function received({ step, message }: Numbered): RecordedStep {
  const { input } = step;
  if (input.kind !== "message" || message instanceof SchemaMismatch) return step;
  return { ...step, input: { ...input, message: message as Json } };
}
