// Single-decree Paxos (Lamport, "Paxos made simple", 2001) with clients that put a value and then get it: crash faults
// only, nobody lies. It is meant for the network `once:keep`, on which its number of states is a published figure:
//
//   turncoat check ./examples/paxos.ts --replicas 3 --faults 0 --requests 2 --property linearizable \
//     --adversary none --network once:keep
//
// Any server proposes the first value that it is asked to put. Ballots are (round, server); a proposal is chosen once a
// majority has accepted it. What clients see must be linearizable, as operations on one register.

import * as Schema from "effect/Schema";
import type { Behaviour, Config, Context, Effect, Event, Property, Protocol, Step } from "turncoat";
import { monitor, NodeId, replicaIds, SetOf } from "turncoat";

const Ballot = Schema.Tuple([Schema.Number, Schema.Number]);
type Ballot = typeof Ballot.Type;
/** `client` is null where the environment asks the server itself. */
const Proposal = Schema.Struct({
  request: Schema.Number,
  client: Schema.NullOr(NodeId),
  value: Schema.String,
});
type Proposal = typeof Proposal.Type;
const Accepted = Schema.NullOr(Schema.Struct({ ballot: Ballot, proposal: Proposal }));
type Accepted = typeof Accepted.Type;

const Message = Schema.Union([
  Schema.Struct({ tag: Schema.Literal("put"), request: Schema.Number, value: Schema.String }),
  Schema.Struct({ tag: Schema.Literal("get"), request: Schema.Number }),
  Schema.Struct({ tag: Schema.Literal("put-ok"), request: Schema.Number }),
  Schema.Struct({ tag: Schema.Literal("get-ok"), request: Schema.Number, value: Schema.String }),
  Schema.Struct({ tag: Schema.Literal("prepare"), ballot: Ballot }),
  Schema.Struct({ tag: Schema.Literal("prepared"), ballot: Ballot, accepted: Accepted }),
  Schema.Struct({ tag: Schema.Literal("accept"), ballot: Ballot, proposal: Proposal }),
  Schema.Struct({ tag: Schema.Literal("accepted"), ballot: Ballot }),
  Schema.Struct({ tag: Schema.Literal("decided"), ballot: Ballot, proposal: Proposal }),
]);
type Message = typeof Message.Type;

const Server = Schema.Struct({
  ballot: Ballot,
  proposal: Schema.NullOr(Proposal),
  /** What each server that has promised this ballot had accepted before. */
  prepares: SetOf(Schema.Struct({ server: NodeId, accepted: Accepted })),
  accepts: SetOf(NodeId),
  accepted: Accepted,
  decided: Schema.Boolean,
});
type Server = typeof Server.Type;
type Turn = Step<Server, Message>;

const isBelow = ([round, server]: Ballot, [otherRound, other]: Ballot) =>
  round < otherRound || (round === otherRound && server < other);
const isSame = (a: Ballot, b: Ballot) => a[0] === b[0] && a[1] === b[1];
const majority = ({ replicas }: Config) => Math.floor(replicas / 2) + 1;
const indexOf = (id: NodeId) => Number(id.slice(1));
const send = (to: NodeId, message: Message): Effect<Message> => ({ kind: "send", to, message });
const broadcast = (message: Message): Effect<Message> => ({ kind: "broadcast", message });
const turn = <S>(state: S, effects: Effect<Message>[] = [], events: Event[] = []): Step<S, Message> => ({
  state,
  effects,
  events,
});

const server: Behaviour<Server, Message, string, string, Server> = {
  state: Server,
  init: (_context, from) => {
    const fresh = {
      ballot: [0, 0] as const,
      proposal: null,
      prepares: [],
      accepts: [],
      accepted: null,
      decided: false,
    };
    return [turn(from.kind === "start" ? fresh : from.stable)];
  },
  step: (context, state, input) => {
    if (input.kind === "request")
      return [propose(context, state, { request: 0, client: null, value: input.request })];
    if (input.kind !== "message") return [turn(state)];
    return [state.decided ? answer(state, input.from, input.message) : receive(context, state, input)];
  },
  stable: (state) => state,
};

/** A server that has decided tells the value, and nothing else. */
function answer(state: Server, from: NodeId, message: Message): Turn {
  if (message.tag !== "get" || !state.accepted) return turn(state);
  const { value } = state.accepted.proposal;
  return turn(state, [send(from, { tag: "get-ok", request: message.request, value })]);
}

/** Phase 1a: a ballot of one's own, above all that were seen. */
function propose({ self }: Context, state: Server, proposal: Proposal): Turn {
  if (state.proposal) return turn(state);
  const ballot: Ballot = [state.ballot[0] + 1, indexOf(self)];
  const prepares = [{ server: self, accepted: state.accepted }];
  return turn({ ...state, proposal, ballot, prepares, accepts: [] }, [broadcast({ tag: "prepare", ballot })]);
}

function receive(
  context: Context,
  state: Server,
  { from, message }: { readonly from: NodeId; readonly message: Message },
): Turn {
  const { self, config } = context;
  switch (message.tag) {
    case "put":
      return propose(context, state, { request: message.request, client: from, value: message.value });
    case "prepare": {
      const { ballot } = message;
      if (!isBelow(state.ballot, ballot)) return turn(state);
      return turn({ ...state, ballot }, [send(from, { tag: "prepared", ballot, accepted: state.accepted })]);
    }
    case "prepared": {
      const { ballot, accepted } = message;
      if (!isSame(ballot, state.ballot)) return turn(state);
      const others = state.prepares.filter((prepare) => prepare.server !== from);
      const prepares = [...others, { server: from, accepted }];
      if (prepares.length !== majority(config)) return turn({ ...state, prepares });
      const proposal = highest(prepares.map((prepare) => prepare.accepted)) ?? state.proposal!;
      const accepts = [...new Set([...state.accepts, self])];
      const next = { ...state, prepares, proposal, accepted: { ballot, proposal }, accepts };
      return turn(next, [broadcast({ tag: "accept", ballot, proposal })]);
    }
    case "accept": {
      const { ballot, proposal } = message;
      if (isBelow(ballot, state.ballot)) return turn(state);
      return turn({ ...state, ballot, accepted: { ballot, proposal } }, [
        send(from, { tag: "accepted", ballot }),
      ]);
    }
    case "accepted": {
      const { ballot } = message;
      if (!isSame(ballot, state.ballot)) return turn(state);
      const accepts = [...new Set([...state.accepts, from])];
      if (accepts.length !== majority(config)) return turn({ ...state, accepts });
      const proposal = state.proposal!;
      const reply = proposal.client
        ? [send(proposal.client, { tag: "put-ok", request: proposal.request })]
        : [];
      return turn(
        { ...state, accepts, decided: true },
        [broadcast({ tag: "decided", ballot, proposal }), ...reply],
        [chosen(proposal)],
      );
    }
    case "decided": {
      const { ballot, proposal } = message;
      return turn(
        { ...state, ballot, accepted: { ballot, proposal }, decided: true },
        [],
        [chosen(proposal)],
      );
    }
    default:
      return turn(state);
  }
}

/** The proposal of the highest ballot among what was accepted, or undefined. */
function highest(all: readonly Accepted[]): Proposal | undefined {
  const accepted = all.flatMap((one) => one ?? []);
  return accepted.sort((a, b) => (isBelow(a.ballot, b.ballot) ? 1 : -1))[0]?.proposal;
}

function chosen({ value }: Proposal): Event {
  return { kind: "executed", slot: 1, position: 1, request: value, result: null };
}

/** It puts a value of its own, and then gets, each time from another server. */
const Client = Schema.Struct({ awaits: Schema.NullOr(Schema.Number), operations: Schema.Number });
type Client = typeof Client.Type;

const client: Behaviour<Client, Message, string, string, Client> = {
  state: Client,
  init: () => [turn({ awaits: null, operations: 0 })],
  step: ({ self, config }, state, input) => {
    const number = config.replicas + indexOf(self);
    const serverOf = (offset: number): NodeId => `r${(number + offset) % config.replicas}`;
    if (input.kind === "request") {
      const put = send(serverOf(0), { tag: "put", request: number, value: input.request });
      return [turn({ awaits: number, operations: 1 }, [put], [invoke("put", input.request)])];
    }
    if (input.kind !== "message") return [turn(state)];
    const { message } = input;
    if (message.tag === "put-ok" && message.request === state.awaits) {
      const request = 2 * number;
      const get = send(serverOf(1), { tag: "get", request });
      return [turn({ awaits: request, operations: 2 }, [get], [returned(null), invoke("get", null)])];
    }
    if (message.tag === "get-ok" && message.request === state.awaits)
      return [turn({ awaits: null, operations: 3 }, [], [returned(message.value)])];
    return [turn(state)];
  },
  stable: (state) => state,
};

type Invocation = { readonly operation: "put" | "get"; readonly value: string | null };

function invoke(operation: Invocation["operation"], value: string | null): Event {
  return { kind: "custom", name: "invoke", data: { operation, value } };
}

function returned(value: string | null): Event {
  return { kind: "custom", name: "return", data: value };
}

/** An operation on the register, and how many operations of each other client were complete when it was invoked. */
type Operation = Invocation & {
  readonly after: { readonly [client: string]: number };
  /** What a completed get returned. */
  readonly returned: string | null;
};
type History = {
  readonly [client: string]: { readonly done: readonly Operation[]; readonly open: readonly Operation[] };
};

/** Herlihy and Wing, "Linearizability" (1990): the history has an order that respects real time and makes sense. */
const linearizable: Property = {
  name: "linearizable",
  summary: "what clients put and get could have happened on one register, in real-time order",
  kind: "always",
  observes: "clients",
  exercise: "no get has returned",
  monitor: ({ correct }) =>
    monitor<History>({
      init: Object.fromEntries(
        correct.filter((id) => id.startsWith("c")).map((id) => [id, { done: [], open: [] }]),
      ),
      on: (history, by, event) => {
        if (event.kind !== "custom") return history;
        const own = history[by]!;
        if (event.name === "return") {
          const done = [...own.done, { ...own.open[0]!, returned: event.data as string | null }];
          return { ...history, [by]: { done, open: [] } };
        }
        const others = Object.entries(history).filter(([id, { done }]) => id !== by && done.length > 0);
        const after = Object.fromEntries(others.map(([id, { done }]) => [id, done.length]));
        const { operation, value } = event.data as Invocation;
        return { ...history, [by]: { ...own, open: [{ operation, value, after, returned: null }] } };
      },
      verdict: (history) => (hasOrder(history) ? "holds" : "violated"),
      exercised: (history) =>
        Object.values(history).flatMap(({ done }) => done.filter(({ operation }) => operation === "get"))
          .length,
      explain: (history) => `no order explains what the clients saw: ${JSON.stringify(history)}`,
    }),
};

/** Tries every order: one more operation of some client, whose predecessors have all been placed; an open one may be left out. */
function hasOrder(history: History): boolean {
  const clients = Object.keys(history);
  const go = (placed: { readonly [client: string]: number }, register: string | null): boolean => {
    if (clients.every((id) => placed[id]! >= history[id]!.done.length)) return true;
    return clients.some((id) => {
      const { done, open } = history[id]!;
      const index = placed[id]!;
      const next = [...done, ...open][index];
      if (!next || Object.entries(next.after).some(([other, count]) => placed[other]! < count)) return false;
      const isDone = index < done.length;
      if (next.operation === "get" && isDone && next.returned !== register) return false;
      return go({ ...placed, [id]: index + 1 }, next.operation === "put" ? next.value : register);
    });
  };
  return go(Object.fromEntries(clients.map((id) => [id, 0])), null);
}

const protocol: Protocol<Message, string> = {
  name: "paxos",
  summary: "single-decree Paxos with clients that put and get",
  message: Message,
  nodes: (config) => [
    ...replicaIds(config).map((id) => ({ id, role: "replica" as const, behaviour: server })),
    ...Array.from({ length: config.clients ? config.requests : 0 }, (_, index) => ({
      id: `c${index}`,
      role: "client" as const,
      behaviour: client,
    })),
  ],
  requests: ({ requests }) => [..."ABCDEFGH"].slice(0, requests),
  digest: (value) => value,
};

export default protocol;
export const properties = [linearizable];
