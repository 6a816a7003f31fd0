// A reply: one outcome of a step, put together piece by piece. It is a `Step`, so whatever takes a step takes a reply.

import type { Digest, Effect, Event, Step } from "./behaviour.js";
import { nearest } from "./did-you-mean.js";
import type { NodeId } from "./node.js";
import type { Json } from "./schema.js";

/** What a replica says when it executes a request; see the event `executed`. */
export interface Execution {
  readonly request: Digest;
  /** Default: 1, for protocols that decide once. */
  readonly slot?: number;
  /** Default: the slot. */
  readonly position?: number;
  /** Default: null. */
  readonly result?: Json;
  readonly index?: number;
  /** Whether no client has asked for it, since the protocol made it itself. Default: no. */
  readonly own?: boolean;
}

/** An entry of a log that the protocol made itself, such as a change of members. */
export interface OwnEntry {
  readonly own: Digest;
}

/** An outcome that grows: each method returns a new reply with one thing more. Nothing is mutated. */
export class Reply<State, Message = never, Timer extends string = never>
  implements Step<State, Message, Timer>
{
  declare readonly label?: string;
  declare readonly random?: boolean;
  readonly state: State;
  readonly effects: readonly Effect<Message, Timer>[];
  readonly events: readonly Event[];

  constructor({ state, effects, events, label, random }: Step<State, Message, Timer>) {
    this.state = state;
    this.effects = effects;
    this.events = events;
    if (label !== undefined) this.label = label;
    if (random !== undefined) this.random = random;
  }

  /** The same effects and events with another state. */
  with<Next>(state: Next): Reply<Next, Message, Timer> {
    return new Reply({ ...this, state });
  }

  /** Sends a message to one node. */
  send<const Sent>(to: NodeId, message: Sent): Reply<State, Message | Sent, Timer> {
    return this.#and<Sent, never>({ kind: "send", to, message });
  }

  /** Sends a message, or several, to every replica except the node itself. */
  broadcast<const Sent>(...messages: readonly Sent[]): Reply<State, Message | Sent, Timer> {
    const sent = messages.map((message) => ({ kind: "broadcast" as const, message }));
    return new Reply<State, Message | Sent, Timer>({ ...this, effects: [...this.effects, ...sent] });
  }

  /** Sets a timer, or resets it. `delay` is in multiples of the base timeout; default: 1. */
  setTimer<const Name extends string>(timer: Name, delay?: number): Reply<State, Message, Timer | Name> {
    return this.#and<never, Name>({ kind: "set-timer", timer, ...(delay !== undefined && { delay }) });
  }

  /** Cancels a timer. */
  cancelTimer<const Name extends string>(timer: Name): Reply<State, Message, Timer | Name> {
    return this.#and<never, Name>({ kind: "cancel-timer", timer });
  }

  /** Has the message just received delivered again later; see the effect `defer`. */
  defer(key: string): Reply<State, Message, Timer> {
    return this.#and<never, never>({ kind: "defer", key });
  }

  /** The replica executes a request: what `agreement` and `validity` look at. */
  executed(execution: Execution) {
    const { request, slot = 1, position = slot, result = null, index, own = false } = execution;
    if (typeof request !== "string") refuseRequest("executed()", "request", execution);
    const where = index === undefined ? { slot, position } : { slot, position, index };
    return this.event({ kind: "executed", ...where, request, result, ...(own && { own: true as const }) });
  }

  /**
   * The replica executes what is new at the end of a log: these requests, one slot each, from `slot` on. Null stands for a slot at which
   * nothing is executed, and `{ own }` for an entry for which no client has asked.
   *
   * ```ts
   * reply({}).executedFrom(3, ["A", null, { own: "remove r1" }]).events.length // => 2
   * ```
   */
  executedFrom(slot: number, requests: readonly (Digest | OwnEntry | null)[]): Reply<State, Message, Timer> {
    return requests.reduce<Reply<State, Message, Timer>>((out, request, index) => {
      if (request === null) return out;
      const isOwn = typeof request === "object" && typeof request.own === "string";
      if (typeof request !== "string" && !isOwn) refuseRequest("executedFrom()", "own", request);
      const what = typeof request === "string" ? { request } : { request: request.own, own: true };
      return out.executed({ ...what, slot: slot + index });
    }, this);
  }

  /** A client submits a request. */
  invoked(request: Digest): Reply<State, Message, Timer> {
    return this.event({ kind: "invoked", request });
  }

  /** A client accepts an answer. */
  accepted(request: Digest, result: Json): Reply<State, Message, Timer> {
    return this.event({ kind: "accepted", request, result });
  }

  /** Shows an event for a property of the protocol's own. */
  shows(name: string, data: Json): Reply<State, Message, Timer> {
    return this.event({ kind: "custom", name, data });
  }

  /** Adds an event of any kind. */
  event(event: Event): Reply<State, Message, Timer> {
    return new Reply({ ...this, events: [...this.events, event] });
  }

  /** Names this outcome among several. */
  labelled(label: string): Reply<State, Message, Timer> {
    return new Reply({ ...this, label });
  }

  /** Names this outcome among several between which chance decides; see `Step.random`. */
  byChance(label: string): Reply<State, Message, Timer> {
    return new Reply({ ...this, label, random: true });
  }

  /**
   * Goes on in the new state, as where a vote is counted and the view that it ends is followed by another: each outcome of `next` comes
   * after what this reply does. Two labels become one. Like a handler, `next` may also give a state alone.
   *
   * @throws {TypeError} if `next` gives nothing.
   */
  continued<Next = State, Sent = never, Name extends string = never>(
    next: (state: State) => State | Step<Next, Sent, Name> | readonly Step<Next, Sent, Name>[],
  ): readonly Reply<State | Next, Message | Sent, Timer | Name>[] {
    const outcomes = stepsOf(next(this.state), "continued()") as readonly Step<Next, Sent, Name>[];
    return outcomes.map((outcome) => {
      const labels = [this.label, outcome.label].filter((label) => label !== undefined);
      return new Reply<Next, Message | Sent, Timer | Name>({
        state: outcome.state,
        effects: [...this.effects, ...outcome.effects],
        events: [...this.events, ...outcome.events],
        ...(labels.length > 0 && { label: labels.join(", ") }),
        ...((this.random || outcome.random) && { random: true }),
      });
    });
  }

  #and<Sent, Name extends string>(effect: Effect<Sent, Name>): Reply<State, Message | Sent, Timer | Name> {
    return new Reply<State, Message | Sent, Timer | Name>({ ...this, effects: [...this.effects, effect] });
  }
}

/**
 * What a handler has returned, as outcomes: one, several, or a state alone.
 *
 * @throws {TypeError} that begins with `who` for something else.
 */
export function stepsOf(returned: unknown, who: string): readonly Step<Json, Json>[] {
  if (typeof returned !== "object" || returned === null)
    throw new TypeError(
      `${who} returned ${String(returned)}: return a reply, several, or a state (to ignore the input: the state as it was)`,
    );
  if (!Array.isArray(returned)) return [isStep(returned) ? returned : reply(returned as Json)];
  const other = returned.find((one) => !isStep(one));
  if (other === undefined) return returned;
  const advice = Array.isArray(other)
    ? "a list in it (spread what continued() gives, which is a list already)"
    : "something that is no reply (put states into reply(...))";
  throw new TypeError(`${who} returned a list with ${advice}`);
}

function isStep(value: unknown): value is Step<Json, Json> {
  if (value instanceof Reply) return true;
  return (
    typeof value === "object" && value !== null && "state" in value && "effects" in value && "events" in value
  );
}

/**
 * An outcome with this state, and no effects and events yet.
 *
 * ```ts
 * const outcome = reply({ voted: true }).broadcast({ tag: "vote", value: "A" }).executed({ request: "A" });
 * outcome.effects // => [{ kind: "broadcast", message: { tag: "vote", value: "A" } }]
 * outcome.events // => [{ kind: "executed", slot: 1, position: 1, request: "A", result: null }]
 * ```
 */
export function reply<State>(state: State): Reply<State> {
  return new Reply<State>({ state, effects: [], events: [] });
}

/** @throws {TypeError} for what is executed without a digest in this part. */
function refuseRequest(call: string, part: "request" | "own", given: unknown): never {
  const wanted = part === "own" ? "a text, null, or { own } with a text" : "{ request } with a text";
  const names = typeof given === "object" && given !== null ? Object.keys(given) : [];
  const misspelt = names.find((name) => nearest(name, executionParts) === part && name !== part);
  const advice = misspelt === undefined ? "" : ` Its part "${misspelt}": did you mean "${part}"?`;
  throw new TypeError(
    `${call} takes ${wanted}, the digest of a request; it was given ${JSON.stringify(given)}.${advice}`,
  );
}

const executionParts = ["request", "slot", "position", "result", "index", "own"];
