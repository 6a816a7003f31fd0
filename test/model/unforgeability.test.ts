// Byzantine nodes can say only what they can sign, show or prove, at whatever depth it stands.
//
// The receivers here believe everything, so that only the model stands between them and a forgery.

import test from "ava";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import {
  type Adversary,
  certificate,
  collection,
  type Json,
  type Protocol,
  type Signed,
  sign,
} from "../../src/protocol/index.js";
import { digestOf, requestsOf } from "../../src/protocols/pbft/index.js";
import { Message } from "../../src/protocols/pbft/messages.js";
import { fourReplicas } from "../support/settings.js";
import { to, toySetting } from "../support/toy.js";

const request = requestsOf(fourReplicas)[0]!;
const digest = digestOf(request);
const vote = { tag: "prepare", view: 0, slot: 1, digest };
const prePrepare = { tag: "pre-prepare", view: 0, slot: 1, digest, request };

/** r3 claims that the request prepared: with the primary's pre-prepare and so many prepares from among these. */
function viewChange(atLeast: number, among: readonly string[], signer = "r3"): Json {
  const prepares = certificate(vote, atLeast, among);
  const prepared = [{ tag: "prepared", prePrepare: sign("r0", prePrepare), prepares }];
  return json(sign(signer, { tag: "view-change", view: 1, stable: 0, prepared }));
}

/** A new-view because of one view-change, of somebody among these. */
function newView(viewChange: unknown, ...among: readonly string[]): Json {
  const viewChanges = collection([viewChange], 1, among);
  return json(sign("r3", { tag: "new-view", view: 1, viewChanges, proposals: [] }));
}

function reproposing(proposal: unknown): Json {
  return json(
    sign("r3", { tag: "new-view", view: 1, viewChanges: collection([], 0, []), proposals: [proposal] }),
  );
}

function json(value: unknown): Json {
  return value as Json;
}

/** What each correct replica says, to r3 alone, when its timer runs out. */
const words: { readonly [node: string]: unknown } = {
  r0: prePrepare,
  r1: vote,
  r2: { tag: "view-change", view: 1, stable: 0, prepared: [] },
};

/** A run in which r3 tries to say `message`, and r0 believes everything. */
function attempt(message: Json, changes: Partial<Adversary<Json>> = {}): Walk {
  const adversary: Adversary<Json> = {
    name: "attempt",
    summary: "tries to say one thing",
    strength: 1,
    forwards: false,
    speaks: true,
    canMove: () => true,
    observes: () => true,
    moves: () => [message],
    ...changes,
  };
  const setting = toySetting(
    {
      message: Message as unknown as Protocol<Json, Json>["message"],
      init: () => to(null, [{ kind: "set-timer", timer: "speak" }]),
      step: ({ self }, state, input) => {
        if (input.kind === "message") return to(input.message);
        if (input.kind === "request") return to(state);
        return to(state, [{ kind: "send", to: "r3", message: json(sign(self, words[self])) }]);
      },
    },
    { config: fourReplicas, byzantine: ["r3"], adversary },
  );
  const protocol = { ...setting.protocol, requests: () => requestsOf(fourReplicas) as unknown as Json[] };
  const system = new TransitionSystem({ ...setting, protocol });
  return new Walk(system, system.initial()[0]!);
}

/** Whether r0 can be made to receive `message` from r3: as a transition that is offered, and as one that is asked for. */
function isPossible(walk: Walk, message: Json): { offered: boolean; performed: boolean } {
  const successors = walk.successors();
  const actions = Array.from({ length: successors.length }, (_, index) =>
    walk.system.reactions.action(successors.node(index), successors.cause(index)),
  );
  const offered = actions.some((action) => action.kind === "inject" && action.to === "r0");
  const origin = (message as { signer: string }).signer;
  const action = { kind: "inject", from: origin, to: "r0", message } as const;
  return { offered, performed: walk.system.perform(walk.vector, action) !== null };
}

const refused = { offered: false, performed: false };
const accepted = { offered: true, performed: true };

function afterWordsOf(walk: Walk, ...speakers: readonly string[]): Walk {
  for (const node of speakers) walk.perform({ kind: "timer", node, timer: "speak" });
  return walk;
}

type Forgery = readonly [
  what: string,
  message: Json,
  /** Who has to speak before it is none. */ ...speakers: string[],
];

const backups = ["r1", "r2", "r3"];
const bodyOf = (signed: Json) => (signed as unknown as Signed<Json>).body;

const forgeries: readonly Forgery[] = [
  ["a pre-prepare inside a new-view", reproposing(sign("r0", prePrepare)), "r0"],
  ["a view-change inside a new-view", newView(words.r2, "r0", "r1", "r2"), "r2"],
  ["a pre-prepare inside a view-change", viewChange(0, backups), "r0"],
  [
    "a pre-prepare inside a view-change inside a new-view",
    newView(bodyOf(viewChange(0, backups)), "r2", "r3"),
    "r0",
  ],
  ["a prepare of r1 behind a certificate in a view-change", viewChange(2, ["r1", "r3"]), "r0", "r1"],
  [
    "a prepare of r1 behind a certificate in a new-view",
    newView(bodyOf(viewChange(2, ["r1", "r3"])), "r3"),
    "r0",
    "r1",
  ],
];

for (const [what, message, ...speakers] of forgeries) {
  test(`${what} cannot be shown before it was sent`, (t) => {
    for (const silent of speakers) {
      const others = speakers.filter((speaker) => speaker !== silent);
      t.deepEqual(
        isPossible(afterWordsOf(attempt(message), ...others), message),
        refused,
        `without ${silent}`,
      );
    }
  });

  test(`${what} can be shown once it was sent, if only to the adversary`, (t) => {
    t.deepEqual(isPossible(afterWordsOf(attempt(message), ...speakers), message), accepted);
  });
}

test("a certificate needs as many signers as it says: Byzantine ones count, repeated ones do not", (t) => {
  const provable = (atLeast: number, among: readonly string[]) => {
    const message = viewChange(atLeast, among);
    return isPossible(afterWordsOf(attempt(message), "r0", "r1", "r2"), message).offered;
  };
  t.true(provable(1, ["r1"]));
  t.true(provable(2, backups)); // r2 has not prepared, r3 does as it likes
  t.false(provable(3, backups));
  t.false(provable(2, ["r1", "r1", "r2"]));
  t.false(provable(1, ["r0", "r2"]));
});

test("a collection needs a signer of its own for each body, and as many signers as it says", (t) => {
  const own = { tag: "view-change", view: 1, stable: 0, prepared: [] };
  const another = { tag: "view-change", view: 2, stable: 0, prepared: [] };
  const provable = (bodies: readonly unknown[], atLeast: number, among = ["r0", "r1", "r2", "r3"]) => {
    const viewChanges = collection(bodies, atLeast, among);
    const message = json(sign("r3", { tag: "new-view", view: 1, viewChanges, proposals: [] }));
    return isPossible(afterWordsOf(attempt(message), "r0", "r1", "r2"), message).offered;
  };
  t.true(provable([own], 2), "r2 has said it, and r3 says what it likes");
  t.false(provable([own], 3), "nobody else has");
  t.true(provable([own, another], 2), "r3 says the other");
  t.false(provable([another], 2), "r3 is one");
  t.false(provable([own, another], 1, ["r3"]), "r3 cannot be counted for both");
  t.false(provable([own, another, { ...another, view: 3 }], 2), "one is left without a signer");
});

test("a vote for something else does not help a certificate", (t) => {
  const prepares = certificate({ ...vote, digest: "c1:1:B" }, 1, ["r1", "r2"]);
  const prepared = [{ tag: "prepared", prePrepare: sign("r0", prePrepare), prepares }];
  const message = json(sign("r3", { tag: "view-change", view: 1, stable: 0, prepared }));
  t.deepEqual(isPossible(afterWordsOf(attempt(message), "r0", "r1", "r2"), message), refused);
});

test("nobody can speak in a correct replica's name, even with its own words", (t) => {
  const message = json(sign("r1", vote));
  t.deepEqual(isPossible(afterWordsOf(attempt(message), "r1"), message), refused);
});

test("what a correct replica has signed can be relayed to others by an adversary that forwards, and by no other", (t) => {
  const message = json(sign("r1", vote));
  const relay = { kind: "relay", from: "r1", to: "r0", message } as const;
  const own = json(sign("r3", vote));
  t.false(afterWordsOf(attempt(own), "r1").perform(relay));
  t.false(attempt(own, { forwards: true }).perform(relay));
  t.true(afterWordsOf(attempt(own, { forwards: true }), "r1").perform(relay));
});

test("a client's request is known from the start where clients are no nodes, and a forged one is not genuine", (t) => {
  const genuine = json(sign("r3", prePrepare));
  t.deepEqual(isPossible(attempt(genuine), genuine), accepted);
  const forged = json(
    sign("r3", { ...prePrepare, request: sign("c0", { ...request.body, operation: "B" }) }),
  );
  t.deepEqual(isPossible(attempt(forged), forged), refused);
});

test("what an adversary does not observe it cannot show", (t) => {
  const message = newView(words.r2, "r2");
  t.deepEqual(isPossible(afterWordsOf(attempt(message, { observes: () => false }), "r2"), message), refused);
});
