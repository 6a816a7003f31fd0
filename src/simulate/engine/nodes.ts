// The nodes of a run: their states, timers and deferred messages, and what an input does to them.
//
// Hot file: nothing is validated, frozen or copied after the first steps (see step-calls.ts), and effects are
// dispatched with a `switch`.

import { restartOutcomes } from "../../model/disk.js";
import { UserError } from "../../model/errors.js";
import type { EventQueue } from "../../model/timed/event-queue.js";
import type { Micros } from "../../model/timed/timing.js";
import type {
  Effect,
  Event,
  FaultHooks,
  Input,
  Json,
  Random,
  ReplicaStanding,
  Step,
} from "../../protocol/index.js";
import type { Measures } from "../measures.js";
import type { Network } from "../network.js";
import type { RecordedNode, RunObserver } from "../observer.js";
import { purpose, randomFor } from "../random.js";
import type { Simulation } from "../setting.js";
import { SimulatedFaults } from "../simulated-faults.js";
import type { Watch } from "../watch.js";
import type { Processors } from "./processors.js";
import type { Progress } from "./progress.js";
import type { Requests } from "./requests.js";
import { Sender } from "./sender.js";
import { StepCalls } from "./step-calls.js";

type AnyInput = Input<Json>;

/** What the nodes need from the run that they are part of. */
export interface NodeDependencies {
  readonly simulation: Simulation;
  readonly queue: EventQueue<AnyInput>;
  readonly network: Network;
  readonly measures: Measures;
  readonly watch: Watch;
  readonly requests: Requests;
  readonly progress: Progress;
  readonly processors: Processors;
  /** Who records the run, if anybody does. */
  readonly recorder?: RunObserver | null;
}

/** The nodes of a run. */
export class Nodes {
  /** How many messages have reached their receivers. */
  delivered = 0;
  readonly #deps: NodeDependencies;
  readonly #queue: EventQueue<AnyInput>;
  readonly #calls: StepCalls;
  readonly #recorder: RunObserver | null;
  readonly #sender: Sender;
  readonly #choice: Random;
  readonly #timerLuck: Random;
  readonly #stepFaults: SimulatedFaults;
  /** By node: its fault hooks; null if it is correct. */
  readonly #hooks: readonly (FaultHooks<Json> | null)[];
  readonly #states: Json[] = [];
  /** By node: the timers that are set, each with the input that its expiry is. */
  readonly #timers: readonly Map<string, AnyInput>[];
  readonly #deferred: readonly Map<string, AnyInput>[];
  /** By node: the highest view that it was in, and the highest slot at which it has executed something. */
  readonly #views: Float64Array;
  readonly #executed: Float64Array;
  /** The slot of a position in the log, as far as a correct node has executed something there. */
  readonly #slots: number[] = [];
  /** Whether a property looks at states. */
  readonly #looks: boolean;
  /** Who is down. */
  readonly #down = new Set<number>();

  constructor(dependencies: NodeDependencies) {
    const { simulation } = dependencies;
    const { nodes, byzantine, parameters } = simulation;
    this.#deps = dependencies;
    this.#queue = dependencies.queue;
    this.#recorder = dependencies.recorder ?? null;
    this.#calls = new StepCalls(simulation);
    this.#choice = randomFor(parameters.seed, purpose.choice);
    this.#timerLuck = randomFor(parameters.seed, purpose.timers);
    this.#stepFaults = new SimulatedFaults(simulation);
    const [stepFaults, hooks] = [
      this.#stepFaults,
      nodes.map(({ id }) => (byzantine.includes(id) ? this.#stepFaults.attach(id) : null)),
    ];
    this.#hooks = hooks;
    this.#sender = new Sender({ ...dependencies, stepFaults, hooks });
    this.#timers = nodes.map(() => new Map());
    this.#deferred = nodes.map(() => new Map());
    this.#views = new Float64Array(nodes.length);
    this.#executed = new Float64Array(nodes.length);
    this.#looks = dependencies.watch.looks;
  }

  /** Starts all nodes. */
  begin(): void {
    for (let node = 0; node < this.#hooks.length; node++) {
      const outcomes = this.#calls.init(node);
      const sides = outcomes.filter(({ random }) => random);
      const start = sides.length === 0 ? outcomes[0] : sides[this.#choice.below(sides.length)];
      const label = sides.length === 0 ? undefined : start!.label;
      this.#recorder?.took({ node, input: { kind: "start" }, outcome: start!, label, again: false });
      this.#settle(node, start!);
      this.#recorder?.began(node, label);
    }
    this.#recorder?.allBegan();
  }

  /** Where a node stands. */
  standing(node: number): RecordedNode {
    const state = this.#states[node]!;
    const { id } = this.#deps.simulation.nodes[node]!;
    return {
      node: id,
      view: this.#calls.view(node, state),
      timers: [...this.#timers[node]!.keys()],
      down: this.#down.has(node),
      state,
    };
  }

  /** How far the correct replicas that are up have got. */
  replicasStand(): readonly ReplicaStanding[] {
    const { nodes, gone } = this.#deps.simulation;
    return nodes.flatMap(({ id, role }, node) => {
      if (role !== "replica" || this.#hooks[node] !== null || gone.includes(id)) return [];
      return [{ node: id, view: this.#views[node]!, executed: this.#executed[node]! }];
    });
  }

  /** A node loses all but what is on its disk, and its timers with it. */
  crash(node: number): void {
    this.#down.add(node);
    this.#timers[node]!.clear();
    this.#recorder?.crashed(node);
  }

  /** A node that has crashed comes back with what is on its disk. What it had deferred was never taken, so it comes again. */
  restart(node: number): void {
    this.#down.delete(node);
    const { nodes, config } = this.#deps.simulation;
    const spec = nodes[node]!;
    const outcomes = restartOutcomes(spec, { self: spec.id, config }, this.#states[node]!, "volatile");
    const outcome = outcomes.length === 1 ? outcomes[0]! : outcomes[this.#choice.below(outcomes.length)]!;
    const label = outcomes.length === 1 ? undefined : outcome.label;
    this.#recorder?.took({ node, input: { kind: "restart" }, outcome, label, again: false });
    const deferred = [...this.#deferred[node]!.values()];
    this.#deferred[node]!.clear();
    this.#settle(node, outcome);
    this.#recorder?.restarted(node);
    for (const input of deferred) this.#queue.add(this.#queue.time, node, input);
  }

  /** A node handles an input. */
  handle(node: number, input: AnyInput): void {
    if (input.kind === "message") this.delivered++;
    else if (this.#deps.progress.isDone) return;
    if (input.kind === "timer") {
      const timers = this.#timers[node]!;
      if (timers.get(input.timer) !== input) return; // cancelled or set anew since
      timers.delete(input.timer);
    }
    const hooks = this.#hooks[node]!;
    if (hooks !== null) {
      this.#stepFaults.learn(input);
      if (hooks.hears && !hooks.hears(input)) return;
    }
    if (this.#step(node, input) && this.#deferred[node]!.size > 0) this.#retryDeferred(node);
    this.#recorder?.handled(node, input);
  }

  /** Evaluates one step; `again`: of a message that was deferred. True if the state changed. */
  #step(node: number, input: AnyInput, again = false): boolean {
    const before = this.#states[node]!;
    const outcomes = this.#calls.step(node, before, input);
    const outcome = outcomes.length === 1 ? outcomes[0]! : outcomes[this.#choice.below(outcomes.length)]!;
    const { effects } = outcome;
    const deferred = this.#deferred[node]!;
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i]!;
      if (effect.kind === "defer" && !deferred.has(effect.key)) deferred.set(effect.key, input);
    }
    if (this.#recorder !== null) {
      const label = outcomes.length === 1 ? undefined : outcome.label;
      this.#recorder.took({ node, input, outcome, label, again });
    }
    this.#settle(node, outcome);
    return outcome.state !== before;
  }

  /** Delivers deferred messages again after every change of the state, until one changes nothing. */
  #retryDeferred(node: number): void {
    const deferred = this.#deferred[node]!;
    for (let changed = true; changed && deferred.size > 0; ) {
      const again = [...deferred.values()];
      deferred.clear();
      changed = false;
      for (const input of again) if (this.#step(node, input, true)) changed = true;
    }
  }

  /** Stores the new state, and performs its effects. */
  #settle(node: number, { state, effects, events }: Step<Json, Json>): void {
    const changed = this.#states[node] !== state;
    this.#states[node] = state;
    if (effects.length > 0) this.#perform(node, effects);
    if (this.#hooks[node] !== null) return;
    if (changed) this.#noteView(node, state);
    if (events.length > 0) this.#observe(node, events);
    if (changed && this.#looks) this.#deps.watch.look(this.#deps.simulation.nodes[node]!, state);
  }

  #perform(node: number, effects: readonly Effect<Json>[]): void {
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i]!;
      switch (effect.kind) {
        case "broadcast":
          this.#sender.broadcast(node, effect.message);
          break;
        case "send":
          this.#sender.send(node, effect.to, effect.message);
          break;
        case "set-timer": {
          const input: AnyInput = { kind: "timer", timer: effect.timer };
          this.#timers[node]!.set(effect.timer, input);
          this.#queue.add(this.#queue.time + this.#timerDelay(node, effect.delay), node, input);
          break;
        }
        case "cancel-timer":
          this.#timers[node]!.delete(effect.timer);
          break;
        case "defer":
          break; // kept in `#step`
        default:
          effect satisfies never;
      }
    }
  }

  /** Refuses a delay that is not a number, which would break the order of the queue. */
  #timerDelay(node: number, delay = 1): Micros {
    const { nodes, parameters } = this.#deps.simulation;
    const { timerJitter } = parameters;
    if (delay >= 0 && delay < Number.POSITIVE_INFINITY) {
      const longer = timerJitter > 0 ? 1 + timerJitter * this.#timerLuck.float() : 1;
      const runs = Math.round(delay * longer * parameters.timeoutMs * 1000);
      const { measures } = this.#deps;
      if (runs > measures.longestTimer && this.#hooks[node] === null) measures.longestTimer = runs;
      return runs;
    }
    throw new UserError(
      "protocol-malformed",
      `${nodes[node]!.id} set a timer with the delay ${delay}, which is not a finite number, 0 or more.`,
    );
  }

  /** How far a node has executed, or installed what others had executed. */
  #noteExecution(node: number, event: Event): void {
    if (event.kind === "executed") this.#slots[event.position] ??= event.slot;
    const isInstalled = event.kind === "custom" && event.name === "state-installed";
    const slot = event.kind === "executed" ? event.slot : isInstalled ? this.#slots[Number(event.data)] : 0;
    this.#executed[node] = Math.max(this.#executed[node]!, slot ?? 0);
  }

  #noteView(node: number, state: Json): void {
    const view = this.#calls.view(node, state);
    if (view === null || view <= this.#views[node]!) return;
    const { progress, measures } = this.#deps;
    this.#views[node] = view;
    progress.entered(this.#queue.time, view, measures.longestTimer);
  }

  /** Tells measures and monitors what a correct node shows; a client that was served may want more. */
  #observe(node: number, events: readonly Event[]): void {
    const { simulation, measures, watch, requests, progress } = this.#deps;
    const now = this.#queue.time;
    const { id } = simulation.nodes[node]!;
    const executor = simulation.gone.includes(id) ? null : id;
    let wantsMore = false;
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      watch.observe(id, event);
      this.#noteExecution(node, event);
      if (measures.observe(event, now, executor))
        progress.served(now, measures.latencies.length >= requests.total);
      if (event.kind === "accepted") wantsMore = true;
      if (event.kind === "invoked") {
        requests.submitted(node);
        wantsMore = false; // a client that goes on by itself
      }
    }
    if (wantsMore) requests.giveNext(node);
  }
}
