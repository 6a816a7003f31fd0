// GRANDPA's voting core (Stewart and Kokoris-Kogia, arXiv 2007.01560): voters agree on which blocks of a tree are final. In each round they
// prevote for a chain and then precommit to the highest block that a supermajority has prevoted for; T precommits make a block final, with
// all that is below it. Timers expire at any moment.
//
// Left out: the primary, whose hint only narrows the choice of what is prevoted for; changes of the set of voters; blocks that are made while
// the voters vote. Votes are counted by a notary, in one order for all: nobody sees a quorum of it without those before. Without a notary only
// an adversary shows what votes prove, each quorum to whom it likes.

import {
  type Certificate,
  type Config,
  certificate,
  defineProtocol,
  inTurn,
  type OwnContext,
  type Protocol,
  type Reply,
  replicaIds,
  reply,
  sign,
} from "../../protocol/index.js";
import { type Cast, isFrom, notary, notaryId } from "../notary.js";
import { blocksOf, blockText, childrenOf, descends, genesis, pathTo } from "./blocks.js";
import { type GrandpaRules, grandpaRules } from "./rules.js";
import { ballot, type Message, messages, type Round, State, Statement } from "./state.js";

const parameters = {
  blocks: { default: 2, help: "how many blocks there are besides the genesis block, of A, B, AC and AD" },
  heads: {
    default: false,
    help: "whether voters prevote for heads of chains only, as if all had seen all blocks",
  },
  notary: {
    default: true,
    help: "whether a notary counts votes; without it only an adversary shows what they prove",
  },
};
type Context = OwnContext<typeof parameters, GrandpaRules>;
type Turn = Reply<State, Message, "prevote" | "precommit" | "round">;

/** GRANDPA with these rules. */
export function grandpa(
  rules = grandpaRules,
  name = "grandpa",
  summary = "GRANDPA: prevotes and precommits make blocks of a tree final",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    vocabulary: { views: "rounds", slots: null },
    messages,
    state: State,
    initial: { round: 0, voted: "nothing", rounds: [], final: genesis },
    stable: rules.durable(),
    rules,
    parameters,
    requests: [], // blocks come from elsewhere
    refuses: ({ set }) => refusal(set.blocks),
    nodes: (config, voter) => [
      ...replicaIds(config).map((id) => ({ id, role: "replica", behaviour: voter }) as const),
      ...(config.set.notary ? [counting(rules)] : []),
    ],
    primary: inTurn,
    view: ({ round }) => round,
    onStart: (_, state) => reply(state).setTimer(state.voted === "nothing" ? "prevote" : afterVote(state)),
    onTimer: { prevote, precommit, round: nextRound },
    completions: ["prevote", "precommit"], // in a round that is timely these have time, too
    on: {
      vote: (_, state) => state,
      quorums: (context, state, { message }) =>
        message.proofs.reduce<Turn>((turn, proof) => count(context, turn, proof), reply(state)),
    },
  });
}

function refusal(blocks: number): string | null {
  return blocks >= 1 && blocks <= 4 ? null : `blocks is ${blocks}: choose 1 to 4 of A, B, AC and AD.`;
}

const quorums = (proofs: readonly Certificate<Statement>[]) => ({ tag: "quorums" as const, proofs });

/** All quorums that there are among prevotes, or precommits, of a round: whoever counts such votes sees all that they prove. */
const reached =
  (rules: GrandpaRules) =>
  (config: Config, cast: readonly Cast<Statement>[]): readonly Message[] => {
    const size = rules.supermajority(config);
    const counts = new Map<string, number>();
    for (const { vote } of cast) counts.set(nameOf(vote), (counts.get(nameOf(vote)) ?? 0) + 1);
    const groups = new Map<string, Statement[]>();
    for (const { vote } of cast) {
      const name = nameOf(vote);
      if ((counts.get(name) ?? 0) < size) continue;
      counts.delete(name); // each once
      const group = `${vote.round} ${vote.tag === "prevote"}`;
      groups.set(group, [...(groups.get(group) ?? []), vote]);
    }
    return [...groups.values()].map((said) =>
      quorums(said.map((vote) => certificate(vote, size, replicaIds(config)))),
    );
  };

const nameOf = ({ tag, round, block }: Statement) => `${tag} ${round} ${block}`;

const counting = (rules: GrandpaRules) =>
  notary<Statement, Message>({
    vote: Statement,
    quorums: () => [],
    says: (proof) => quorums([proof]),
    also: reached(rules),
  });

const afterVote = ({ voted }: State) => (voted === "prevote" ? "precommit" : "round");

/** What a voter has seen of a round. */
function seen({ rounds }: State, round: number): Round {
  return rounds[round] ?? { backed: [], excluded: [] };
}

/** What the votes of this round build on: the estimate of the round before. */
function baseOf({ rules }: Context, state: State): string {
  if (state.round === 0) return genesis;
  const before = seen(state, state.round - 1);
  const ghost = rules.ghost(before);
  return rules.base(state, ghost === null ? genesis : rules.estimate(before, ghost));
}

/** The voter prevotes for a chain; for which one is a choice. */
function prevote(context: Context, state: State): readonly Turn[] {
  const { config, rules } = context;
  const blocks = blocksOf(config.set);
  const base = baseOf(context, state);
  const isHead = (block: string) => !config.set.heads || childrenOf(blocks, block).length === 0;
  return blocks
    .filter((block) => isHead(block) && rules.mayPrevote(block, base))
    .map((block) => {
      const voted = reply<State>({ ...state, voted: "prevote" });
      return cast(context, voted, ballot("prevote", state.round, block, blocks))
        .setTimer("precommit")
        .labelled(`prevotes ${blockText(block)}`);
    });
}

/** The voter precommits to the ghost, once that is not below what it builds on. */
function precommit(context: Context, state: State): Turn | readonly Turn[] {
  const { config, rules } = context;
  const blocks = blocksOf(config.set);
  const ghost = rules.ghost(seen(state, state.round));
  const base = baseOf(context, state);
  const possible = blocks.filter((block) => ghost !== null && rules.mayPrecommit(block, ghost, base));
  if (possible.length === 0) return reply(state).setTimer("precommit");
  return possible.map((block) => {
    const voted = reply<State>({ ...state, voted: "precommit" });
    return cast(context, voted, ballot("precommit", state.round, block, blocks))
      .setTimer("round")
      .labelled(`precommits ${blockText(block)}`);
  });
}

/** A vote goes to the notary; without one, to all, who need not count for themselves what an adversary shows them. */
function cast({ self, config }: Context, turn: Turn, statements: readonly Statement[]): Turn {
  const vote = { tag: "vote" as const, said: statements.map((statement) => sign(self, statement)) };
  return config.set.notary ? turn.send(notaryId, vote) : turn.broadcast(vote);
}

/** The next round begins once this one is completable. */
function nextRound({ config, rules }: Context, state: State): Turn {
  const now = seen(state, state.round);
  const ghost = rules.ghost(now);
  const isOver =
    ghost !== null && rules.isCompletable(now, ghost, rules.estimate(now, ghost), blocksOf(config.set));
  if (!isOver) return reply(state).setTimer("round");
  const round = state.round + 1;
  const rounds = state.rounds.map((one, i) => (i < round - 1 ? { backed: [], excluded: [] } : one));
  return reply<State>({ ...state, round, rounds, voted: "nothing" }).setTimer("prevote");
}

/** A supermajority has said the same. */
function count({ config, rules }: Context, turn: Turn, proof: Certificate<Statement>): Turn {
  const { state } = turn;
  const { tag, round, block } = proof.vote;
  if (!isFrom(config, proof, rules.supermajority(config))) return turn;
  const isNoted = tag !== "precommit" && round >= state.round - 1;
  const learned = isNoted ? turn.with(noted(config, state, proof.vote)) : turn;
  return tag !== "exclude" && rules.isFinal(tag) ? finalized(learned, block) : learned;
}

/** The state in which this is known: with a block its ancestors are backed, and its descendants excluded. */
function noted(config: Context["config"], state: State, { tag, round, block }: Statement): State {
  const field = tag === "prevote" ? "backed" : "excluded";
  const also = blocksOf(config.set).filter((other) =>
    tag === "prevote" ? descends(block, other) : descends(other, block),
  );
  const known = seen(state, round);
  const isNews = also.filter((other) => !known[field].includes(other));
  if (isNews.length === 0) return state;
  const rounds = Array.from({ length: Math.max(state.rounds.length, round + 1) }, (_, i) =>
    i === round ? { ...known, [field]: [...known[field], ...isNews] } : seen(state, i),
  );
  return { ...state, rounds };
}

/** A block is final, with all that is below it. One in conflict with what was final before is executed, too: properties look at it. */
function finalized(turn: Turn, block: string): Turn {
  const { final } = turn.state;
  if (descends(final, block)) return turn;
  const from = descends(block, final) ? final.length : 0;
  return turn
    .with<State>({ ...turn.state, final: block })
    .shows("final", block)
    .executedFrom(from + 1, pathTo(block).slice(from));
}
