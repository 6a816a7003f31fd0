// Streamlet, Simplex, Minimmit, GRANDPA, binary agreement with a common coin, Viewstamped Replication and Autobahn: what holds, what each flaw breaks. What takes longer is
// in recent.long.ts.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { builtins } from "../../src/catalogue/registry.js";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import { completed } from "../../src/model/own-parameters.js";
import { nodesOf } from "../../src/model/setting.js";
import {
  type Config,
  certificate,
  type Json,
  type NodeSpec,
  type Protocol,
  replicaIds,
  sign,
} from "../../src/protocol/index.js";
import { minimmit } from "../../src/protocols/minimmit/index.js";
import { type Message, simplex } from "../../src/protocols/simplex/index.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest } from "../../src/suite/request.js";
import { observationText } from "../support/naive.js";
import { suiteOutcomes } from "../support/other-protocols.js";

test("Streamlet: a notarized block is not final", async (t) => {
  t.deepEqual(await suiteOutcomes("streamlet"), [
    "streamlet/notarized-is-final, no adversary, epochs 0-1: agreement violated, 15 actions, 1555 states",
  ]);
});

test("Simplex agrees, and goes on; not if proofs are kept back", async (t) => {
  t.deepEqual(await suiteOutcomes("simplex"), [
    "simplex, silent at r3, views 0-0: holds, 20 states",
    "simplex, arbitrary at r3, views 0-0: holds, 177 states",
    "simplex/keeps-proofs, arbitrary at r0, views 0-1: termination violated, 6 actions, 285 states",
  ]);
});

test("Minimmit agrees, and goes on; not if a replica leaves a view without voting for the block that it sees notarized", async (t) => {
  t.deepEqual(await suiteOutcomes("minimmit"), [
    "minimmit, arbitrary at r5, views 0-0: holds, 107 states",
    "minimmit, silent at r5, views 0-0: holds, 80 states",
    "minimmit/leaves-without-voting, no adversary, views 0-0: termination violated, 4 actions, 9 states",
  ]);
});

test("GRANDPA keeps what is final, and finalizes where all see one chain; not if all voters are needed", async (t) => {
  t.deepEqual(await suiteOutcomes("grandpa"), [
    "grandpa, silent at r0, rounds 0-1: holds, 187 states",
    "grandpa, arbitrary at r0, rounds 0-0: holds, 1358 states",
    "grandpa/prevoted-is-final, arbitrary at r3, rounds 0-1: finality violated, 15 actions, 9210 states",
    "grandpa/half-is-enough, arbitrary at r3, rounds 0-0: finality violated, 8 actions, 2912 states",
    "grandpa/needs-all, silent at r3, rounds 0-0: termination violated, 6 actions, 8 states",
  ]);
});

test("a replica of Simplex that learns first that a later block is final goes on from its view", (t) => {
  const config: Config = {
    replicas: 4,
    faults: 1,
    requests: 1,
    slots: 1,
    clients: false,
    set: { forward: true },
  };
  const [spec] = simplex().nodes(config) as readonly NodeSpec<Message>[];
  const context = { self: "r0", config };
  const { init, step } = spec!.behaviour;
  const began = init(context, { kind: "start" })[0]!.state;
  const chain = ["b0", "b1"].map((name, view) => ({ view, name }));
  const proof = certificate({ tag: "finalize", chain } as const, 3, replicaIds(config));
  const message: Message = { tag: "finalization", proof };
  const [final] = step(context, began, { kind: "message", from: "notary", message });
  t.deepEqual(final!.effects, [{ kind: "set-timer", timer: "view" }]);
  const [next] = step(context, final!.state, { kind: "timer", timer: "view" });
  t.is((next!.state as { readonly view: number }).view, 2);
});

test("the notary of Minimmit says once what contradicts a block, however many have voted for it", (t) => {
  const config: Config = { replicas: 6, faults: 1, requests: 1, slots: 1, clients: false };
  const protocol = minimmit() as unknown as Protocol<Json, Json>;
  const { init, step } = (protocol.nodes(config) as readonly NodeSpec<Json>[]).at(-1)!.behaviour;
  const context = { self: "notary", config };
  let { state } = init(context, { kind: "start" })[0]!;
  const said: string[][] = [];
  const vote = { tag: "notarize", chain: [{ view: 0, name: "b0" }] };
  for (const [index, body] of [vote, vote, ...Array(3).fill({ tag: "nullify", view: 0 })].entries()) {
    const message = sign(`r${index}`, body) as unknown as Json;
    const [next] = step(context, state, { kind: "message", from: `r${index}`, message });
    state = next!.state;
    said.push(next!.effects.map((effect) => (effect as unknown as { message: { tag: string } }).message.tag));
  }
  t.deepEqual(said, [[], [], [], [], ["nullification", "contradiction"]]);
});

test("a leader of Minimmit whose view is behind builds on no block of a later one", (t) => {
  const config: Config = {
    ...{ replicas: 6, faults: 1, requests: 1, slots: 1, clients: false },
    set: { notary: true, forward: false },
  };
  const protocol = minimmit() as unknown as Protocol<Json, Json>;
  const { init, step } = protocol.nodes(config)[1]!.behaviour as NodeSpec<Json>["behaviour"];
  const context = { self: "r1", config };
  let { state } = init(context, { kind: "start" })[0]!;
  const prove = (tag: string, vote: object) => ({ tag, proof: certificate(vote, 3, replicaIds(config)) });
  for (const message of [
    prove("notarization", { tag: "notarize", chain: [{ view: 2, name: "b2" }] }),
    prove("nullification", { tag: "nullify", view: 1 }),
    prove("nullification", { tag: "nullify", view: 0 }),
  ])
    state = step(context, state, { kind: "message", from: "notary", message: message as never })[0]!.state;
  const entered = step(context, state, { kind: "timer", timer: "view" });
  t.deepEqual(
    entered.map(({ label }) => label),
    ["proposes b1"],
  );
});

test("who comes back after a crash does not say again what it said at its start", async (t) => {
  const found: { [protocol: string]: string[] } = {};
  const examples = ["./examples/streamlet.ts", "./examples/raft-election.ts"];
  for (const name of [
    ...builtins.filter(({ mutant }) => mutant === null).map((entry) => entry.name),
    ...examples,
  ]) {
    const { protocol, defaults } = await findProtocol(name);
    const sizes = { replicas: defaults?.replicas ?? 4, faults: defaults?.faults ?? 1 };
    const config = completed(protocol, { ...sizes, requests: 1, slots: 1, clients: false });
    for (const { id, behaviour } of nodesOf(protocol, config)) {
      const context = { self: id, config };
      for (const { state } of behaviour.init(context, { kind: "start" })) {
        const stable = behaviour.stable(state);
        for (const { effects } of behaviour.init(context, { kind: "restart", stable }))
          for (const effect of effects)
            if (effect.kind === "send" || effect.kind === "broadcast")
              found[name] = [...new Set([...(found[name] ?? []), (effect.message as { tag: string }).tag])];
      }
    }
  }
  t.deepEqual(found, { viewstamped: ["recovery"] });
});

test("binary agreement with a common coin agrees; without the coin it would not", async (t) => {
  t.deepEqual(await suiteOutcomes("common-coin"), [
    "common-coin, no adversary, once: holds, 32997 states",
    "common-coin/decides-without-coin, no adversary, once: agreement violated, 26 actions, 8980 states",
  ]);
});

test("Viewstamped Replication agrees, also where a replica has lost everything; flaws do not", async (t) => {
  t.deepEqual(await suiteOutcomes("viewstamped"), [
    "viewstamped, no adversary, views 0-1: holds, 1815 states",
    "viewstamped, no adversary, views 0-0, 1 crash, all recover: holds, 2068 states",
    "viewstamped/recovers-from-anybody, no adversary, views 0-1, 1 crash, all recover: agreement violated, 11 actions, 5920 states",
    "viewstamped/half-is-enough, no adversary, views 0-1: agreement violated, 11 actions, 14443 states",
  ]);
});

test("Autobahn agrees, whatever a Byzantine replica says; flaws do not", async (t) => {
  t.deepEqual(await suiteOutcomes("autobahn"), [
    "autobahn, arbitrary at r0, views 0-0: holds, 517 states",
    "autobahn, arbitrary at r3, views 0-0: holds, 318 states",
    "autobahn/vote-signs-no-value, arbitrary at r0, views 0-0: agreement violated, 6 actions, 322 states",
    "autobahn/lanes-in-any-order, no adversary, views 0-0: agreement violated, 9 actions, 73 states",
    "autobahn/anybody-proposes, usurper at r3, views 0-0: termination violated, 3 actions, 19 states",
  ]);
});

/** The verdict, and what the properties see in the states that are reached, each once. */
async function seen(request: CheckRequest, reduction: Reduction) {
  const [run] = plan(await findProtocol(request.protocol), request);
  const observations = new Set<string>();
  const { verdict } = await search(await settingFrom(run!.description), {
    reduction,
    onObservation: (states) => observations.add(observationText(states)),
  });
  return { verdict, observations: [...observations].sort() };
}

const small: readonly (CheckRequest & { readonly count: number })[] = [
  { protocol: "viewstamped", views: 1, requests: 1, count: 7 },
  { protocol: "viewstamped", views: 0, requests: 1, crashes: 1, recovery: "always", count: 13 },
  { protocol: "autobahn", adversaries: ["arbitrary"], byzantine: ["r0"], views: 0, count: 15 },
  { protocol: "streamlet/notarized-is-final", adversaries: ["none"], views: 0, count: 16 },
  { protocol: "minimmit", adversaries: ["none"], replicas: 2, faults: 0, views: 1, count: 12 },
  { protocol: "minimmit", adversaries: ["arbitrary"], byzantine: ["r5"], views: 0, count: 32 },
  {
    ...{ protocol: "grandpa", adversaries: ["arbitrary"], byzantine: ["r3"], views: 0, count: 8 },
    set: { notary: false, blocks: 1 },
  },
  {
    protocol: "grandpa",
    adversaries: ["none"],
    replicas: 2,
    faults: 0,
    views: 0,
    set: { heads: true },
    count: 7,
  },
  { protocol: "raft", views: 1, requests: 1, set: { candidates: 1, preVote: true }, count: 49 },
  { protocol: "raft", views: 1, requests: 1, set: { candidates: 1, snapshots: true }, count: 49 },
  { protocol: "raft", views: 1, requests: 1, slots: 2, set: { candidates: 1, changes: 1 }, count: 332 },
];

for (const { count, ...request } of small)
  test(`the plain search sees the same of ${JSON.stringify(request)}`, async (t) => {
    const plain = await seen(request, "none");
    t.is(plain.observations.length, count);
    t.deepEqual(await seen(request, "visible-steps"), plain);
  });
