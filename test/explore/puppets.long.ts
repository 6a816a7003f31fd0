// Byzantine nodes that run the protocol's own steps, in the fast search and in the naive one: the same states, transitions,
// observations and violations, with every reduction that is allowed; and where one is not, the reason.

import test from "ava";
import fc from "fast-check";
import { mutator } from "../../adversaries/index.js";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import type { Adversary, Json, Property, StepFaults } from "../../src/protocol/index.js";
import { compare } from "../support/compare.js";
import { everythingSeen, randomModels, settingOf, slotAgreement } from "../support/random-protocol.js";
import { fourReplicas, pbftAdversary, pbftMutant, pbftSetting, withClient } from "../support/settings.js";
import { eventually } from "../support/toy-properties.js";

const oneRequest = { ...fourReplicas, requests: 1 };

/** Echo broadcast with two values: its flaw is found by every puppet that makes r0 contradict itself. */
function broadcastSetting(adversary: string): Promise<Setting> {
  return settingFrom({
    protocol: "./examples/broadcast.ts",
    config: fourReplicas,
    byzantine: ["r0"],
    adversary,
    network: "async",
    bounds: { views: 0 },
    properties: ["agreement"],
  });
}

const settings: { readonly [name: string]: Setting } = {
  "twin r0 (quorum-2f)": pbftSetting("twin", "r0", { protocol: pbftMutant("quorum-2f") }),
  "twin r0 of a broadcast": await broadcastSetting("twin"),
  "amnesiac r0 (quorum-2f)": pbftSetting("amnesiac", "r0", { protocol: pbftMutant("quorum-2f") }),
  "amnesiac r0 of a broadcast": await broadcastSetting("amnesiac"),
  "mutator r2": pbftSetting("mutator", "r2", { config: oneRequest }),
  "mutator r0 of a broadcast": await broadcastSetting("mutator"),
};

for (const [name, setting] of Object.entries(settings))
  test(`fast, reduced and naive search agree on ${name}`, async (t) => {
    const [found, expected] = await compare(setting);
    t.deepEqual(found, expected);
  });

// --- random protocols ---

type Distorted = Omit<StepFaults<Json>, "says"> & { readonly mutates: boolean; readonly forwards: boolean };

const distortions: fc.Arbitrary<Distorted> = fc.record({
  copies: fc.constantFrom(1, 2),
  forgets: fc.boolean(),
  owes: fc.boolean(),
  mutates: fc.boolean(),
  forwards: fc.boolean(),
});

/** The last node runs its own rules, distorted; and says what the model's adversary says, if it has one. */
function distorted(
  setting: Setting,
  { mutates, forwards, ...stepFaults }: Distorted,
  until: number | null,
): Setting {
  const base = setting.adversary ?? pbftAdversary("selective-sender");
  const says = mutates ? (mutator as Adversary<Json>).stepFaults!.says! : undefined;
  const adversary: Adversary<Json> = {
    ...base,
    forwards: base.forwards || forwards,
    stepFaults: { ...stepFaults, ...(says && { says }), ...(until !== null && { until }) },
  };
  return { ...setting, byzantine: [`r${setting.config.replicas - 1}`], adversary };
}

const runs = { seed: 20251125, numRuns: 25 };
/** With two copies there are four nodes, and the naive search takes its time. */
const maxStates = 400;

function agreeOnRandomProtocols(name: string, properties: readonly Property[]): void {
  test(`fast, reduced and naive search agree on ${name} of random protocols with a puppet`, async (t) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        randomModels,
        distortions,
        fc.constantFrom(null, null, 1),
        async (model, how, until) => {
          const setting = distorted(settingOf(model, properties), how, until);
          const small = await search(setting, { reduction: "none", maxStates });
          fc.pre(small.frontier === 0 || small.verdict === "violated");
          const [found, expected] = await compare(setting);
          compared++;
          t.deepEqual(found, expected);
        },
      ),
      runs,
    );
    t.is(compared, runs.numRuns);
  });
}

agreeOnRandomProtocols("everything seen", [everythingSeen]);
agreeOnRandomProtocols("agreement", [slotAgreement]);
agreeOnRandomProtocols("an event that must come", [eventually("x")]);

// --- what is refused ---

test("where messages are used up, puppets are refused", async (t) => {
  const error = await t.throwsAsync(search(pbftSetting("twin", "r0", { network: "once" })));
  t.is(
    error?.message,
    "The adversary twin runs the protocol's own steps. What such a node has sent is kept for ever, as on the async network; " +
      "on once, where messages are used up, it cannot be used.",
  );
});

test("symmetry and dead messages are refused with the reason, and the search is made without", async (t) => {
  const setting = pbftSetting("twin", "r3");
  const plain = await search(setting);
  const result = await search(setting, { symmetry: true, deadMessages: true });
  t.deepEqual(result.refused, [
    { reduction: "dead-messages", reason: "of a dead message Byzantine nodes may make one that is not" },
    {
      reduction: "symmetry",
      reason: "what twin makes of the protocol's steps is not checked under renaming",
    },
  ]);
  t.is(result.states, plain.states);
});

// --- liveness ---

const served = { config: withClient, properties: [clientsAreServed] };
const last = "the primary of the last view, r0, is Byzantine; use --views 1";

for (const [adversary, verdict, reason] of [
  ["delayer", "holds", null],
  ["selective-sender", "outside", last],
] as const)
  test(`a client is served by the ${adversary} as primary: ${verdict}`, async (t) => {
    const result = await search(pbftSetting(adversary, "r0", served), { reduction: "none" });
    t.deepEqual([result.verdict, result.properties[0]!.reason, result.states], [verdict, reason, 23_697]);
  });
