// Calls the protocol's functions in a run. What the first steps return is checked as closely as in a search;
// later steps only for exceptions, clocks and dice. (Check a protocol first: the search finds a step function
// that mutates its input or answers differently twice.)
//
// Hot file: nothing is made for a single call, and the run as a whole is called `purely`.

import { calling, guarding, UserError } from "../../model/errors.js";
import { clip } from "../../model/evaluate.js";
import { outcomesProblem } from "../../model/outcome-problem.js";
import { Impurity, refuseImpurity } from "../../model/purity.js";
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
  /** By node: its `view`, if it has one. */
  readonly #views: readonly ((state: Json) => number)[];
  /** The arguments of the present step, or of the last one. */
  #node = 0;
  #state: Json = null;
  #input: Input<Json> | null = null;
  #checked = 0;

  constructor({ nodes, config }: Simulation) {
    this.#nodes = nodes;
    this.#contexts = nodes.map(({ id: self }) => ({ self, config }));
    this.#views = nodes.map(({ id, behaviour }) =>
      guarding("protocol-threw", `view() of ${id}`, (state: Json) => behaviour.view!(state)),
    );
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
    this.#node = node;
    this.#state = state;
    this.#input = input;
    const before = calls(this.#naming);
    try {
      const { behaviour } = this.#nodes[node]!;
      const outcomes = behaviour.step(this.#contexts[node]!, state, input as never) as AnyOutcomes;
      refuseImpurity();
      if (this.#checked < checkedSteps) {
        this.#checked++;
        this.#refuseMalformed(node, outcomes);
      }
      return outcomes;
    } catch (error) {
      throw this.#problem(node, input, error);
    } finally {
      calls(before);
    }
  }

  readonly #naming = () => {
    const when = `on ${JSON.stringify(this.#input)} in state ${JSON.stringify(this.#state)}`;
    return `${this.#nodes[this.#node]!.id}, ${clip(when)},`;
  };

  /** The view of a state, or null if the node has no views. */
  view(node: number, state: Json): number | null {
    return this.#nodes[node]!.behaviour.view ? this.#views[node]!(state) : null;
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
        { frames: userFrames(error) },
      );
    const what = input.kind === "message" ? typeNameOf(input.message) : input.kind;
    return new UserError(
      "protocol-threw",
      `step() of ${id} threw "${thrownText(error)}" on the input ${what}.`,
      { frames: userFrames(error) },
    );
  }
}
