// Calls the protocol's functions in a run. The first steps are checked as closely as those of a search; later
// ones only for exceptions. (Check a protocol first: the search finds a step function that mutates its input
// or is not deterministic.)

import { calling, UserError } from "../../model/errors.js";
import { clip } from "../../model/evaluate.js";
import { outcomesProblem } from "../../model/outcome-problem.js";
import { Impurity, purely } from "../../model/purity.js";
import { typeNameOf } from "../../model/terms.js";
import { thrownText, userFrames } from "../../model/user-frames.js";
import type { Context, Input, Json, NodeSpec, Step } from "../../protocol/index.js";
import { calls } from "../../watch/calls.js";
import type { Simulation } from "../setting.js";

/** The number of first steps that are checked closely. */
const checkedSteps = 1000;

/** The outcomes of a step of any protocol. */
type AnyOutcomes = readonly Step<Json, Json>[];

/** Calls `init`, `step` and `view` of the nodes of a run. */
export class StepCalls {
  readonly #nodes: readonly NodeSpec<Json>[];
  readonly #contexts: readonly Context[];
  #checked = 0;

  constructor({ nodes, config }: Simulation) {
    this.#nodes = nodes;
    this.#contexts = nodes.map(({ id: self }) => ({ self, config }));
  }

  /** The outcomes of a node's start. */
  init(node: number): AnyOutcomes {
    const { id, behaviour } = this.#nodes[node]!;
    const outcomes = calling("protocol-threw", `init() of ${id}`, () =>
      behaviour.init(this.#contexts[node]!, { kind: "start" }),
    );
    this.#refuseMalformed(node, outcomes);
    return outcomes as AnyOutcomes;
  }

  /** The outcomes of an input. @throws {UserError} if the step misbehaves. */
  step(node: number, state: Json, input: Input<Json>): AnyOutcomes {
    const call = () =>
      this.#nodes[node]!.behaviour.step(this.#contexts[node]!, state, input as never) as AnyOutcomes;
    const callBefore = calls(
      () =>
        `${this.#nodes[node]!.id}, ${clip(`on ${JSON.stringify(input)} in state ${JSON.stringify(state)}`)},`,
    );
    try {
      if (this.#checked >= checkedSteps) return call();
      this.#checked++;
      const outcomes = purely(call);
      this.#refuseMalformed(node, outcomes);
      return outcomes;
    } catch (error) {
      throw this.#problem(node, input, error);
    } finally {
      calls(callBefore);
    }
  }

  /** The view of a state, or null if the node has no views. */
  view(node: number, state: Json): number | null {
    const { id, behaviour } = this.#nodes[node]!;
    if (!behaviour.view) return null;
    return calling("protocol-threw", `view() of ${id}`, () => behaviour.view!(state));
  }

  #refuseMalformed(node: number, outcomes: unknown): void {
    const problem = outcomesProblem(outcomes);
    if (problem !== null) throw new UserError("protocol-malformed", `${this.#nodes[node]!.id} ${problem}.`);
  }

  #problem(node: number, input: Input<Json>, error: unknown): UserError {
    const { id } = this.#nodes[node]!;
    if (error instanceof UserError) return error;
    if (error instanceof Impurity)
      return new UserError(
        "protocol-nondeterministic",
        `step() of ${id} is nondeterministic: it asked ${error.message}. It must depend on its arguments alone.`,
      );
    const what = input.kind === "message" ? typeNameOf(input.message) : input.kind;
    return new UserError(
      "protocol-threw",
      `step() of ${id} threw "${thrownText(error)}" on the input ${what}.`,
      { frames: userFrames(error) },
    );
  }
}
