// The simulator's event loop: takes events in the order of virtual time and hands each to a node's step
// function. Only events advance time. The parts of a run are in engine/.

import { purely } from "../model/purity.js";
import { EventQueue } from "../model/timed/event-queue.js";
import type { Micros } from "../model/timed/timing.js";
import type { Input, Json, ReplicaStanding } from "../protocol/index.js";
import { DownTimes } from "./crash.js";
import type { End, SteadyPart } from "./end.js";
import { Nodes } from "./engine/nodes.js";
import { Processors } from "./engine/processors.js";
import { Progress } from "./engine/progress.js";
import { Requests } from "./engine/requests.js";
import { Measures } from "./measures.js";
import { type Network, networkOf } from "./network.js";
import type { RunObserver } from "./observer.js";
import type { Simulation } from "./setting.js";
import { Watch } from "./watch.js";

export interface Outcome {
  readonly end: End;
  /** The part without chance; null: there was none. */
  readonly steady: SteadyPart | null;
  readonly measures: Measures;
  readonly watch: Watch;
  /** When the run ended; if it is done, when the last request succeeded. */
  readonly time: Micros;
  readonly delivered: number;
  readonly events: number;
  /** The highest view that a correct replica entered. */
  readonly highestView: number;
  /** When the first one entered it. */
  readonly highestViewAt: Micros;
  /** How far the correct replicas that are up had got. */
  readonly standing: readonly ReplicaStanding[];
  /** The processor time that all replicas used. */
  readonly busy: Micros;
  readonly wallSeconds: number;
}

/** What does not change the result of a simulated run. */
export interface RunOptions {
  /** Ends the run at the next opportunity. */
  readonly signal?: AbortSignal;
  /** Called from time to time with the number of events so far. */
  readonly onProgress?: (events: number) => void;
}

/** The same, for a run that may be recorded. */
export interface RecordedOptions extends RunOptions {
  /** Default: nobody records it. */
  readonly recorder?: RunObserver;
}

/**
 * How long a run goes on before Node's event loop, which knows of an interrupt, has its turn, in
 * milliseconds.
 */
const breathMs = 100;

/** The clock is read about so often, in milliseconds, and after so many events at the latest. */
const burstMs = 2;
const maxBurst = 4096;

/** What the queue has for a crash or a restart: its place says which of them it is. */
const outage: Input<Json> = { kind: "timer", timer: "" };

type MessageInput = Input<Json> & { readonly kind: "message" };

/** Makes one run. */
export async function run(simulation: Simulation, options: RecordedOptions = {}): Promise<Outcome> {
  const startedAt = performance.now();
  const made = new Run(simulation, options.recorder ?? null);
  const end = await made.loop(options);
  return { ...made.outcome(end), wallSeconds: (performance.now() - startedAt) / 1000 };
}

/** One run: the queue of events, and those who handle them. */
class Run {
  readonly #simulation: Simulation;
  readonly #queue = new EventQueue<Input<Json>>();
  readonly #network: Network;
  readonly #measures: Measures;
  readonly #watch: Watch;
  readonly #progress: Progress;
  readonly #processors: Processors;
  readonly #nodes: Nodes;
  /** When nodes are down; null: never. */
  readonly #down: DownTimes | null;
  /** By node: the messages that have arrived and that it will not have handled when it crashes next, in their order. */
  readonly #unhandled: readonly MessageInput[][];
  readonly #maxTime: Micros;
  readonly #maxEvents: number;
  #now: Micros = 0;
  #events = 0;
  /** The part in which the network is steady; null: it has not begun. */
  #steady: SteadyPart | null = null;

  constructor(simulation: Simulation, recorder: RunObserver | null) {
    const { parameters, nodes, byzantine } = simulation;
    this.#simulation = simulation;
    this.#network = networkOf(simulation);
    // Without correct replicas no execution counts, so the run ends without success.
    const correct = nodes.filter(
      ({ id, role }) => role === "replica" && !byzantine.includes(id) && !simulation.gone.includes(id),
    );
    this.#measures = new Measures(parameters.clients > 0 ? 0 : Math.max(1, correct.length));
    this.#watch = new Watch(simulation);
    this.#progress = new Progress(simulation);
    this.#processors = new Processors(simulation);
    this.#maxTime = parameters.maxTimeMs === null ? Number.POSITIVE_INFINITY : parameters.maxTimeMs * 1000;
    this.#maxEvents = parameters.maxEvents ?? Number.POSITIVE_INFINITY;
    const requests = new Requests(simulation, this.#queue, this.#measures);
    this.#down = this.#downTimes();
    this.#unhandled = nodes.map(() => []);
    this.#nodes = new Nodes({
      ...{ simulation, requests, queue: this.#queue, network: this.#network, processors: this.#processors },
      ...{ measures: this.#measures, watch: this.#watch, progress: this.#progress },
      recorder,
    });
    recorder?.attach({
      time: () => this.#now,
      standing: (node) => this.#nodes.standing(node),
      standings: () => this.#watch.standings(),
    });
    this.#nodes.begin();
    requests.begin();
  }

  /**
   * Takes events until the run ends, in bursts: one is without clocks and dice as a whole, for taking them
   * away costs more than a step, and the clock is read after it.
   */
  async loop({ onProgress, signal }: RunOptions): Promise<End> {
    let breath = performance.now();
    let began = breath;
    for (let events = 1; ; ) {
      const end = purely(this.#burst, events, null, null);
      if (end !== null) return end;
      const now = performance.now();
      // A step may take a microsecond or a second.
      events = now - began < burstMs ? Math.min(2 * events, maxBurst) : Math.ceil(events / 2);
      began = now;
      if (now - breath <= breathMs) continue;
      onProgress?.(this.#events);
      await new Promise(setImmediate); // lets an interrupt in
      if (signal?.aborted) return { kind: "interrupted" };
      began = breath = performance.now();
    }
  }

  /** Takes a number of events; why the run ends, or null. */
  readonly #burst = (events: number): End | null => {
    for (let left = events; left > 0; left--) {
      const end = this.#next();
      if (end !== null) return end;
    }
    return null;
  };

  outcome(end: End): Omit<Outcome, "wallSeconds"> {
    return {
      end,
      steady: this.#steady,
      measures: this.#measures,
      watch: this.#watch,
      time: end.kind === "done" ? this.#measures.lastSuccess : this.#now,
      delivered: this.#nodes.delivered,
      events: this.#events,
      highestView: this.#progress.highestView,
      highestViewAt: this.#progress.highestViewAt,
      standing: this.#nodes.replicasStand(),
      busy: this.#processors.busy,
    };
  }

  /** Takes the next event; why the run ends, or null. */
  #next(): End | null {
    const queue = this.#queue;
    const progress = this.#progress;
    if (!queue.next()) return { kind: progress.isDone ? "done" : "quiet" };
    const { time } = queue;
    if (time > progress.waitsUntil && !progress.isDone) {
      const queued = Math.max(this.#processors.longestWait, this.#network.longestWait());
      const end = progress.endAt(time, queued, this.#measures.longestTimer);
      const goesOn = end?.kind === "gave-up" && (this.#mayYetServe(time) || this.#becomesSteady(time));
      if (end !== null && !goesOn) return end;
    }
    if (time > this.#maxTime) {
      this.#now = this.#maxTime;
      return progress.isDone ? { kind: "done" } : this.#limit(`${this.#simulation.parameters.maxTimeMs} ms`);
    }
    this.#now = time;
    this.#arrive(queue.node, queue.what!);
    if (this.#steady !== null && !this.#watch.isWaiting()) return { kind: "gave-up" };
    if (++this.#events >= this.#maxEvents && !progress.isDone)
      return this.#limit(`${this.#simulation.parameters.maxEvents} events`);
    return null;
  }

  /** Whether somebody still waits, and one of the next views may be the one that serves. */
  #mayYetServe(time: Micros): boolean {
    return this.#progress.isBetweenViews(time, this.#measures.longestTimer) && this.#watch.isWaiting();
  }

  /**
   * Whether what would follow without chance is tried, once, where many views failed in a network in which messages take now longer, now less: those
   * views may all have had bad luck. What succeeds now is not counted.
   */
  #becomesSteady(time: Micros): boolean {
    const { longestTimer } = this.#measures;
    if (this.#steady !== null || !this.#progress.isMoving(time, longestTimer)) return false;
    if (!this.#watch.isWaiting() || !this.#network.becomeSteady()) return false;
    this.#steady = { viewsInVain: this.#progress.viewsInVain, open: this.#watch.openGoals() };
    this.#measures.stop();
    this.#progress.beginAgain(time);
    return true;
  }

  #limit(what: string): End {
    return { kind: "limit", limit: `the limit of ${what}` };
  }

  /**
   * An input reaches its node, or has been handled by its processor, or a node crashes or restarts: then the queue has it under the node's
   * number plus once, twice or three times that of all nodes.
   */
  #arrive(place: number, input: Input<Json>): void {
    const { nodes } = this.#simulation;
    const count = nodes.length;
    if (place >= 2 * count) {
      if (place >= 3 * count) this.#restart(place - 3 * count);
      else this.#nodes.crash(place - 2 * count);
      return;
    }
    if (place >= count) {
      this.#nodes.handle(place - count, input);
      return;
    }
    if (!this.#processors.takeTime || input.kind !== "message" || nodes[place]!.role !== "replica")
      this.#nodes.handle(place, input);
    else this.#process(place, input);
  }

  /** A message goes to a replica's processor, and again when it is back, if it crashes before the message has been handled. */
  #process(node: number, input: MessageInput): void {
    const { time } = this.#queue;
    const crash = this.#down?.nextCrash(node, time) ?? Number.POSITIVE_INFINITY;
    const ends = this.#processors.finish(node, time, input.message, crash);
    if (ends < crash) this.#queue.add(ends, node + this.#simulation.nodes.length, input);
    else this.#unhandled[node]!.push(input);
  }

  /** A node comes back. What it had not handled when it crashed comes before what has arrived since, so links keep their order. */
  #restart(node: number): void {
    this.#nodes.restart(node);
    for (const input of this.#unhandled[node]!.splice(0)) this.#process(node, input);
  }

  /** Schedules all crashes and restarts. */
  #downTimes(): DownTimes | null {
    const { nodes, parameters } = this.#simulation;
    if (parameters.crashes.length === 0) return null;
    const ids = nodes.map(({ id }) => id);
    const times = new DownTimes(parameters.crashes, ids);
    for (const node of ids.keys())
      for (const { from, to } of times.of(node)) {
        this.#queue.add(from, 2 * ids.length + node, outage);
        if (to < Number.POSITIVE_INFINITY) this.#queue.add(to, 3 * ids.length + node, outage);
      }
    return times;
  }
}
