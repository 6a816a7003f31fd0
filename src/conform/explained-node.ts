// A node as its explained steps leave it: its state, its timers, what it has deferred. Asks of each further step whether the behaviour may
// do that, and says in words why not.

import { stableOf } from "../model/behaviour-calls.js";
import { calling } from "../model/errors.js";
import { sortedText } from "../model/sorted-text.js";
import { requestsFor } from "../model/starts.js";
import type { Config, Context, Effect, Event, Json, NodeSpec, Protocol, Step } from "../protocol/index.js";
import {
  canonicalState,
  outcomesOf,
  type RecordedInput,
  type RecordedStep,
  stateDigest,
} from "../records/index.js";
import type { Describer } from "../render/describe.js";
import { eventText } from "../render/step-words.js";

/** See the file comment. */
export class ExplainedNode {
  readonly #protocol: Protocol<Json, Json>;
  readonly #spec: NodeSpec<Json>;
  readonly #context: Context;
  readonly #describe: Describer;
  /** All states so far: after a crash the node may come back with what was stable in any of them. */
  readonly #states: Json[] = [];
  readonly #timers = new Set<string>();
  /** By key, the text of the message. */
  readonly #deferred = new Map<string, string>();
  #invoked = 0;

  constructor(protocol: Protocol<Json, Json>, spec: NodeSpec<Json>, config: Config, describe: Describer) {
    this.#protocol = protocol;
    this.#spec = spec;
    this.#context = { self: spec.id, config };
    this.#describe = describe;
  }

  /** Takes a step; or why the behaviour cannot have made it. */
  take(step: RecordedStep): string | null {
    const impossible = this.#impossible(step.input);
    if (impossible !== null) return impossible;
    const input = this.#asGiven(step.input);
    const outcomes = outcomesOf(this.#spec, this.#context, this.#states.at(-1) ?? null, input);
    const of =
      step.choice === undefined || outcomes.length === 1
        ? outcomes
        : outcomes.filter(({ label }) => label === step.choice);
    if (of.length === 0)
      return `it chose "${step.choice}", and the model lets it choose ${outcomes.map(({ label }) => `"${label}"`).join(" or ")}`;
    const problems = of.map((outcome) => this.#difference(step, outcome));
    const index = problems.indexOf(null);
    if (index < 0) return problems[0]!;
    this.#become(step, of[index]!);
    return null;
  }

  /** Why the input cannot have come, whatever it does. That of a message is its sender's affair. */
  #impossible(input: RecordedInput): string | null {
    const hasBegun = this.#states.length > 0;
    switch (input.kind) {
      case "start":
        return hasBegun ? "it has begun already, and begins again without what was on its disk" : null;
      case "restart":
        return this.#stableLike(input.stable) !== undefined
          ? null
          : "it comes back from a crash with something that it never had on its disk";
      default:
        if (!hasBegun) return "it has not begun yet: the beginning of its record is missing";
    }
    if (input.kind === "timer" && !this.#timers.has(input.timer))
      return `the timer ${input.timer} expires, and is not set`;
    if (input.kind === "message" && input.again && !this.#wasDeferred(input.message))
      return "it looks again at a message that it has not deferred";
    if (input.kind === "request" && this.#requestLike(input.request) === undefined)
      return "nobody gives it that request";
    return null;
  }

  /** What the record has in some order of keys, as the node was given it. */
  #asGiven(input: RecordedInput): RecordedInput {
    if (input.kind === "restart") return { ...input, stable: this.#stableLike(input.stable) ?? input.stable };
    if (input.kind === "request")
      return { ...input, request: this.#requestLike(input.request) ?? input.request };
    return input;
  }

  /** What was stable in the last state in which that was this; undefined if there is none. */
  #stableLike(stable: Json): Json | undefined {
    const text = sortedText(stable);
    const state = this.#states.findLast((one) => sortedText(stableOf(this.#spec, one)) === text);
    return state === undefined ? undefined : stableOf(this.#spec, state);
  }

  #wasDeferred(message: Json): boolean {
    return [...this.#deferred.values()].includes(sortedText(message));
  }

  /** The request like this that somebody may give it now; undefined if nobody does. */
  #requestLike(request: Json): Json | undefined {
    const { id, role } = this.#spec;
    const { config } = this.#context;
    const protocol = this.#protocol;
    const text = sortedText(request);
    const next = protocol.request
      ? [
          calling("protocol-threw", `request() of ${protocol.name}`, () =>
            protocol.request!(config, id, this.#invoked + 1),
          ),
        ]
      : [];
    const given = [...next, ...requestsFor({ protocol, config }, id, role)];
    return given.find((one) => sortedText(one) === text);
  }

  /** The first thing in which a recorded step differs from what the model does, in words; null if there is none. */
  #difference({ node, effects, events, digest }: RecordedStep, outcome: Step<Json, Json>): string | null {
    const event = firstDifference(outcome.events, events);
    if (event !== null)
      return `the model: ${this.#eventWords(node, event.model)}; the record: ${this.#eventWords(node, event.record)}`;
    const effect = firstDifference(outcome.effects, effects);
    if (effect !== null)
      return `the model: ${this.#effectWords(node, effect.model)}; the record: ${this.#effectWords(node, effect.record)}`;
    const state = stateDigest(canonicalState(this.#spec, outcome.state));
    return state === digest
      ? null
      : `it does what the model does, and is in another state afterwards (digest ${digest}, and not ${state})`;
  }

  #eventWords(node: string, event: Event | null): string {
    return event === null ? `${node} shows nothing (more)` : eventText(node, event, this.#describe);
  }

  #effectWords(node: string, effect: Effect<Json> | null): string {
    switch (effect?.kind) {
      case undefined:
        return `${node} does nothing (more)`;
      case "send":
        return `${node} sends to ${effect.to}: ${this.#describe.message(effect.message)}`;
      case "broadcast":
        return `${node} sends to all replicas: ${this.#describe.message(effect.message)}`;
      case "set-timer":
        return `${node} sets the timer ${effect.timer}${effect.delay === undefined ? "" : ` to ${effect.delay}`}`;
      case "cancel-timer":
        return `${node} cancels the timer ${effect.timer}`;
      default:
        return `${node} defers the message`;
    }
  }

  #become({ input, events }: RecordedStep, { state, effects }: Step<Json, Json>): void {
    if (input.kind === "start" || input.kind === "restart") {
      this.#timers.clear();
      this.#deferred.clear();
    }
    if (input.kind === "timer") this.#timers.delete(input.timer);
    if (input.kind === "message" && input.again) this.#forget(sortedText(input.message));
    for (const effect of effects) {
      if (effect.kind === "set-timer") this.#timers.add(effect.timer);
      if (effect.kind === "cancel-timer") this.#timers.delete(effect.timer);
      if (effect.kind === "defer" && input.kind === "message" && !this.#deferred.has(effect.key))
        this.#deferred.set(effect.key, sortedText(input.message));
    }
    this.#invoked += events.filter(({ kind }) => kind === "invoked").length;
    this.#states.push(canonicalState(this.#spec, state));
  }

  #forget(text: string): void {
    for (const [key, deferred] of this.#deferred) {
      if (deferred !== text) continue;
      this.#deferred.delete(key);
      return;
    }
  }
}

/** The first place at which two lists differ; null stands for the end of a list. */
function firstDifference<T>(
  model: readonly T[],
  record: readonly T[],
): { readonly model: T | null; readonly record: T | null } | null {
  for (let at = 0; at < Math.max(model.length, record.length); at++)
    if (sortedText(model[at]) !== sortedText(record[at]))
      return { model: model[at] ?? null, record: record[at] ?? null };
  return null;
}
