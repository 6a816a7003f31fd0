// The settings in which the mutants fall, and counterexamples found there, for the tests of traces and of minimizing.

import { builtins, type SettingDescription, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Counterexample } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import { type Trace, traceOf } from "../../src/trace/index.js";

/** Where a mutant is known to fall. */
export function downfallOf(name: string): SettingDescription {
  const { clients, byzantine, adversary, views, property } = builtins.find((entry) => entry.name === name)!
    .mutant!.exposedBy;
  return {
    protocol: name,
    config: { replicas: 4, faults: 1, requests: clients ? 1 : 2, slots: 1, clients },
    byzantine,
    adversary,
    network: "async",
    bounds: { views },
    properties: [property],
  };
}

/** A mutant's setting with a shortest counterexample. */
export async function fallOf(name: string): Promise<{ setting: Setting; counterexample: Counterexample }> {
  const setting = await settingFrom(downfallOf(name));
  const { counterexample } = await search(setting);
  return { setting, counterexample: counterexample! };
}

/**
 * The fall of `quorum-2f` by hand, so that what is tested does not depend on which of several shortest counterexamples
 * the search comes upon: r0 proposes A to r1 and B to r2, and commits to both.
 */
export async function equivocation(): Promise<Trace> {
  const setting = await settingFrom(downfallOf("pbft/quorum-2f"));
  const request = (client: string, operation: string) => ({
    tag: "signed",
    signer: client,
    body: { tag: "request", client, timestamp: 1, operation },
  });
  const signed = (body: object) => ({ tag: "signed", signer: "r0", body });
  const prePrepare = (digest: string, client: string, operation: string) =>
    signed({ tag: "pre-prepare", view: 0, slot: 1, digest, request: request(client, operation) });
  const commit = (digest: string) => signed({ tag: "commit", view: 0, slot: 1, digest });
  const inject = (to: string, message: object) => ({ kind: "inject", from: "r0", to, message });
  const actions = [
    inject("r1", prePrepare("c0:1:A", "c0", "A")),
    inject("r1", commit("c0:1:A")),
    inject("r2", prePrepare("c1:1:B", "c1", "B")),
    inject("r2", commit("c1:1:B")),
  ] as unknown as Trace["actions"];
  return traceOf(setting, {
    property: "agreement",
    explanation: "r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there",
    start: {},
    actions,
  });
}
