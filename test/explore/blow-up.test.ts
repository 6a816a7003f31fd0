// Ten blow-ups made on purpose: what multiplies is named first, with what to do about it.

import test from "ava";
import * as Schema from "effect/Schema";
import type { Cause } from "../../src/explore/blow-up/causes.js";
import { gainOf } from "../../src/explore/blow-up/places.js";
import { dearSteps } from "../../src/explore/explain.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { type Adversary, type Effect, type Json, SetOf } from "../../src/protocol/index.js";
import { seen, type Toy, to, toySetting } from "../support/toy.js";

type Counter = Pick<Cause, "what" | "whose" | "field" | "pattern">;

/** What is wrong with it, how nodes behave, and the cause that is to be named first. */
interface BlowUp {
  readonly toy: Toy;
  readonly cause: Counter;
  readonly says: RegExp;
  readonly changes?: Partial<Setting>;
}

interface Votes {
  readonly [field: string]: Json;
}

/** Every node votes once for each of three proposals; `count` says what a node makes of a vote. */
function voting(
  extra: Votes,
  count: (state: Votes, from: string, message: Votes, self: string) => Votes,
  vote: (self: string, proposal: number) => Votes = (_, proposal) => ({ tag: "vote", proposal }),
  state?: Toy["state"],
): Toy {
  return {
    ...(state && { state }),
    init: ({ self }) =>
      to(
        extra,
        [1, 2, 3].map((proposal) => ({ kind: "broadcast", message: vote(self, proposal) })),
      ),
    step: ({ self }, before, input) =>
      to(
        input.kind === "message" ? count(before as Votes, input.from, input.message as Votes, self) : before,
      ),
  };
}

const state = (field: string | null, pattern: Cause["pattern"], whose = "r0"): Counter => ({
  what: "local states",
  ...{ whose, field, pattern },
});

const list = (votes: Votes, name: string) => votes[name] as readonly Json[];
const three: Partial<Setting> = {
  config: { replicas: 3, faults: 0, requests: 0, slots: 0, clients: false },
};

/** Says all subsets of six votes as evidence. */
const subsets: Adversary<Json> = {
  name: "evidence",
  summary: "a test",
  speaks: true,
  observes: () => false,
  moves: () =>
    Array.from({ length: 64 }, (_, set) => ({
      tag: "evidence",
      votes: [0, 1, 2, 3, 4, 5].filter((bit) => set & (1 << bit)),
    })),
} as unknown as Adversary<Json>;

const tickers = (count: number): Toy => ({
  init: ({ self }) =>
    to(
      { fired: 0 },
      self === "r0" ? Array.from({ length: count }, (_, at) => ({ kind: "set-timer", timer: `t${at}` })) : [],
    ),
  step: (_, before) => to(before),
});

const blowUps: Record<string, BlowUp> = {
  "a counter in the state": {
    toy: voting({ votes: [], received: 0 }, (votes) => ({
      ...votes,
      received: Math.min(40, (votes.received as number) + 1),
    })),
    cause: state("received", "counter"),
    says: /counts up to 40, .*: leave it out, bound it, or mark it `beside`/,
  },
  "a log that is kept for ever": {
    toy: voting({ history: [] }, (votes) => ({
      history: [...list(votes, "history"), list(votes, "history").length].slice(0, 30),
    })),
    cause: state("history", "log"),
    says: /grows by one item at a time, up to 30 items, .*: keep only what later steps read/,
  },
  "votes that are buffered early": {
    toy: voting({ early: [] }, (votes, from, message) => {
      const early = list(votes, "early").filter(
        (one) => JSON.stringify(one) !== JSON.stringify({ from, message }),
      );
      const text = (one: Json) => JSON.stringify(one);
      return { early: [...early, { from, message }].sort((a, b) => (text(a) < text(b) ? -1 : 1)) };
    }),
    cause: state("early", "messages"),
    says: /keeps up to 6 messages, .*`defer`/,
    changes: three,
  },
  "a set that is kept as a list": {
    toy: voting({ votes: [] }, (votes, from, { proposal }) => {
      const vote = `${from} ${proposal}`;
      return list(votes, "votes").includes(vote) ? votes : { votes: [...list(votes, "votes"), vote] };
    }),
    cause: state("votes", "order"),
    says: /in the order of their arrival, .* by 2.0: .*`SetOf`/,
  },
  "votes that are never dropped": {
    toy: voting(
      { votes: [] },
      (votes, from, { proposal }) => ({ votes: [...list(votes, "votes"), { from, proposal } as Json] }),
      undefined,
      Schema.Struct({
        votes: SetOf(Schema.Struct({ from: Schema.String, proposal: Schema.Number })),
      }) as never,
    ),
    cause: state("votes", "subsets"),
    says: /has 64 subsets of the same items, and multiplies its local states by 64.0: drop what is not needed any more/,
    changes: three,
  },
  "who it was, where the number would do": {
    toy: voting(
      { voters: [] },
      (votes, from) => ({ voters: [...list(votes, "voters"), from] }),
      (_, proposal) => ({ tag: "vote", proposal: proposal - proposal }),
      Schema.Struct({ voters: SetOf(Schema.String) }) as never,
    ),
    cause: state("voters", "voters"),
    says: /keeps who it was \(up to 4\), .*: keep how many there are/,
    changes: { config: { ...three.config!, replicas: 5 } },
  },
  "a number that only tells messages apart": {
    toy: {
      init: ({ self }) => to(0, self === "r0" ? [{ kind: "set-timer", timer: "again" }] : []),
      step: (_, before, input) => {
        if (input.kind !== "timer" || before === 30) return to(before);
        const nonce = (before as number) + 1;
        const effects: Effect<Json>[] = [
          { kind: "broadcast", message: { tag: "hello", nonce } },
          { kind: "set-timer", timer: "again" },
        ];
        return to(nonce, effects);
      },
    },
    cause: { what: "messages", whose: "hello", field: "nonce", pattern: "counter" },
    says: /`nonce` of the messages `hello` counts up to 30, and multiplies them by 30.0: leave it out if it only tells them apart/,
  },
  "evidence in all its subsets": {
    toy: { init: () => to({ ready: false }), step: (_, before) => to(before) },
    cause: { what: "moves", whose: "evidence", field: "votes", pattern: "subsets" },
    says: /`votes` of the messages `evidence` that evidence can say \(64\) has 64 subsets of the same items/,
    changes: { adversary: subsets, byzantine: ["r1"] },
  },
  "many timers": {
    toy: tickers(6),
    cause: { what: "components", whose: "r0", field: null, pattern: "timers" },
    says: /r0 has 6 timers \(`t0`, `t1`, `t2` and 3 more\), .* by 64.0: cancel a timer/,
  },
  "a property that remembers everything": {
    toy: {
      init: ({ self }) => to(0, self === "r0" ? [{ kind: "set-timer", timer: "tick" }] : []),
      step: (_, before, input) =>
        input.kind === "timer" && (before as number) < 100
          ? to(1 - (before as number), [{ kind: "set-timer", timer: "tick" }], [seen("tick")])
          : to(before),
    },
    cause: { what: "observations", whose: "hoarder", field: null, pattern: "property" },
    says: /hoarder remembers so much that there are 200 times as many observations \(200\)/,
    changes: {
      properties: [
        {
          name: "hoarder",
          summary: "a test",
          kind: "safety",
          monitor: () => ({
            init: 0,
            on: (count: Json) => Math.min(199, (count as number) + 1),
            verdict: () => "holds",
            exercised: () => 1,
            explain: () => "",
          }),
        },
      ] as never,
    },
  },
};

for (const [name, { toy, cause, says, changes }] of Object.entries(blowUps))
  test(`it names ${name}`, async (t) => {
    const { explanation } = await search(toySetting(toy, changes), {
      explain: true,
      maxStates: 3000,
    });
    const [first] = explanation!.causes;
    const { what, whose, field, pattern } = first!;
    t.deepEqual({ what, whose, field, pattern }, cause);
    t.regex(first!.advice, says);
    t.true(explanation!.advice.includes(first!.advice));
  });

test("fields that follow from each other are named together", async (t) => {
  const toy = voting({ received: 0, history: [] }, (votes) => {
    const received = Math.min(20, (votes.received as number) + 1);
    return { received, history: Array.from({ length: received }, (_, at) => at) };
  });
  const { explanation } = await search(toySetting(toy), { explain: true, maxStates: 3000 });
  const [first] = explanation!.causes;
  t.deepEqual([first!.field, first!.gain], ["history and received", 21]);
});

test("a record without a field is the same as one from which it is taken away", (t) => {
  const records = [{ a: 1 }, { a: 1, b: 1 }, { b: 2, a: 1 }, { a: 2 }];
  t.is(
    gainOf(records, [["b"]], () => undefined),
    2,
  );
});

test("a protocol without a blow-up has no causes", async (t) => {
  const toy = voting({ decided: false }, (votes) => ({ ...votes, decided: true }));
  const { explanation } = await search(toySetting(toy), { explain: true });
  t.deepEqual(explanation!.causes, []);
});

test("a step that takes most of the time is named", async (t) => {
  const toy = voting({ votes: [] }, (votes, from, { proposal }) => {
    let sum = 0;
    for (let at = 0; at < 50_000; at++) sum = (sum + at * at) % 7;
    return { votes: [...new Set([...list(votes, "votes"), `${from} ${proposal}`])].sort(), sum };
  });
  const { explanation } = await search(toySetting(toy), { explain: true });
  const { evaluations, evaluationMs, stepSeconds } = explanation!.costs;
  t.deepEqual([evaluations, stepSeconds], [48, (48 * evaluationMs) / 1000]);
  t.true(evaluationMs > 0);
  const costs = { seconds: 10, evaluations: 3000, evaluationMs: 2, stepSeconds: 6, gcSeconds: 0 };
  t.deepEqual(dearSteps({ ...costs, seconds: 20 }), []);
  t.regex(dearSteps(costs)[0]!, /^`step` takes 60 % of the time: 3000 evaluations of 2\.0 ms/);
});

test("quiet steps that are not counted as votes are told, with the reason", async (t) => {
  const toy = voting({ votes: [], last: "" }, (votes, from, { proposal }) => ({
    votes: [...new Set([...list(votes, "votes"), `${from} ${proposal}`])].sort(),
    last: from,
  }));
  const { explanation } = await search(toySetting(toy), { explain: true });
  const [{ type, silent, counted, otherwise }] = explanation!.counting as never as readonly [
    { type: string; silent: number; counted: number; otherwise: string },
  ];
  t.deepEqual(
    [type, silent, counted, otherwise],
    ["vote", 24, 18, "changes `last` and `votes` otherwise than by one more element"],
  );
});
