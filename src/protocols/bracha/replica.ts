// A replica of reliable broadcast, step by step as in the paper: initial -> echo -> ready -> deliver. A
// replica receives its own message at once. It drops what can have no effect any more.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import { type Behaviour, type Context, type Effect, NodeId, SetOf, type Step } from "../../protocol/index.js";
import { decided, reaction, toOthers } from "../reactions.js";
import type { Message } from "./messages.js";
import { type Rules, sender } from "./rules.js";

const Votes = SetOf(Schema.Struct({ from: NodeId, value: Schema.String }));
type Votes = typeof Votes.Type;

export const State = Schema.Struct({
  hasEchoed: Schema.Boolean,
  isReady: Schema.Boolean,
  hasDelivered: Schema.Boolean,
  /** The first echo of each replica, until this one is ready. */
  echoes: Votes,
  /** The first ready of each replica, until this one has delivered. */
  readies: Votes,
});
export type State = typeof State.Type;
type Reaction = Step<State, Message, never>;

const initial: State = { hasEchoed: false, isReady: false, hasDelivered: false, echoes: [], readies: [] };

/** The behaviour under these rules. */
export function replica(rules: Rules): Behaviour<State, Message, never, string, State> {
  return {
    state: State,
    init: (_context, from) => [reaction(from.kind === "start" ? initial : from.stable)],
    step: (context, state, input) => {
      if (input.kind === "request")
        return [context.self === sender ? broadcast(rules, context, state, input.request) : reaction(state)];
      if (input.kind === "timer") return [reaction(state)];
      const { from, message } = input;
      return match(message)
        .returnType<readonly Reaction[]>()
        .with({ tag: "initial" }, ({ value }) => [
          rules.isSender(from) ? echo(rules, context, state, value) : reaction(state),
        ])
        .with({ tag: "echo" }, ({ value }) => [receiveEcho(rules, context, state, from, value)])
        .with({ tag: "ready" }, ({ value }) => [receiveReady(rules, context, state, from, value)])
        .exhaustive();
    },
    stable: (state) => state,
  };
}

/** Step 0: the sender broadcasts its value, once, and is the first to echo it. */
function broadcast(rules: Rules, context: Context, state: State, value: string): Reaction {
  if (state.hasEchoed) return reaction(state);
  return sendingFirst({ tag: "initial", value }, echo(rules, context, state, value));
}

/** Step 1: echoes the first value from the sender. */
function echo(rules: Rules, context: Context, state: State, value: string): Reaction {
  if (state.hasEchoed) return reaction(state);
  return sendingFirst(
    { tag: "echo", value },
    receiveEcho(rules, context, { ...state, hasEchoed: true }, context.self, value),
  );
}

/** Step 2: enough equal echoes make the replica ready. */
function receiveEcho(rules: Rules, context: Context, state: State, from: NodeId, value: string): Reaction {
  if (state.isReady || isCounted(state.echoes, from)) return reaction(state);
  const echoes = [...state.echoes, { from, value }];
  if (count(echoes, value) < rules.echoesNeeded(context.config)) return reaction({ ...state, echoes });
  return getReady(rules, context, state, value);
}

/** Steps 2 and 3: f+1 equal readies make the replica ready, too; 2f+1 deliver. */
function receiveReady(rules: Rules, context: Context, state: State, from: NodeId, value: string): Reaction {
  if (state.hasDelivered || isCounted(state.readies, from)) return reaction(state);
  const next = { ...state, readies: [...state.readies, { from, value }] };
  const readies = count(next.readies, value);
  if (!state.isReady && readies >= rules.readiesToJoin(context.config))
    return getReady(rules, context, next, value);
  if (readies < rules.readiesToDeliver(context.config)) return reaction(next);
  return reaction({ ...next, hasDelivered: true, readies: [] }, [], [decided(value)]);
}

function getReady(rules: Rules, context: Context, state: State, value: string): Reaction {
  const ready = { ...state, isReady: true, echoes: [] };
  return sendingFirst({ tag: "ready", value }, receiveReady(rules, context, ready, context.self, value));
}

/** The same reaction, with this message broadcast first. */
function sendingFirst(message: Message, rest: Reaction): Reaction {
  const effects: Effect<Message, never>[] = [toOthers(message), ...rest.effects];
  return { ...rest, effects };
}

function isCounted(votes: Votes, from: NodeId): boolean {
  return votes.some((vote) => vote.from === from);
}

function count(votes: Votes, value: string): number {
  return votes.filter((vote) => vote.value === value).length;
}
