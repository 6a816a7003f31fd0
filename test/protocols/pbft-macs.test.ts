// PBFT without signatures: what holds, what each flaw breaks, and that nothing rests on proofs. What takes
// longer is in pbft-macs.long.ts.

import test from "ava";
import { visitTerms } from "../../src/model/terms.js";
import { type Config, type Json, replicaIds, type Signed } from "../../src/protocol/index.js";
import { weakQuorumSize } from "../../src/protocols/pbft/quorums.js";
import { requestsOf } from "../../src/protocols/pbft/requests.js";
import {
  conditionA1,
  conditionA2,
  conditionB,
  decide,
  decisionFollows,
} from "../../src/protocols/pbft-macs/decision.js";
import { type Claim, macRules, pbftMacs, type ViewChange } from "../../src/protocols/pbft-macs/index.js";
import { assigned } from "../../src/protocols/pbft-macs/rules.js";
import { outcomes, suiteOutcomes } from "../support/other-protocols.js";

test("PBFT without signatures agrees and serves; not without P, Q or condition B", async (t) => {
  t.deepEqual(await suiteOutcomes("pbft-macs"), [
    "pbft-macs, silent at r3, views 0-1: holds, 1296 states",
    "pbft-macs, silent at r0, views 0-1: holds, 50 states",
    "pbft-macs, arbitrary at r0, views 0-0: holds, 145 states",
    "pbft-macs, silent at r0, views 0-1, with clients: holds, 98 states",
    "pbft-macs, silent at r3, views 0-1, with clients: holds, 2675 states",
    "pbft-macs/p-forgotten, silent at r3, views 0-1: agreement violated, 29 actions, 1485 states",
    "pbft-macs/q-forgotten, silent at r3, views 0-1, with clients: clients-are-served violated, 16 actions, 675 states",
    "pbft-macs/without-b, silent at r3, views 0-1: agreement violated, 25 actions, 3939 states",
  ]);
});

test("a primary that waits for no acks starts its view as view-changes come: without a liar nothing is wrong", async (t) => {
  const asked = { adversaries: ["silent"], byzantine: ["r0"], clients: true };
  const request = { protocol: "pbft-macs/waits-for-no-acks", properties: ["clients-are-served"], ...asked };
  t.deepEqual(await outcomes(request), [
    "pbft-macs/waits-for-no-acks, silent at r0, views 0-1, with clients: holds, 108 states",
  ]);
});

const config: Config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };
const [a, b] = requestsOf(config) as [
  ReturnType<typeof requestsOf>[number],
  ReturnType<typeof requestsOf>[number],
];

type Content = Pick<ViewChange, "prepared" | "prePrepared">;
const nothing: Content = { prepared: [], prePrepared: [] };
const claimOf = (content: Content, index: number, view = 1): Claim => ({
  replica: `r${index}`,
  said: { tag: "view-change", view, ...content },
});
const setOf = (contents: readonly Content[]) => contents.map((content, index) => claimOf(content, index));
/** A decision in brief: the digests of its requests, or null if there is none yet. */
const decided = (contents: readonly Content[]) =>
  decide(macRules, config, setOf(contents))
    ?.map(({ digest }) => digest)
    .join() ?? null;

const preparedA: Content = { prepared: [assigned(1, 0, a)], prePrepared: [assigned(1, 0, a)] };
const prePreparedA: Content = { prepared: [], prePrepared: [assigned(1, 0, a)] };

test("the decision procedure waits until each slot is decided by A1 and A2, or by B", (t) => {
  t.is(decided([nothing, nothing]), null); // no quorum
  t.is(decided([nothing, nothing, nothing]), ""); // B
  t.is(decided([preparedA, prePreparedA, nothing]), "c0:1:A"); // A
  t.is(decided([preparedA, nothing, nothing]), null); // not A2, and not B: two have nothing prepared
  t.is(decided([preparedA, nothing, nothing, nothing]), ""); // B with the fourth
  const otherwise: Content = { prepared: [assigned(1, 0, b)], prePrepared: [assigned(1, 0, b)] };
  t.is(decided([preparedA, prePreparedA, otherwise]), null); // not A1 for either
  const later: Content = { prepared: [assigned(1, 1, b)], prePrepared: [assigned(1, 1, b)] };
  t.is(decided([preparedA, prePreparedA, later]), null); // A2: a liar by itself
  t.is(decided([preparedA, later, later]), "c1:1:B"); // the later view wins
});

test("A1 and B count a quorum, A2 a weak one, and of the view or later", (t) => {
  const set = setOf([preparedA, prePreparedA, nothing]);
  const element = assigned(1, 0, a);
  t.true(conditionA1(macRules, config, set, element));
  t.false(conditionA1(macRules, config, set.slice(1), element));
  t.true(conditionA2(macRules, config, set, element));
  t.false(conditionA2(macRules, config, set.slice(1), element));
  t.false(conditionA2(macRules, config, set, assigned(1, 1, a)));
  t.false(conditionB(macRules, config, set, 1));
  t.is(weakQuorumSize(config), 2);
});

/** Every P and Q for one slot, of requests prepared and pre-prepared in views below `view`. */
function everyContent(view: number): Content[] {
  const views = Array.from({ length: view }, (_, index) => index);
  const elements = (request: typeof a | null) =>
    views
      .filter((earlier) => request !== null || earlier > 0)
      .map((earlier) => assigned(1, earlier, request));
  const values = [a, b, ...(view > 1 ? [null] : [])];
  const ps = [[], ...values.flatMap(elements).map((one) => [one])];
  const qs = values.reduce<(typeof ps)[number][]>(
    (sets, value) => sets.flatMap((set) => [set, ...elements(value).map((one) => [...set, one])]),
    [[]],
  );
  return ps.flatMap((prepared) => qs.map((prePrepared) => ({ prepared, prePrepared })));
}

/** Those that the adversary says: nothing, or that something has prepared, with the best support. */
function said(view: number): Content[] {
  return everyContent(view).filter(({ prepared: [p], prePrepared: [q, ...more] }) =>
    p ? more.length === 0 && q?.digest === p.digest && q.view === view - 1 : q === undefined,
  );
}

/**
 * How a decision comes about when the liar's view-change is the third of four in S, or the last. If three decide,
 * another one of the liar's has to do so with the same two: the third correct replica may never leave its view.
 */
function isCovered(
  [first, second, last]: readonly [Content, Content, Content],
  liars: Content,
  view: number,
) {
  const early = decided([first, second, liars]);
  const late = decided([first, second, last]);
  const all = decided([first, second, last, liars]);
  const hasEarly = early === null || said(view).some((one) => decided([first, second, one]) === early);
  const hasAll =
    all === null || late !== null || said(view).some((one) => decided([first, second, last, one]) === all);
  return hasEarly && hasAll;
}

test("whatever a liar's view-change makes a primary decide, one of those that the adversary says does, too: every S in view 1", (t) => {
  const contents = everyContent(1);
  t.is(contents.length, 12);
  t.is(said(1).length, 3);
  const missed = contents.flatMap((first) =>
    contents.flatMap((second) =>
      contents.flatMap((last) => contents.filter((liars) => !isCovered([first, second, last], liars, 1))),
    ),
  );
  t.is(missed.length, 0);
});

/** Draws with a generator of its own, so that every run draws the same. */
function drawFrom(contents: readonly Content[]): () => Content {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return contents[state % contents.length]!;
  };
}

test("... and S drawn at random in view 2", (t) => {
  const contents = everyContent(2);
  t.is(contents.length, 108);
  t.is(said(2).length, 6);
  const draw = drawFrom(contents);
  for (let run = 0; run < 4_000; run++) {
    const [first, second, last, liars] = [draw(), draw(), draw(), draw()];
    t.true(isCovered([first, second, last], liars, 2), JSON.stringify([first, second, last, liars]));
  }
});

test("a backup admits what a correct primary decides: also a null request that has prepared, above all others", (t) => {
  const nullIn1 = assigned(1, 1, null);
  const set = setOf([
    { prepared: [nullIn1], prePrepared: [nullIn1] },
    { prepared: [], prePrepared: [nullIn1] },
    nothing,
  ]);
  const proposals = decide(macRules, config, set);
  t.deepEqual(proposals, [{ slot: 1, digest: "null", request: null }]);
  const contents = everyContent(2);
  const draw = drawFrom(contents);
  let decisions = 0;
  for (let run = 0; run < 4_000; run++) {
    const drawn = setOf([draw(), draw(), draw(), draw()].slice(run % 2));
    const chosen = decide(macRules, config, drawn);
    if (chosen === null) continue;
    decisions++;
    t.true(decisionFollows(macRules, config, drawn, chosen), JSON.stringify(drawn));
  }
  t.is(decisions, 1653);
});

interface Sent {
  readonly to: string;
  readonly message: Signed<Json>;
}
const tagOf = ({ message }: Sent) => (message.body as { readonly tag: string }).tag;

/** All messages of a run in which no commit arrives, so that all ask for view 1; and the states at its end. */
function runToView1() {
  const specs = pbftMacs().nodes(config);
  const states = new Map<string, unknown>(
    specs.map(({ id, behaviour }) => [id, behaviour.init({ self: id, config }, { kind: "start" })[0]!.state]),
  );
  const sent: Sent[] = [];
  const queue: Sent[] = [];
  const step = (id: string, input: object) => {
    const { behaviour } = specs.find((spec) => spec.id === id)!;
    const [outcome] = behaviour.step({ self: id, config }, states.get(id), input as never);
    states.set(id, outcome!.state);
    for (const effect of outcome!.effects) {
      if (effect.kind !== "send" && effect.kind !== "broadcast") continue;
      const message = effect.message as unknown as Signed<Json>;
      const to = effect.kind === "send" ? effect.to : "all";
      sent.push({ to, message });
      const others = replicaIds(config).filter((other) => other !== id);
      for (const receiver of to === "all" ? others : [to]) queue.push({ to: receiver, message });
    }
  };
  const deliver = () => {
    for (let next = queue.shift(); next; next = queue.shift())
      if (tagOf(next) !== "commit" && next.to.startsWith("r"))
        step(next.to, { kind: "message", from: next.message.signer, message: next.message });
  };
  for (const id of replicaIds(config)) step(id, { kind: "request", request: a });
  deliver();
  for (const id of replicaIds(config)) step(id, { kind: "timer", timer: "view-change" });
  deliver();
  return { sent, states };
}

test("nothing is proven: no message has in it what another replica has signed, and replicas send to all", (t) => {
  const { sent, states } = runToView1();
  const tags = ["commit", "new-view", "pre-prepare", "prepare", "request", "view-change", "view-change-ack"];
  t.deepEqual([...new Set(sent.map(tagOf))].sort(), tags);
  for (const one of sent) {
    const signers: string[] = [];
    visitTerms(one.message as unknown as Json, (term) => {
      signers.push(term.tag === "signed" ? term.signer : term.tag);
      return true;
    });
    t.true(
      signers.slice(1).every((signer) => signer === "c0" || signer === "c1"),
      JSON.stringify(one),
    );
    if (one.to !== "all") t.is(tagOf(one), "request");
  }
  const { view, active } = states.get("r1") as { readonly view: number; readonly active: boolean };
  t.deepEqual([view, active], [1, true]);
});

test("a second ack of a liar is not dead as long as the first one may be dropped", (t) => {
  const seven: Config = { ...config, replicas: 7, faults: 2 };
  const context = { self: "r2", config: seven };
  const { behaviour } = pbftMacs()
    .nodes(seven)
    .find(({ id }) => id === "r2")!;
  const viewChange = (content: Content) => ({ tag: "view-change", view: 1, ...content });
  const from = (signer: string, body: object) => ({
    kind: "message",
    from: signer,
    message: { tag: "signed", signer, body },
  });
  const ack = (content: Content) =>
    from("r0", { tag: "view-change-ack", view: 1, of: "r6", said: viewChange(content) });
  const after = (state: unknown, input: object) =>
    behaviour.step(context, state, input as never)[0]!.state as unknown;
  const isDead = (state: unknown, input: object) => behaviour.isDead!(context, state, input as never);
  const awaited = ["r0", "r3", "r4", "r5"].reduce(
    (state, signer) => after(state, from(signer, viewChange(nothing))),
    after(behaviour.init(context, { kind: "start" })[0]!.state, { kind: "timer", timer: "view-change" }),
  );
  const vouched = after(awaited, ack(nothing));
  t.notDeepEqual(vouched, awaited);
  t.true(isDead(vouched, ack(nothing)));
  t.deepEqual(after(vouched, ack(preparedA)), vouched);
  t.false(isDead(vouched, ack(preparedA)));
  const confirmed = after(vouched, from("r6", viewChange(nothing)));
  t.notDeepEqual(after(confirmed, ack(preparedA)), confirmed);
  t.true(isDead(confirmed, ack(nothing)));
});
