// Byzantine replicas in a simulation: runs each one's fault hooks and refuses forgeries. A signed statement,
// certificate or collection that a puppet sends must be its own, or have been sent to a Byzantine replica, or
// received by its own step function.

import { calling, guarding, UserError } from "../model/errors.js";
import type { FaultHooks, Input, Json, NodeId } from "../protocol/index.js";
import { purpose, randomFor } from "./random.js";
import type { Simulation } from "./setting.js";

interface Term {
  readonly tag?: unknown;
  readonly signer?: NodeId;
}

/** Runs the fault hooks of a run and checks the signatures that they use. */
export class SimulatedFaults {
  readonly #simulation: Simulation;
  /** Signed terms and certificates that Byzantine replicas have received. */
  readonly #seen = new WeakSet<object>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  attach(self: NodeId): FaultHooks<Json> {
    const { puppet, byzantine, config, parameters } = this.#simulation;
    const random = randomFor(parameters.seed, purpose.adversary, byzantine.indexOf(self));
    const what = (name: string) => `${name} of the puppet ${puppet!.name}, as ${self},`;
    const hooks = calling("adversary-threw", what("attach()"), () =>
      puppet!.attach({ self, byzantine, config, timeoutMs: parameters.timeoutMs, random }),
    );
    const says: typeof hooks.says = (to, message) => hooks.says(to, message);
    const hears = (input: Input<Json>) => hooks.hears!(input);
    return {
      ...(hooks.hears && { hears: guarding("adversary-threw", what("hears()"), hears) }),
      says: guarding("adversary-threw", what("says()"), says),
    };
  }

  /** Records an input to a Byzantine replica. */
  learn(input: Input<Json>): void {
    if (input.kind === "message") this.#remember(input.message);
    if (input.kind === "request") this.#remember(input.request);
  }

  /**
   * @throws {UserError} if what is sent instead of `meant` contains something that no Byzantine node could
   * have.
   */
  allow(said: Json, meant: Json): void {
    this.#remember(meant);
    if (said !== meant) this.#check(said);
  }

  #remember(value: unknown): void {
    if (typeof value !== "object" || value === null || this.#seen.has(value)) return;
    const { tag } = value as Term;
    if (tag === "signed" || tag === "certificate" || tag === "collection") this.#seen.add(value);
    for (const part of Object.values(value)) this.#remember(part);
  }

  #check(value: unknown): void {
    if (typeof value !== "object" || value === null || this.#seen.has(value)) return;
    const { tag, signer } = value as Term;
    const isOwn = tag === "signed" && this.#simulation.byzantine.includes(signer!);
    if (!isOwn && (tag === "signed" || tag === "certificate" || tag === "collection")) {
      const { name } = this.#simulation.puppet!;
      const whose = tag === "signed" ? `a statement of ${signer}` : `a ${tag}`;
      throw new UserError("adversary-malformed", `The adversary ${name} shows ${whose} that it cannot have.`);
    }
    for (const part of Object.values(value)) this.#check(part);
  }
}
