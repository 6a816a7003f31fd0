// The run of one node, made again from its record: its state and its timers after each step. Asks of each step whether the behaviour may make
// it. Whether a message can have come is its sender's affair, and not asked here.
//
// After a crash a node comes back with what was stable after one of its steps. Later steps are undone: nothing that they sent has left the node,
// since a node sends only what is safe on its disk.

import { stableOf } from "../model/behaviour-calls.js";
import { calling } from "../model/errors.js";
import { sortedText } from "../model/sorted-text.js";
import { requestsFor } from "../model/starts.js";
import type { Config, Context, Effect, Event, Json, NodeSpec, Protocol, Step } from "../protocol/index.js";
import { outcomesOf } from "./evaluate.js";
import type { RecordedInput, RecordedStep } from "./schema.js";
import { canonicalState, stateDigest } from "./state.js";

/** Where a step differs from what the behaviour does; null stands for nothing (more). */
export type StepDifference =
  | { readonly of: "event"; readonly model: Event | null; readonly record: Event | null }
  | { readonly of: "effect"; readonly model: Effect<Json> | null; readonly record: Effect<Json> | null };

/** Why a step cannot have been made: in words, or what differs. */
export type StepProblem = string | StepDifference;

/** See the file comment. */
export class NodeRun {
  readonly spec: NodeSpec<Json>;
  readonly #protocol: Protocol<Json, Json>;
  readonly #context: Context;
  /** After each step. */
  readonly #states: Json[] = [];
  readonly #timers = new Set<string>();
  /** What was deferred since the last start. */
  readonly #deferred = new Set<string>();
  readonly #undone = new Set<number>();
  #given = 0;
  /** The state whose digest was asked for last, as the behaviour has returned it. */
  #digested: { readonly returned: Json; readonly state: Json; readonly digest: string } | null = null;

  constructor(protocol: Protocol<Json, Json>, spec: NodeSpec<Json>, config: Config) {
    this.spec = spec;
    this.#protocol = protocol;
    this.#context = { self: spec.id, config };
  }

  /** The state after the last step; null before the first. */
  get state(): Json {
    return this.#states.at(-1) ?? null;
  }

  /** The timers that are set. */
  get timers(): readonly string[] {
    return [...this.#timers];
  }

  /** The steps (from 0) that a crash has undone. */
  get undone(): ReadonlySet<number> {
    return this.#undone;
  }

  /** Takes a step; or says why the behaviour cannot have made it, and stays where it is. */
  take(step: RecordedStep): StepProblem | null {
    const { input } = step;
    const impossible = this.#impossible(input);
    if (impossible !== null) return impossible;
    const outcomes = outcomesOf(this.spec, this.#context, this.state, this.#asGiven(input));
    const chosen = outcomes.filter(
      ({ label }) => step.choice === undefined || (label ?? null) === step.choice,
    );
    if (chosen.length === 0) return notAChoice(step.choice!, outcomes);
    let first: StepProblem | null = null;
    for (const outcome of chosen) {
      const problem = this.#difference(step, outcome);
      if (problem === null) {
        this.#become(step, outcome);
        return null;
      }
      first ??= problem;
    }
    return first;
  }

  /** Why the input cannot have come, whatever it does. */
  #impossible(input: RecordedInput): string | null {
    if (input.kind === "start") return null; // on a disk that has nothing: what was before is undone
    if (input.kind === "restart")
      return this.#keptBy(input) < 0
        ? "it comes back from a crash with something that it never had on its disk"
        : null;
    if (this.#states.length === 0) return "it has not begun yet: the beginning of its record is missing";
    if (input.kind === "timer" && !this.#timers.has(input.timer))
      return `the timer ${input.timer} expires, and is not set`;
    if (input.kind === "message" && input.again && !this.#deferred.has(deferredText(input)))
      return "it looks again at a message that it has not deferred";
    if (input.kind === "request" && this.#requestLike(input.request) === undefined)
      return "nobody gives it that request";
    return null;
  }

  /** What the record has in some order of keys, as the node was given it. */
  #asGiven(input: RecordedInput): RecordedInput {
    if (input.kind === "restart")
      return { ...input, stable: stableOf(this.spec, this.#states[this.#keptBy(input)]!) };
    if (input.kind === "request") return { ...input, request: this.#requestLike(input.request)! };
    return input;
  }

  /** The last step (from 0) that a node still has after a crash, or -1: the one that it names, or else the last after which that was stable. */
  #keptBy({ stable, kept }: Extract<RecordedInput, { readonly kind: "restart" }>): number {
    const text = sortedText(stable);
    const isIt = (state: Json) => sortedText(stableOf(this.spec, state)) === text;
    if (kept === undefined) return this.#states.findLastIndex(isIt);
    const step = kept - 1;
    return step in this.#states && !this.#undone.has(step) && isIt(this.#states[step]!) ? step : -1;
  }

  /** The request like this that somebody may give it: the next one of a client, or any that it may have been given before. */
  #requestLike(request: Json): Json | undefined {
    const { id, role } = this.spec;
    const { config } = this.#context;
    const protocol = this.#protocol;
    const text = sortedText(request);
    const isIt = (one: Json) => sortedText(one) === text;
    const found = requestsFor({ protocol, config }, id, role).find(isIt);
    if (found !== undefined || !protocol.request) return found;
    for (let number = this.#given + 1; number > 0; number--) {
      const own = calling("protocol-threw", `request() of ${protocol.name}`, () =>
        protocol.request!(config, id, number),
      );
      if (isIt(own)) return own;
    }
    return undefined;
  }

  /** The first thing in which a recorded step differs from what the model does; null if there is none. */
  #difference({ effects, events, digest }: RecordedStep, outcome: Step<Json, Json>): StepProblem | null {
    const event = firstDifference(outcome.events, events);
    if (event !== null) return { of: "event", ...event };
    const effect = firstDifference(outcome.effects, effects);
    if (effect !== null) return { of: "effect", ...effect };
    const own = this.#formOf(outcome.state).digest;
    return own === digest
      ? null
      : `it does what the model does, and is in another state afterwards (digest ${digest}, and not ${own})`;
  }

  /** A state in canonical form, with its digest. Many steps return the state as it was. */
  #formOf(returned: Json): { readonly state: Json; readonly digest: string } {
    if (
      this.#digested !== null &&
      (returned === this.#digested.returned || returned === this.#digested.state)
    )
      return this.#digested;
    const state = canonicalState(this.spec, returned);
    this.#digested = { returned, state, digest: stateDigest(state) };
    return this.#digested;
  }

  #become({ input, events }: RecordedStep, { state, effects }: Step<Json, Json>): void {
    if (input.kind === "start" || input.kind === "restart") {
      const kept = input.kind === "start" ? -1 : this.#keptBy(input);
      for (let step = kept + 1; step < this.#states.length; step++) this.#undone.add(step);
      this.#timers.clear();
      this.#deferred.clear();
    }
    if (input.kind === "timer") this.#timers.delete(input.timer);
    for (const effect of effects) {
      if (effect.kind === "set-timer") this.#timers.add(effect.timer);
      if (effect.kind === "cancel-timer") this.#timers.delete(effect.timer);
      if (effect.kind === "defer" && input.kind === "message") this.#deferred.add(deferredText(input));
    }
    const invoked = events.filter(({ kind }) => kind === "invoked").length;
    this.#given += Math.max(invoked, input.kind === "request" ? 1 : 0);
    this.#states.push(this.#formOf(state).state);
  }
}

/** A message with who it is of and who sent it. */
function deferredText({ from, via = from, message }: Extract<RecordedInput, { kind: "message" }>): string {
  return `${from}<${via}<${sortedText(message)}`;
}

function notAChoice(choice: string, outcomes: readonly Step<Json, Json>[]): string {
  const labels = outcomes.flatMap(({ label }) => (label === undefined ? [] : [`"${label}"`]));
  return labels.length === 0
    ? `it chose "${choice}", and the model leaves it no choice`
    : `it chose "${choice}", and the model lets it choose ${labels.join(" or ")}`;
}

/** The first place at which two lists differ; null stands for the end of a list. */
function firstDifference<T>(
  model: readonly T[],
  record: readonly T[],
): { readonly model: T | null; readonly record: T | null } | null {
  for (let at = 0; at < Math.max(model.length, record.length); at++)
    if (recordedText(model[at]) !== recordedText(record[at]))
      return { model: model[at] ?? null, record: record[at] ?? null };
  return null;
}

/** The text of what stands in a record: JSON has no fields that are undefined. */
function recordedText(value: unknown): string {
  const text = sortedText(value);
  return text.includes("undefined") && value !== undefined
    ? sortedText(JSON.parse(JSON.stringify(value)))
    : text;
}
