// From a request to its runs: what the defaults are, and what is refused.

import test from "ava";
import * as Schema from "effect/Schema";
import { type Entry, findProtocol, moduleEntry, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { UserError } from "../../src/model/errors.js";
import { world } from "../../src/protocol/index.js";
import { correctForms } from "../../src/suite/correct-forms.js";
import { type PlannedRun, plan, planToSee } from "../../src/suite/plan.js";
import type { CheckRequest } from "../../src/suite/request.js";

const example = "./examples/broadcast.ts";

async function planned(request: CheckRequest) {
  return plan(await findProtocol(request.protocol), request);
}

/** What differs between the runs of a request. */
async function brief(request: CheckRequest): Promise<string[]> {
  return (await planned(request)).map(({ description: { adversary, byzantine, config, properties } }) => {
    const who = adversary === null ? "none" : `${adversary} at ${byzantine.join()}`;
    return `${who}: ${properties.join()}${config.clients ? " (clients)" : ""}`;
  });
}

async function refusal(request: CheckRequest): Promise<string> {
  try {
    await planned(request);
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-option") return error.message;
    throw error;
  }
  return "not refused";
}

test("by default the strongest adversary sits in every inequivalent place, with and without clients", async (t) => {
  const [without, withClients] = ["agreement,validity,integrity", "validity,clients-are-served (clients)"];
  t.deepEqual(await brief({ protocol: "pbft" }), [
    `arbitrary at r0: ${without}`,
    `arbitrary at r1: ${without}`,
    `arbitrary at r2: ${without}`,
    `arbitrary at r0: ${withClients}`,
    `arbitrary at r1: ${withClients}`,
    `arbitrary at r2: ${withClients}`,
    "arbitrary at r0: null-agreement",
    "arbitrary at r1: null-agreement",
    "arbitrary at r2: null-agreement",
  ]);
});

test("by default there are four replicas, views 0-1, one slot, and two requests or one where clients are nodes", async (t) => {
  const runs = await planned({ protocol: "pbft" });
  t.deepEqual(runs[0], {
    description: {
      protocol: "pbft",
      config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
      byzantine: ["r0"],
      adversary: "arbitrary",
      network: "async",
      bounds: { views: 1 },
      properties: ["agreement", "validity", "integrity"],
    },
    expect: null,
    reduction: null,
  });
  t.deepEqual(runs[3]!.description.config, { replicas: 4, faults: 1, requests: 1, slots: 1, clients: true });
});

test("f follows from n unless it is given", async (t) => {
  const faults = async (request: Partial<CheckRequest>) => {
    const [run] = await planned({ protocol: "pbft", properties: ["agreement"], ...request });
    return [run!.description.config.faults, run!.description.byzantine.length];
  };
  t.deepEqual(await faults({ replicas: 6 }), [1, 1]);
  t.deepEqual(await faults({ replicas: 7 }), [2, 2]);
  t.deepEqual(await faults({ replicas: 7, faults: 1 }), [1, 1]);
  t.deepEqual(await faults({ replicas: 4, faults: 2 }), [2, 2]);
});

test("a mutant without options runs where it is known to fall", async (t) => {
  const runs = await planned({ protocol: "pbft/view-change-forgets", expect: "violated" });
  t.deepEqual(runs, [
    {
      description: {
        protocol: "pbft/view-change-forgets",
        config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
        byzantine: ["r3"],
        adversary: "silent",
        network: "async",
        bounds: { views: 1 },
        properties: ["agreement"],
      },
      expect: "violated",
      reduction: null,
    },
  ]);
  t.deepEqual(await brief({ protocol: "pbft/reply-without-quorum" }), [
    "arbitrary at r0: validity (clients)",
  ]);
});

test("which reduction is used says nothing of the setting, so a mutant still runs where it falls", async (t) => {
  const runs = await planned({ protocol: "pbft/view-change-forgets", reduce: "none" });
  t.deepEqual(
    runs.map(({ description, reduction }) => [description.byzantine, reduction]),
    [[["r3"], "none"]],
  );
});

test("a mutant with any other option is planned like every other protocol", async (t) => {
  t.is((await brief({ protocol: "pbft/view-change-forgets", views: 1 })).length, 9);
});

test("all adversaries run where they have a move; none is a run without one", async (t) => {
  t.deepEqual(await brief({ protocol: "pbft", adversaries: ["none", "all"], properties: ["agreement"] }), [
    "none: agreement",
    "silent at r0: agreement",
    "silent at r1: agreement",
    "silent at r2: agreement",
    "replayer at r0: agreement",
    "replayer at r1: agreement",
    "replayer at r2: agreement",
    "delayer at r0: agreement",
    "delayer at r1: agreement",
    "delayer at r2: agreement",
    "selective-sender at r0: agreement",
    "selective-sender at r1: agreement",
    "selective-sender at r2: agreement",
    "amnesiac at r0: agreement",
    "amnesiac at r1: agreement",
    "amnesiac at r2: agreement",
    "twin at r0: agreement",
    "twin at r1: agreement",
    "twin at r2: agreement",
    "mutator at r0: agreement",
    "mutator at r1: agreement",
    "mutator at r2: agreement",
    "equivocating-primary at r0: agreement",
    "equivocating-primary at r1: agreement",
    "lying-voter at r0: agreement",
    "lying-voter at r1: agreement",
    "lying-voter at r2: agreement",
    "certificate-withholder at r0: agreement",
    "certificate-withholder at r1: agreement",
    "certificate-withholder at r2: agreement",
    "view-change-liar at r0: agreement",
    "view-change-liar at r1: agreement",
    "view-change-liar at r2: agreement",
    "new-view-forger at r1: agreement",
    "arbitrary at r0: agreement",
    "arbitrary at r1: agreement",
    "arbitrary at r2: agreement",
  ]);
});

test("where messages are used up, all adversaries are those that do not run the protocol's own steps", async (t) => {
  const request = { protocol: example, adversaries: ["all"], properties: ["agreement"], byzantine: ["r0"] };
  const puppets = ["delayer", "selective-sender", "amnesiac", "twin", "mutator"];
  const named = (names: readonly string[]) => names.map((name) => `${name} at r0: agreement`);
  t.deepEqual(await brief({ ...request, network: "once" }), named(["silent", "replayer", "arbitrary"]));
  t.deepEqual(await brief(request), named(["silent", "replayer", ...puppets, "arbitrary"]));
});

test("adversaries are combined by name: two at once, from a view on, and until the last view", async (t) => {
  for (const name of ["lying-voter+replayer", "silent@1", "lying-voter@until-gst+twin"])
    t.deepEqual(
      await brief({ protocol: "pbft", adversaries: [name], properties: ["agreement"], byzantine: ["r3"] }),
      [`${name} at r3: agreement`],
    );
});

test("a combination that makes no sense is refused", async (t) => {
  const adversary = (name: string) => refusal({ protocol: "pbft", adversaries: [name] });
  const limit = (part: string) =>
    `After the @ of ${part} stands the view from which on it begins, as in silent@2, or until-gst.`;
  t.is(await adversary("silent@"), limit("silent@"));
  t.is(await adversary("silent@two"), limit("silent@two"));
  t.is(await adversary("silent@1@2"), limit("silent@1@2"));
  t.is(
    await adversary("twin@1"),
    "twin runs the protocol's own steps from the start: it cannot begin or end at a view.",
  );
  t.regex(await adversary("silent+loud"), /^There is no adversary named "loud"/);
});

test("a placement in which the adversary has no move is kept if somebody names it", async (t) => {
  const request = { protocol: "pbft", adversaries: ["equivocating-primary"], properties: ["agreement"] };
  t.deepEqual(await brief({ ...request, views: 0 }), ["equivocating-primary at r0: agreement"]);
  t.deepEqual(await brief({ ...request, views: 0, byzantine: ["r3"] }), [
    "equivocating-primary at r3: agreement",
  ]);
});

test("Byzantine replicas are sorted, and each is named once", async (t) => {
  const [run] = await planned({ protocol: "pbft", byzantine: ["r2", "r0", "r2"], properties: ["agreement"] });
  t.deepEqual(run!.description.byzantine, ["r0", "r2"]);
});

test("properties are checked in the surroundings that they watch", async (t) => {
  const at = { protocol: "pbft", byzantine: ["r0"] };
  t.deepEqual(await brief({ ...at, properties: ["integrity"] }), ["arbitrary at r0: integrity"]);
  t.deepEqual(await brief({ ...at, properties: ["clients-are-served"] }), [
    "arbitrary at r0: clients-are-served (clients)",
  ]);
  t.deepEqual(await brief({ ...at, properties: ["validity"] }), [
    "arbitrary at r0: validity",
    "arbitrary at r0: validity (clients)",
  ]);
  t.deepEqual(await brief({ ...at, properties: ["validity"], clients: true }), [
    "arbitrary at r0: validity (clients)",
  ]);
});

test("a protocol without clients gets no runs with clients, and without views only view 0", async (t) => {
  t.deepEqual(await brief({ protocol: example }), [
    "arbitrary at r0: agreement,validity",
    "arbitrary at r1: agreement,validity",
    "arbitrary at r2: agreement,validity",
    "arbitrary at r3: agreement,validity",
  ]);
  t.deepEqual((await planned({ protocol: example }))[0]!.description.bounds, { views: 0 });
  t.is(
    await refusal({ protocol: example, properties: ["clients-are-served"] }),
    'clients-are-served watches clients, and ./examples/broadcast.ts has none. Nodes with the role "client" make it have some: `nodes` of docs/writing-a-protocol.md.',
  );
});

test("an adversary that plays clients sits at the last of two, in runs with clients", async (t) => {
  const [run, ...others] = await planned({ protocol: "pbft", adversaries: ["byzantine-client"], slots: 2 });
  t.is(others.length, 0);
  t.deepEqual(run!.description.byzantine, ["c1"]);
  t.deepEqual(run!.description.config, { replicas: 4, faults: 1, requests: 2, slots: 2, clients: true });
  t.deepEqual(
    await brief({ protocol: "pbft", adversaries: ["byzantine-client"], properties: ["agreement"] }),
    ["byzantine-client at c1: agreement (clients)"],
  );
  const alone = { protocol: "pbft", adversaries: ["byzantine-client"], requests: 1 };
  t.is(
    await refusal(alone),
    "Nothing to check: no such adversary has a move in any placement within these bounds.",
  );
  t.deepEqual(await brief({ ...alone, byzantine: ["c0"], properties: ["agreement"] }), [
    "byzantine-client at c0: agreement (clients)",
  ]);
});

test("where a Byzantine node is a client, clients are nodes", async (t) => {
  const request = { protocol: "pbft", adversaries: ["arbitrary"], byzantine: ["r0", "c1"], requests: 2 };
  t.deepEqual(await brief({ ...request, properties: ["agreement", "validity"] }), [
    "arbitrary at c1,r0: agreement,validity (clients)",
  ]);
});

test("a property that has to see more than is shown by default gets it", async (t) => {
  const request = { protocol: "pbft", adversaries: ["silent"], byzantine: ["r3"] };
  const [run] = await planned({ ...request, properties: ["nobody-waits-for-ever"] });
  t.true(run!.description.config.showsWaiting);
  const [other] = await planned({ ...request, properties: ["clients-are-served"] });
  t.false("showsWaiting" in other!.description.config);
});

test("liveness with fewer slots than requests is refused, safety is not", async (t) => {
  const request = { protocol: "pbft", requests: 2, byzantine: ["r0"] };
  const message =
    "2 requests do not fit into fewer slots (1), so some client can never be served: use --slots 2.";
  t.is(await refusal({ ...request, properties: ["clients-are-served"] }), message);
  t.is(await refusal(request), message);
  t.is(await refusal({ ...request, slots: 2 }), "not refused");
  t.is(await refusal({ ...request, properties: ["agreement", "validity", "integrity"] }), "not refused");
});

test("what there is not, and what the protocol refuses, is refused", async (t) => {
  t.is(
    await refusal({ protocol: "pbft", adversaries: ["silent", "loud"] }),
    'There is no adversary named "loud". There are: silent, replayer, delayer, selective-sender, amnesiac, twin, mutator, equivocating-primary, lying-voter, checkpoint-liar, certificate-withholder, view-change-liar, new-view-forger, byzantine-client, arbitrary.',
  );
  t.is(
    await refusal({ protocol: "pbft", properties: ["speed"] }),
    'There is no property named "speed". There are: agreement, validity, integrity, clients-are-served, checkpoint-agreement, checkpoint-durability, bounded-log, linearizability, catching-up, all-execute, nobody-waits-for-ever, totality, termination, null-agreement.',
  );
  t.is(
    await refusal({ protocol: "pbft", replicas: 3 }),
    "PBFT needs at least 4 replicas to tolerate one fault; 3 were asked for.",
  );
});

test("a request without a single run is refused", async (t) => {
  const message = "Nothing to check: no such adversary has a move in any placement within these bounds.";
  t.is(await refusal({ protocol: "pbft", adversaries: [] }), message);
  const entry = await findProtocol("pbft");
  const paralysed: Entry = {
    ...entry,
    adversaries: entry.adversaries.map((adversary) => ({ ...adversary, canMove: () => false })),
  };
  t.throws(() => plan(paralysed, { protocol: "pbft" }), { instanceOf: UserError, message });
});

test("liveness of somebody's own protocol is checked on the network once as well, unless a network is named", async (t) => {
  const protocol = "./test/cases/acknowledged.ts";
  const request = { protocol, replicas: 2, faults: 0 };
  const networks = async (more: Partial<CheckRequest> = {}) =>
    (await planned({ ...request, ...more })).map(({ description: { network, properties } }) => [
      network,
      properties.join(),
    ]);
  t.deepEqual(await networks(), [
    ["async", "agreement,validity,greeted"],
    ["once", "greeted"],
  ]);
  t.deepEqual(await networks({ network: "async" }), [["async", "agreement,validity,greeted"]]);
  t.deepEqual(await networks({ properties: ["agreement"] }), [["async", "agreement"]]);
  const builtin = await planned({ protocol: "bracha" });
  t.true(builtin.some(({ description }) => description.properties.includes("totality")));
  t.true(builtin.every(({ description }) => description.network === "async"));
});

test("what is live only because messages come again is stuck on the network once", async (t) => {
  const runs = await planned({
    protocol: "./test/cases/acknowledged.ts",
    replicas: 2,
    faults: 0,
    properties: ["greeted"],
  });
  const results = [];
  for (const { description } of runs) results.push(await search(await settingFrom(description)));
  t.deepEqual(
    results.map(({ verdict, counterexample }) => [verdict, counterexample?.actions.length ?? null]),
    [
      ["holds", null],
      ["violated", 3],
    ],
  );
});

test("every correct form can be planned; a form that names a recovery crashes only so", async (t) => {
  const runs = await correctForms();
  const crashing = runs.filter(
    ({ description: { protocol, bounds } }) => protocol === "viewstamped" && bounds.crashes,
  );
  t.deepEqual(
    crashing.map(({ description }) => description.bounds),
    [
      { views: 3, crashes: 1, losing: "volatile" },
      { views: 3, crashes: 1, losing: "unsynced", recovery: "always" },
      { views: 2, crashes: 3, losing: "volatile", recovery: "always" },
    ],
  );
});

test("of a correct form liveness is asked for only where every message arrives in the end", async (t) => {
  const runs = await correctForms();
  const live = ["totality", "termination", "clients-are-served", "all-execute"];
  const asking = runs.filter(({ description }) => description.properties.some((name) => live.includes(name)));
  t.deepEqual(
    [...new Set(asking.map(({ description }) => description.network))],
    ["async", "once", "once:keep", "fifo", "reordering:1", "duplicating:1", "duplicating"],
  );
});

test("of a specification only its own properties are checked, with the one node that it has", async (t) => {
  const file = "./examples/reliable-broadcast.ts";
  t.deepEqual(await brief({ protocol: file }), ["none: who accepts has heard three"]);
  const [{ description, reduction }] = (await planned({ protocol: file })) as [PlannedRun];
  t.deepEqual([description.config.replicas, description.config.faults, reduction], [1, 0, "none"]);
  t.deepEqual(await brief({ protocol: file, properties: ["agreement"] }), ["none: agreement"]);
  t.regex(await refusal({ protocol: file, replicas: 4 }), /use --replicas 1 --faults 0\.$/);
});

test("a specification of which nothing is claimed is refused, and can be looked at", (t) => {
  const clock = world({
    ...{ name: "clock", summary: "an hour clock", state: Schema.Number, initial: [1] },
    next: (hour) => [(hour % 12) + 1],
  });
  const entry = moduleEntry({ default: clock }, "./clock.ts");
  t.throws(() => plan(entry, { protocol: "./clock.ts" }), {
    instanceOf: UserError,
    message:
      'Nothing to check: ./clock.ts is a specification, and nothing is claimed of it. Export `properties = [invariant("name", ([node]) => ...)]` beside it.',
  });
  t.is(planToSee(entry, { protocol: "./clock.ts" }).length, 1);
});
