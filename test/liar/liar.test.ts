import test from "ava";
import * as Schema from "effect/Schema";
import fc from "fast-check";
import { agreement, validity } from "../../properties/index.js";
import { moduleEntry } from "../../src/catalogue/load.js";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import { fuzz } from "../../src/fuzz/fuzz.js";
import { type Liar, liarOf } from "../../src/liar/adversary.js";
import { alphabetOf } from "../../src/liar/alphabet.js";
import { withAllChoices } from "../../src/liar/choices.js";
import type { Effort } from "../../src/liar/effort.js";
import { proofLists, setsOf } from "../../src/liar/proof-lists.js";
import { shortestOf } from "../../src/liar/shortest.js";
import { Vocabulary, type Words } from "../../src/liar/vocabulary.js";
import { savedAlphabets, takeAlphabets } from "../../src/liar/work.js";
import { prepare } from "../../src/model/preparation.js";
import type { Setting } from "../../src/model/setting.js";
import {
  type Adversary,
  defineProtocol,
  type Json,
  type NodeSpec,
  type Protocol,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";
import { bracha, brachaMutants } from "../../src/protocols/bracha/index.js";
import { naively } from "../support/against-naive.js";
import { collecting, type Decides } from "./collecting-protocol.js";
import { proposing } from "./proposing-protocol.js";
import { naming, signing } from "./proving-protocol.js";
import { rules, tableProtocol } from "./table-protocol.js";

const config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
const asJson = (protocol: unknown) => protocol as Protocol<Json, Json>;

const correct = asJson(bracha());
/** It remembers its alphabets. */
const correctLiar = liarOf(correct);

function settingOf(protocol: Protocol<Json, Json>, adversary: Adversary<Json>, byzantine: string): Setting {
  return {
    protocol,
    config,
    byzantine: [byzantine],
    adversary,
    network: "async",
    bounds: { views: 0 },
    properties: [agreement, validity],
  };
}

test("each sequence of choices is made once, and what is not looked at is not chosen", (t) => {
  const made: string[] = [];
  const isWhole = withAllChoices(100, (choices) => {
    const first = choices.of(["a", "b"]);
    made.push(first === "a" ? first : first + choices.of(["1", "2", "3"]));
  });
  t.true(isWhole);
  t.deepEqual(made, ["a", "b1", "b2", "b3"]);
  t.false(withAllChoices(3, (choices) => void choices.choose(4)));
});

const byType = (messages: readonly Json[]) => {
  const counts: Record<string, number> = {};
  for (const message of messages as readonly { readonly tag: string }[])
    counts[message.tag] = (counts[message.tag] ?? 0) + 1;
  return counts;
};

test("a liar says what a correct node would react to; a vote that no correct node joins is left out", (t) => {
  const place = { config, views: 0, beyond: false };
  const liar = correctLiar;
  const asBackup = liar.alphabet({ ...place, byzantine: ["r1"] });
  t.deepEqual(byType(asBackup.of("r1", "replica")), { echo: 2, ready: 2 });
  t.is(asBackup.leftOut, 2); // an echo and a ready of a value that nobody has broadcast
  t.deepEqual(byType(asBackup.everything("r1", 1000)), { initial: 3, echo: 3, ready: 3 });
  t.false(asBackup.isCut);
  // The sender's values are narrowed by the protocol.
  const asSender = liar.alphabet({ ...place, byzantine: ["r0"] });
  t.deepEqual(byType(asSender.of("r0", "replica")), { initial: 2, echo: 2, ready: 2 });
});

test("it exposes a mutant of reliable broadcast, and the correct form holds against it", async (t) => {
  const { protocol } = brachaMutants.find(({ name }) => name === "bracha/initial-from-anyone")!;
  const one = { ...config, requests: 1 };
  const broken = await search(
    { ...settingOf(protocol, liarOf(protocol), "r1"), config: one },
    { reduction: "dominance" },
  );
  t.is(broken.verdict, "violated");
  t.is(broken.counterexample?.actions.length, 6);
  const whole = await search({ ...settingOf(correct, correctLiar, "r1"), config: one }, { explain: true });
  t.is(whole.verdict, "holds");
  const said = "r1 could say 2 messages, found by rehearsal in 38 states of correct nodes";
  t.deepEqual(whole.caveats, [{ text: `${said}; none is missing in 130 of the run's 130 local states` }]);
  t.deepEqual(whole.explanation?.alphabet?.missing, []);
  t.is(whole.explanation?.alphabet?.looked, whole.explanation?.alphabet?.localStates);
});

test("whatever holds against it says how much it could say, what was cut, and how to see whether that is all", async (t) => {
  const liar = correctLiar;
  const place = { ...settingOf(correct, liar, "r1"), config: { ...config, requests: 1 } };
  const told = async (alphabet: typeof liar.alphabet) => {
    const { verdict, caveats } = await search(
      { ...place, adversary: { ...liar, alphabet } as Adversary<Json> },
      { reduction: "dominance" },
    );
    return [verdict, ...caveats.map(({ text }) => text)];
  };
  const found = "r1 could say 2 messages, found by rehearsal in";
  const look = "--explain checks whether one is missing";
  const { stands } = liar.alphabet({ ...place, views: 0, beyond: false });
  t.deepEqual(await told(liar.alphabet), ["holds", `${found} ${stands} states of correct nodes; ${look}`]);
  const limits = ["400 states of correct nodes", "12 values of one field"];
  t.deepEqual(await told((situation) => ({ ...liar.alphabet(situation), limits })), [
    "holds",
    `${found} ${stands} states of correct nodes; not everything was tried (limits: ${limits.join(", ")}): narrow it with \`alphabet\` in the protocol; ${look}`,
  ]);
  const { protocol: broken } = brachaMutants.find(({ name }) => name === "bracha/initial-from-anyone")!;
  const violated = await search({ ...place, protocol: broken, adversary: liarOf(broken) });
  t.deepEqual([violated.verdict, violated.caveats], ["violated", []]);
});

test("the limits of rehearsals are told", (t) => {
  const protocol = asJson(bracha());
  const values = Array.from({ length: 20 }, (_, index) => `value ${index}`);
  const words: Words = {
    ...{ byzantine: ["r1"], config, views: 0, beyond: false, nodes: ["r0", "r1", "r2", "r3"] },
    ...{ requests: ["A", "B"], values: ["A", "B"] },
  };
  const limits = (effort: Effort) => alphabetOf(protocol, words, { runs: 4, ...effort }).limits;
  t.deepEqual(limits({ stands: 20 }), ["20 states of correct nodes"]);
  t.deepEqual(limits({ drafts: 50 }), ["50 drafts of messages"]);
  t.deepEqual(limits({ draftsEach: 4 }), ["4 drafts of messages for one state"]);
  t.deepEqual(limits({ comparisons: 9 }), ["9 comparisons of what votes lead to"]);
  t.deepEqual(limits({ rounds: 1 }), ["1 rounds of rehearsals"]);
  const vocabulary = new Vocabulary((protocol.message as Schema.Top).ast, words);
  t.deepEqual(vocabulary.upTo(20, "values of one field", values), values);
  t.deepEqual(vocabulary.limits(), []);
  t.deepEqual(vocabulary.upTo(12, "values of one field", values), values.slice(0, 12));
  t.deepEqual(vocabulary.limits(), ["12 values of one field"]);
  const outline = (tag: string, value: string) => vocabulary.outline({ tag, value });
  t.is(outline("echo", "A"), outline("echo", "B"));
  t.not(outline("echo", "A"), outline("ready", "A"));
  const short = alphabetOf(protocol, words, { runs: 4, ofEachType: 1 });
  t.deepEqual(short.limits, [
    "the 1 least made up of 2 messages echo",
    "the 1 least made up of 2 messages ready",
  ]);
  t.deepEqual([short.of("r1", "replica").length, short.missing([], []).lies], [2, []]);
});

const small = { replicas: 3, faults: 1, requests: 2, slots: 1, clients: false };

/** The strongest adversary in the liar's vocabulary: it says everything, whether or not anybody would react. */
function everything(liar: Liar): Adversary<Json> {
  let all: readonly Json[] | null = null; // one setting, one Byzantine node
  return {
    ...liar,
    moves: ({ self, byzantine, config, views, beyond }) => {
      all ??= liar.alphabet({ byzantine, config, views, beyond }).everything(self, 10_000);
      return all;
    },
  };
}

test("what is left out makes no difference: random protocols have the same observations against everything", (t) => {
  let [compared, violated, fewer] = [0, 0, 0];
  fc.assert(
    fc.property(rules, (table) => {
      const protocol = asJson(tableProtocol(table));
      const setting = (adversary: Adversary<Json>): Setting => ({
        ...settingOf(protocol, adversary, "r1"),
        config: small,
      });
      const liar = liarOf(protocol);
      const all = naively(setting(everything(liar)), 100);
      if (all === null) return true;
      const mine = naively(setting(liar), 100);
      compared++;
      if (all.violation) violated++;
      if (mine !== null && mine.transitions < all.transitions) fewer++;
      return (
        mine?.violation?.property === all.violation?.property &&
        mine?.violation?.length === all.violation?.length &&
        (all.violation !== null ||
          JSON.stringify([...mine!.observations].sort()) === JSON.stringify([...all.observations].sort()))
      );
    }),
    { numRuns: Number(process.env.LIAR_RUNS ?? 10), seed: Number(process.env.LIAR_SEED ?? 7) },
  );
  if (process.env.LIAR_RUNS ?? process.env.LIAR_SEED) t.log({ compared, violated, fewer });
  else t.deepEqual({ compared, violated, fewer }, { compared: 4, violated: 3, fewer: 3 });
});

/** The shortest violation of validity against the liar, which is that against everything, and how many messages it leaves out. */
const collected: Record<Decides, readonly [length: number | null, leftOut: number]> = {
  timer: [2, 0],
  message: [2, 0],
  repeated: [3, 0],
  numbered: [3, 0],
  senders: [null, 1],
};

test("a vote that no correct node joins is said if something comes of it", async (t) => {
  const shape = { ...config, requests: 1, slots: 2 };
  for (const [decides, [length, leftOut]] of Object.entries(collected)) {
    const protocol = asJson(collecting(decides as Decides));
    const liar = liarOf(protocol);
    for (const adversary of [liar, everything(liar)]) {
      const setting = { ...settingOf(protocol, adversary, "r3"), config: shape, properties: [validity] };
      const { verdict, counterexample } = await search(setting, { reduction: "dominance" });
      const expected = [length === null ? "holds" : "violated", length ?? undefined];
      t.deepEqual([verdict, counterexample?.actions.length], expected as never, decides);
    }
    const alphabet = liar.alphabet({ byzantine: ["r3"], config: shape, views: 0, beyond: false });
    t.is(alphabet.leftOut, leftOut, decides);
    t.false(alphabet.isCut);
  }
});

test("reductions find the same against it", async (t) => {
  const reductions: readonly Reduction[] = ["none", "sleep-sets", "visible-steps", "dominance"];
  for (const table of fc.sample(rules, { numRuns: 4, seed: 3 })) {
    const protocol = asJson(tableProtocol(table));
    const setting = { ...settingOf(protocol, liarOf(protocol), "r1"), config: small };
    const naive = naively(setting, 300);
    if (naive === null) continue;
    for (const reduction of reductions) {
      const { counterexample } = await search(setting, { reduction, symmetry: reduction === "none" });
      t.is(
        counterexample?.property ?? null,
        naive.violation?.property ?? null,
        `${reduction} ${JSON.stringify(table)}`,
      );
    }
  }
});

test("a module without moves of its own has a liar, and each of its mutants its own", (t) => {
  const broken = brachaMutants.find(({ name }) => name === "bracha/initial-from-anyone")!.protocol;
  const module = { default: bracha(), mutants: { broken } };
  const names = (entry: { readonly adversaries: readonly { readonly name: string }[] }) =>
    entry.adversaries.map(({ name }) => name).filter((name) => name === "arbitrary");
  const place = { self: "r1", byzantine: ["r1"], to: "replica" as const, config, views: 0, beyond: false };
  const moves = (adversaries: readonly Adversary<Json>[]) =>
    byType(adversaries.find(({ name }) => name === "arbitrary")!.moves(place, null as never));
  t.deepEqual(names(moduleEntry(module, "./mine.ts")), ["arbitrary"]);
  t.deepEqual(moves(moduleEntry(module, "./mine.ts").adversaries), { echo: 2, ready: 2 });
  t.deepEqual(moves(moduleEntry(module, "./mine.ts", "broken").adversaries), {
    initial: 3,
    echo: 3,
    ready: 3,
  });
  const own = { ...liarOf(asJson(bracha())), moves: () => [] };
  t.is(moduleEntry({ ...module, adversaries: [own] }, "./mine.ts").adversaries.at(-1), own);
});

test("of too many lies of one type the least made up and the shortest are said, in their order, and what was left out is told", (t) => {
  const lie = (self: string, tag: string, text: string) => ({
    self,
    role: "replica" as const,
    message: { tag, text },
  });
  const lies = [
    ...[
      lie("r0", "vote", "long"),
      lie("r0", "vote", "a"),
      lie("r0", "vote", "bb"),
      lie("r0", "done", "longest"),
    ],
    lie("r1", "vote", "longer"),
  ];
  const superfluous: never[] = [];
  t.deepEqual(shortestOf(lies, 3), { lies, limits: [], superfluous });
  t.deepEqual(shortestOf(lies, 2), {
    lies: [lies[1], lies[2], lies[3], lies[4]],
    limits: ["the 2 least made up of 3 messages vote"],
    superfluous,
  });
  // Two that differ only in names and values: with two values correct nodes can disagree.
  const alike = (message: Json) => (message as { readonly tag: string }).tag;
  t.deepEqual(shortestOf([...lies, lie("r0", "vote", "c")], 3, { outlineOf: alike }), {
    lies: [lies[1], lies[3], lies[4], lie("r0", "vote", "c")],
    limits: ["2 of 4 messages vote, few of them alike but for names and values"],
    superfluous,
  });
  // Where nearly all are alike a quarter of what may be said is said: a quorum takes votes that name more than two.
  const names = Array.from({ length: 20 }, (_, index) => lie("r1", "vote", `r${10 + index}`));
  t.deepEqual(shortestOf(names, 16, { outlineOf: alike }), {
    lies: names.slice(0, 4),
    limits: ["4 of 20 messages vote, few of them alike but for names and values"],
    superfluous,
  });
  const madeUp = (message: Json) => ((message as { readonly text: string }).text === "a" ? 1 : 0);
  t.deepEqual(shortestOf(lies, 2, { madeUp }).lies, [lies[0], lies[2], lies[3], lies[4]]);
});

test("a text can be the digest of what stands beside it, and a certificate is for what is stated beside it", (t) => {
  const liar = liarOf(asJson(proposing()));
  const alphabet = liar.alphabet({ byzantine: ["r0"], config, views: 0, beyond: false });
  t.false(alphabet.isCut);
  const said = alphabet.of("r0", "replica") as readonly {
    readonly tag: string;
    readonly digest?: string;
    readonly request?: { readonly client: string; readonly operation: string };
  }[];
  // Names of four nodes and of two clients that are none; A, B, their two digests, and what nobody has asked for.
  const proposals = said.filter(({ tag }) => tag === "proposal");
  t.is(proposals.length, 6 * 5);
  t.true(
    proposals.every(({ digest, request }) => digest === `${request!.client} asks for ${request!.operation}`),
  );
  t.true(proposals.some(({ digest }) => digest === "c1 asks for never said"));
  t.deepEqual(
    said.flatMap((message) =>
      message.tag === "claim" ? [JSON.stringify(message).match(/"value":"[^"]*"/g)] : [],
    ),
    ["c0 asks for A", "c1 asks for B", "never said"].map((value) => [
      `"value":"${value}"`,
      `"value":"${value}"`,
    ]),
  );
});

test("while the alphabet is worked out, whoever watches the thread is told so", (t) => {
  const call = () => (globalThis as unknown as { turncoatCall(): string | null }).turncoatCall();
  const said = new Set<string | null>();
  const watched: Protocol<Json, Json> = {
    ...correct,
    nodes: (parameters) =>
      correct.nodes(parameters).map((node) => {
        const step: typeof node.behaviour.step = (...input) => {
          said.add(call());
          return node.behaviour.step(...input);
        };
        return { ...node, behaviour: { ...node.behaviour, step } };
      }),
  };
  liarOf(watched).alphabet({ byzantine: ["r1"], config, views: 0, beyond: false });
  t.deepEqual([...said], ["What works out everything that arbitrary can say, as r1, once for all runs,"]);
  t.is(call(), null);
});

/** The protocol, whose steps do something `besides`, and how many of them were run. */
function counting(besides: () => void = () => {}): {
  readonly protocol: Protocol<Json, Json>;
  readonly steps: () => number;
} {
  let steps = 0;
  const protocol: Protocol<Json, Json> = {
    ...correct,
    nodes: (parameters) =>
      correct.nodes(parameters).map((node) => {
        const step: typeof node.behaviour.step = (...input) => {
          steps++;
          besides();
          return node.behaviour.step(...input);
        };
        return { ...node, behaviour: { ...node.behaviour, step } };
      }),
  };
  return { protocol, steps: () => steps };
}

const situation = { config: { ...config, requests: 1 }, views: 0, beyond: false, byzantine: ["r1"] };

test("an alphabet is worked out in pieces, once for all who ask, and can be passed on", async (t) => {
  const { protocol, steps } = counting();
  const liar = liarOf(protocol);
  const pieces = liar.prepares!(situation)[Symbol.iterator]();
  const first = pieces.next().value as () => string;
  const inOnePiece = steps();
  const told =
    /^arbitrary works out what it can say as r1: \d+ messages so far, in \d+ states of correct nodes$/;
  t.regex(first(), told);
  t.true(liar.canMove({ self: "r1", config: situation.config, views: 0 }), "known once there is one lie");
  const untilTheFirst = steps();
  const whole = liar.alphabet(situation);
  const all = steps();
  t.true(0 < inOnePiece && inOnePiece < untilTheFirst && untilTheFirst < all);
  t.deepEqual([whole.of("r1", "replica").length, whole.stands], [2, 38]);
  t.is(pieces.next().done, true);
  liarOf(protocol).alphabet(situation);
  await prepare({ ...settingOf(protocol, liar, "r1"), config: situation.config }, () => true);
  t.is(steps(), all);

  const other = counting();
  takeAlphabets(other.protocol, structuredClone(savedAlphabets(protocol)));
  const taken = liarOf(other.protocol).alphabet(situation);
  t.deepEqual(taken.of("r1", "replica"), whole.of("r1", "replica"));
  t.deepEqual([taken.stands, taken.leftOut, taken.limits, other.steps()], [38, whole.leftOut, [], 0]);
  t.deepEqual(taken.missing([], []), whole.missing([], []));
});

test("a search and a campaign that end while it is worked out say so, and have not done it all", async (t) => {
  const total = counting();
  liarOf(total.protocol).alphabet(situation);
  const late = { maxSeconds: 0.01, signal: new AbortController().signal };
  for (const [driver, limit] of [
    [search, {}],
    [fuzz, {}],
    [search, late],
    [fuzz, late],
  ] as const) {
    const { protocol, steps } = counting();
    const ending = new AbortController();
    const watched: Adversary<Json> = {
      ...liarOf(protocol),
      *prepares(asked) {
        for (const at of liarOf(protocol).prepares!(asked)) {
          ending.abort();
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60); // longer than a slice
          yield at;
        }
      },
    };
    const setting = { ...settingOf(protocol, watched, "r1"), config: situation.config };
    const said: (string | undefined)[] = [];
    const { verdict, reason, interrupted } = await driver(setting, {
      signal: ending.signal,
      explain: true,
      ...limit,
      onProgress: ({ preparing }: { readonly preparing?: string }) => said.push(preparing),
    });
    t.deepEqual([verdict, interrupted], ["inconclusive", limit !== late], reason ?? "");
    t.true(said.some((text) => text?.startsWith("arbitrary works out what it can say as r1")));
    t.true(steps() < total.steps());
  }
});

test("what an adversary's prepares() throws, and an impure step in it, is the fault of whoever wrote it", async (t) => {
  const settingWith = (protocol: Protocol<Json, Json>, prepares: NonNullable<Liar["prepares"]>) => ({
    ...settingOf(protocol, { ...liarOf(protocol), prepares }, "r1"),
    config: situation.config,
  });
  const throwing = () => {
    throw new Error("oops");
  };
  await t.throwsAsync(search(settingWith(counting().protocol, throwing)), {
    code: "adversary-threw",
    message: 'prepares() of the adversary arbitrary threw "oops".',
  });
  const { protocol } = counting(() => Math.random());
  await t.throwsAsync(
    prepare(settingWith(protocol, liarOf(protocol).prepares!), () => true),
    {
      code: "adversary-threw",
      message: /^prepares\(\) of the adversary arbitrary is nondeterministic: it asked Math\.random\./,
    },
  );
});

test("a leader that lies shows lists that prove a quorum, though no correct node has ever sent one", async (t) => {
  const verdictOf = async (protocol: Protocol<Json, Json>) => {
    const setting = { ...settingOf(protocol, liarOf(protocol), "r0"), properties: [agreement] };
    const { verdict, counterexample, states, explanation } = await search(setting, { explain: true });
    return [verdict, counterexample?.actions.length ?? states, explanation?.alphabet?.missing];
  };
  t.deepEqual(await verdictOf(asJson(naming)), ["violated", 2, []]);
  t.deepEqual(await verdictOf(asJson(signing(({ faults }) => faults + 1))), ["violated", 2, []]);
  t.deepEqual(await verdictOf(asJson(signing(({ replicas, faults }) => replicas - faults))), [
    "holds",
    64,
    [],
  ]);
});

test("of too many lies those that others make superfluous are left out, and those that make no more states are said as well", (t) => {
  const lie = (value: string) => ({ self: "r0", role: "replica" as const, message: { tag: "vote", value } });
  const lies = ["a", "b", "c", "d"].map(lie);
  const told = (...each: readonly (readonly [outcome: number, ...needs: number[]])[]) =>
    shortestOf(lies, 2, {
      done: (one) => {
        const [outcome, ...needs] = each[lies.indexOf(one)]!;
        return { outcomes: new Set([outcome]), needs };
      },
    });
  t.deepEqual(told([1], [1, 7], [1, 8], [2, 7]), {
    lies: [lies[0], lies[3]],
    limits: [],
    superfluous: [lies[1], lies[2]], // they need more than a
  });
  t.deepEqual(told([1, 7], [2], [1, 8], [2, 9]), {
    lies: [lies[0], lies[1], lies[2]],
    limits: [],
    superfluous: [lies[3]],
  });
  t.deepEqual(told([1, 7], [2], [3], [1, 8]), {
    lies: [lies[0], lies[1], lies[3]],
    limits: ["the 3 least made up of 4 messages vote"],
    superfluous: [],
  });
  const unseen = { outcomes: new Set<number>(), needs: [] };
  t.deepEqual(shortestOf(lies, 2, { done: () => unseen }), {
    lies: [lies[0], lies[1]],
    limits: ["the 2 least made up of 4 messages vote"],
    superfluous: [], // of what nobody has looked at nothing is known
  });
});

test("what is missing is looked for as long as there is time", async (t) => {
  const liar = liarOf(asJson(naming));
  const setting = { ...settingOf(asJson(naming), liar, "r1"), properties: [agreement] };
  const { explanation } = await search(setting, { explain: true });
  const { looked, localStates } = explanation!.alphabet!;
  t.is(looked, localStates);
  const alphabet = liar.alphabet({ byzantine: ["r1"], config, views: 0, beyond: false });
  const stands = asJson(naming)
    .nodes(config)
    .filter(({ id }) => id !== "r1")
    .map((spec) => ({
      spec,
      context: { self: spec.id, config },
      state: { voted: null, votes: [], decided: false },
    }));
  const lookedAt = (isOver: () => boolean) => alphabet.missing(stands, [], { isOver }).looked;
  t.is(
    lookedAt(() => true),
    0,
  );
  t.is(
    lookedAt(() => false),
    3,
  );
  let asked = 0;
  t.true(lookedAt(() => asked++ > 3) < 3);
});

test("a lie that was left out because others do the same is missing where a node does something else", (t) => {
  // Which word is heard makes a difference in a state only that no rehearsal comes to.
  const hearing = defineProtocol({
    name: "hearing",
    summary: "replicas hear words",
    requests: ["A", "B"],
    state: { phase: Schema.Number, heard: Schema.NullOr(Schema.String) },
    initial: { phase: 0, heard: null },
    messages: { word: { value: Schema.Literals(["A", "B", "C"]) } },
    onRequest: (_, state) => state,
    on: {
      word: (_, state, { message: { value } }) =>
        state.heard === null
          ? { ...state, heard: state.phase === 1 && value === "C" ? "C" : "a word" }
          : state,
    },
  });
  const protocol = asJson(hearing);
  const words = {
    byzantine: ["r1"],
    config,
    views: 0,
    beyond: false,
    requests: ["A", "B"],
    values: ["A", "B"],
  };
  const alphabet = alphabetOf(protocol, { ...words, nodes: ["r0", "r1", "r2", "r3"] }, { ofEachType: 1 });
  t.deepEqual(alphabet.limits, []);
  t.deepEqual(alphabet.of("r1", "replica"), [{ tag: "word", value: "A" }]);
  const [spec] = protocol.nodes(config) as [NodeSpec<Json>];
  const standing = (phase: number) => ({
    spec,
    context: { self: "r0", config, views: 0 },
    state: { phase, heard: null },
  });
  t.deepEqual(alphabet.missing([standing(0)], []).lies, []);
  t.deepEqual(
    alphabet.missing([standing(1)], []).lies.map(({ message }) => message),
    [{ tag: "word", value: "C" }],
  );
});

test("a few lists of signed statements get one of its own that is made up; that there were more is told", (t) => {
  const Vote = Schema.Struct({ value: Schema.String });
  const words = { byzantine: ["r0"], config, views: 0, beyond: false, requests: [], values: ["A", "B"] };
  const limitsAfter = (values: readonly string[]) => {
    const vocabulary = new Vocabulary(SignedOf(Vote).ast, { ...words, nodes: ["r0", "r1", "r2", "r3"] });
    for (const signer of ["r1", "r2"])
      for (const value of values) vocabulary.see(sign(signer, { value }) as unknown as Json, signer);
    const free = proofLists(vocabulary, Vote.ast, 256).filter(({ own }) => own === null);
    return [free.length, vocabulary.limits()];
  };
  t.deepEqual(limitsAfter(["A"]), [3, []]); // both, or one of them
  t.deepEqual(limitsAfter(["A", "B"]), [4, ["4 lists of signed statements to which it adds any of its own"]]);
});

test("no list is looked for where too few signed statements are left for it", (t) => {
  let looks = 0;
  const statements = Array.from({ length: 24 }, (_, index) => ({
    ...{ tag: "signed" as const, body: "A" },
    get signer() {
      looks++;
      return `r${index}`;
    },
  }));
  const sets = (count: number, of: number) => {
    looks = 0;
    return [setsOf(statements.slice(0, of), count, 256).length, looks < 1000];
  };
  t.deepEqual(sets(26, 24), [0, true]); // there are 2^24 smaller ones
  t.deepEqual(sets(24, 24), [1, true]);
  t.deepEqual(sets(2, 3), [3, true]);
  t.deepEqual(sets(12, 24), [257, false]); // more than are tried
});
