// The same inputs for a class and for a model of it, compared after every step: as fast-check's `fc.modelRun` does for one object, here for
// all replicas of a run. The class decides what is on its way; the model has to do the same with it.

import * as fc from "fast-check";
import { findProtocol, settingFrom } from "../catalogue/index.js";
import type { Config, Effect, Event, Input, Json, NodeId, Protocol } from "../protocol/index.js";
import { plan as planRuns } from "../suite/plan.js";
import type { CheckRequest } from "../suite/request.js";
import { type Schedule, type ScheduleOptions, schedule } from "./schedule.js";

/** What a class is checked with; see {@link realSchedule}. */
export type RealRequest = Omit<Partial<CheckRequest>, "protocol">;

/**
 * Schedules of a class that a file describes (see turncoat/real), for properties of your own.
 *
 * ```ts
 * const runs = await realSchedule(file); // such as "./replica.real.ts"
 * fc.assert(fc.property(runs, (schedule) => schedule.run().violation === null), { numRuns: 5 });
 * ```
 * @throws {UserError} for a file that is none, and for options that make no sense.
 */
export async function realSchedule(
  file: string,
  request: RealRequest = {},
  options: ScheduleOptions = {},
): Promise<fc.Arbitrary<Schedule<Json>>> {
  const [run] = planRuns(await findProtocol(file), { ...request, protocol: file });
  return schedule(await settingFrom(run!.description), options);
}

/** What is compared, and in which runs. */
export interface ModelRunOptions {
  readonly config: Config;
  /** How many steps a run has at most. Default: 60. */
  readonly maxSteps?: number;
  /** The model's timer for one of the class's; null: it has none, and the class's never fires. Default: that of the same name. */
  readonly timer?: (name: string) => string | null;
  /** Anything else that has to be the same: called with the states after each step; a text says what is not. Default: nothing. */
  readonly compare?: (node: NodeId, real: Json, model: Json) => string | null;
}

/** A run of both. */
export interface ModelRun {
  /** The first difference, with the steps that lead to it; null if there is none. */
  run(): string | null;
}

/**
 * Runs of a class beside a model of it: what they send, what they say and, if you like, their states have to be the same. Of several
 * outcomes of a step the first is taken.
 *
 * ```ts
 * const { protocol } = await findProtocol(file); // such as "./replica.real.ts"
 * const runs = modelRun(protocol, model, { config });
 * fc.assert(fc.property(runs, (one) => one.run() === null), { numRuns: 5 });
 * ```
 */
export function modelRun(real: Protocol, model: Protocol, options: ModelRunOptions): fc.Arbitrary<ModelRun> {
  const { maxSteps = 60 } = options;
  return fc.array(fc.nat(), { maxLength: maxSteps }).map((choices) => ({
    run: () => new Both(real, model, options).run(choices),
  }));
}

interface Packet {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Json;
}

/** A node of both. */
interface Pair {
  readonly id: NodeId;
  readonly sides: readonly [Side, Side];
}

interface Side {
  readonly behaviour: ReturnType<Protocol["nodes"]>[number]["behaviour"];
  state: Json;
  readonly timers: Set<string>;
}

class Both {
  readonly #options: ModelRunOptions;
  readonly #pairs: readonly Pair[];
  readonly #onItsWay: Packet[] = [];
  readonly #requests: { readonly to: NodeId; readonly request: Json }[];
  readonly #told: string[] = [];

  constructor(real: Protocol, model: Protocol, options: ModelRunOptions) {
    const { config } = options;
    this.#options = options;
    const models = model.nodes(config);
    const side = (behaviour: Side["behaviour"]): Side => ({ behaviour, state: null, timers: new Set() });
    this.#pairs = real.nodes(config).map(({ id, behaviour }) => ({
      id,
      sides: [side(behaviour), side(models.find((one) => one.id === id)!.behaviour)],
    }));
    this.#requests = model
      .requests(config)
      .flatMap((request) => this.#pairs.map(({ id }) => ({ to: id, request: request as Json })));
  }

  run(choices: readonly number[]): string | null {
    for (const pair of this.#pairs) {
      const difference = this.#take(pair, "its start", (side) =>
        side.behaviour.init({ self: pair.id, config: this.#options.config }, { kind: "start" }),
      );
      if (difference !== null) return difference;
    }
    for (const choice of choices) {
      const difference = this.#step(choice);
      if (difference !== null) return difference;
    }
    return null;
  }

  #step(choice: number): string | null {
    const { timer = (name) => name } = this.#options;
    const timers = this.#pairs.flatMap((pair) =>
      [...pair.sides[0].timers].flatMap((name) => {
        const other = timer(name);
        return other !== null && pair.sides[1].timers.has(other) ? [{ pair, name, other }] : [];
      }),
    );
    const [packets, requests] = [this.#onItsWay.length, this.#requests.length];
    const count = packets + requests + timers.length;
    if (count === 0) return null;
    const at = choice % count;
    if (at < packets) {
      const [{ from, to, message }] = this.#onItsWay.splice(at, 1) as [Packet];
      return this.#give(to, { kind: "message", from, message });
    }
    if (at < packets + requests) {
      const [{ to, request }] = this.#requests.splice(at - packets, 1) as [{ to: NodeId; request: Json }];
      return this.#give(to, { kind: "request", request });
    }
    const { pair, name, other } = timers[at - packets - requests]!;
    pair.sides[0].timers.delete(name);
    pair.sides[1].timers.delete(other);
    return this.#give(pair.id, { kind: "timer", timer: name }, { kind: "timer", timer: other });
  }

  #give(id: NodeId, input: Input<Json>, models: Input<Json> = input): string | null {
    const pair = this.#pairs.find((one) => one.id === id);
    if (!pair) return null;
    const context = { self: id, config: this.#options.config };
    return this.#take(pair, JSON.stringify(input), (side) =>
      side.behaviour.step(context, side.state, side === pair.sides[0] ? input : models),
    );
  }

  #take(
    pair: Pair,
    what: string,
    call: (side: Side) => ReturnType<Side["behaviour"]["step"]>,
  ): string | null {
    this.#told.push(`${pair.id}: ${what}`);
    const done = pair.sides.map((side) => {
      const [outcome] = call(side);
      side.state = outcome!.state as Json;
      for (const effect of outcome!.effects as readonly Effect<Json>[]) {
        if (effect.kind === "set-timer") side.timers.add(effect.timer);
        if (effect.kind === "cancel-timer") side.timers.delete(effect.timer);
      }
      return outcome!;
    });
    const [real, model] = done.map(({ effects, events }) => ({
      sends: (effects as readonly Effect<Json>[]).filter((effect) => "message" in effect).map(textOf),
      events: (events as readonly Event[]).map(textOf),
    }));
    for (const part of ["sends", "events"] as const)
      if (real![part].join() !== model![part].join())
        return this.#difference(`the class ${part} ${real![part].join()}, the model ${model![part].join()}`);
    const told = this.#options.compare?.(pair.id, shown(pair.sides[0]), shown(pair.sides[1])) ?? null;
    if (told !== null) return this.#difference(told);
    for (const effect of done[0]!.effects as readonly Effect<Json>[]) {
      if (effect.kind === "send")
        this.#onItsWay.push({ from: pair.id, to: effect.to, message: effect.message });
      if (effect.kind === "broadcast")
        for (const { id } of this.#pairs)
          if (id !== pair.id) this.#onItsWay.push({ from: pair.id, to: id, message: effect.message });
    }
    return null;
  }

  #difference(what: string): string {
    return `${what}, after\n${this.#told.map((line) => `  ${line}`).join("\n")}`;
  }
}

function shown({ behaviour, state }: Side): Json {
  return behaviour.show ? behaviour.show(state) : state;
}

/** Equal for equal values, whatever the order of their keys. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: Json) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
