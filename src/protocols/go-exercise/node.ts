// The exercise's `Node`, function by function. Its channels are the network: a client's request stays in the
// incoming channel of every node until it is read.
//
// Two defects that would stop it before anything can be found are not modelled. `isPrimaryForView(msg.View)`
// asks whether the *receiver* is primary, so every backup refuses every pre-prepare; here it asks about the
// sender. `updatePrimaryStatus` locks a mutex that its callers hold; here there is no mutex.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Context,
  type Effect,
  NodeId,
  type Outcomes,
  SetOf,
  type Step,
} from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { decided, reaction, to, toOthers } from "../reactions.js";
import type { Message } from "./messages.js";
import type { Rules } from "./rules.js";

/** `prepareLog` and `commitLog`: for each sequence number the first vote of each node, in any view. */
const Log = SetOf(Schema.Struct({ slot: Schema.Number, from: NodeId, value: Schema.String }));
type Log = typeof Log.Type;

export const State = Schema.Struct({
  view: Schema.Number,
  isPrimary: Schema.Boolean,
  sequence: Schema.Number,
  /** Requests that it has numbered: a channel delivers each message once. */
  numbered: SetOf(Schema.String),
  lastExecuted: Schema.Number,
  prePrepares: SetOf(Schema.Struct({ slot: Schema.Number, view: Schema.Number, value: Schema.String })),
  prepares: Log,
  commits: Log,
  viewChanges: SetOf(Schema.Struct({ view: Schema.Number, from: NodeId })),
  committed: SetOf(Schema.Number),
});
export type State = typeof State.Type;
type Timer = "view-change";
type Reaction = Step<State, Message, Timer>;
type Vote = { readonly view: number; readonly slot: number; readonly value: string };
type Said<Tag extends Message["tag"]> = Extract<Message, { readonly tag: Tag }>;

/** `Config.CommitQuorum`. */
const commitQuorum = ({ faults }: Context["config"]) => 2 * faults + 1;

/** The behaviour under these rules. */
export function node(rules: Rules): Behaviour<State, Message, Timer, string, State> {
  return {
    state: State,
    init: ({ self, config }, from) => [
      reaction(
        from.kind === "start" ? { ...initial, isPrimary: self === primaryOf(config, 0) } : from.stable,
        timer(rules),
      ),
    ],
    step: (context, state, input): Outcomes<State, Message, Timer> => {
      if (input.kind === "request")
        return [reaction(state, [to<Message>(context.self, { tag: "request", value: input.request })])];
      if (input.kind === "timer") return [startViewChange(rules, context, state)];
      return [processMessage(rules, context, state, input.from, input.message)];
    },
    stable: (state) => state,
    view: ({ view }) => view,
  };
}

function timer(rules: Rules) {
  return rules.changesView() ? [{ kind: "set-timer" as const, timer: "view-change" as const }] : [];
}

function processMessage(
  rules: Rules,
  context: Context,
  state: State,
  from: NodeId,
  message: Message,
): Reaction {
  return match(message)
    .returnType<Reaction>()
    .with({ tag: "request" }, (request) => handleRequest(context, state, request))
    .with({ tag: "pre-prepare" }, (prePrepare) => handlePrePrepare(rules, context, state, from, prePrepare))
    .with({ tag: "prepare" }, (prepare) => handlePrepare(rules, context, state, from, prepare))
    .with({ tag: "commit" }, (commit) => handleCommit(rules, context, state, from, commit))
    .with({ tag: "view-change" }, ({ view }) => handleViewChange(context, state, from, view))
    .with({ tag: "new-view" }, ({ view }) => handleNewView(rules, context, state, from, view))
    .exhaustive();
}

/**
 * The primary gives the request the next number. It prepares nothing, and overwrites what that number had
 * before.
 */
function handleRequest({ config }: Context, state: State, { value }: Said<"request">): Reaction {
  const slot = state.sequence + 1;
  if (!state.isPrimary || slot > config.slots || state.numbered.includes(value)) return reaction(state);
  const proposal = { slot, view: state.view, value };
  const others = state.prePrepares.filter((other) => other.slot !== slot);
  const numbered = [...state.numbered, value];
  const next = { ...state, sequence: slot, numbered, prePrepares: [...others, proposal] };
  return reaction(next, [toOthers<Message>({ tag: "pre-prepare", ...proposal })]);
}

function handlePrePrepare(
  rules: Rules,
  context: Context,
  state: State,
  from: NodeId,
  message: Said<"pre-prepare">,
): Reaction {
  const { view, slot, value } = message;
  const isOurs = from === primaryOf(context.config, view) && view === state.view;
  const isTaken = state.prePrepares.some((other) => other.slot === slot);
  if (!isOurs || isTaken || !rules.isRequest(context.config, value)) return reaction(state);
  const prePrepares = [...state.prePrepares, { slot, view, value }];
  const prepares = [...without(state.prepares, slot, context.self), { slot, from: context.self, value }];
  const next = { ...state, prePrepares, prepares };
  const rest = rules.checksOwnVote()
    ? considerPrepares(rules, context, next, message)
    : reaction<State, Message, Timer>(next);
  const said: Effect<Message, Timer> = {
    kind: "broadcast",
    message: { tag: "prepare", view, slot, value },
  };
  return { ...rest, effects: [said, ...rest.effects] };
}

function handlePrepare(
  rules: Rules,
  context: Context,
  state: State,
  from: NodeId,
  message: Said<"prepare">,
): Reaction {
  const { view, slot, value } = message;
  const isOver = state.committed.includes(slot); // then it is kept, and of no use
  if (view !== state.view || isOver || has(state.prepares, slot, from)) return reaction(state);
  if (!rules.mayPrepare(context.config, view, from)) return reaction(state);
  const prepares = [...state.prepares, { slot, from, value }];
  return considerPrepares(rules, context, { ...state, prepares }, message);
}

/**
 * From a quorum of prepares on, every further one sends a commit again; as written, for the payload of that
 * prepare.
 */
function considerPrepares(rules: Rules, context: Context, state: State, vote: Vote): Reaction {
  const { self, config } = context;
  const { view, slot } = vote;
  const value = rules.commitsFor(vote.value, proposedAt(state, slot));
  if (
    votes(rules, state, state.prepares, slot) < rules.preparesNeeded(config) ||
    state.committed.includes(slot)
  )
    return reaction(state);
  const commits = [...without(state.commits, slot, self), { slot, from: self, value }];
  const next = { ...state, commits };
  const rest = rules.checksOwnVote()
    ? considerCommits(rules, context, next, slot)
    : reaction<State, Message, Timer>(next);
  const said: Effect<Message, Timer> = { kind: "broadcast", message: { tag: "commit", view, slot, value } };
  return { ...rest, effects: [said, ...rest.effects] };
}

function handleCommit(
  rules: Rules,
  context: Context,
  state: State,
  from: NodeId,
  message: Said<"commit">,
): Reaction {
  const { view, slot, value } = message;
  const isOver = state.committed.includes(slot);
  if (view !== state.view || isOver || has(state.commits, slot, from)) return reaction(state);
  return considerCommits(
    rules,
    context,
    { ...state, commits: [...state.commits, { slot, from, value }] },
    slot,
  );
}

function considerCommits(rules: Rules, { self, config }: Context, state: State, slot: number): Reaction {
  if (votes(rules, state, state.commits, slot) < commitQuorum(config)) return reaction(state);
  if (rules.commitsOnlyPrepared() && !has(state.commits, slot, self)) return reaction(state);
  const rest = (log: Log) => log.filter((vote) => vote.slot !== slot); // of no use any more
  const committed = [...state.committed, slot];
  const next = { ...state, committed, prepares: rest(state.prepares), commits: rest(state.commits) };
  return executeOperation(rules, next, slot);
}

/** Executes only the number after the last one, and does not retry. */
function executeOperation(rules: Rules, state: State, slot: number): Reaction {
  const proposal = state.prePrepares.find((other) => other.slot === slot);
  if (slot !== state.lastExecuted + 1 || !proposal) return reaction(state);
  const done = { ...state, lastExecuted: slot };
  const more = rules.executesLater() && done.committed.includes(slot + 1);
  const rest = more ? executeOperation(rules, done, slot + 1) : reaction<State, Message, Timer>(done);
  return { ...rest, events: [decided(proposal.value, slot), ...rest.events] };
}

/** The votes for a slot that count for its proposal. */
function votes(rules: Rules, state: State, log: Log, slot: number): number {
  const proposed = proposedAt(state, slot);
  return log.filter((vote) => vote.slot === slot && rules.countsVote(vote.value, proposed)).length;
}

/** Reports nothing that has prepared, and works in the new view at once. */
function startViewChange(rules: Rules, { self }: Context, state: State): Reaction {
  const view = state.view + 1;
  const viewChanges = [...state.viewChanges, { view, from: self }];
  const said: Effect<Message, Timer> = { kind: "broadcast", message: { tag: "view-change", view } };
  return reaction({ ...state, view, viewChanges }, [...timer(rules), said]);
}

function handleViewChange({ self, config }: Context, state: State, from: NodeId, view: number): Reaction {
  if (self !== primaryOf(config, view)) return reaction(state); // nobody else ever looks at them
  const others = state.viewChanges.filter((other) => other.view !== view || other.from !== from);
  const next = { ...state, viewChanges: [...others, { view, from }] };
  const count = next.viewChanges.filter((other) => other.view === view).length;
  if (count < commitQuorum(config)) return reaction(next);
  return reaction({ ...next, view, isPrimary: true }, [toOthers<Message>({ tag: "new-view", view })]);
}

/** The primary of any view may announce it, without a reason; a node may even go back. */
function handleNewView(
  rules: Rules,
  { self, config }: Context,
  state: State,
  from: NodeId,
  view: number,
): Reaction {
  if (!rules.changesView() || from !== primaryOf(config, view)) return reaction(state);
  if (view === state.view && !state.isPrimary) return reaction(state); // but for the timer nothing changes
  return reaction({ ...state, view, isPrimary: self === primaryOf(config, view) }, timer(rules));
}

const initial: State = {
  view: 0,
  isPrimary: false,
  sequence: 0,
  numbered: [],
  lastExecuted: 0,
  prePrepares: [],
  prepares: [],
  commits: [],
  viewChanges: [],
  committed: [],
};

function proposedAt({ prePrepares }: State, slot: number): string | undefined {
  return prePrepares.find((other) => other.slot === slot)?.value;
}

function has(log: Log, slot: number, from: NodeId): boolean {
  return log.some((vote) => vote.slot === slot && vote.from === from);
}

function without(log: Log, slot: number, from: NodeId): Log {
  return log.filter((vote) => vote.slot !== slot || vote.from !== from);
}
