// Streamlet (Chan and Shi, TR 2020/088): in each epoch a leader proposes a block, and replicas vote. An epoch ends at any moment.
// Left out: that messages are echoed, since the network delivers whatever a correct replica has sent.

import {
  type Certificate,
  defineProtocol,
  inTurn,
  type NodeId,
  type OwnContext,
  type Protocol,
  replicaIds,
  reply,
  sign,
} from "../../protocol/index.js";
import { type Chain, chainText, extended, isAmong, namesOf, parentOf, viewOf } from "../chain.js";
import { isFrom, notary, notaryId } from "../notary.js";
import { type StreamletRules, streamletRules } from "./rules.js";
import { longest, type Message, messages, notarizedChains, State, Vote } from "./state.js";

type Context = OwnContext<Record<never, never>, StreamletRules>;

/** Streamlet with these rules. */
export function streamlet(
  rules = streamletRules,
  name = "streamlet",
  summary = "Streamlet: three notarized blocks of consecutive epochs make the second one final",
): Protocol<Message, string> {
  const { quorum } = rules;
  return defineProtocol({
    name,
    summary,
    vocabulary: { views: "epochs", slots: null },
    messages,
    state: State,
    initial: { epoch: 0, hasVoted: false, notarized: [], final: [] },
    rules,
    requests: [], // leaders make their blocks themselves
    primary: inTurn,
    nodes: (config, behaviour) => [
      ...replicaIds(config).map((id) => ({ id, role: "replica", behaviour }) as const),
      notary({
        vote: Vote,
        quorums: (config) => [quorum(config)],
        says: (proof) => ({ tag: "notarization" as const, proof }),
      }),
    ],
    view: ({ epoch }) => epoch,
    // One that comes back may have proposed and voted in its epoch already.
    onStart: (context, state, { kind }) =>
      kind === "start" ? enter(context, state) : reply(state).setTimer("epoch"),
    onTimer: {
      epoch: (context, state) => enter(context, { ...state, epoch: state.epoch + 1, hasVoted: false }),
    },
    on: {
      proposal: (context, state, { from, message }) => receive(context, state, from, message.chain),
      vote: (_, state) => state,
      notarization: (context, state, { message }) => notarize(context, state, message.proof),
    },
  });
}

/** An epoch begins. Its leader extends one of the longest notarized chains that it has seen; which one is a choice. */
function enter(context: Context, state: State) {
  const { self, config } = context;
  if (inTurn(config, state.epoch) !== self) return reply(state).setTimer("epoch");
  return longest(state).map((parent) => {
    const chain = extended(parent, state.epoch);
    const voted = vote(context, state, chain).broadcast(sign(self, { tag: "proposal", chain }));
    return voted.setTimer("epoch").labelled(`proposes ${chainText(chain)}`);
  });
}

/** A proposal of this epoch is voted for if it extends a longest notarized chain. */
function receive(context: Context, state: State, from: NodeId, chain: Chain) {
  const { rules, config } = context;
  const isDue = viewOf(chain) === state.epoch && rules.mayPropose(config, state.epoch, from);
  if (!isDue || !rules.mayVote(state) || !rules.mayExtend(state, parentOf(chain))) return state;
  return vote(context, state, chain);
}

function vote({ self }: Context, state: State, chain: Chain) {
  return reply({ ...state, hasVoted: true }).send(notaryId, sign(self, { tag: "vote", chain }));
}

/** A quorum of votes notarizes a block. What is final by that is executed. */
function notarize({ config, rules }: Context, before: State, proof: Certificate<Vote>) {
  const { chain } = proof.vote;
  if (isAmong(before.notarized, chain) || !isFrom(config, proof, rules.quorum(config))) return before;
  const state = { ...before, notarized: [...before.notarized, chain] };
  const final = notarizedChains(state).reduce<Chain>((longest, one) => {
    const length = rules.finalLength(one);
    return length > longest.length ? one.slice(0, length) : longest;
  }, before.final);
  const isNew = namesOf(final).slice(before.final.length);
  return reply({ ...state, final }).executedFrom(before.final.length + 1, isNew);
}
