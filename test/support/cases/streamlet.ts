/** Streamlet (Chan and Shi, 2020), simplified: no echo of messages, payloads are requests. An epoch is a view. */
import * as Schema from "effect/Schema";
import {
  type Adversary,
  type Behaviour,
  type Config,
  type Context,
  NodeId,
  type Protocol,
  replicaIds,
  SetOf,
  type Signed,
  SignedOf,
  type Step,
  sign,
} from "../../../src/protocol/index.js";

const Block = Schema.Struct({ epoch: Schema.Number, value: Schema.String });
type Block = typeof Block.Type;
/** A block is named by its whole chain, from the genesis (left out) on. */
const Chain = Schema.Array(Block);
type Chain = readonly Block[];

const Proposal = Schema.Struct({ tag: Schema.Literal("propose"), chain: Chain });
const Vote = Schema.Struct({ tag: Schema.Literal("vote"), chain: Chain });
const Message = Schema.Union([SignedOf(Proposal), Vote]);
type Message = typeof Message.Type;

const State = Schema.Struct({
  epoch: Schema.Number,
  voted: Schema.Boolean,
  /** Of blocks that are not notarized yet. */
  votes: SetOf(Schema.Struct({ from: NodeId, chain: Chain })),
  notarized: SetOf(Chain),
  final: Chain,
});
type State = typeof State.Type;

const key = (chain: Chain) => chain.map(({ epoch, value }) => `${epoch}${value}`).join("<");
const leader = (config: Config, epoch: number): NodeId => `r${epoch % config.replicas}`;
const quorum = ({ replicas }: Config) => Math.ceil((2 * replicas) / 3);
const values = ["A", "B", "C"];

/** What may follow in a chain: any request that is not in it yet, or nothing. */
const open = (config: Config, parent: Chain): string[] => {
  const left = values
    .slice(0, config.requests)
    .filter((value) => parent.every((block) => block.value !== value));
  return left.length > 0 ? left : ["-"];
};
const has = (chains: readonly Chain[], chain: Chain) =>
  chain.length === 0 || chains.some((one) => key(one) === key(chain));
/** The chains of which every block is notarized. */
const allNotarized = (_config: Config, { notarized }: State): Chain[] => [
  [],
  ...notarized.filter((chain) => chain.every((_, i) => has(notarized, chain.slice(0, i + 1)))),
];
const longest = (config: Config, state: State): Chain[] => {
  const all = allNotarized(config, state);
  const length = Math.max(...all.map((chain) => chain.length));
  return all.filter((chain) => chain.length === length).sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

/** `consecutive`: so many blocks of consecutive epochs make all but the last of them final (just one: itself). */
export const streamlet = (name: string, consecutive: number) => {
  type Out = Step<State, Message, "epoch">;

  const finalize = (config: Config, state: State): Out => {
    let final: Chain = state.final;
    for (const chain of allNotarized(config, state)) {
      if (chain.length < consecutive) continue;
      const tail = chain.slice(-consecutive);
      if (!tail.every((block, i) => i === 0 || block.epoch === (tail[i - 1] as Block).epoch + 1)) continue;
      const prefix = consecutive === 1 ? chain : chain.slice(0, -1);
      if (prefix.length > final.length) final = prefix;
    }
    return {
      state: { ...state, final },
      effects: [],
      events: final.slice(state.final.length).flatMap((block, i) =>
        block.value === "-"
          ? []
          : [
              {
                kind: "executed" as const,
                slot: state.final.length + i + 1,
                position: state.final.length + i + 1,
                request: block.value,
                result: null,
              },
            ],
      ),
    };
  };

  const vote = (config: Config, state: State, from: NodeId, chain: Chain): Out => {
    if (
      has(state.notarized, chain) ||
      state.votes.some((v) => v.from === from && key(v.chain) === key(chain))
    )
      return { state, effects: [], events: [] };
    const votes = [...state.votes, { from, chain }];
    if (votes.filter((v) => key(v.chain) === key(chain)).length < quorum(config))
      return { state: { ...state, votes }, effects: [], events: [] };
    return finalize(config, {
      ...state,
      votes: votes.filter((v) => key(v.chain) !== key(chain)),
      notarized: [...state.notarized, chain],
    });
  };

  /** The leader of an epoch proposes, and votes for that itself; which chain and which value is a choice. */
  const enter = ({ self, config }: Context, state: State): Out[] => {
    const timer = { kind: "set-timer", timer: "epoch" } as const;
    if (leader(config, state.epoch) !== self) return [{ state, effects: [timer], events: [] }];
    return longest(config, state).flatMap((parent) =>
      open(config, parent).map((value) => {
        const chain = [...parent, { epoch: state.epoch, value }];
        const voted = vote(config, { ...state, voted: true }, self, chain);
        return {
          ...voted,
          label: `proposes ${key(chain)}`,
          effects: [
            timer,
            { kind: "broadcast", message: sign(self, { tag: "propose" as const, chain }) },
            { kind: "broadcast", message: { tag: "vote", chain } },
          ],
        } satisfies Out;
      }),
    );
  };

  const replica: Behaviour<State, Message, "epoch", string, State> = {
    state: State,
    init: (context) => enter(context, { epoch: 0, voted: false, votes: [], notarized: [], final: [] }),
    step: (context, state, input) => {
      const { self, config } = context;
      const nothing: Out = { state, effects: [], events: [] };
      if (input.kind === "request") return [nothing];
      if (input.kind === "timer") return enter(context, { ...state, epoch: state.epoch + 1, voted: false });
      if (input.message.tag === "vote") return [vote(config, state, input.from, input.message.chain)];
      const { chain } = input.message.body;
      const block = chain[chain.length - 1];
      const parent = chain.slice(0, -1);
      if (
        block === undefined ||
        block.epoch !== state.epoch ||
        state.voted ||
        input.from !== leader(config, state.epoch) ||
        !longest(config, state).some((best) => key(best) === key(parent)) ||
        !open(config, parent).includes(block.value)
      )
        return [nothing];
      const voted = vote(config, { ...state, voted: true }, self, chain);
      return [{ ...voted, effects: [{ kind: "broadcast", message: { tag: "vote", chain } }] }];
    },
    stable: (state) => state,
    view: (state) => state.epoch,
  };

  const protocol: Protocol<Message, string> = {
    name,
    summary: `Streamlet; ${consecutive} consecutive epochs make final`,
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: replica })),
    requests: ({ requests }) => values.slice(0, requests),
    digest: (value) => value,
    primary: leader,
  };
  return protocol;
};

const proposed = (body: unknown): body is typeof Proposal.Type =>
  (body as { tag?: string }).tag === "propose";
/** Votes for every block that somebody has proposed; when it leads, it proposes any value on any chain that was proposed. */
const arbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "votes for all blocks, and as leader proposes several",
  strength: 2,
  speaks: true,
  forwards: true,
  canMove: () => true,
  observes: ({ body }: Signed<unknown>) => proposed(body),
  moves: ({ self, config, views }, knowledge) => {
    const known: Chain[] = knowledge.bodies(proposed).map((body) => (body as typeof Proposal.Type).chain);
    const own: Chain[] = [];
    for (let epoch = 0; epoch <= views; epoch++)
      if (leader(config, epoch) === self)
        for (const parent of [[], ...known, ...own])
          if ((parent.at(-1)?.epoch ?? -1) < epoch)
            for (const value of open(config, parent)) own.push([...parent, { epoch, value }]);
    return [
      ...own.map((chain) => sign(self, { tag: "propose" as const, chain })),
      ...[...known, ...own].map((chain) => ({ tag: "vote" as const, chain })),
    ];
  },
};
export const adversaries = [arbitrary];
export default streamlet("streamlet", 3);
