// Binary agreement with a common coin (Mostéfaoui, Moumen and Raynal, PODC 2014), for n=4 with one Byzantine process, and with the stage
// that repairs it (HoneyBadgerBFT issue 59: CONF).
//
// An abstraction: one node, `exchange`, stands for the broadcasts of a round and for what the Byzantine process does in them. Who asks it
// gets a set of values, which the scheduler chooses as far as the thresholds allow: only values that a correct process has estimated,
// and never {0} for one and {1} for another, because any two sets of n-f votes share a correct process. Rounds are in step, so they
// need no numbers. The exchange also tosses the coin once a round, when the first process asks, and all read the same result.
//
// Without numbers a message that comes twice counts in a later round, too, which says nothing about the paper's protocol. So networks that may repeat one
// are refused.

import * as Schema from "effect/Schema";
import {
  defineProtocol,
  NodeId,
  type OwnContext,
  type Protocol,
  type Reply,
  replicaIds,
  reply,
  SetOf,
} from "../../protocol/index.js";
import { type CoinRules, coinRules } from "./rules.js";

const Bit = Schema.Literals([0, 1]);
export type Bit = typeof Bit.Type;

const State = Schema.Struct({
  // Of a process.
  estimate: Bit,
  values: SetOf(Bit),
  hasDecided: Schema.Boolean,
  // Of the exchange: the estimates for the next round and those of this one, the only value that may still be given alone, and the coin.
  estimates: SetOf(Schema.Struct({ from: NodeId, value: Bit })),
  estimated: SetOf(Bit),
  bound: Schema.NullOr(Bit),
  coin: Schema.NullOr(Bit),
  told: SetOf(NodeId),
});
type State = typeof State.Type;
const freshRound = { bound: null, coin: null, told: [] } as const;

const messages = {
  estimate: { value: Bit },
  begin: {},
  ask: {},
  values: { values: SetOf(Bit) },
  toss: {},
  coin: { value: Bit },
};
type Message =
  | { readonly tag: "estimate" | "coin"; readonly value: Bit }
  | { readonly tag: "begin" | "ask" | "toss" }
  | { readonly tag: "values"; readonly values: readonly Bit[] };
type Context = OwnContext<Record<never, never>, CoinRules>;
type Turn = Reply<State, Message>;

const exchange: NodeId = "exchange";

/** Binary agreement with these rules. */
export function commonCoin(
  rules = coinRules,
  name = "common-coin",
  summary = "binary agreement with a common coin: the value that may win alone is bound before the coin is seen",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    vocabulary: { views: null, slots: null },
    messagesComeOnce: true,
    // The one process that may lie is in the exchange already, so of those that are nodes none may.
    resilience: { nodes: (faults) => (faults === 0 ? 1 : Number.MAX_SAFE_INTEGER) },
    messages,
    state: State,
    initial: ({ self }): State => ({
      ...{ estimate: self === "r0" ? 1 : 0, values: [], hasDecided: false },
      ...{ estimates: [], estimated: [], ...freshRound },
    }),
    rules,
    requests: [],
    nodes: (config, behaviour) =>
      [...replicaIds(config), exchange].map((id) => ({ id, role: "replica", behaviour })),
    onStart: ({ self }, state, { kind }) =>
      self === exchange || kind === "restart"
        ? reply(state) // what one that comes back had sent is on its way
        : reply(state).send(exchange, { tag: "estimate", value: state.estimate }),
    on: {
      estimate: (context, state, { from, message }) => collect(context, state, from, message.value),
      begin: (_, state) => reply(state).send(exchange, { tag: "ask" }),
      ask: (_, state, { from }) => give(state, from),
      values: (_, state, { message }) =>
        reply({ ...state, values: message.values }).send(exchange, { tag: "toss" }),
      toss: (context, state, { from }) => toss(context, state, from),
      coin: (context, state, { message }) => see(context, state, message.value),
    },
  });
}

/** The coin ends a round: who has one value keeps it, and decides if the coin agrees; who has both takes the coin. */
function see({ rules }: Context, state: State, coin: Bit): Turn {
  const [only] = state.values.length === 1 ? state.values : [null];
  const estimate = only ?? coin;
  const decides = !state.hasDecided && only !== null && only !== undefined && rules.decides(only, coin);
  const next = { ...state, estimate, values: [], hasDecided: state.hasDecided || decides };
  // Who has decided still takes part.
  const told = reply(next).send(exchange, { tag: "estimate", value: estimate });
  return decides ? told.executed({ request: String(estimate) }) : told;
}

/** With all estimates a round begins. */
function collect({ config, rules }: Context, state: State, from: NodeId, value: Bit): Turn | Turn[] {
  const estimates = [...state.estimates, { from, value }];
  if (estimates.length < config.replicas) return reply({ ...state, estimates });
  const estimated = [...new Set(estimates.map((one) => one.value))].sort();
  return rules.bounds(estimated).map((bound) => {
    const begun = reply<State>({ ...state, ...freshRound, estimates: [], estimated, bound });
    const told = replicaIds(config).reduce<Turn>((turn, to) => turn.send(to, { tag: "begin" }), begun);
    return told.labelled(bound === null ? "begin" : `bind ${bound}`);
  });
}

/** Values for a process: all, or one that may be given alone. */
function give(state: State, to: NodeId): Turn[] {
  const { bound, estimated } = state;
  const alone = estimated.filter((value) => bound === null || bound === value).map((value) => [value]);
  const sets = estimated.length === 1 ? [estimated] : [...alone, estimated];
  return sets.map((values) => {
    const next = { ...state, bound: values.length === 1 ? values[0]! : bound };
    return reply<State>(next)
      .send(to, { tag: "values" as const, values })
      .labelled(`{${values.join()}}`);
  });
}

/** The coin falls when the first process asks. */
function toss({ config }: Context, state: State, from: NodeId): Turn | Turn[] {
  const told = [...state.told, from];
  const tell = (coin: Bit): Turn =>
    reply<State>(
      told.length === config.replicas ? { ...state, ...freshRound } : { ...state, coin, told },
    ).send(from, {
      tag: "coin" as const,
      value: coin,
    });
  if (state.coin !== null) return tell(state.coin);
  return ([0, 1] as const).map((side) => tell(side).byChance(`coin ${side}`));
}
