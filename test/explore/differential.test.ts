// The fast search against the naive one: same states, same transitions, same verdict, same shortest length. And the
// reduced search against both: same verdict, and exactly the same observations.

import test from "ava";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { validity } from "../../properties/validity.js";
import type { Setting } from "../../src/model/setting.js";
import { agreeOnAllKinds } from "../support/agreeing.js";
import { compare } from "../support/compare.js";
import {
  fourReplicas,
  pbftMutant,
  pbftSetting,
  twoPhaseCommitSetting,
  withClient,
} from "../support/settings.js";

const oneRequest = { ...fourReplicas, requests: 1 };
const viewChange = { bounds: { views: 1 } };
const served = { config: withClient, properties: [clientsAreServed], ...viewChange };

const authenticated = { ...oneRequest, authentication: "authenticators" } as const;
const settings: { readonly [name: string]: Setting } = {
  "two-phase commit with 3 resource managers": twoPhaseCommitSetting(3),
  "silent r3": pbftSetting("silent", "r3"),
  "silent r0 in views 0-1": pbftSetting("silent", "r0", viewChange),
  "equivocating primary r0": pbftSetting("equivocating-primary", "r0", { config: oneRequest }),
  "equivocating primary misplaced at r2": pbftSetting("equivocating-primary", "r2"),
  "lying primary r0": pbftSetting("lying-voter", "r0"),
  "lying voter r1": pbftSetting("lying-voter", "r1", { config: oneRequest }),
  "arbitrary r0": pbftSetting("arbitrary", "r0", { config: oneRequest }),
  "arbitrary r1 with authenticators": pbftSetting("arbitrary", "r1", { config: authenticated }),
  "lying primary r0 and a client": pbftSetting("lying-voter", "r0", {
    config: withClient,
    properties: [validity],
  }),
  "silent r0 in views 0-1 and a client": pbftSetting("silent", "r0", {
    config: withClient,
    properties: [validity],
    ...viewChange,
  }),
  "silent r0 in views 0-1 and a client that is served": pbftSetting("silent", "r0", served),
  "silent r0 in views 0-1 and a client that is never served (primary-forever)": pbftSetting("silent", "r0", {
    ...served,
    protocol: pbftMutant("primary-forever"),
  }),
  "equivocating primary r0 (quorum-2f)": pbftSetting("equivocating-primary", "r0", {
    protocol: pbftMutant("quorum-2f"),
  }),
  "arbitrary r0 and a client (reply-without-quorum)": pbftSetting("arbitrary", "r0", {
    protocol: pbftMutant("reply-without-quorum"),
    config: withClient,
    properties: [validity],
  }),
};

for (const [name, setting] of Object.entries(settings))
  test(`fast, reduced and naive search agree on ${name}`, async (t) => {
    const [found, expected] = await compare(setting);
    t.deepEqual(found, expected);
  });

// Of more of them, and of a Byzantine client: differential.long.ts.
agreeOnAllKinds({ usual: 15, idle: 10 });
