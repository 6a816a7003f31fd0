// Minimmit (arXiv 2508.10862, Algorithm 1): a chain of blocks. 2f+1 votes of 5f+1 notarize the leader's block, or nullify its view, and are enough to go
// on to the next one; n-f votes make a block final. Who has voted for a block may still nullify its view, but only once so many have voted
// otherwise that the block cannot be final. Views end at any moment: the timer nullifies a view or, where there is a proof of it, begins the next.

import {
  type Certificate,
  type Collection,
  type Config,
  certificate,
  collection,
  defineProtocol,
  equal,
  inTurn,
  type NodeId,
  type OwnContext,
  type Protocol,
  type Reply,
  replicaIds,
  reply,
  sign,
} from "../../protocol/index.js";
import { type Chain, chainText, extended, isAmong, namesOf, parentOf, viewOf } from "../chain.js";
import { type Cast, isFrom, notary, notaryId } from "../notary.js";
import { type MinimmitRules, minimmitRules } from "./rules.js";
import { contradicts, type Message, messages, type Notarize, type Nullify, State, Vote } from "./state.js";

const parameters = {
  forward: { default: false, help: "whether replicas pass on the proofs that they get: liveness needs it" },
  notary: {
    default: true,
    help: "whether a notary counts votes; without it only an adversary shows what they prove",
  },
};
type Context = OwnContext<typeof parameters, MinimmitRules>;
type Turn = Reply<State, Message, "view">;
type Outcome = State | Turn | readonly Turn[];

/** Minimmit with these rules. */
export function minimmit(
  rules = minimmitRules,
  name = "minimmit",
  summary = "Minimmit: of 5f+1 replicas 2f+1 are enough to go on, and n-f to finalize",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    vocabulary: { slots: null },
    resilience: "fast-byzantine",
    messages,
    state: State,
    initial: {
      ...{ view: 0, notarized: null, nullified: false, over: false },
      ...{ notarizations: [], nullifications: [], final: [] },
    },
    rules,
    parameters,
    requests: [], // leaders make their blocks themselves
    primary: inTurn,
    nodes: (config, behaviour) => [
      ...replicaIds(config).map((id) => ({ id, role: "replica", behaviour }) as const),
      ...(config.set.notary
        ? [notary({ vote: Vote, quorums: quorums(rules), says, also: contradictions(rules) })]
        : []),
    ],
    view: ({ view }) => view,
    onStart: (context, state, { kind }) =>
      kind === "start" ? enter(context, state) : reply(state).setTimer("view"),
    onTimer: { view: endView },
    on: {
      proposal: (context, state, { from, message }) => receive(context, state, from, message.chain),
      notarize: (_, state) => state,
      nullify: (_, state) => state,
      notarization: (context, state, { from, message }) => notarize(context, state, from, message.proof),
      nullification: (context, state, { from, message }) => nullify(context, state, from, message.proof),
      contradiction: (context, state, { message }) => contradict(context, state, message.proof),
    },
  });
}

const quorums =
  (rules: MinimmitRules) =>
  (config: Config, { tag }: Vote) =>
    tag === "nullify" ? [rules.few(config)] : [rules.few(config), rules.many(config)];

/** The certificate of a vote, as a message. */
function says({ vote, ...proof }: Certificate<Vote>): Message {
  return vote.tag === "nullify"
    ? { tag: "nullification", proof: { ...proof, vote } }
    : { tag: "notarization", proof: { ...proof, vote } };
}

/** For each block that votes are there for: the votes that contradict it, once they are of enough replicas. */
const contradictions =
  (rules: MinimmitRules) =>
  (config: Config, cast: readonly Cast<Vote>[]): readonly Message[] =>
    distinct(cast.map(({ vote }) => vote)).flatMap((vote) => {
      if (vote.tag === "nullify") return [];
      const others = cast.filter((other) => contradicts(other.vote, vote.chain));
      const size = rules.contradicting(config);
      if (new Set(others.map(({ from }) => from)).size < size) return [];
      const bodies = others.map((other) => other.vote);
      return [{ tag: "contradiction", proof: collection(distinct(bodies), size, replicaIds(config)) }];
    });

function distinct(votes: readonly Vote[]): readonly Vote[] {
  return votes.filter((vote, i) => votes.findIndex((other) => equal(other, vote)) === i);
}

/** A view begins. Its leader proposes a block. */
function enter(context: Context, state: State): Turn | readonly Turn[] {
  const { self, config, rules } = context;
  const entered: Turn = reply(state).setTimer("view");
  if (inTurn(config, state.view) !== self) return settled(context, entered);
  const possible = [[], ...state.notarizations].filter((chain) => rules.mayExtend(state, chain, state.view));
  if (possible.length === 0) return settled(context, entered);
  return rules.builds(possible).map((parent) => {
    const chain = extended(parent, state.view);
    const told = entered.broadcast(sign(self, { tag: "proposal", chain }));
    return settled(context, voted(context, told, chain)).labelled(`proposes ${chainText(chain)}`);
  });
}

/** The view is over once there is a proof of it. Who has said nothing in it votes for the notarized block. */
function settled(context: Context, turn: Turn): Turn {
  const { state } = turn;
  const notarized = state.notarizations.find((chain) => viewOf(chain) === state.view);
  if (state.over || (notarized === undefined && !state.nullifications.includes(state.view))) return turn;
  const isJoined = notarized !== undefined && context.rules.joins(state);
  const told = isJoined ? voted(context, turn, notarized) : turn;
  return told.with<State>({ ...told.state, over: true }).setTimer("view");
}

/** The first proposal of the view's leader is voted for, if it builds on what it should. */
function receive(context: Context, state: State, from: NodeId, chain: Chain): Outcome {
  const { config, rules } = context;
  const view = viewOf(chain);
  const isDue = view > state.view || (view === state.view && !state.over && rules.mayNotarize(state));
  if (!isDue || from !== inTurn(config, view)) return state;
  const canTell = view === state.view && rules.mayExtend(state, parentOf(chain), view);
  return canTell
    ? voted(context, reply(state), chain)
    : reply(state).defer(`proposal ${view} ${chainText(chain)}`);
}

function voted(context: Context, turn: Turn, chain: Chain): Turn {
  return cast(context, turn.with<State>({ ...turn.state, notarized: chain }), { tag: "notarize", chain });
}

/** The timer has expired: on to the next view if this one is over, otherwise a vote to nullify it. */
function endView(context: Context, state: State): Outcome {
  if (state.over)
    return enter(context, { ...state, view: state.view + 1, notarized: null, nullified: false, over: false });
  return context.rules.mayNullify(state) ? nullified(context, state) : state;
}

function nullified(context: Context, state: State): Turn {
  return cast(context, reply<State>({ ...state, nullified: true }), { tag: "nullify", view: state.view });
}

/** A vote goes to the notary; without one, to all, who need not count for themselves what an adversary shows them. */
function cast({ self, config }: Context, turn: Turn, vote: Vote): Turn {
  const message = sign(self, vote) as Message;
  return config.set.notary ? turn.send(notaryId, message) : turn.broadcast(message);
}

/** Who has voted for a block that cannot be final any more helps to nullify its view. */
function contradict(context: Context, state: State, proof: Collection<Vote>): Outcome {
  const { config, rules } = context;
  const { notarized } = state;
  const isOpen = notarized !== null && !state.nullified && !state.over;
  if (!isOpen || !isFrom(config, proof, rules.contradicting(config))) return state;
  return proof.bodies.every((vote) => contradicts(vote, notarized)) ? nullified(context, state) : state;
}

/** With 2f+1 votes for a block its view is over; with n-f it is final. */
function notarize(context: Context, state: State, from: NodeId, proof: Certificate<Notarize>): Outcome {
  const { config, rules } = context;
  const { chain } = proof.vote;
  const isNew = !isAmong(state.notarizations, chain) && isFrom(config, proof, rules.few(config));
  const isFinal = chain.length > state.final.length && isFrom(config, proof, rules.many(config));
  const told = isFinal ? finalized(reply(state), chain) : reply(state);
  if (!isNew) return isFinal ? told : state;
  const few = certificate(proof.vote, rules.few(config), replicaIds(config));
  const passed = isPassedOn(context, from)
    ? told.broadcast({ tag: "notarization", proof: few } as const)
    : told;
  const notarizations = [...state.notarizations, chain];
  return settled(context, passed.with<State>({ ...passed.state, notarizations }));
}

/** A block is executed, after those that it builds on. */
function finalized(turn: Turn, chain: Chain): Turn {
  const { length } = turn.state.final;
  return turn
    .with<State>({ ...turn.state, final: chain })
    .executedFrom(length + 1, namesOf(chain).slice(length));
}

/** With 2f+1 votes to nullify a view it is over. */
function nullify(context: Context, state: State, from: NodeId, proof: Certificate<Nullify>): Outcome {
  const { config, rules } = context;
  const { view } = proof.vote;
  if (state.nullifications.includes(view) || !isFrom(config, proof, rules.few(config))) return state;
  const known: Turn = reply({ ...state, nullifications: [...state.nullifications, view] });
  return settled(
    context,
    isPassedOn(context, from) ? known.broadcast({ tag: "nullification", proof } as const) : known,
  );
}

function isPassedOn({ config, rules }: Context, from: NodeId): boolean {
  return config.set.forward && rules.forwards(from);
}
