// One copy of a Byzantine node that runs: the protocol's own step function, with fault hooks for what it hears and says. It writes no log and
// no record: nobody would believe them.

import type { Context, Effect, FaultHooks, Input, Json, NodeId, NodeSpec } from "../../protocol/index.js";
import { outcomesOf } from "../../records/index.js";
import { Deferred, type DeferredMessage } from "../deferred.js";
import { Timers } from "../timers.js";
import type { Outgoing } from "../transport.js";

/** What a copy needs. */
export interface CopyDependencies {
  readonly spec: NodeSpec<Json>;
  readonly context: Context;
  readonly timeoutMs: number;
  readonly hooks: FaultHooks<Json>;
  readonly replicas: readonly NodeId[];
  readonly send: (outgoing: Omit<Outgoing, "step">) => void;
  /** Does something in which the copy may go wrong. */
  readonly guarded: (act: () => void) => void;
}

type HeardInput = DeferredMessage | Exclude<Input<Json>, { readonly kind: "message" }>;

/** See the file comment. */
export class ByzantineCopy {
  readonly #deps: CopyDependencies;
  readonly #timers: Timers;
  #deferred = new Deferred(() => {});
  #state: Json = null;

  constructor(dependencies: CopyDependencies) {
    this.#deps = dependencies;
    const { timeoutMs, guarded } = dependencies;
    this.#timers = new Timers(timeoutMs, (timer) => guarded(() => this.hear({ kind: "timer", timer })));
  }

  /** Begins, or begins again with nothing. */
  begin(): void {
    this.#timers.cancelAll();
    this.#deferred = new Deferred(() => {});
    const { spec, context } = this.#deps;
    this.#settle(outcomesOf(spec, context, null, { kind: "start" }));
  }

  /** Handles an input, unless its fault is not to. */
  hear(input: HeardInput): void {
    const { hooks } = this.#deps;
    if (hooks.hears && !hooks.hears(input)) return;
    for (let changed = this.#step(input); changed && this.#deferred.size > 0; ) {
      changed = false;
      for (const message of this.#deferred.take()) if (this.#step(message)) changed = true;
    }
  }

  stop(): void {
    this.#timers.cancelAll();
  }

  #step(input: HeardInput): boolean {
    const { spec, context } = this.#deps;
    const before = this.#state;
    const effects = this.#settle(outcomesOf(spec, context, before, input));
    for (const effect of effects)
      if (effect.kind === "defer" && input.kind === "message") this.#deferred.add(effect.key, input);
    return this.#state !== before;
  }

  /** Takes one of several outcomes. */
  #settle(outcomes: ReturnType<typeof outcomesOf>): readonly Effect<Json>[] {
    const { state, effects } = outcomes[Math.floor(Math.random() * outcomes.length)]!;
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    return effects;
  }

  #perform(effect: Effect<Json>): void {
    const { replicas, context } = this.#deps;
    switch (effect.kind) {
      case "send":
        this.#say(effect.to, effect.message);
        break;
      case "broadcast":
        for (const to of replicas) if (to !== context.self) this.#say(to, effect.message);
        break;
      case "set-timer":
        this.#timers.set(effect.timer, effect.delay);
        break;
      case "cancel-timer":
        this.#timers.cancel(effect.timer);
        break;
      case "defer":
        break; // kept in `#step`
      default:
        effect satisfies never;
    }
  }

  #say(receiver: NodeId, meant: Json): void {
    const { hooks, send } = this.#deps;
    for (const { to, message, lateMs = 0 } of hooks.says(receiver, meant)) {
      if (lateMs > 0) setTimeout(() => send({ to, message }), lateMs).unref();
      else send({ to, message });
    }
  }
}
