// Simplex (Chan and Pass, eprint 2023/463): a chain of blocks. In each view the leader's block is notarized by a quorum of votes, or a quorum gives the
// view up with a dummy block. Who sees a block notarized, and has not given up its view, votes to finalize it. Views end at any moment: the timer either
// gives the view up or, if its block is notarized, begins the next one.

import {
  type Certificate,
  type Config,
  defineProtocol,
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
import { isFrom, notary, notaryId } from "../notary.js";
import { type SimplexRules, simplexRules } from "./rules.js";
import { type Finalize, type Message, messages, type Notarize, type Nullify, State, Vote } from "./state.js";

const parameters = {
  forward: { default: false, help: "whether replicas pass on the proofs that they get: liveness needs it" },
};
type Context = OwnContext<typeof parameters, SimplexRules>;
type Turn = Reply<State, Message, "view">;
type Outcome = State | Turn | readonly Turn[];

/** Simplex with these rules. */
export function simplex(
  rules = simplexRules,
  name = "simplex",
  summary = "Simplex: a quorum notarizes a block or gives its view up, and finalizes what it has not given up",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    vocabulary: { slots: null },
    messages,
    state: State,
    initial: { view: 0, stage: "open", notarized: [], nullified: [], final: [] },
    rules,
    parameters,
    requests: [], // leaders make their blocks themselves
    primary: inTurn,
    nodes: (config, behaviour) => [
      ...replicaIds(config).map((id) => ({ id, role: "replica", behaviour }) as const),
      notary({ vote: Vote, quorums: quorums(rules), says }),
    ],
    view: ({ view }) => view,
    onStart: (context, state, { kind }) =>
      kind === "start" ? enter(context, state) : reply(state).setTimer("view"),
    onTimer: { view: endView },
    on: {
      proposal: (context, state, { from, message }) => receive(context, state, from, message.chain),
      notarize: (_, state) => state,
      nullify: (_, state) => state,
      finalize: (_, state) => state,
      notarization: (context, state, { from, message }) => notarize(context, state, from, message.proof),
      nullification: (context, state, { from, message }) => nullify(context, state, from, message.proof),
      finalization: (context, state, { message }) => finalize(context, state, message.proof),
    },
  });
}

const quorums = (rules: SimplexRules) => (config: Config, vote: Vote) => [rules.quorum(config, vote.tag)];

/** The certificate of a vote, as a message. */
function says({ vote, ...proof }: Certificate<Vote>): Message {
  switch (vote.tag) {
    case "notarize":
      return { tag: "notarization", proof: { ...proof, vote } };
    case "nullify":
      return { tag: "nullification", proof: { ...proof, vote } };
    case "finalize":
      return { tag: "finalization", proof: { ...proof, vote } };
  }
}

/** A view begins. Its leader builds on the latest notarized block after which all views were given up. */
function enter(context: Context, state: State): Turn {
  const { self, config, rules } = context;
  const entered = reply(state).setTimer("view");
  if (inTurn(config, state.view) !== self) return entered;
  const known = [state.final, ...state.notarized].sort((a, b) => viewOf(a) - viewOf(b));
  const parent = rules.builds(known.filter((chain) => rules.mayExtend(state, chain, state.view)));
  if (parent === null) return entered;
  const chain = extended(parent, state.view);
  return voted(context, entered.broadcast(sign(self, { tag: "proposal", chain })), chain);
}

/** The first proposal of the view's leader is voted for, if it builds on what it should. */
function receive(context: Context, state: State, from: NodeId, chain: Chain): Outcome {
  const { rules, config } = context;
  const view = viewOf(chain);
  const isDue = view > state.view || (view === state.view && rules.mayVote(state));
  if (!isDue || !rules.mayPropose(config, view, from)) return state;
  const canTell = view === state.view && rules.mayExtend(state, parentOf(chain), view);
  return canTell
    ? voted(context, reply(state), chain)
    : reply(state).defer(`proposal ${view} ${chainText(chain)}`);
}

function voted({ self }: Context, turn: Turn, chain: Chain): Turn {
  return turn
    .with<State>({ ...turn.state, stage: "voted" })
    .send(notaryId, sign(self, { tag: "notarize", chain }));
}

/** The timer has expired: on to the next view if there is a block in this one, otherwise a vote for the dummy block. */
function endView(context: Context, state: State): Outcome {
  const { self } = context;
  const { view, stage } = state;
  if (stage === "over") return goOn(context, state, view);
  if (stage === "gave-up") return state;
  return reply<State>({ ...state, stage: "gave-up" }).send(notaryId, sign(self, { tag: "nullify", view }));
}

/** A quorum has voted for a block: its view is over, and who has not given it up votes to finalize the block. */
function notarize(context: Context, state: State, from: NodeId, proof: Certificate<Notarize>): Outcome {
  const { self, config, rules } = context;
  const { chain } = proof.vote;
  const view = viewOf(chain);
  const isOld = isSettled(context, state, view) || isAmong(state.notarized, chain);
  if (isOld || !isFrom(config, proof, rules.quorum(config, "notarize"))) return state;
  const known = reply({ ...state, notarized: [...state.notarized, chain] });
  const passed = isPassedOn(context, from) ? known.broadcast({ tag: "notarization", proof }) : known;
  if (!isOver(state, view)) return passed;
  const told =
    view > state.view || rules.mayFinalize(state)
      ? passed.send(notaryId, sign(self, { tag: "finalize", chain }))
      : passed;
  return ended(told, view);
}

/** Whether a block of this view shows that the view which the replica is in is over. */
function isOver({ view: current, stage }: State, view: number): boolean {
  return view > current || (view === current && stage !== "over");
}

function ended(turn: Turn, view: number): Turn {
  return turn.with<State>({ ...turn.state, view, stage: "over" }).setTimer("view");
}

/** A quorum has given up a view. */
function nullify(context: Context, state: State, from: NodeId, proof: Certificate<Nullify>): Outcome {
  const { config, rules } = context;
  const { view } = proof.vote;
  const isOld = isSettled(context, state, view) || state.nullified.includes(view);
  if (isOld || !isFrom(config, proof, rules.quorum(config, "nullify"))) return state;
  const known = reply({ ...state, nullified: [...state.nullified, view] });
  const passed = isPassedOn(context, from) ? known.broadcast({ tag: "nullification", proof }) : known;
  return passed.continued((next) => goOn(context, next, view));
}

/** Whether a proof of a view is of no use any more: something as late is final. */
function isSettled({ rules }: Context, { view: current, final }: State, view: number): boolean {
  return view <= viewOf(final) || (view < current && !rules.heedsLate());
}

function isPassedOn({ config, rules }: Context, from: NodeId): boolean {
  return config.set.forward && rules.forwards(from);
}

/** The next view, if this one is over. */
function goOn(context: Context, state: State, over: number): Turn {
  return over < state.view ? reply(state) : enter(context, { ...state, view: over + 1, stage: "open" });
}

/** A quorum has voted to finalize a block: it is executed, after those that it builds on. What is older is forgotten, so the replica leaves those views. */
function finalize({ config, rules }: Context, state: State, proof: Certificate<Finalize>): Outcome {
  const { chain } = proof.vote;
  const { length } = state.final;
  if (chain.length <= length || !isFrom(config, proof, rules.quorum(config, "finalize"))) return state;
  const notarized = state.notarized.filter((other) => viewOf(other) > viewOf(chain));
  const nullified = state.nullified.filter((view) => view > viewOf(chain));
  const next = reply({ ...state, notarized, nullified, final: chain });
  const executed = next.executedFrom(length + 1, namesOf(chain).slice(length));
  return isOver(state, viewOf(chain)) ? ended(executed, viewOf(chain)) : executed;
}
