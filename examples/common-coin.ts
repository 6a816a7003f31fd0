// Binary agreement with a common coin (Mostéfaoui, Moumen and Raynal, PODC 2014), at n=4 with one Byzantine
// process, and the flaw that was found in it later: the scheduler sees the coin before every process has
// fixed its estimate, and can work against it for ever.
//
// The abstraction. One node, `exchange`, stands for the broadcasts of a round and for what the Byzantine
// process can do in them. A process that asks it gets a set of values, which the scheduler chooses as far as
// the thresholds allow: only values that a correct process has estimated, and never {0} for one process and
// {1} for another, because any two sets of n-f votes share a correct process. Rounds are in step, so they
// need no numbers. The exchange also tosses the coin once a round, when the first process asks, and all
// processes read the same result.
import * as Schema from "effect/Schema";
import {
  type Behaviour,
  monitor,
  NodeId,
  type NodeSpec,
  type Outcomes,
  type Property,
  type Protocol,
  SetOf,
} from "turncoat";

const Bit = Schema.Literals([0, 1]);
type Bit = typeof Bit.Type;
const Message = Schema.Union([
  Schema.Struct({ tag: Schema.Literal("estimate"), value: Bit }),
  Schema.Struct({ tag: Schema.Literals(["begin", "ask", "toss"]) }),
  Schema.Struct({ tag: Schema.Literal("values"), values: SetOf(Bit) }),
  Schema.Struct({ tag: Schema.Literal("coin"), value: Bit }),
]);
type Message = typeof Message.Type;

const processes = ["r0", "r1", "r2"]; // the correct ones
const exchange = "exchange";
const send = (to: string, message: Message) => ({ kind: "send", to, message }) as const;

// --- a process ---------------------------------------------------------------------------------------------

const Process = Schema.Struct({ estimate: Bit, values: SetOf(Bit), decided: Schema.Boolean });
type Process = typeof Process.Type;

const process: Behaviour<Process, Message, string, string> = {
  state: Process,
  init: ({ self }) => {
    const estimate = self === "r2" ? 1 : 0;
    const state = { estimate, values: [], decided: false } as const;
    return [{ state, effects: [send(exchange, { tag: "estimate", value: estimate })], events: [] }];
  },
  step: (_, state, input): Outcomes<Process, Message> => {
    const message = input.kind === "message" ? input.message : null;
    if (message?.tag === "begin") return [{ state, effects: [send(exchange, { tag: "ask" })], events: [] }];
    if (message?.tag === "values")
      return [
        {
          state: { ...state, values: message.values },
          effects: [send(exchange, { tag: "toss" })],
          events: [],
        },
      ];
    if (message?.tag !== "coin") return [{ state, effects: [], events: [] }];
    const estimate = state.values.length === 1 ? state.values[0]! : message.value;
    const decides = !state.decided && state.values.length === 1 && estimate === message.value;
    return [
      {
        state: { estimate, values: [], decided: state.decided || decides },
        effects: [send(exchange, { tag: "estimate", value: estimate })], // who has decided still takes part
        events: decides
          ? [{ kind: "executed", slot: 1, position: 1, request: String(estimate), result: null }]
          : [],
      },
    ];
  },
  stable: (state) => state,
};

// --- the exchange of a round, and the coin -----------------------------------------------------------------

const Exchange = Schema.Struct({
  /** For the next round. */
  estimates: SetOf(Schema.Struct({ from: NodeId, value: Bit })),
  /** The estimates for this round. */
  estimated: SetOf(Bit),
  /** The only value that may still be given alone in this round; null: either. */
  bound: Schema.Union([Bit, Schema.Null]),
  coin: Schema.Union([Bit, Schema.Null]),
  told: SetOf(NodeId),
});
type Exchange = typeof Exchange.Type;
const none = { bound: null, coin: null, told: [] };

/** `bindsFirst`: whether the value that may be given alone is fixed before any process can see the coin. */
const round = (bindsFirst: boolean): Behaviour<Exchange, Message, string, string> => ({
  state: Exchange,
  init: () => [{ state: { estimates: [], estimated: [], ...none }, effects: [], events: [] }],
  step: (_, state, input): Outcomes<Exchange, Message> => {
    if (input.kind !== "message") return [{ state, effects: [], events: [] }];
    const { from, message } = input;
    if (message.tag === "estimate") {
      const estimates = [...state.estimates, { from, value: message.value }];
      if (estimates.length < processes.length)
        return [{ state: { ...state, estimates }, effects: [], events: [] }];
      const begin = processes.map((to) => send(to, { tag: "begin" }));
      const estimated = [...new Set(estimates.map(({ value }) => value))].sort();
      const bounds = bindsFirst ? estimated : [null];
      return bounds.map((bound) => ({
        label: bound === null ? "begin" : `bind ${bound}`,
        ...{ state: { ...none, estimates: [], estimated, bound }, effects: begin, events: [] },
      }));
    }
    if (message.tag === "ask") {
      const { bound, estimated } = state;
      const alone = estimated.filter((value) => bound === null || bound === value).map((value) => [value]);
      const sets = estimated.length === 1 ? [estimated] : [...alone, estimated];
      return sets.map((values) => ({
        label: `{${values.join()}}`,
        state: { ...state, bound: values.length === 1 ? values[0]! : bound },
        effects: [send(from, { tag: "values", values })],
        events: [],
      }));
    }
    if (message.tag !== "toss") return [{ state, effects: [], events: [] }];
    const told = [...state.told, from];
    const isOver = told.length === processes.length;
    const tell = (coin: Bit) => ({
      state: isOver ? { ...state, ...none } : { ...state, coin, told },
      effects: [send(from, { tag: "coin", value: coin })],
      events: [],
    });
    if (state.coin !== null) return [tell(state.coin)];
    return ([0, 1] as const).map((side) => ({ label: `coin ${side}`, random: true, ...tell(side) }));
  },
  stable: (state) => state,
});

/** Every process decides, with probability 1. */
const everyoneDecides: Property = {
  name: "everyone-decides",
  summary: "every process decides",
  kind: "eventually",
  observes: "replicas",
  exercise: "a process must have decided",
  monitor: () =>
    monitor<readonly string[]>({
      init: [],
      on: (done, by, event) =>
        event.kind === "executed" && !done.includes(by) ? [...done, by].sort() : done,
      verdict: (done) => (done.length === processes.length ? "holds" : "pending"),
      exercised: (done) => done.length,
      explain: (done) => `${processes.filter((id) => !done.includes(id)).join(", ")} have not decided`,
    }),
};

export const binaryAgreement = (bindsFirst: boolean): Protocol<Message, string> => ({
  name: "common-coin",
  summary: "binary agreement with a common coin",
  message: Message,
  nodes: (): NodeSpec<Message>[] => [
    ...processes.map((id): NodeSpec<Message> => ({ id, role: "replica", behaviour: process })),
    { id: exchange, role: "replica", behaviour: round(bindsFirst) },
  ],
  requests: () => [],
  digest: (request) => request,
  refuses: ({ replicas, faults }) =>
    replicas === processes.length && faults === 0
      ? null
      : `common-coin has ${processes.length} processes, of which none is faulty: use --replicas ${processes.length} --faults 0 --adversary none.`,
});

export const properties = [everyoneDecides];
export const protocol = binaryAgreement(false); // FLAW: who asks late learns the coin first; to fix it: binaryAgreement(true)
