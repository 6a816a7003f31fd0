// Small random protocols for the generic liar: tables of rules that look at the fields of messages, count equal ones, and pass on signed
// votes and certificates.

import * as Schema from "effect/Schema";
import fc from "fast-check";
import {
  type Behaviour,
  CertificateOf,
  certificate,
  type Effect,
  type Event,
  NodeId,
  type Protocol,
  replicaIds,
  SetOf,
  SignedOf,
  type Step,
  sign,
} from "../../src/protocol/index.js";

const Vote = Schema.Struct({ tag: Schema.Literal("vote"), round: Schema.Number, value: Schema.String });
const Proof = Schema.Struct({
  tag: Schema.Literal("proof"),
  value: Schema.String,
  proof: Schema.NullOr(CertificateOf(Vote)),
});
const Plain = Schema.Struct({ tag: Schema.Literal("ping"), value: Schema.String });
const Message = Schema.Union([Plain, SignedOf(Schema.Union([Vote, Proof]))]);
type Message = typeof Message.Type;
type Said = { readonly tag: string; readonly value: string; readonly round?: number };

const State = Schema.Struct({
  at: Schema.Number,
  counted: SetOf(Schema.Struct({ from: NodeId, what: Schema.String })),
});
type State = typeof State.Type;
type Out = Step<State, Message, "t">;

/** The first rule that fits decides. */
export interface Rule {
  readonly at: number;
  readonly input: "ping" | "vote" | "proof" | "t";
  readonly round: 0 | 1 | null;
  readonly value: "A" | "B" | null;
  /** Whether a certificate must be of a quorum, and for the value beside it. */
  readonly checked: boolean;
  /** How many equal ones are needed; with fewer the message is counted. */
  readonly needs: 1 | 2 | 3;
  readonly to: number;
  readonly says: "ping" | "vote" | "proof" | null;
  readonly executes: boolean;
}

/** Rules of a random protocol. */
export const rules: fc.Arbitrary<readonly Rule[]> = fc.array(
  fc.record({
    at: fc.constantFrom(0, 0, 0, 1, 2),
    input: fc.constantFrom("ping", "vote", "vote", "proof", "proof", "t"),
    round: fc.constantFrom(0, 1, null),
    value: fc.constantFrom("A", "B", null, null),
    checked: fc.boolean(),
    needs: fc.constantFrom(1, 1, 2, 2, 3),
    to: fc.nat(2),
    says: fc.constantFrom("ping", "vote", "vote", "proof", null),
    executes: fc.boolean(),
  }) as fc.Arbitrary<Rule>,
  { minLength: 3, maxLength: 6 },
);

const textOf = ({ from, what }: State["counted"][number]) => `${from} ${what}`;

/**
 * The protocol of some rules. Everybody votes for A at the start, but the last one for B. A node that comes to a decision says and executes the
 * value that it has heard; with `greatest` the greatest of that and of those that it has counted.
 */
export function tableProtocol(table: readonly Rule[], { greatest = false } = {}): Protocol<Message, string> {
  const ids = ["r0", "r1", "r2"];
  const quorum = 2;
  const say = (self: string, { says }: Rule, value: string): Effect<Message, "t">[] => {
    const body: { readonly [tag: string]: Message } = {
      ping: { tag: "ping", value },
      vote: sign(self, { tag: "vote", round: 1, value }),
      proof: sign(self, {
        tag: "proof",
        value,
        proof: certificate({ tag: "vote", round: 0, value }, quorum, ids),
      }),
    };
    return says === null ? [] : [{ kind: "broadcast", message: body[says]! }];
  };
  const behaviour: Behaviour<State, Message, "t", string, State> = {
    state: State,
    init: ({ self }) => [
      {
        state: { at: 0, counted: [] },
        effects: [
          { kind: "set-timer", timer: "t" },
          {
            kind: "broadcast",
            message: sign(self, { tag: "vote", round: 0, value: self === "r2" ? "B" : "A" }),
          },
        ],
        events: [],
      },
    ],
    step: ({ self }, state, input) => {
      const nothing: Out = { state, effects: [], events: [] };
      if (input.kind === "request") return [nothing];
      const said: Said & { readonly proof?: (typeof Proof.Type)["proof"] } =
        input.kind === "timer"
          ? { tag: "t", value: "A" }
          : input.message.tag === "signed"
            ? input.message.body
            : input.message;
      const rule = table.find(
        (one) =>
          one.at === state.at &&
          one.input === said.tag &&
          (one.round === null || said.round === undefined || one.round === said.round) &&
          (one.value === null || one.value === said.value) &&
          (!one.checked || said.tag !== "proof" || isProven(said.value, said.proof ?? null)),
      );
      if (!rule) return [nothing];
      const from = input.kind === "message" ? input.from : self;
      const what = `${said.tag} ${said.round} ${said.value}`;
      const others = state.counted.filter((vote) => vote.what === what && vote.from !== from);
      if (others.length + 1 < rule.needs) {
        const isNew = state.counted.every((vote) => vote.what !== what || vote.from !== from);
        // In one order, and each once: the naive search does not know of sets.
        const counted = [...state.counted, { from, what }].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
        return [isNew ? { ...nothing, state: { ...state, counted } } : nothing];
      }
      const counted = greatest ? state.counted.map((vote) => vote.what.split(" ").slice(2).join(" ")) : [];
      const value = [said.value, ...counted].sort().at(-1)!;
      const event: Event = { kind: "executed", slot: 1, position: 1, request: value, result: null };
      return [
        {
          state: { at: rule.to, counted: [] },
          effects: say(self, rule, value),
          events: rule.executes ? [event] : [],
        },
      ];
    },
    stable: (state) => state,
  };
  const isProven = (value: string, proof: (typeof Proof.Type)["proof"]) =>
    proof !== null &&
    proof.atLeast >= quorum &&
    proof.among.every((id) => ids.includes(id)) &&
    proof.vote.value === value;
  return {
    name: "table",
    summary: "random rules",
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: ({ requests }) => ["A", "B"].slice(0, requests),
    digest: (value) => value,
  };
}
