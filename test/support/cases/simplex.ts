// A round-based chain in the manner of Simplex: a leader's block is voted for; a quorum of votes notarizes it; a round may be given up with
// empty votes; whoever has a notarization and has not given up the round says finalize; a quorum of these finalizes the block and those below it.
// Rule of safety: nobody says both empty and finalize for a round. The flaw `rebroadcasts` makes finalize votes of past rounds afresh without asking.
import * as Schema from "effect/Schema";
import {
  type Behaviour,
  CertificateOf,
  type Config,
  type Effect,
  type Event,
  NodeId,
  type Protocol,
  replicaIds,
  SetOf,
  SignedOf,
  type Step,
  sign,
} from "../../../src/protocol/index.js";

const Block = Schema.Struct({ round: Schema.Number, value: Schema.String, parent: Schema.Number }); // parent: a round, or -1
type Block = typeof Block.Type;
const Vote = Schema.Struct({ tag: Schema.Literal("vote"), block: Block });
const Empty = Schema.Struct({ tag: Schema.Literal("empty"), round: Schema.Number });
const Finalize = Schema.Struct({ tag: Schema.Literal("finalize"), block: Block });
const Body = Schema.Union([
  Schema.Struct({ tag: Schema.Literal("propose"), block: Block }),
  Vote,
  Empty,
  Finalize,
  Schema.Struct({ tag: Schema.Literal("notarization"), proof: CertificateOf(Vote) }),
  Schema.Struct({ tag: Schema.Literal("nullification"), proof: CertificateOf(Empty) }),
]);
type Body = typeof Body.Type;
const Message = SignedOf(Body);
type Message = typeof Message.Type;
const State = Schema.Struct({
  round: Schema.Number,
  voted: SetOf(Schema.Number),
  gaveUp: SetOf(Schema.Number),
  finalized: SetOf(Schema.Number), // rounds for which it has said finalize
  votes: SetOf(Schema.Struct({ from: NodeId, block: Block })),
  empties: SetOf(Schema.Struct({ from: NodeId, round: Schema.Number })),
  finals: SetOf(Schema.Struct({ from: NodeId, block: Block })),
  notarized: SetOf(Block),
  nullified: SetOf(Schema.Number),
  sealed: SetOf(Schema.Number), // rounds that are final here
  done: Schema.NullOr(Schema.String),
});
type State = typeof State.Type;
type Timer = "round";
type Turn = Step<State, Message, Timer>;
export interface Flaws {
  readonly rebroadcasts?: boolean;
  readonly ownEmptyLost?: boolean;
}
const quorum = ({ replicas, faults }: Config) => Math.floor((replicas + faults) / 2) + 1;
const leaderOf = ({ replicas }: Config, round: number) => `r${round % replicas}`;
const valuesOf = ({ requests }: Config) => ["A", "B", "C"].slice(0, requests);

export function simplex(flaws: Flaws, name: string): Protocol<Message, string> {
  const say = (self: string, body: Body): Effect<Message, Timer> => ({
    kind: "broadcast",
    message: sign(self, body),
  });
  const step = (state: State, effects: Effect<Message, Timer>[] = [], events: Event[] = []): Turn => ({
    state,
    effects,
    events,
  });
  type Ctx = { self: string; config: Config };
  const bind = (t: Turn, f: (s: State) => Turn): Turn => {
    const n = f(t.state);
    return { ...n, effects: [...t.effects, ...n.effects], events: [...t.events, ...n.events] };
  };
  const isBehind = (
    s: State,
    block: Block, // parent notarized, all rounds between given up by a quorum
  ) =>
    (block.parent === -1 || s.notarized.some((b) => b.round === block.parent)) &&
    Array.from({ length: block.round - block.parent - 1 }, (_, i) => block.parent + 1 + i).every((r) =>
      s.nullified.includes(r),
    );
  const enter = (c: Ctx, t: Turn, round: number): Turn[] => {
    if (round <= t.state.round) return [t];
    const at = bind(t, (s) => step({ ...s, round }, [{ kind: "set-timer", timer: "round" }]));
    return propose(c, at);
  };
  const propose = (c: Ctx, t: Turn): Turn[] => {
    const { round } = t.state;
    if (round > 1 || leaderOf(c.config, round) !== c.self || t.state.voted.includes(round)) return [t]; // rounds 0 and 1 are enough
    let parent = round - 1;
    while (parent >= 0 && !t.state.notarized.some((b) => b.round === parent)) parent--;
    const values = [valuesOf(c.config)[round % c.config.requests]!]; // one value a round: who leads makes no choice
    return values.map((value) => {
      const block = { round, value, parent };
      const out = bind(t, (s) => {
        const v = hearVote(c, { ...s, voted: [...s.voted, round] }, c.self, block);
        return {
          ...v,
          effects: [
            say(c.self, { tag: "propose", block }),
            say(c.self, { tag: "vote", block }),
            ...v.effects,
          ],
        };
      });
      return { ...out, ...(values.length > 1 && { label: value }) };
    });
  };
  const hearVote = (c: Ctx, s: State, from: string, block: Block): Turn => {
    if (
      s.votes.some((v) => v.from === from && v.block.round === block.round) ||
      s.notarized.some((b) => b.round === block.round)
    )
      return step(s);
    const votes = [...s.votes, { from, block }];
    if (votes.filter((v) => JSON.stringify(v.block) === JSON.stringify(block)).length < quorum(c.config))
      return step({ ...s, votes });
    return notarize(c, { ...s, votes: votes.filter((v) => v.block.round !== block.round) }, block);
  };
  const notarize = (c: Ctx, s: State, block: Block): Turn => {
    if (s.notarized.some((b) => b.round === block.round)) return step(s);
    const next = { ...s, notarized: [...s.notarized, block] };
    const told: Effect<Message, Timer>[] = []; // votes are sent again by the network: no certificate needs to be passed on
    if (s.gaveUp.includes(block.round)) {
      // FLAW: something later is final already, so the finalize vote for this round is "made again"
      if (flaws.rebroadcasts && s.done !== null) return bind(step(next, told), (x) => finalize(c, x, block));
      return step(next, told);
    }
    return bind(step(next, told), (x) => finalize(c, x, block));
  };
  const finalize = (c: Ctx, s: State, block: Block): Turn => {
    if (s.finalized.includes(block.round)) return step(s);
    const own = hearFinal(c, { ...s, finalized: [...s.finalized, block.round] }, c.self, block);
    return { ...own, effects: [say(c.self, { tag: "finalize", block }), ...own.effects] };
  };
  const hearFinal = (c: Ctx, s: State, from: string, block: Block): Turn => {
    if (
      s.finals.some((v) => v.from === from && v.block.round === block.round) ||
      s.sealed.includes(block.round)
    )
      return step(s);
    const finals = [...s.finals, { from, block }];
    if (finals.filter((v) => JSON.stringify(v.block) === JSON.stringify(block)).length < quorum(c.config))
      return step({ ...s, finals });
    // the block is final, and with it its ancestors: slot 1 is the lowest of them
    let lowest = block;
    while (lowest.parent >= 0)
      lowest = s.notarized.find((b) => b.round === lowest.parent) ?? { ...lowest, parent: -1 };
    const event: Event = { kind: "executed", slot: 1, position: 1, request: lowest.value, result: null };
    const rest = {
      ...s,
      finals: finals.filter((v) => v.block.round !== block.round),
      done: s.done ?? lowest.value,
      sealed: [...s.sealed, block.round],
    };
    let t = step(rest, [], s.done === null || s.done !== lowest.value ? [event] : []);
    if (flaws.rebroadcasts)
      for (const b of rest.notarized) if (b.round < block.round) t = bind(t, (x) => finalize(c, x, b));
    return t;
  };
  const giveUp = (c: Ctx, s: State): Turn => {
    if (s.gaveUp.includes(s.round) || s.finalized.includes(s.round)) return step(s);
    const next = { ...s, gaveUp: [...s.gaveUp, s.round] };
    const own = hearEmpty(c, next, c.self, s.round);
    return { ...own, effects: [say(c.self, { tag: "empty", round: s.round }), ...own.effects] };
  };
  const hearEmpty = (c: Ctx, s: State, from: string, round: number): Turn => {
    if (s.nullified.includes(round) || s.empties.some((e) => e.from === from && e.round === round))
      return step(s);
    const empties = [...s.empties, { from, round }];
    if (empties.filter((e) => e.round === round).length < quorum(c.config)) return step({ ...s, empties });
    return step({
      ...s,
      empties: empties.filter((e) => e.round !== round),
      nullified: [...s.nullified, round],
    });
  };
  /** After any change: on to the next round, if this one is notarized or nullified. */
  const goOn = (c: Ctx, t: Turn): Turn[] => {
    const { round, nullified, notarized } = t.state;
    return nullified.includes(round) || notarized.some((b) => b.round === round)
      ? enter(c, t, round + 1)
      : [t];
  };
  const initial: State = {
    round: 0,
    voted: [],
    gaveUp: [],
    finalized: [],
    votes: [],
    empties: [],
    finals: [],
    notarized: [],
    nullified: [],
    sealed: [],
    done: null,
  };
  const behaviour: Behaviour<State, Message, Timer, string, State> = {
    state: State,
    init: (c, from) => {
      if (from.kind === "start") return propose(c, step(initial, [{ kind: "set-timer", timer: "round" }]));
      // what was journalled comes back; votes heard from others do not
      const { stable } = from;
      const mine = flaws.ownEmptyLost
        ? []
        : stable.gaveUp
            .filter((r) => !stable.nullified.includes(r))
            .map((round) => ({ from: c.self, round }));
      return [
        step({ ...stable, votes: [], finals: [], empties: mine }, [{ kind: "set-timer", timer: "round" }]),
      ];
    },
    stable: (s) => s,
    view: ({ round }) => round,
    step: (c, s, input) => {
      if (input.kind === "request") return [step(s)];
      if (input.kind === "timer") return goOn(c, giveUp(c, s));
      const { signer: from, body } = input.message;
      switch (body.tag) {
        case "propose": {
          const { block } = body;
          if (
            from !== leaderOf(c.config, block.round) ||
            s.voted.includes(block.round) ||
            s.gaveUp.includes(block.round) ||
            block.round < s.round
          )
            return [step(s)];
          if (block.round > s.round || !isBehind(s, block))
            return [step(s, [{ kind: "defer", key: `propose ${block.round}` }])];
          const own = hearVote(c, { ...s, voted: [...s.voted, block.round] }, c.self, block);
          return goOn(c, { ...own, effects: [say(c.self, { tag: "vote", block }), ...own.effects] });
        }
        case "vote":
          return goOn(c, hearVote(c, s, from, body.block));
        case "empty":
          return goOn(c, hearEmpty(c, s, from, body.round));
        case "finalize": {
          // what it builds on has to be known first
          const known = (r: number): boolean =>
            r < 0 || s.notarized.some((b) => b.round === r && known(b.parent));
          return known(body.block.round)
            ? goOn(c, hearFinal(c, s, from, body.block))
            : [step(s, [{ kind: "defer", key: `finalize ${body.block.round} ${from}` }])];
        }
        case "notarization":
          return body.proof.atLeast >= quorum(c.config)
            ? goOn(c, notarize(c, s, body.proof.vote.block))
            : [step(s)];
        case "nullification":
          return body.proof.atLeast >= quorum(c.config) && !s.nullified.includes(body.proof.vote.round)
            ? goOn(
                c,
                step({
                  ...s,
                  nullified: [...s.nullified, body.proof.vote.round],
                  empties: s.empties.filter((e) => e.round !== body.proof.vote.round),
                }),
              )
            : [step(s)];
      }
    },
  };
  return {
    name,
    summary: "a chain of rounds with notarizations, nullifications and finalizations",
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: valuesOf,
    digest: (v) => v,
    primary: leaderOf,
  };
}
export default simplex({}, "simplex");
