// A PBFT client (OSDI'99, section 4.1): it sends its request to the primary, sends it to all replicas if the answer
// does not come soon, and accepts a result for which f+1 different replicas vouch, since one of them is correct.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Context,
  type Effect,
  type Input,
  NodeId,
  type Outcomes,
  replicaIds,
  SetOf,
  type Signed,
  SignedOf,
  type Step,
} from "../../protocol/index.js";
import { type Message, type Reply, Request } from "./messages.js";
import { isReplica, primaryOf } from "./quorums.js";
import { digestOf } from "./requests.js";
import type { Rules } from "./rules.js";

const retransmitTimer = "retransmit";
type ClientTimer = typeof retransmitTimer;

export const ClientState = Schema.Struct({
  /** The request that waits for its answer. */
  waiting: Schema.NullOr(SignedOf(Request)),
  /** The first result of each replica that has answered it. */
  results: SetOf(Schema.Struct({ replica: NodeId, result: Schema.String })),
});
export type ClientState = typeof ClientState.Type;

/** A client that follows `rules`. */
export function client(
  rules: Rules,
): Behaviour<ClientState, Message, ClientTimer, Signed<Request>, ClientState> {
  return {
    state: ClientState,
    init: (_context, from) => [from.kind === "start" ? idle : resumed(from.stable)],
    step: (context, state, input) => step(rules, context, state, input),
    stable: (state) => state,
  };
}

const idle: Step<ClientState, Message, ClientTimer> = {
  state: { waiting: null, results: [] },
  effects: [],
  events: [],
};

/** After a crash: timers do not survive one. */
function resumed(state: ClientState): Step<ClientState, Message, ClientTimer> {
  return { state, effects: state.waiting ? [{ kind: "set-timer", timer: retransmitTimer }] : [], events: [] };
}

function step(
  rules: Rules,
  context: Context,
  state: ClientState,
  input: Input<Message, ClientTimer, Signed<Request>>,
): Outcomes<ClientState, Message, ClientTimer> {
  const nothing = [{ state, effects: [], events: [] }];
  switch (input.kind) {
    case "request":
      return state.waiting ? nothing : submit(context, input.request);
    case "timer":
      return state.waiting ? retransmit(context, state, state.waiting) : nothing;
    case "message": {
      const { signer, body } = input.message;
      return body.tag === "reply" ? onReply(rules, context, state, signer, body) : nothing;
    }
  }
}

function submit({ config }: Context, request: Signed<Request>): Outcomes<ClientState, Message, ClientTimer> {
  return [
    {
      state: { waiting: request, results: [] },
      effects: [
        { kind: "send", to: primaryOf(config, 0), message: request },
        { kind: "set-timer", timer: retransmitTimer },
      ],
      events: [{ kind: "invoked", request: digestOf(request) }],
    },
  ];
}

function retransmit(
  { config }: Context,
  state: ClientState,
  request: Signed<Request>,
): Outcomes<ClientState, Message, ClientTimer> {
  const sends = replicaIds(config).map(
    (to): Effect<Message, ClientTimer> => ({ kind: "send", to, message: request }),
  );
  return [{ state, effects: [...sends, { kind: "set-timer", timer: retransmitTimer }], events: [] }];
}

function onReply(
  rules: Rules,
  { config, self }: Context,
  state: ClientState,
  replica: string,
  { client, timestamp, result }: Reply,
): Outcomes<ClientState, Message, ClientTimer> {
  const { waiting, results } = state;
  const isMine = waiting?.body.client === self && client === self && waiting.body.timestamp === timestamp;
  if (!isMine || !isReplica(config, replica) || results.some((other) => other.replica === replica))
    return [{ state, effects: [], events: [] }];
  const now = [...results, { replica, result }];
  if (now.filter((other) => other.result === result).length < rules.repliesNeeded(config))
    return [{ state: { waiting, results: now }, effects: [], events: [] }];
  return [
    {
      state: { waiting: null, results: [] },
      effects: [{ kind: "cancel-timer", timer: retransmitTimer }],
      events: [{ kind: "accepted", request: digestOf(waiting), result }],
    },
  ];
}
