// The messages of fault-free runs: the vocabulary of a protocol about which nothing else is known. The runs
// use the protocol's own step functions, and are the same every time.

import { match } from "ts-pattern";
import type { Config, Effect, Input, Json, NodeId, NodeSpec, Outcomes, Protocol } from "../protocol/index.js";

/** How many runs, and of how many steps at most. */
const [runCount, stepCount] = [8, 60];

interface Packet {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Json;
}

/** Every different message, in the order in which they were heard first. */
export function trafficOf(protocol: Protocol<Json, Json>, config: Config): readonly Json[] {
  const heard = new Map<string, Json>();
  for (let run = 0; run < runCount; run++) {
    const nodes = new FaultFreeRun(protocol, config, dice(run + 1), heard);
    for (let step = 0; step < stepCount && nodes.step(); step++);
  }
  return [...heard.values()];
}

/** One run: a timer fires or a message arrives, whichever is drawn. */
class FaultFreeRun {
  readonly #config: Config;
  readonly #below: (bound: number) => number;
  readonly #nodes: ReadonlyMap<NodeId, NodeSpec<Json>>;
  readonly #replicas: readonly NodeId[];
  readonly #states = new Map<NodeId, Json>();
  readonly #timers: ReadonlyMap<NodeId, Set<string>>;
  readonly #inFlight: Packet[] = [];
  readonly #heard: Map<string, Json>;

  /** Starts every node, and gives it the requests in any order. `heard`: every message that is sent is added to it. */
  constructor(
    protocol: Protocol<Json, Json>,
    config: Config,
    below: (bound: number) => number,
    heard: Map<string, Json>,
  ) {
    const nodes = protocol.nodes(config);
    this.#config = config;
    this.#below = below;
    this.#heard = heard;
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#replicas = nodes.filter(({ role }) => role === "replica").map(({ id }) => id);
    this.#timers = new Map(nodes.map(({ id }) => [id, new Set()]));
    for (const { id, behaviour } of nodes) {
      this.#take(id, behaviour.init({ self: id, config }, { kind: "start" }));
      for (const request of shuffled(protocol.requests(config), below))
        this.#give(id, { kind: "request", request });
    }
  }

  /** Goes on by one step; false if nothing is left to happen. */
  step(): boolean {
    const armed = [...this.#timers].flatMap(([id, names]) => [...names].map((timer) => ({ id, timer })));
    const fires = this.#inFlight.length === 0 || this.#below(8) === 0;
    if (fires && armed.length === 0) return false;
    if (fires) {
      const { id, timer } = armed[this.#below(armed.length)]!;
      this.#timers.get(id)!.delete(timer);
      this.#give(id, { kind: "timer", timer });
      return true;
    }
    const at = this.#below(Math.min(this.#inFlight.length, 4));
    const [{ from, to, message }] = this.#inFlight.splice(at, 1) as [Packet];
    if (this.#nodes.has(to)) this.#give(to, { kind: "message", from, message });
    return true;
  }

  #give(id: NodeId, input: Input<Json>): void {
    const context = { self: id, config: this.#config };
    this.#take(id, this.#nodes.get(id)!.behaviour.step(context, this.#states.get(id), input));
  }

  #take(id: NodeId, outcomes: Outcomes<unknown, unknown>): void {
    const { state, effects } = outcomes[this.#below(outcomes.length)]!;
    this.#states.set(id, state as Json);
    for (const effect of effects) this.#act(id, effect as Effect<Json>);
  }

  #act(id: NodeId, effect: Effect<Json>): void {
    match(effect)
      .with({ kind: "send" }, ({ to, message }) => this.#send(id, to, message))
      .with({ kind: "broadcast" }, ({ message }) => {
        for (const to of this.#replicas) if (to !== id) this.#send(id, to, message);
      })
      .with({ kind: "set-timer" }, ({ timer }) => this.#timers.get(id)!.add(timer))
      .with({ kind: "cancel-timer" }, ({ timer }) => this.#timers.get(id)!.delete(timer))
      .with({ kind: "defer" }, () => undefined)
      .exhaustive();
  }

  #send(from: NodeId, to: NodeId, message: Json): void {
    this.#heard.set(JSON.stringify(message), message);
    this.#inFlight.push({ from, to, message });
  }
}

function shuffled<T>(items: readonly T[], below: (bound: number) => number): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(below(rest.length), 1)[0]!);
}

/** A small generator of our own, so that the vocabulary is the same everywhere. */
function dice(seed: number): (bound: number) => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
