// Small random protocols, as tables of rules, for comparing searches: with votes that are counted, messages that undo
// what others did, timers set, reset and cancelled, choices, events without a change of state, messages to oneself,
// conflicting executions, local graphs with cycles, views, and an adversary that lies, replays and relays.

import * as Schema from "effect/Schema";
import fc from "fast-check";
import type { Setting } from "../../src/model/setting.js";
import {
  type Adversary,
  type Behaviour,
  CertificateOf,
  type Config,
  certificate,
  type Effect,
  type Event,
  type Input,
  type Json,
  monitor,
  type NodeId,
  type Outcomes,
  type Property,
  type Protocol,
  replicaIds,
  SetOf,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";

/** A vote is signed; a claim carries votes of others, to which its sender adds nothing but its signature. */
const Vote = Schema.Struct({ tag: Schema.Literal("vote") });
const Claim = Schema.Struct({ tag: Schema.Literal("claim"), vote: SignedOf(Vote) });
const Proof = Schema.Struct({ tag: Schema.Literal("proof"), votes: CertificateOf(Vote) });
const Plain = Schema.Struct({ tag: Schema.Literals(["ping", "pong"]) });
const Message = Schema.Union([Plain, SignedOf(Schema.Union([Vote, Claim, Proof]))]);
type Message = typeof Message.Type;

const kinds = ["ping", "pong", "vote", "claim", "proof"] as const;
type Kind = (typeof kinds)[number];

/** What correct nodes say. */
const utterances = ["ping", "pong", "vote"] as const;
type Utterance = (typeof utterances)[number];

const State = Schema.Struct({ at: Schema.Number, seen: SetOf(Schema.String) });
type State = typeof State.Type;

/** One way to react. */
interface Reaction {
  /** The next place; null stays. */
  readonly at: number | null;
  /** Whether the input is added to what has been seen, or everything seen forgotten. */
  readonly seen: "keep" | "add" | "forget";
  readonly effects: readonly Effect<Utterance>[];
  readonly events: readonly Event[];
  /** See `Step.random`. */
  readonly random?: boolean;
}

/** The first rule that matches an input decides; an input without a rule is ignored. */
interface Rule {
  readonly node: number;
  readonly at: readonly number[];
  /** How much must have been seen before. */
  readonly needs: number;
  readonly input: Kind | "t0" | "t1" | "request";
  readonly reactions: readonly Reaction[];
}

/** Everything that a random setting is made of. */
export interface RandomModel {
  readonly nodes: number;
  readonly rules: readonly Rule[];
  /** Timers set at the start. */
  readonly armed: readonly string[];
  readonly requests: number;
  /** From which place on a node is in view 1, and in view 2; null: the protocol has no views. */
  readonly views: readonly [number, number] | null;
  readonly adversary: { readonly forwards: boolean; readonly lies: readonly Kind[] } | null;
}

function effects(nodes: number): fc.Arbitrary<Effect<Utterance>> {
  const timer = fc.constantFrom("t0", "t1");
  const message = fc.constantFrom(...utterances);
  const to = fc.nat(nodes - 1).map((index) => `r${index}`);
  return fc.oneof(
    fc.record({ kind: fc.constant("send" as const), to, message }),
    fc.record({ kind: fc.constant("broadcast" as const), message }),
    fc.record({ kind: fc.constant("set-timer" as const), timer }),
    fc.record({ kind: fc.constant("cancel-timer" as const), timer }),
    fc.record({ kind: fc.constant("defer" as const), key: fc.constantFrom("k", "l") }),
  );
}

const events: fc.Arbitrary<Event> = fc.oneof(
  fc
    .record({ slot: fc.constantFrom(1, 2), request: fc.constantFrom("A", "B") })
    .map((what) => ({ kind: "executed" as const, position: 1, result: null, ...what })),
  fc.constantFrom("x", "y").map((name) => ({ kind: "custom" as const, name, data: null })),
);

function rules(nodes: number): fc.Arbitrary<Rule[]> {
  const place = fc.nat(3);
  const reaction: fc.Arbitrary<Reaction> = fc.record({
    at: fc.option(place),
    seen: fc.constantFrom("keep", "add", "add", "forget"),
    effects: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(effects(nodes), { minLength: 1, maxLength: 2 }) },
    ),
    events: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(events, { minLength: 1, maxLength: 2 }) },
    ),
  });
  const rule: fc.Arbitrary<Rule> = fc.record({
    node: fc.nat(nodes - 1),
    at: fc.oneof(fc.constant([0, 1, 2, 3]), fc.subarray([0, 1, 2, 3], { minLength: 1 })),
    needs: fc.constantFrom(0, 0, 0, 1, 2),
    input: fc.constantFrom<Rule["input"]>(...kinds, "ping", "pong", "vote", "t0", "t1", "request"),
    reactions: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(reaction) },
      { weight: 1, arbitrary: fc.tuple(reaction, reaction) },
    ),
  });
  // Without messages nothing happens: let every node say something of its own accord.
  const starter = (node: number): fc.Arbitrary<Rule> =>
    fc.record({ message: fc.constantFrom(...utterances), reaction }).map(({ message, reaction }) => ({
      node,
      at: [0, 1, 2, 3],
      needs: 0,
      input: "t0",
      reactions: [{ ...reaction, effects: [{ kind: "broadcast", message }, ...reaction.effects] }],
    }));
  return fc
    .tuple(
      fc.array(rule, { minLength: 8, maxLength: 30, size: "max" }),
      fc.tuple(...Array.from({ length: nodes }, (_, node) => starter(node))),
    )
    .map(([others, starters]) => [...others, ...starters]);
}

/** Random models with two or three nodes. */
export const randomModels: fc.Arbitrary<RandomModel> = fc.constantFrom(2, 3).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    rules: rules(nodes),
    armed: fc.constantFrom(["t0"], ["t0", "t1"]),
    requests: fc.constantFrom(0, 0, 1, 2),
    views: fc.option(fc.constantFrom([2, 3] as const, [1, 3] as const, [1, 2] as const), { freq: 2 }),
    adversary: fc.option(
      fc.record({ forwards: fc.boolean(), lies: fc.subarray([...kinds], { minLength: 1 }) }),
      { freq: 2 },
    ),
  }),
);

/** Random models in which many a node may choose to stay as it is; in most of these it shows that, which tells few properties anything. */
export const reluctantModels: fc.Arbitrary<RandomModel> = fc
  .tuple(randomModels, fc.infiniteStream(fc.nat(11)))
  .map(([model, dice]) => {
    const below = (limit: number) => (dice.next().value as number) % limit;
    const talk: Event = { kind: "custom", name: "y", data: null };
    const stays = (): Reaction => ({ at: null, seen: "keep", effects: [], events: below(3) ? [talk] : [] });
    const rules = model.rules.map((rule) =>
      below(2) ? rule : { ...rule, reactions: [rule.reactions[0]!, stays()] },
    );
    return { ...model, adversary: null, rules };
  });

/**
 * Random models with coins, made of {@link randomModels}: rules with two reactions, or one and that of another rule, of which
 * some, or all, are random; so there are also mixtures of both.
 */
export const coinModels: fc.Arbitrary<RandomModel> = fc
  .tuple(randomModels, fc.infiniteStream(fc.nat(11)))
  .map(([model, dice]) => {
    const below = (limit: number) => (dice.next().value as number) % limit;
    const reactions = model.rules.flatMap((rule) => rule.reactions);
    const another = () => reactions[(below(12) * 12 + below(12)) % reactions.length]!;
    const coinOf = (sides: readonly Reaction[]) => {
      const isMixed = below(4) === 0;
      return sides.map((side, index) => ({ ...side, random: !(isMixed && index === 0) }));
    };
    const rules = model.rules.map((rule) => {
      if (below(3) === 0) return rule;
      const sides = [...rule.reactions, another(), ...(below(4) === 0 ? [another()] : [])];
      return { ...rule, reactions: coinOf(sides) };
    });
    return { ...model, rules };
  });

/** The same whose timers are set again whenever they fire, so that more of what may go on for ever does. */
export function restless(model: RandomModel): RandomModel {
  const rules = model.rules.map((rule) => {
    const timer = rule.input;
    if (timer !== "t0" && timer !== "t1") return rule;
    const reactions = rule.reactions.map((reaction) => ({
      ...reaction,
      effects: [...reaction.effects, { kind: "set-timer" as const, timer }],
    }));
    return { ...rule, reactions };
  });
  return { ...model, rules };
}

/** The same where the scheduler chooses what was left to chance. */
export function withoutCoins(model: RandomModel): RandomModel {
  const rules = model.rules.map((rule) => ({
    ...rule,
    reactions: rule.reactions.map((reaction) => ({ ...reaction, random: false })),
  }));
  return { ...model, rules };
}

/** The setting of a random model: its last node is Byzantine if there is an adversary. */
export function settingOf(model: RandomModel, properties: readonly Property[]): Setting {
  const config = { replicas: model.nodes, faults: 0, requests: model.requests, slots: 2, clients: false };
  return {
    protocol: protocolOf(model),
    config,
    byzantine: model.adversary ? [`r${model.nodes - 1}`] : [],
    adversary: model.adversary ? liar(model.adversary) : null,
    network: "async",
    bounds: { views: 1 },
    properties,
  };
}

/** The same, but all nodes follow the rules of the first one and send to nobody in particular: so they are alike. */
export function symmetricSettingOf(model: RandomModel, properties: readonly Property[]): Setting {
  const general = model.rules
    .filter(({ node }) => node === 0)
    .map((rule) => ({
      ...rule,
      reactions: rule.reactions.map((reaction) => ({
        ...reaction,
        effects: reaction.effects.filter(({ kind }) => kind !== "send"),
      })),
    }));
  const rules = Array.from({ length: model.nodes }, (_, node) => general.map((rule) => ({ ...rule, node })));
  const setting = settingOf({ ...model, rules: rules.flat(), views: null }, properties);
  return { ...setting, protocol: { ...setting.protocol, interchangeable: (config) => [replicaIds(config)] } };
}

/** The same with only the rules of places that can still be reached deciding which messages are dead. */
export function mortalSettingOf(model: RandomModel, properties: readonly Property[]): Setting {
  const setting = settingOf(model, properties);
  const { protocol } = setting;
  const mortal = (behaviour: Behaviour<State, Message>, node: number): Behaviour<State, Message> => ({
    ...behaviour,
    isDead: (_, { at }, input) => !isListening(model, node, at, kindOf(input)),
  });
  const nodes = (config: Config) =>
    protocol.nodes(config).map((spec, node) => ({
      ...spec,
      behaviour: mortal(spec.behaviour as never, node) as unknown as Behaviour<unknown, Json>,
    }));
  return { ...setting, protocol: { ...protocol, nodes } };
}

/** Whether a node at this place, or at one where it can get from here, has a rule for an input. */
function isListening(model: RandomModel, node: number, from: number, kind: Rule["input"]): boolean {
  const reached = new Set([from]);
  const rules = model.rules.filter((rule) => rule.node === node);
  for (const at of reached) {
    const here = rules.filter((rule) => rule.at.includes(at));
    if (here.some((rule) => rule.input === kind)) return true;
    for (const { at: next } of here.flatMap(({ reactions }) => reactions))
      if (next !== null) reached.add(next);
  }
  return false;
}

function protocolOf(model: RandomModel): Protocol<Json, Json> {
  const { views } = model;
  return {
    name: "random",
    summary: "rules drawn at random",
    message: Message as unknown as Protocol<Json, Json>["message"],
    nodes: (config) =>
      replicaIds(config).map((id, node) => ({
        id,
        role: "replica" as const,
        behaviour: behaviourOf(model, node) as unknown as Behaviour<unknown, Json>,
      })),
    requests: ({ requests }) => ["A", "B"].slice(0, requests),
    digest: String,
    ...(views && { primary: (config: Config, view: number) => `r${view % config.replicas}` }),
  };
}

function behaviourOf({ rules, armed, views }: RandomModel, node: number): Behaviour<State, Message> {
  return {
    state: State,
    init: () => [
      {
        state: { at: 0, seen: [] },
        effects: armed.map((timer) => ({ kind: "set-timer", timer })),
        events: [],
      },
    ],
    step: ({ self }, state, input): Outcomes<State, Message> => {
      const kind = kindOf(input);
      const rule = rules.find(
        (r) => r.node === node && r.input === kind && r.at.includes(state.at) && r.needs <= state.seen.length,
      );
      if (!rule) return [{ state, effects: [], events: [] }];
      const name = input.kind === "message" ? `${kind} ${input.from}` : kind;
      return rule.reactions.map((reaction, index) => ({
        ...(rule.reactions.length > 1 && { label: `choice ${index}` }),
        state: {
          at: reaction.at ?? state.at,
          seen:
            reaction.seen === "keep"
              ? state.seen
              : reaction.seen === "forget"
                ? []
                : [...new Set([...state.seen, name])],
        },
        effects: reaction.effects.map((effect) => uttered(self, effect)),
        events: reaction.events,
        ...(reaction.random && { random: true }),
      }));
    },
    stable: () => null,
    ...(views && { view: ({ at }: State) => views.filter((from) => at >= from).length }),
  };
}

function kindOf(input: Input<Message>): Rule["input"] {
  if (input.kind === "timer") return input.timer as "t0" | "t1";
  if (input.kind === "request") return "request";
  return input.message.tag === "signed" ? input.message.body.tag : input.message.tag;
}

function uttered(self: NodeId, effect: Effect<Utterance>): Effect<Message> {
  if (effect.kind !== "send" && effect.kind !== "broadcast") return effect;
  const message: Message =
    effect.message === "vote" ? sign(self, { tag: "vote" as const }) : { tag: effect.message };
  return { ...effect, message };
}

/** Says whatever is of these kinds, in everybody's name: the model has to refuse what was never signed. */
function liar({ forwards, lies }: NonNullable<RandomModel["adversary"]>): Adversary<Json> {
  return {
    name: "liar",
    summary: "says things of the given kinds",
    strength: 1,
    forwards,
    speaks: true,
    canMove: () => true,
    observes: () => true,
    moves: ({ self, config }) => {
      const ids = replicaIds(config);
      const vote = { tag: "vote" as const };
      const said: { readonly [kind in Kind]: readonly Message[] } = {
        ping: [{ tag: "ping" }],
        pong: [{ tag: "pong" }],
        vote: ids.map((id) => sign(id, vote)),
        claim: ids.map((id) => sign(self, { tag: "claim", vote: sign(id, vote) })),
        proof: [2, 3].map((size) => sign(self, { tag: "proof", votes: certificate(vote, size, ids) })),
      };
      return lies.flatMap((kind) => said[kind]) as unknown as readonly Json[];
    },
  };
}

type Seen = { readonly [what: string]: true };

/** Everything that has been seen, as a set: the finest observation with finitely many states. Never violated. */
export const everythingSeen: Property = {
  name: "everything-seen",
  summary: "remembers which node has shown which event",
  kind: "always",
  observes: "both",
  exercise: "an event",
  monitor: () =>
    monitor<Seen>({
      init: {},
      on: (seen, by, event) => {
        const all: Seen = { ...seen, [`${by} ${JSON.stringify(event)}`]: true };
        return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
      },
      verdict: () => "holds",
      exercised: () => 1,
      explain: () => "nothing",
    }),
};

/** A random model with both properties, by data alone: so another thread can make the same setting. */
export function safetySettingOf(model: RandomModel): Setting {
  return settingOf(model, [everythingSeen, slotAgreement]);
}

/** Agreement without order: no two correct nodes have executed different requests at one slot. */
export const slotAgreement: Property = {
  name: "slot-agreement",
  summary: "correct nodes execute the same at each slot",
  kind: "always",
  observes: "both",
  exercise: "an execution",
  monitor: () =>
    monitor<Seen>({
      init: {},
      on: (seen, by, event) => {
        if (event.kind !== "executed") return seen;
        const all: Seen = { ...seen, [`${event.slot} ${event.request} ${by}`]: true };
        return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
      },
      verdict: (seen) => {
        const executed = Object.keys(seen).map((key) => key.split(" "));
        const isDivided = executed.some(([slot, request, by]) =>
          executed.some((other) => other[0] === slot && other[1] !== request && other[2] !== by),
        );
        return isDivided ? "violated" : "holds";
      },
      exercised: () => 1,
      explain: () => "two nodes disagree",
    }),
};
