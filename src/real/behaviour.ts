// The behaviour of a class: `step` is an evaluation in the realm. The state is the text of a snapshot, together with a history that leads
// to it, from which every thread, process and file can make an instance in that state.

import * as Schema from "effect/Schema";
import { UserError } from "../model/errors.js";
import {
  type Behaviour,
  type Config,
  type Effect,
  type Event,
  type Input,
  type Json,
  marked,
  type Outcomes,
  type Step,
  sign,
} from "../protocol/index.js";
import { bodyOf } from "./adversaries.js";
import { answerTo, askedIn } from "./client.js";
import { type Entry, historyOf } from "./history.js";
import type { Instances, Result } from "./instances.js";
import { shownSnapshot } from "./show.js";

/** See the file comment. */
interface State {
  readonly at: string;
  readonly view: number;
  readonly history: unknown;
}

const State = Schema.Struct({
  at: Schema.String,
  view: Schema.Number,
  history: marked(Schema.Unknown, "beside"),
});

/** Delays are in multiples of a protocol's base timeout; of a class that is the one that `--timeout` says if nobody says anything. */
const baseTimeoutMs = 500;
/** A client asks at once, and soon again if it is refused. */
const askingDelay = 0.02;
/** Timers of this name stand for requests that wait until the node can take them. */
const requestPrefix = "request ";

export type NodeBehaviour = Behaviour<State, Json, string, Json, Json>;

/** What the reactions of a node depend on besides its instances. */
export interface NodeOptions {
  readonly path: string;
  readonly requests: readonly Json[];
  readonly ask: "any-time" | "at-start";
  readonly signer: Signer | null;
}

export type Signer = (message: Json) => string | null;

/** Requests are told apart by their text. */
export function digestOf(request: Json): string {
  return typeof request === "string" ? request : JSON.stringify(request);
}

/** A state for people, and for who looks for votes in it. */
const looks = {
  show: ({ at }: State) => shownSnapshot(at),
  parts: ({ at, view }: State): Json => ({ at: JSON.parse(at) as Json, view }),
};

/** How a node of the class reacts. */
export function behaviourOf(instances: Instances, options: NodeOptions): NodeBehaviour {
  // The model asks twice; the comparison is made in here, from two histories.
  let last: { state: State; input: Input<Json>; outcomes: Outcomes<State, Json> } | null = null;
  return {
    state: State as never,
    init: ({ config }, from) => {
      if (from.kind === "start") return outcomesOf(instances.start(null), null, options, config);
      const outcomes = outcomesOf(instances.start(JSON.stringify(from.stable)), null, options, config);
      // Clients that were not answered ask again.
      const again =
        options.ask === "any-time" && !config.clients ? options.requests.slice(0, config.requests) : [];
      const asked = again.map(
        (request): Effect<Json> => ({
          kind: "set-timer",
          timer: requestPrefix + digestOf(request),
          delay: askingDelay,
        }),
      );
      return outcomes.map((outcome) => ({ ...outcome, effects: [...outcome.effects, ...asked] }));
    },
    step: ({ config }, state, input) => {
      if (last?.state === state && last.input === input) return last.outcomes;
      const request = input.kind === "message" ? askedIn(input.from, input.message, config) : undefined;
      const asked: Input<Json> = request === undefined ? input : { kind: "request", request };
      const outcomes = step(instances, state, asked, options, config);
      last = { state, input, outcomes };
      return outcomes;
    },
    stable: (state) => {
      const text = instances.stable(state.at, historyOf(state.history));
      if (text !== null) return JSON.parse(text) as Json;
      throw new UserError(
        "bad-option",
        `What survives a crash is not known: have the replica in ${options.path} return stable: () => ({ ... }), which comes back as io.restored; or use --losing nothing.`,
      );
    },
    view: ({ view }) => view,
    ...looks,
  };
}

function step(
  instances: Instances,
  state: State,
  input: Input<Json>,
  options: NodeOptions,
  config: Config,
): Outcomes<State, Json> {
  const { requests, ask, signer } = options;
  if (input.kind === "request" && ask === "any-time") {
    // It waits until it can be taken: see `requestPrefix`.
    const timer = requestPrefix + digestOf(input.request);
    return [{ state, effects: [{ kind: "set-timer", timer, delay: askingDelay }], events: [] }];
  }
  const history = historyOf(state.history);
  if (input.kind === "timer" && input.timer.startsWith(requestPrefix)) {
    const digest = input.timer.slice(requestPrefix.length);
    const request = requests.find((one) => digestOf(one) === digest)!;
    const results = instances.step(state.at, history, ["request", JSON.stringify(request)]);
    // A node that does nothing with it (it is no leader, perhaps) can be asked again.
    return outcomesOf(results, state, options, config).map((outcome) =>
      outcome.state === state && outcome.effects.length === 0 && outcome.events.length === 0
        ? { ...outcome, effects: [{ kind: "set-timer", timer: input.timer, delay: askingDelay }] }
        : outcome,
    );
  }
  return outcomesOf(
    instances.step(state.at, history, entryOf(input, signer !== null)),
    state,
    options,
    config,
  );
}

const texts = new WeakMap<object, string>();

/** The text of a message; messages are asked for again and again. */
export function textOf(message: Json): string {
  if (typeof message !== "object" || message === null) return JSON.stringify(message);
  let text = texts.get(message);
  if (text === undefined) {
    text = JSON.stringify(message);
    texts.set(message, text);
  }
  return text;
}

/** The input as an entry of a history. A `switch`: it is called for every evaluation. */
function entryOf(input: Input<Json>, isSigning: boolean): Entry {
  switch (input.kind) {
    case "message":
      return ["message", input.from, textOf(isSigning ? bodyOf(input.message) : input.message)];
    case "timer":
      return ["timer", input.timer];
    case "request":
      return ["request", JSON.stringify(input.request)];
  }
}

/** Results as outcomes; one that leaves the state as it was keeps the object `before`. */
function outcomesOf(
  results: readonly Result[],
  before: State | null,
  { signer, requests }: NodeOptions,
  config: Config,
): Step<State, Json>[] {
  return results.map((result) => {
    const { at, view, history, sent, said, set, cancelled, drawn } = result;
    const state = before && before.at === at && before.view === view ? before : { at, view, history };
    const signed = (text: string): Json => {
      const message = JSON.parse(text) as Json;
      const by = signer?.(message) ?? null;
      return by === null ? message : (sign(by, message) as unknown as Json);
    };
    const events = said.map((text) => withDigest(JSON.parse(text) as Event));
    const effects: Effect<Json>[] = [
      ...sent.map(
        ([to, text]): Effect<Json> =>
          to === null
            ? { kind: "broadcast", message: signed(text) }
            : { kind: "send", to, message: signed(text) },
      ),
      ...cancelled.map((timer): Effect<Json> => ({ kind: "cancel-timer", timer })),
      ...set.map(([timer, ms]): Effect<Json> => ({ kind: "set-timer", timer, delay: ms / baseTimeoutMs })),
      ...(config.clients ? events.flatMap((event) => answers(event, requests, config)) : []),
    ];
    const outcome: Step<State, Json> = { state, effects, events };
    if (results.length === 1) return outcome;
    const choices = history.entry.filter((item, index) => index > 0 && typeof item === "number");
    return { ...outcome, label: `random ${drawn.map((_, index) => choices[index] ?? 0).join(",")}` };
  });
}

/** Tells a client that its request was executed. */
function answers(event: Event, requests: readonly Json[], config: Config): Effect<Json>[] {
  if (event.kind !== "executed") return [];
  const index = requests.findIndex((one) => digestOf(one) === event.request);
  return index < 0 ? [] : [answerTo(config, index, event.request, event.result)];
}

/** Requests are told apart by their digests. */
function withDigest(event: Event): Event {
  return event.kind === "executed" ? { ...event, request: digestOf(event.request as Json) } : event;
}
