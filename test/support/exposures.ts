// For each adversary a flaw that it exposes in a certain place, and weaker ones that do not expose it there: what
// docs/adversaries.md shows, `npm run bench:adversaries` computes, and a test repeats.

import { genericAdversaries } from "../../adversaries/generic/index.js";
import { agreement } from "../../properties/agreement.js";
import { adversaryNamed, findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import type { NodeId } from "../../src/protocol/index.js";
import { grouped } from "../../src/report/numbers.js";
import { plan } from "../../src/suite/plan.js";
import { leases } from "./lease.js";
import { fourReplicas } from "./settings.js";

/** What a search by visible steps has found: how many states, and how many actions its counterexample has. */
export interface Found {
  readonly states: number;
  /** Null if everything holds. */
  readonly actions: number | null;
}

export interface Exposure {
  readonly adversary: string;
  /** A mutant of PBFT (where it is known to fall, other things being equal), or another protocol of the project. */
  readonly protocol: string;
  readonly byzantine: NodeId;
  /** Views 0..V, where that is not what the mutant is known to fall in. */
  readonly views?: number;
  readonly found: Found;
  /** Weaker adversaries, in the same place, that expose nothing: their states. */
  readonly weaker: { readonly [adversary: string]: number };
}

/** Of `delayer` there is none, and none can be: see its file. */
export const exposures: readonly Exposure[] = [
  {
    adversary: "silent",
    protocol: "pbft/primary-forever",
    byzantine: "r0",
    found: { states: 2, actions: 4 },
    weaker: { none: 1332 },
  },
  {
    adversary: "replayer",
    protocol: "leases/unnamed",
    byzantine: "r3",
    found: { states: 7, actions: 2 },
    weaker: { silent: 4, "selective-sender": 4 },
  },
  {
    adversary: "selective-sender",
    protocol: "pbft/primary-waits-for-ever",
    byzantine: "r2",
    found: { states: 4652, actions: 16 },
    weaker: { silent: 1569, delayer: 291_060 },
  },
  {
    adversary: "amnesiac",
    protocol: "pbft/votes-ignore-digest",
    byzantine: "r0",
    found: { states: 995, actions: 11 },
    weaker: { "selective-sender": 152, mutator: 152 },
  },
  {
    adversary: "twin",
    protocol: "pbft/quorum-2f",
    byzantine: "r0",
    found: { states: 604, actions: 6 },
    weaker: { "selective-sender": 100, mutator: 100 },
  },
  {
    adversary: "twin",
    protocol: "./examples/broadcast.ts",
    byzantine: "r0",
    found: { states: 106, actions: 4 },
    weaker: { "selective-sender": 946, delayer: 946 },
  },
  {
    adversary: "mutator",
    protocol: "./examples/broadcast.ts",
    byzantine: "r0",
    found: { states: 56, actions: 4 },
    weaker: { "selective-sender": 946, delayer: 946 },
  },
  {
    adversary: "mutator",
    protocol: "pbft/duplicate-votes-count",
    byzantine: "r2",
    found: { states: 9827, actions: 15 },
    weaker: { replayer: 2046, "selective-sender": 64_882 },
  },
  {
    adversary: "equivocating-primary",
    protocol: "pbft/quorum-2f",
    byzantine: "r0",
    found: { states: 61, actions: 4 },
    weaker: { silent: 1, "lying-voter": 1, mutator: 100 },
  },
  {
    adversary: "lying-voter",
    protocol: "pbft/duplicate-votes-count",
    byzantine: "r2",
    found: { states: 1164, actions: 11 },
    weaker: { silent: 2046, replayer: 2046, "view-change-liar": 3962 },
  },
  {
    adversary: "checkpoint-liar",
    protocol: "pbft/snapshot-unchecked",
    byzantine: "r3",
    found: { states: 128, actions: 14 },
    weaker: { silent: 88, "lying-voter": 140 },
  },
  {
    adversary: "byzantine-client",
    protocol: "pbft/request-by-timestamp",
    byzantine: "c0",
    found: { states: 3744, actions: 12 },
    weaker: { silent: 1, "selective-sender": 981, "lying-voter": 1 },
  },
  {
    adversary: "certificate-withholder",
    protocol: "pbft/duplicate-votes-count",
    byzantine: "r2",
    found: { states: 1350, actions: 11 },
    weaker: { silent: 2046, "selective-sender": 64_882, "view-change-liar": 3962 },
  },
  {
    adversary: "view-change-liar",
    protocol: "pbft/checkpoint-proof-unchecked",
    byzantine: "r2",
    found: { states: 857, actions: 11 },
    weaker: { "lying-voter": 14_464, "certificate-withholder": 18_970 },
  },
  {
    adversary: "new-view-forger",
    protocol: "pbft/backup-trusts-new-view",
    byzantine: "r1",
    found: { states: 9036, actions: 18 },
    weaker: { "equivocating-primary": 4336, "certificate-withholder": 5408, mutator: 60_892 },
  },
  {
    adversary: "arbitrary",
    protocol: "pbft/empty-digest",
    byzantine: "r0",
    found: { states: 505, actions: 8 },
    weaker: { "equivocating-primary": 145, "lying-voter": 1, twin: 778, mutator: 314 },
  },
  {
    adversary: "equivocating-primary+new-view-forger",
    protocol: "pbft/new-view-unjustified",
    byzantine: "r1",
    found: { states: 6007, actions: 18 },
    weaker: { "equivocating-primary": 4336, "new-view-forger": 2044 },
  },
  {
    adversary: "equivocating-primary+view-change-liar",
    protocol: "pbft/certificate-unchecked",
    byzantine: "r0",
    found: { states: 16_220, actions: 17 },
    weaker: { "equivocating-primary": 3930, "view-change-liar": 96 },
  },
  {
    adversary: "silent@1",
    protocol: "pbft/view-change-forgets",
    byzantine: "r0",
    found: { states: 4883, actions: 22 },
    weaker: { silent: 44 },
  },
  {
    adversary: "equivocating-primary@until-gst",
    protocol: "pbft/votes-ignore-digest",
    byzantine: "r0",
    views: 1,
    found: { states: 3321, actions: 8 },
    weaker: { delayer: 36_068 },
  },
];

/** The setting in which an adversary is tried on a protocol. */
export async function exposureSetting(
  { protocol, byzantine, views }: Pick<Exposure, "protocol" | "byzantine" | "views">,
  adversary: string,
): Promise<Setting> {
  const isNobody = adversary === "none";
  if (protocol.startsWith("leases"))
    return {
      protocol: leases(protocol === "leases"),
      config: { ...fourReplicas, requests: 1 },
      byzantine: isNobody ? [] : [byzantine],
      adversary: isNobody ? null : adversaryNamed(adversary, genericAdversaries),
      network: "async",
      bounds: { views: 0 },
      properties: [agreement],
    };
  const entry = await findProtocol(protocol);
  const { property = "agreement", adversary: _, byzantine: __, ...exposedBy } = entry.mutant?.exposedBy ?? {};
  const [run] = plan(entry, {
    protocol,
    ...exposedBy,
    ...(views === undefined ? {} : { views }),
    properties: [property],
    adversaries: [adversary],
    ...(isNobody ? {} : { byzantine: [byzantine] }),
  });
  return settingFrom(run!.description);
}

/** The heading of the table in docs/adversaries.md. */
export const heading = [
  "| adversary | exposes | at | actions | states | not exposed there by (states) |",
  "|---|---|---|---|---|---|",
].join("\n");

/** A line of it. */
export function row({ adversary, protocol, byzantine, views, found, weaker }: Exposure): string {
  const where = views === undefined ? byzantine : `${byzantine}, views 0-${views}`;
  const others = Object.entries(weaker).map(([name, states]) => `\`${name}\` (${grouped(states)})`);
  const actions = found.actions === null ? "nothing" : found.actions;
  const name = protocol.replace(/^\.\//, "");
  return `| \`${adversary}\` | ${name} | ${where} | ${actions} | ${grouped(found.states)} | ${others.join(", ")} |`;
}

/** What a search by visible steps finds of an adversary where it is said to expose something. */
export async function findingOf(exposure: Exposure, adversary: string): Promise<Found> {
  const { states, counterexample } = await search(await exposureSetting(exposure, adversary));
  return { states, actions: counterexample ? counterexample.actions.length : null };
}
