// Streamlet (Chan and Shi, 2020): a chain of blocks, one proposal in each epoch. A block with a quorum of votes is notarized; where three
// notarized blocks follow each other in consecutive epochs, the first two are final. Left out: the echo of messages.

import * as Schema from "effect/Schema";
import { type Config, defineProtocol, NodeId, reply, SetOf, SignedOf, sign } from "turncoat";
import { equal, has, including, inTurn, type OwnContext } from "turncoat/vocabulary";

/** A block is named by its whole chain, from the genesis (left out) on. */
const Chain = Schema.Array(Schema.Struct({ epoch: Schema.Number, value: Schema.String }));
type Chain = typeof Chain.Type;
const State = Schema.Struct({
  epoch: Schema.Number,
  voted: Schema.Boolean,
  votes: SetOf(Schema.Struct({ from: NodeId, chain: Chain })), // of blocks that are not notarized yet
  notarized: SetOf(Chain),
  final: Chain,
});
type State = typeof State.Type;

const values = ["A", "B", "C"];
/** What may follow in a chain: any request that is not in it yet, or nothing. */
const open = ({ requests }: Pick<Config, "requests">, parent: Chain) => {
  const left = values.slice(0, requests).filter((value) => parent.every((b) => b.value !== value));
  return left.length > 0 ? left : ["-"];
};
/** The chains of which every block is notarized. */
const whole = ({ notarized }: State): Chain[] => [
  [],
  ...notarized.filter((chain) => chain.every((_, i) => has(notarized, chain.slice(0, i + 1)))),
];
const longest = (chains: Chain[]) =>
  chains.filter((one) => chains.every(({ length }) => length <= one.length));

const parameters = { consecutive: 3 };
const rules = {
  quorum: ({ replicas }: Pick<Config, "replicas">) => Math.ceil((2 * replicas) / 3),
  extendsLongest: (state: State, parent: Chain) => has(longest(whole(state)), parent),
};
type Context = OwnContext<typeof parameters, typeof rules>;

/** Counts a vote; with a quorum of them the block is notarized, and what is final by that is executed. */
function count({ config, rules }: Context, before: State, from: NodeId, chain: Chain) {
  const votes = including(before.votes, { from, chain });
  if (has(before.notarized, chain) || votes === before.votes) return reply(before);
  const others = votes.filter((vote) => !equal(vote.chain, chain));
  if (votes.length - others.length < rules.quorum(config)) return reply({ ...before, votes });
  const state = { ...before, votes: others, notarized: [...before.notarized, chain] };
  const k = config.set.consecutive;
  const inARow = (blocks: Chain) => blocks.every(({ epoch }, i) => epoch === blocks[0]!.epoch + i);
  const ends = whole(state).filter((one) => one.length >= k && inARow(one.slice(-k)));
  const [final] = longest([before.final, ...ends.map((one) => one.slice(0, k === 1 ? one.length : -1))]);
  const requests = final!.map(({ value }) => (value === "-" ? null : value));
  return reply({ ...state, final: final! }).executedFrom(
    before.final.length + 1,
    requests.slice(before.final.length),
  );
}

const vote = (context: Context, state: State, chain: Chain) =>
  count(context, { ...state, voted: true }, context.self, chain).broadcast({ tag: "vote", chain });

/** The leader of an epoch proposes, and votes for that itself; which chain and which value is a choice. */
function enter(context: Context, state: State) {
  const { config, self } = context;
  if (inTurn(config, state.epoch) !== self) return reply(state).setTimer("epoch");
  return longest(whole(state)).flatMap((parent) =>
    open(config, parent).map((value) => {
      const chain = [...parent, { epoch: state.epoch, value }];
      const out = vote(context, state, chain).broadcast(sign(self, { tag: "propose", chain }));
      return out.setTimer("epoch").labelled(`proposes ${chain.map((b) => b.epoch + b.value).join("<")}`);
    }),
  );
}

export default defineProtocol({
  name: "streamlet",
  summary: "Streamlet: blocks of three consecutive epochs make final",
  vocabulary: { views: "epochs", slots: "heights" },
  messages: { propose: SignedOf(Schema.Struct({ chain: Chain })), vote: { chain: Chain } },
  state: State,
  initial: { epoch: 0, voted: false, votes: [], notarized: [], final: [] },
  parameters,
  rules,
  requests: values,
  primary: inTurn,
  view: (state) => state.epoch,
  // One that comes back may have proposed and voted in its epoch already.
  onStart: (context, state, { kind }) =>
    kind === "start" ? enter(context, state) : reply(state).setTimer("epoch"),
  onTimer: { epoch: (context, state) => enter(context, { ...state, epoch: state.epoch + 1, voted: false }) },
  on: {
    propose(context, state, { from, message: { chain } }) {
      const [block, parent] = [chain.at(-1), chain.slice(0, -1)];
      const isDue = block?.epoch === state.epoch && from === inTurn(context.config, state.epoch);
      const isNext = isDue && open(context.config, parent).includes(block.value);
      if (!isNext || state.voted || !context.rules.extendsLongest(state, parent)) return state;
      return vote(context, state, chain);
    },
    vote: (context, state, { from, message }) => count(context, state, from, message.chain),
  },
});
