// The messages of fault-free runs: the vocabulary of a protocol about which nothing else is known. The runs
// use the protocol's own step functions, and are the same every time.

import type { Config, Effect, Json, NodeId, Protocol } from "../protocol/index.js";

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
  for (let run = 0; run < runCount; run++) listen(protocol, config, dice(run + 1), heard);
  return [...heard.values()];
}

function listen(
  protocol: Protocol<Json, Json>,
  config: Config,
  below: (bound: number) => number,
  heard: Map<string, Json>,
): void {
  const nodes = protocol.nodes(config);
  const replicas = nodes.filter(({ role }) => role === "replica").map(({ id }) => id);
  const states = new Map<NodeId, Json>();
  const timers = new Map<NodeId, Set<string>>(nodes.map(({ id }) => [id, new Set()]));
  const onItsWay: Packet[] = [];
  const send = (from: NodeId, to: NodeId, message: Json) => {
    heard.set(JSON.stringify(message), message);
    onItsWay.push({ from, to, message });
  };
  const act = (id: NodeId, effect: Effect<Json>) => {
    if (effect.kind === "send") send(id, effect.to, effect.message);
    if (effect.kind === "broadcast") for (const to of replicas) if (to !== id) send(id, to, effect.message);
    if (effect.kind === "set-timer") timers.get(id)!.add(effect.timer);
    if (effect.kind === "cancel-timer") timers.get(id)!.delete(effect.timer);
  };
  const take = (id: NodeId, outcomes: ReturnType<(typeof nodes)[number]["behaviour"]["init"]>) => {
    const { state, effects } = outcomes[below(outcomes.length)]!;
    states.set(id, state as Json);
    for (const effect of effects) act(id, effect as Effect<Json>);
  };
  for (const { id, behaviour } of nodes) {
    const context = { self: id, config };
    take(id, behaviour.init(context, { kind: "start" }));
    for (const request of shuffled(protocol.requests(config), below))
      take(id, behaviour.step(context, states.get(id), { kind: "request", request }));
  }
  for (let step = 0; step < stepCount; step++) {
    const armed = [...timers].flatMap(([id, names]) => [...names].map((timer) => ({ id, timer })));
    const fires = onItsWay.length === 0 || below(8) === 0;
    if (fires && armed.length === 0) return;
    if (fires) {
      const { id: who, timer } = armed[below(armed.length)]!;
      timers.get(who)!.delete(timer);
      const { behaviour } = nodes.find((node) => node.id === who)!;
      take(who, behaviour.step({ self: who, config }, states.get(who), { kind: "timer", timer }));
    } else {
      const at = below(Math.min(onItsWay.length, 4));
      const [{ from, to, message }] = onItsWay.splice(at, 1) as [Packet];
      const node = nodes.find((one) => one.id === to);
      if (node)
        take(
          to,
          node.behaviour.step({ self: to, config }, states.get(to), { kind: "message", from, message }),
        );
    }
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
