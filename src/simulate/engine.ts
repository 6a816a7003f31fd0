// The simulator's event loop: takes events in the order of virtual time and hands each to a node's step
// function. Only events advance time.
//
// A hot loop: a broadcast is one object for all its receivers, and nothing is validated, frozen or copied
// after the first steps. (Check a protocol first: the search finds a step function that mutates its input or
// is not deterministic.)

import { calling, UserError } from "../model/errors.js";
import { clip } from "../model/evaluate.js";
import { outcomesProblem } from "../model/outcome-problem.js";
import { Impurity, purely } from "../model/purity.js";
import { digestOf, requestsOf } from "../model/setting.js";
import { EventQueue } from "../model/timed/event-queue.js";
import type { Micros } from "../model/timed/timing.js";
import { thrownText, userFrames } from "../model/user-frames.js";
import type { Effect, FaultHooks, Input, Json, Step } from "../protocol/index.js";
import { calls } from "../watch/calls.js";
import type { End } from "./end.js";
import { giveUpTimeOf } from "./give-up-time.js";
import { Measures, type Traffic } from "./measures.js";
import { sizeOf } from "./message-size.js";
import { networkOf } from "./network.js";
import { purpose, randomFor } from "./random.js";
import type { Simulation } from "./setting.js";
import { SimulatedFaults } from "./simulated-faults.js";
import { Watch } from "./watch.js";

export interface Outcome {
  readonly end: End;
  readonly measures: Measures;
  readonly watch: Watch;
  /** When the run ended; if it is done, when the last request succeeded. */
  readonly time: Micros;
  readonly delivered: number;
  readonly events: number;
  /** The highest view that a correct replica entered. */
  readonly highestView: number;
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

type AnyInput = Input<Json>;
type AnyEffect = Effect<Json>;

/** A message in flight to any number of receivers. */
interface Packet {
  readonly input: AnyInput;
  readonly traffic: Traffic;
  readonly bytes: number;
}

/** The number of first steps that are checked as closely as those of a search. */
const checkedSteps = 1000;

/** How long a run goes on before the event loop, which knows of an interrupt, has its turn, in milliseconds. */
const breathMs = 100;

export async function run(simulation: Simulation, options: RunOptions = {}): Promise<Outcome> {
  const { parameters, config, nodes, entry } = simulation;
  const { protocol } = entry;
  const startedAt = performance.now();
  const count = nodes.length;
  const numbers = new Map(nodes.map(({ id }, index) => [id, index]));
  const replicas = nodes.flatMap(({ role }, index) => (role === "replica" ? [index] : []));
  const contexts = nodes.map(({ id: self }) => ({ self, config }));
  const isByzantine = nodes.map(({ id }) => simulation.byzantine.includes(id));
  const correctReplicas = replicas.filter((index) => !isByzantine[index]);

  const queue = new EventQueue<AnyInput>();
  const network = networkOf(simulation);
  const choice = randomFor(parameters.seed, purpose.choice);
  const clientsDecide = parameters.clients > 0;
  // Without correct replicas no execution counts, so the run ends without success.
  const measures = new Measures(clientsDecide ? 0 : Math.max(1, correctReplicas.length));
  const watch = new Watch(simulation);
  const stepFaults = new SimulatedFaults(simulation);
  const distortions: (FaultHooks<Json> | null)[] = nodes.map(({ id }, index) =>
    isByzantine[index] ? stepFaults.attach(id) : null,
  );

  const states: Json[] = [];
  const timers = nodes.map(() => new Map<string, AnyInput>());
  const deferred = nodes.map(() => new Map<string, AnyInput>());
  const views = new Float64Array(count);
  const made = new Int32Array(count); // how many requests each client has submitted
  const processors = processorsOf();
  const processing = Math.round(parameters.processingDelayMs * 1000);
  const total = clientsDecide ? parameters.clients * parameters.requests : parameters.requests;
  const giveUpTime = giveUpTimeOf(simulation);
  const maxTime = parameters.maxTimeMs === null ? Number.POSITIVE_INFINITY : parameters.maxTimeMs * 1000;
  const maxEvents = parameters.maxEvents ?? Number.POSITIVE_INFINITY;

  let now: Micros = 0;
  let [delivered, events, busy, highestView, evaluations] = [0, 0, 0, 0, 0];
  let waitsUntil = giveUpTime.until(0, 0, 0);
  let lastServed = { at: 0, view: 0 };
  let longestWait: Micros = 0; // for a processor
  let isDone = false; // then only messages on their way are delivered, so that all are counted

  for (const [index, { behaviour }] of nodes.entries()) {
    const outcomes = calling("protocol-threw", `init() of ${nodes[index]!.id}`, () =>
      behaviour.init(contexts[index]!, { kind: "start" }),
    );
    refuseMalformed(index, outcomes);
    const sides = outcomes.filter(({ random }) => random);
    const start = sides.length === 0 ? outcomes[0] : sides[choice.below(sides.length)];
    settle(index, start as Step<Json, Json>);
  }
  giveFirstRequests();

  const end = await loop();
  return {
    end,
    measures,
    watch,
    time: end.kind === "done" ? measures.lastSuccess : now,
    delivered,
    events,
    highestView,
    busy,
    wallSeconds: (performance.now() - startedAt) / 1000,
  };

  async function loop(): Promise<End> {
    let breath = performance.now();
    for (;;) {
      if (!queue.next()) return { kind: isDone ? "done" : "quiet" };
      if (queue.time > waitsUntil && !isDone) {
        const end = givenUp();
        if (end !== null) return end;
      }
      if (queue.time > maxTime) {
        now = maxTime;
        return isDone
          ? { kind: "done" }
          : { kind: "limit", limit: `the limit of ${parameters.maxTimeMs} ms` };
      }
      now = queue.time;
      const input = queue.what!;
      if (queue.node >= count) handle(queue.node - count, input);
      else arrive(queue.node, input);
      if (++events >= maxEvents && !isDone)
        return { kind: "limit", limit: `the limit of ${parameters.maxEvents} events` };
      if (performance.now() - breath > breathMs) {
        options.onProgress?.(events);
        await new Promise(setImmediate); // lets an interrupt in
        if (options.signal?.aborted) return { kind: "interrupted" };
        breath = performance.now();
      }
    }
  }

  /**
   * Why to give up now, or null. Waiting in queues extends the time, which is computed only when the time
   * without queues is over.
   */
  function givenUp(): End | null {
    const { at, view } = lastServed;
    const queued = Math.max(longestWait, network.longestWait());
    const limit = giveUpTime.atMost(at, view);
    waitsUntil = Math.min(limit, giveUpTime.until(at, view, queued));
    if (queue.time <= waitsUntil) return null;
    return queued > giveUpTime.overload || waitsUntil === limit
      ? { kind: "overloaded", queuedMs: queued / 1000 }
      : { kind: "gave-up" };
  }

  /** An input reaches its node: a busy replica handles it when its turn comes. */
  function arrive(node: number, input: AnyInput): void {
    if (processing === 0 || input.kind !== "message" || nodes[node]!.role !== "replica") {
      handle(node, input);
      return;
    }
    const processor = processors(node);
    const begins = Math.max(now, processor.freeAt);
    processor.freeAt = begins + processing;
    longestWait = Math.max(longestWait, begins - now);
    busy += processing;
    queue.add(processor.freeAt, node + count, input);
  }

  function handle(node: number, input: AnyInput): void {
    if (input.kind === "message") delivered++;
    else if (isDone) return;
    if (input.kind === "timer") {
      if (timers[node]!.get(input.timer) !== input) return; // cancelled or set anew since
      timers[node]!.delete(input.timer);
    }
    const distortion = distortions[node]!;
    if (distortion !== null) {
      stepFaults.learn(input);
      if (distortion.hears && !distortion.hears(input)) return;
    }
    if (step(node, input) && deferred[node]!.size > 0) retryDeferred(node);
  }

  /** Evaluates one step. True if the state changed. */
  function step(node: number, input: AnyInput): boolean {
    const before = states[node]!;
    const outcomes = evaluate(node, before, input);
    const outcome = outcomes.length === 1 ? outcomes[0]! : outcomes[choice.below(outcomes.length)]!;
    const { effects } = outcome;
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i]!;
      if (effect.kind === "defer" && !deferred[node]!.has(effect.key)) deferred[node]!.set(effect.key, input);
    }
    settle(node, outcome);
    return outcome.state !== before;
  }

  function evaluate(node: number, state: Json, input: AnyInput): readonly Step<Json, Json>[] {
    const call = () =>
      nodes[node]!.behaviour.step(contexts[node]!, state, input as never) as readonly Step<Json, Json>[];
    const callBefore = calls(
      () => `${nodes[node]!.id}, ${clip(`on ${JSON.stringify(input)} in state ${JSON.stringify(state)}`)},`,
    );
    try {
      if (evaluations >= checkedSteps) return call();
      evaluations++;
      const outcomes = purely(call);
      refuseMalformed(node, outcomes);
      return outcomes;
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (error instanceof Impurity)
        throw new UserError(
          "protocol-nondeterministic",
          `step() of ${nodes[node]!.id} is nondeterministic: it asked ${error.message}. It must depend on its arguments alone.`,
        );
      const what = input.kind === "message" ? typeOf(input.message) : input.kind;
      throw new UserError(
        "protocol-threw",
        `step() of ${nodes[node]!.id} threw "${thrownText(error)}" on the input ${what}.`,
        { frames: userFrames(error) },
      );
    } finally {
      calls(callBefore);
    }
  }

  function refuseMalformed(node: number, outcomes: unknown): void {
    const problem = outcomesProblem(outcomes);
    if (problem !== null) throw new UserError("protocol-malformed", `${nodes[node]!.id} ${problem}.`);
  }

  /** Delivers deferred messages again after every change of the state, until one changes nothing. */
  function retryDeferred(node: number): void {
    for (let changed = true; changed && deferred[node]!.size > 0; ) {
      const again = [...deferred[node]!.values()];
      deferred[node]!.clear();
      changed = false;
      for (const input of again) if (step(node, input)) changed = true;
    }
  }

  /** Stores the new state, and performs its effects. */
  function settle(node: number, { state, effects, events: shown }: Step<Json, Json>): void {
    const changed = states[node] !== state;
    states[node] = state;
    if (effects.length > 0) carryOut(node, effects);
    if (isByzantine[node]) return;
    const { behaviour } = nodes[node]!;
    if (changed && behaviour.view)
      noteView(
        node,
        calling("protocol-threw", `view() of ${nodes[node]!.id}`, () => behaviour.view!(state)),
      );
    let wantsMore = false;
    for (let i = 0; i < shown.length; i++) {
      const event = shown[i]!;
      watch.observe(nodes[node]!.id, event);
      if (measures.observe(event, now)) succeeded();
      if (event.kind === "accepted") wantsMore = true;
      if (event.kind === "invoked") {
        made[node]!++;
        wantsMore = false; // a client that goes on by itself
      }
    }
    if (wantsMore) giveRequest(node);
  }

  function noteView(node: number, view: number): void {
    if (view <= views[node]!) return;
    views[node] = view;
    highestView = Math.max(highestView, view);
  }

  function succeeded(): void {
    lastServed = { at: now, view: highestView };
    waitsUntil = giveUpTime.until(now, highestView, 0);
    isDone = measures.latencies.length >= total;
  }

  /** Refuses a delay that is not a number, which would break the order of the queue. */
  function timerDelay(node: number, delay = 1): Micros {
    if (delay >= 0 && delay < Number.POSITIVE_INFINITY)
      return Math.round(delay * parameters.timeoutMs * 1000);
    throw new UserError(
      "protocol-malformed",
      `${nodes[node]!.id} set a timer with the delay ${delay}, which is not a finite number, 0 or more.`,
    );
  }

  function carryOut(node: number, effects: readonly AnyEffect[]): void {
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i]!;
      switch (effect.kind) {
        case "broadcast":
          broadcast(node, effect.message);
          break;
        case "send":
          // Without clients replies go nowhere, and are not counted.
          if (clientsDecide || numbers.has(effect.to)) send(node, numberOf(effect.to), effect.message);
          break;
        case "set-timer": {
          const input: AnyInput = { kind: "timer", timer: effect.timer };
          timers[node]!.set(effect.timer, input);
          queue.add(now + timerDelay(node, effect.delay), node, input);
          break;
        }
        case "cancel-timer":
          timers[node]!.delete(effect.timer);
          break;
        case "defer":
          break; // kept in `step`
      }
    }
  }

  function broadcast(node: number, message: Json): void {
    if (distortions[node] !== null) {
      for (const to of replicas) if (to !== node) send(node, to, message);
      return;
    }
    const packet = packetOf(node, message);
    for (let i = 0; i < replicas.length; i++)
      if (replicas[i] !== node) transmit(node, replicas[i]!, packet, now);
  }

  function send(node: number, to: number, message: Json): void {
    const distortion = distortions[node]!;
    if (distortion === null) {
      transmit(node, to, packetOf(node, message), now);
      return;
    }
    for (const said of distortion.says(nodes[to]!.id, message)) {
      stepFaults.allow(said.message, message);
      const late = Math.round((said.lateMs ?? 0) * 1000);
      transmit(node, numberOf(said.to), packetOf(node, said.message), now + late);
    }
  }

  function packetOf(node: number, message: Json): Packet {
    const bytes = sizeOf(message);
    const input: AnyInput = { kind: "message", from: originOf(message) ?? nodes[node]!.id, message };
    return { input, traffic: measures.trafficOf(typeOf(message)), bytes };
  }

  function transmit(node: number, to: number, { input, traffic, bytes }: Packet, at: Micros): void {
    traffic.messages++;
    traffic.bytes += bytes;
    const times = network.arrivals(node, to, at, bytes);
    for (let i = 0; i < times.length; i++) queue.add(times[i]!, to, input);
  }

  function numberOf(id: string): number {
    const number = numbers.get(id);
    if (number !== undefined) return number;
    throw new UserError("protocol-malformed", `Something was sent to ${id}, and there is no such node.`);
  }

  /** Gives each client its first request or, without clients, every replica all requests. */
  function giveFirstRequests(): void {
    if (clientsDecide) {
      for (const [index, { role }] of nodes.entries()) if (role === "client") giveRequest(index);
      return;
    }
    for (const request of requestsOf(protocol, config)) {
      measures.issue(digestOf(protocol, request), 0);
      for (const node of replicas) queue.add(0, node, { kind: "request", request });
    }
  }

  /** Gives a client that has been served its next request. */
  function giveRequest(node: number): void {
    const number = made[node]! + 1;
    if (number > parameters.requests) return;
    const { id } = nodes[node]!;
    const request = protocol.request
      ? calling("protocol-threw", `request() of ${protocol.name}`, () =>
          protocol.request!(config, id, number),
        )
      : requestsOf(protocol, config)[node - replicas.length]!;
    queue.add(now, node, { kind: "request", request });
  }

  /** The processor of a node: its own, or whichever shared one is free first. */
  function processorsOf(): (node: number) => { freeAt: Micros } {
    const shared = parameters.processors;
    const all = Array.from({ length: shared ?? count }, () => ({ freeAt: 0 }));
    return shared === null
      ? (node) => all[node]!
      : () => all.reduce((first, other) => (other.freeAt < first.freeAt ? other : first));
  }
}

interface Tagged {
  readonly tag?: unknown;
  readonly signer?: string;
  readonly body?: Tagged;
}

/** The type under which a message is counted: its tag, or that of its signed body. */
export function typeOf(message: Json): string {
  const { tag, body } = message as Tagged;
  const type = tag === "signed" ? body?.tag : tag;
  return typeof type === "string" ? type : "message";
}

/** The signer of a message signed as a whole, whoever sends it. */
function originOf(message: Json): string | undefined {
  const { tag, signer } = message as Tagged;
  return tag === "signed" ? signer : undefined;
}
