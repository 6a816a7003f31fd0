// A PBFT client (OSDI'99, section 4.1). It sends its request to the primary, retransmits it to all replicas
// if no answer arrives in time, and accepts a result that f+1 different replicas report, since one of them is
// correct. It makes one request at a time, with increasing timestamps.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Config,
  type Context,
  type Effect,
  type Event,
  type Input,
  NodeId,
  type Outcomes,
  replicaIds,
  SetOf,
  type Signed,
  SignedOf,
  type Step,
  sign,
} from "../../protocol/index.js";
import { type Message, type ReadReply, type Reply, Request } from "./messages.js";
import { isReplica, primaryOf } from "./quorums.js";
import { attest, digestOf, isRead, requestOf } from "./requests.js";
import type { Rules } from "./rules.js";

const retransmitTimer = "retransmit";
type ClientTimer = typeof retransmitTimer;

export const ClientState = Schema.Struct({
  /** The request without an answer so far. */
  waiting: Schema.NullOr(SignedOf(Request)),
  /** The first result of each replica for it. */
  results: SetOf(
    Schema.Struct({ replica: NodeId, result: Schema.String, tentative: Schema.optionalKey(Schema.Boolean) }),
  ),
  /** Whether the request is a read that is not ordered: then `results` are read replies. */
  reading: Schema.optionalKey(Schema.Boolean),
  /** The view of the last reply needed; its primary gets the next request. A wrong view costs a timeout. */
  view: Schema.Number,
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
  state: { waiting: null, results: [], view: 0 },
  effects: [],
  events: [],
};

/** After a crash: timers do not survive it. */
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
      return state.waiting ? nothing : [submit(context, input.request, state.view)];
    case "timer":
      return state.waiting ? retransmit(rules, context, state, state.waiting) : nothing;
    case "message": {
      const { signer, body } = input.message;
      if (body.tag === "read-reply") return [onReadReply(rules, context, state, signer, body)];
      return body.tag === "reply" ? [onReply(rules, context, state, signer, body)] : nothing;
    }
  }
}

type ClientStep = Step<ClientState, Message, ClientTimer>;

/** 4.1: "sends the request to what it believes is the current primary"; 5.1: sends a read to all replicas. */
function submit(context: Context, request: Signed<Request>, view: number): ClientStep {
  const { config } = context;
  if (config.readOnly && isRead(request.body)) {
    return {
      state: { waiting: request, results: [], reading: true, view },
      effects: [...toAll(config, readOf(context, request)), { kind: "set-timer", timer: retransmitTimer }],
      events: [{ kind: "invoked", request: digestOf(request) }],
    };
  }
  return {
    state: { waiting: request, results: [], view },
    effects: [
      { kind: "send", to: primaryOf(config, view), message: request },
      { kind: "set-timer", timer: retransmitTimer },
    ],
    events: [{ kind: "invoked", request: digestOf(request) }],
  };
}

/**
 * 4.1: "if the client does not receive replies soon enough, it broadcasts the request to all replicas"; 5.1:
 * a read without a quorum becomes a "regular" request, and the read replies are discarded.
 */
function retransmit(
  rules: Rules,
  context: Context,
  { reading, ...state }: ClientState,
  request: Signed<Request>,
): Outcomes<ClientState, Message, ClientTimer> {
  const { config } = context;
  const goesOnReading = reading && !rules.ordersReads();
  const now = goesOnReading ? { ...state, reading } : reading ? { ...state, results: [] } : state;
  const effects = toAll(config, goesOnReading ? readOf(context, request) : request);
  return [{ state: now, effects: [...effects, { kind: "set-timer", timer: retransmitTimer }], events: [] }];
}

/** The request as a read that is not ordered. */
function readOf({ config, self }: Context, { body }: Signed<Request>): Message {
  return attest(config, { tag: "read" as const, client: self, timestamp: body.timestamp });
}

function toAll(config: Config, message: Message): Effect<Message, ClientTimer>[] {
  return replicaIds(config).map((to) => ({ kind: "send", to, message }));
}

/** 5.1: accepts a read when a quorum has read the same. Only the first answer of each replica counts. */
function onReadReply(
  rules: Rules,
  context: Context,
  state: ClientState,
  replica: string,
  { client, timestamp, result }: ReadReply,
): ClientStep {
  const { config, self } = context;
  const { waiting, results, reading } = state;
  const isMine = reading && client === self && waiting?.body.timestamp === timestamp;
  if (!isMine || !isReplica(config, replica) || results.some((other) => other.replica === replica))
    return { state, effects: [], events: [] };
  const now = [...results, { replica, result }];
  if (now.filter((other) => other.result === result).length < rules.readsNeeded(config))
    return { state: { ...state, results: now }, effects: [], events: [] };
  return accept(context, waiting, result, state.view);
}

/** 4.1: waits for f+1 replies with valid signatures from different replicas, with the same t and r. */
function onReply(
  rules: Rules,
  context: Context,
  state: ClientState,
  replica: string,
  { client, timestamp, result, view, tentative = false }: Reply,
): ClientStep {
  const { config, self } = context;
  const { waiting, results, reading } = state;
  const isMine =
    !reading && waiting?.body.client === self && client === self && waiting.body.timestamp === timestamp;
  const earlier = results.find((other) => other.replica === replica);
  if (!isMine || !isReplica(config, replica) || (earlier && (tentative || !earlier.tentative)))
    return { state, effects: [], events: [] };
  const others = results.filter((other) => other !== earlier); // what was tentative has become final
  const now = [...others, { replica, result, ...(tentative && { tentative }) }];
  if (!isConvincing(rules, context, now, result))
    return { state: { ...state, results: now }, effects: [], events: [] };
  return accept(context, waiting, result, Number.isInteger(view) && view > 0 ? view : 0);
}

/** Accepts the result, and makes the next request if there is one. */
function accept(context: Context, { body }: Signed<Request>, result: string, view: number): ClientStep {
  const { config, self } = context;
  const accepted: Event = { kind: "accepted", request: digestOf(sign(self, body)), result };
  if (!config.paced && body.timestamp < (config.operations ?? 1)) {
    const next = submit(context, requestOf(config, self, body.timestamp + 1), view);
    return { ...next, events: [accepted, ...next.events] };
  }
  return {
    // Who waits for another request remembers whom to send it to.
    state: { waiting: null, results: [], view: config.paced ? view : 0 },
    effects: [{ kind: "cancel-timer", timer: retransmitTimer }],
    events: [accepted],
  };
}

/**
 * f+1 replies, or a quorum of tentative ones: such a request commits in spite of any view change (TOCS'02,
 * 5.1.2).
 */
function isConvincing(rules: Rules, { config }: Context, results: ClientState["results"], result: string) {
  const matching = results.filter((other) => other.result === result);
  const final = matching.filter(({ tentative }) => !tentative);
  return final.length >= rules.repliesNeeded(config) || matching.length >= rules.quorum(config);
}
