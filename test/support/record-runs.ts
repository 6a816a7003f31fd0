// Random executions of random protocols, recorded as real nodes record theirs: steps wait for the disk before what they send leaves, deferred
// messages are looked at again after changes, and a crash loses what was not on the disk.

import type { Setting } from "../../src/model/setting.js";
import { type Behaviour, type Effect, type Json, type NodeId, replicaIds } from "../../src/protocol/index.js";
import type { RecordedInput, RecordedStep, RecordHead, Records } from "../../src/records/index.js";
import { canonicalState, stateDigest } from "../../src/records/index.js";
import { admitted } from "./naive-conform.js";
import { type RandomModel, settingOf } from "./random-protocol.js";

/** A number below the limit. */
export type Draw = (limit: number) => number;

/** A setting of a random model whose nodes find on their disk after a crash where they were, and nothing else. */
export function durableSettingOf(model: RandomModel): Setting {
  const setting = settingOf({ ...model, views: null }, []);
  const { protocol } = setting;
  const durable = (behaviour: Behaviour<{ at: number; seen: string[] }, Json>): typeof behaviour => ({
    ...behaviour,
    stable: ({ at }) => ({ at }),
    init: (context, from) =>
      behaviour.init(context, from).map((outcome) => {
        const at = from.kind === "restart" ? (from.stable as { at: number }).at : outcome.state.at;
        return { ...outcome, state: { ...outcome.state, at } };
      }),
  });
  const nodes: typeof protocol.nodes = (config) =>
    protocol.nodes(config).map((spec) => ({ ...spec, behaviour: durable(spec.behaviour as never) as never }));
  return { ...setting, protocol: { ...protocol, nodes } };
}

/** A message on its way: it was sent in this step of its sender. */
interface Sent {
  readonly via: NodeId;
  readonly step: number;
  readonly to: NodeId;
  readonly message: Json;
}

/**
 * What is wrong with how a node is run: its disk loses writes, it hears its own broadcasts, it takes deferred messages for another's, it does not
 * look at signatures, so that Byzantine nodes can show what nobody has signed yet.
 */
export type DriverFault = "disk" | "echo" | "again" | "signatures";

type MessageInput = Extract<RecordedInput, { readonly kind: "message" }>;

/** A node that runs. */
class Runner {
  readonly steps: RecordedStep[] = [];
  readonly timers = new Set<string>();
  readonly deferred = new Map<string, MessageInput>();
  readonly clock: { [node: NodeId]: number } = {};
  state: Json = null;
  /** What is on the disk; null: nothing. */
  disk: { readonly stable: Json } | null = null;
  waiting: Sent[] = [];
  readonly spec;
  readonly setting;
  readonly draw;
  readonly fault;

  constructor(setting: Setting, id: NodeId, draw: Draw, fault: DriverFault | null) {
    this.fault = fault;
    this.setting = setting;
    this.draw = draw;
    this.spec = setting.protocol.nodes(setting.config).find((spec) => spec.id === id)!;
  }

  /** One step. True if the state has changed. */
  step(input: RecordedInput): boolean {
    const { id, behaviour } = this.spec;
    const context = { self: id, config: this.setting.config };
    const outcomes =
      input.kind === "start" || input.kind === "restart"
        ? behaviour.init(context, input)
        : behaviour.step(
            context,
            this.state,
            input.kind === "message" ? { kind: "message", from: input.from, message: input.message } : input,
          );
    const { state, effects, events, label } = outcomes[this.draw(outcomes.length)]!;
    const before = this.state;
    this.state = canonicalState(this.spec, state);
    const number = this.steps.length + 1;
    this.clock[id] = number;
    this.steps.push(
      structuredClone({
        ...{ kind: "step", node: id, at: 0, clock: { ...this.clock }, input },
        ...(outcomes.length > 1 && { choice: label! }),
        ...{ effects, events, digest: stateDigest(this.state) },
      }),
    );
    for (const effect of effects) this.perform(effect, input, number);
    return JSON.stringify(before) !== JSON.stringify(this.state);
  }

  perform(effect: Effect<Json>, input: RecordedInput, step: number): void {
    const { id } = this.spec;
    if (effect.kind === "set-timer") this.timers.add(effect.timer);
    if (effect.kind === "cancel-timer") this.timers.delete(effect.timer);
    if (effect.kind === "defer" && input.kind === "message" && !this.deferred.has(effect.key)) {
      const { again: _, ...plain } = input;
      const isPlain = !("signer" in (input.message as object));
      const taken = this.fault === "again" && isPlain ? { ...plain, from: `r${this.draw(2)}` } : plain;
      this.deferred.set(effect.key, taken);
    }
    if (effect.kind !== "send" && effect.kind !== "broadcast") return;
    const others = replicaIds(this.setting.config).filter((other) => other !== id || this.fault === "echo");
    for (const to of effect.kind === "send" ? [effect.to] : others)
      this.waiting.push({ via: id, step, to, message: effect.message });
  }

  handle(input: RecordedInput): void {
    if (!this.step(input)) return;
    for (let changed = true; changed && this.deferred.size > 0; ) {
      const again = [...this.deferred.values()];
      this.deferred.clear();
      changed = false;
      for (const one of again)
        if (this.steps.length < 30 && this.step({ ...one, again: true })) changed = true;
    }
  }

  /** Writes to the disk; what may leave then. */
  sync(): Sent[] {
    if (this.fault !== "disk" || this.draw(2) > 0)
      this.disk = { stable: this.spec.behaviour.stable(this.state) };
    const out = this.waiting;
    this.waiting = [];
    return out;
  }

  begin(): void {
    this.timers.clear();
    this.deferred.clear();
    this.waiting = [];
    this.step(this.disk === null ? { kind: "start" } : { kind: "restart", stable: this.disk.stable });
  }
}

/** The records of a random execution with about so many actions. `crashes`: whether nodes crash. */
export function recordedRun(
  setting: Setting,
  draw: Draw,
  actions: number,
  { crashes, fault = null }: { readonly crashes: boolean; readonly fault?: DriverFault | null },
): Records {
  const { config, byzantine, adversary } = setting;
  const ids = replicaIds(config);
  const correct = ids.filter((id) => !byzantine.includes(id));
  const runners = correct.map((id) => new Runner(setting, id, draw, fault));
  const sent: Sent[] = [];
  const all: RecordedStep[] = [];
  const lies = byzantine.flatMap((self) =>
    adversary!
      .moves({ self, byzantine, to: "replica", config, views: 1, beyond: false } as never, {} as never)
      .map((message) => ({ self, message: message as Json })),
  );
  for (const runner of runners) runner.begin();
  for (let count = 0; count < actions; count++) {
    const runner = runners[draw(runners.length)]!;
    const { id } = runner.spec;
    if (draw(3) > 0) sent.push(...runner.sync());
    const receive = (via: NodeId, message: Json, step: number | null) => {
      const { signer = via } = message as { signer?: NodeId };
      if (step !== null && via !== id) runner.clock[via] = Math.max(step, runner.clock[via] ?? 0);
      runner.handle({ kind: "message", from: signer, ...(signer !== via && { via }), message });
    };
    const forMe = sent.filter(({ to }) => to === id);
    const canLie = lies.filter(
      ({ message }) =>
        fault === "signatures" ||
        admitted(
          message,
          byzantine,
          sent.map((one) => one.message),
        ),
    );
    const what = draw(10);
    if (what < 5 && forMe.length > 0) {
      const { via, step, message } = forMe[draw(forMe.length)]!;
      receive(via, message, step);
    } else if (what < 7 && canLie.length > 0) {
      const { self, message } = canLie[draw(canLie.length)]!;
      receive(self, message, null);
    } else if (what < 8 && config.requests > 0)
      runner.handle({ kind: "request", request: ["A", "B"][draw(config.requests)]! });
    else if (what === 9 && crashes) runner.begin();
    else if (runner.timers.size > 0) {
      const timer = [...runner.timers][draw(runner.timers.size)]!;
      runner.timers.delete(timer);
      runner.handle({ kind: "timer", timer });
    }
  }
  for (const { steps } of runners) all.push(...steps);
  const heads = correct.map((node): [NodeId, RecordHead] => [
    node,
    {
      ...{ kind: "head", format: "turncoat-record", version: 1, turncoat: "", cluster: "", node },
      ...{ protocol: "random", config: { ...config } },
    },
  ]);
  // Their clocks tell another time than the order of things.
  const timed = all.map((step) => ({ ...step, at: draw(1000) }));
  return { heads: new Map(heads), steps: timed };
}
