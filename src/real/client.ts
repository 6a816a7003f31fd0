// A client of a class, as a node of timed and simulated runs: it asks all replicas, asks again if it is not answered in time, and is
// served when f+1 replicas have executed its request with the same result, since one of them is correct.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Config,
  clientIds,
  type Digest,
  type Effect,
  type Json,
  type NodeId,
  type Outcomes,
  replicaIds,
} from "../protocol/index.js";

/** What a client sends. */
interface Asked {
  readonly tag: "client asks";
  readonly request: Json;
}

/** What it is answered. */
interface Answered {
  readonly tag: "executed";
  readonly request: Digest;
  readonly result: Json;
}

const State = Schema.Struct({
  waiting: Schema.NullOr(Schema.Struct({ request: Schema.Unknown, digest: Schema.String })),
  /** For each replica that has answered, its first result as text. */
  results: Schema.Record(Schema.String, Schema.String),
});
interface State {
  readonly waiting: { readonly request: Json; readonly digest: Digest } | null;
  readonly results: { readonly [replica: NodeId]: string };
}

const idle: State = { waiting: null, results: {} };
const again = "ask again";

/** The behaviour of a client. */
export function clientOf(digestOf: (request: Json) => Digest): Behaviour<State, Json, string, Json, Json> {
  const ask = ({ replicas }: Config, request: Json): Effect<Json>[] => {
    const message: Asked = { tag: "client asks", request };
    const sends = replicaIds({ replicas }).map(
      (to): Effect<Json> => ({ kind: "send", to, message: message as unknown as Json }),
    );
    return [...sends, { kind: "set-timer", timer: again }];
  };
  return {
    state: State as never,
    init: () => [{ state: idle, effects: [], events: [] }],
    step: ({ config }, state, input): Outcomes<State, Json> => {
      if (input.kind === "request") {
        const digest = digestOf(input.request);
        const waiting = { request: input.request, digest };
        const events = [{ kind: "invoked", request: digest }] as const;
        return [{ state: { waiting, results: {} }, effects: ask(config, input.request), events }];
      }
      const { waiting, results } = state;
      if (waiting === null) return [{ state, effects: [], events: [] }];
      if (input.kind === "timer") return [{ state, effects: ask(config, waiting.request), events: [] }];
      const answer = input.message as Partial<Answered> | null;
      if (answer?.tag !== "executed" || answer.request !== waiting.digest || results[input.from])
        return [{ state, effects: [], events: [] }];
      const text = JSON.stringify(answer.result ?? null);
      const now = { ...results, [input.from]: text };
      if (Object.values(now).filter((other) => other === text).length <= config.faults)
        return [{ state: { waiting, results: now }, effects: [], events: [] }];
      const accepted = { kind: "accepted", request: waiting.digest, result: answer.result ?? null } as const;
      return [{ state: idle, effects: [{ kind: "cancel-timer", timer: again }], events: [accepted] }];
    },
    stable: (state) => state as unknown as Json,
  };
}

/** What a message from a client asks for; undefined if it comes from somebody else. */
export function askedIn(from: NodeId, message: Json, config: Config): Json | undefined {
  return config.clients && clientIds(config).includes(from)
    ? (message as unknown as Asked).request
    : undefined;
}

/** The answer that tells the client of a request that it was executed. `index`: the place of the request among all. */
export function answerTo(config: Config, index: number, request: Digest, result: Json): Effect<Json> {
  const clients = clientIds(config);
  const message: Answered = { tag: "executed", request, result };
  return { kind: "send", to: clients[index % clients.length]!, message: message as unknown as Json };
}
