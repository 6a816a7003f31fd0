// Streamlet (Chan and Shi, 2020): a chain of blocks, one proposal in each epoch. A block with a quorum of votes is notarized; where three
// notarized blocks follow each other in consecutive epochs, the first two are final. Left out: the echo of messages. An epoch is a view.

import * as Schema from "effect/Schema";
import { type Config, defineProtocol, NodeId, reply, SetOf, SignedOf, sign } from "turncoat";
import type { OwnContext } from "turncoat/vocabulary";

const Block = Schema.Struct({ epoch: Schema.Number, value: Schema.String });
/** A block is named by its whole chain, from the genesis (left out) on. */
const Chain = Schema.Array(Block);
type Chain = typeof Chain.Type;
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
const has = (chains: readonly Chain[], chain: Chain) =>
  chain.length === 0 || chains.some((one) => key(one) === key(chain));
const leader = ({ replicas }: Pick<Config, "replicas">, epoch: number) => `r${epoch % replicas}`;
/** What may follow in a chain: any request that is not in it yet, or nothing. */
const open = ({ requests }: Pick<Config, "requests">, parent: Chain) => {
  const left = ["A", "B", "C"].slice(0, requests).filter((value) => parent.every((b) => b.value !== value));
  return left.length > 0 ? left : ["-"];
};
/** The chains of which every block is notarized. */
const whole = ({ notarized }: State): Chain[] => [
  [],
  ...notarized.filter((chain) => chain.every((_, i) => has(notarized, chain.slice(0, i + 1)))),
];
const longest = (state: State) => {
  const length = Math.max(...whole(state).map((chain) => chain.length));
  return whole(state)
    .filter((chain) => chain.length === length)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

const parameters = { consecutive: 3 };
const rules = {
  quorum: ({ replicas }: Pick<Config, "replicas">) => Math.ceil((2 * replicas) / 3),
  extendsLongest: (state: State, parent: Chain) => longest(state).some((best) => key(best) === key(parent)),
};
type Context = OwnContext<typeof parameters, typeof rules>;

/** Counts a vote; with a quorum of them the block is notarized, and what is final by that is executed. */
function count({ config, rules }: Context, state: State, from: string, chain: Chain) {
  const isThis = (vote: State["votes"][number]) => key(vote.chain) === key(chain);
  if (has(state.notarized, chain) || state.votes.some((vote) => vote.from === from && isThis(vote)))
    return reply(state);
  const votes = [...state.votes, { from, chain }];
  if (votes.filter(isThis).length < rules.quorum(config)) return reply({ ...state, votes });
  return finalize(config.set.consecutive, {
    ...state,
    votes: votes.filter((vote) => !isThis(vote)),
    notarized: [...state.notarized, chain],
  });
}

function finalize(consecutive: number, state: State) {
  const areConsecutive = (blocks: Chain) => blocks.every(({ epoch }, i) => epoch === blocks[0]!.epoch + i);
  const prefixes = whole(state)
    .filter((chain) => chain.length >= consecutive && areConsecutive(chain.slice(-consecutive)))
    .map((chain) => (consecutive === 1 ? chain : chain.slice(0, -1)));
  const final = prefixes.reduce((best, one) => (one.length > best.length ? one : best), state.final);
  return final.reduce(
    (out, { value }, i) =>
      i < state.final.length || value === "-" ? out : out.executed({ request: value, slot: i + 1 }),
    reply({ ...state, final }),
  );
}

/** The leader of an epoch proposes, and votes for that itself; which chain and which value is a choice. */
function enter(context: Context, state: State) {
  const { self, config } = context;
  if (leader(config, state.epoch) !== self) return reply(state).setTimer("epoch");
  return longest(state).flatMap((parent) =>
    open(config, parent).map((value) => {
      const chain = [...parent, { epoch: state.epoch, value }];
      return count(context, { ...state, voted: true }, self, chain)
        .setTimer("epoch")
        .broadcast(sign(self, { tag: "propose", chain }))
        .broadcast({ tag: "vote", chain })
        .labelled(`proposes ${key(chain)}`);
    }),
  );
}

const streamlet = defineProtocol({
  name: "streamlet",
  summary: "Streamlet: blocks of three consecutive epochs make final",
  vocabulary: { views: "epochs", slots: "heights" },
  messages: { propose: SignedOf(Schema.Struct({ chain: Chain })), vote: { chain: Chain } },
  state: State,
  initial: { epoch: 0, voted: false, votes: [], notarized: [], final: [] },
  parameters,
  rules,
  requests: ["A", "B", "C"],
  primary: leader,
  view: (state) => state.epoch,
  onStart: enter,
  onTimer: { epoch: (context, state) => enter(context, { ...state, epoch: state.epoch + 1, voted: false }) },
  on: {
    propose(context, state, { from, message: { chain } }) {
      const { self, config, rules } = context;
      const [block, parent] = [chain.at(-1), chain.slice(0, -1)];
      const isDue = block?.epoch === state.epoch && from === leader(config, state.epoch) && !state.voted;
      if (!isDue || !rules.extendsLongest(state, parent) || !open(config, parent).includes(block.value))
        return state;
      return count(context, { ...state, voted: true }, self, chain).broadcast({ tag: "vote", chain });
    },
    vote: (context, state, { from, message }) => count(context, state, from, message.chain),
  },
});
export default streamlet;
