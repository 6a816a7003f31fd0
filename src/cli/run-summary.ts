// What there is to say of a cluster that ran on this machine.

import { grouped, seconds as inSeconds } from "../report/numbers.js";
import type { Audit } from "../run/audit.js";
import type { CountersSnapshot } from "../run/counters.js";
import type { LocalEnd, LocalResult } from "../run/local.js";
import type { NemesisPlan } from "../run/nemesis/plan.js";

/** The summary, line by line. */
export function runSummary(result: LocalResult): string[] {
  const { served, requests, seconds, latency, counters, highestView } = result;
  const all = Object.values(counters).filter((one) => one !== null);
  const sum = (of: (one: CountersSnapshot) => number) => all.reduce((total, one) => total + of(one), 0);
  const rate = seconds > 0 ? `, ${grouped(served / seconds)} a second` : "";
  const messages = sum(({ sent }) => sent);
  return [
    ...endLines(result),
    `  requests   ${grouped(served)} of ${grouped(requests)} served in ${inSeconds(seconds)}${rate}`,
    ...(latency === null
      ? []
      : [
          `  latency    p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)}, at most ${ms(latency.max)}`,
        ]),
    `  messages   ${grouped(messages)} sent${served > 0 ? `, ${(messages / served).toFixed(1)} a request` : ""}: ${byType(all)}`,
    `  bytes      ${grouped(sum(({ sentBytes }) => sentBytes))} sent; logs synced ${grouped(sum(({ syncs }) => syncs))} times`,
    `  dropped    ${dropped(all)}`,
    `  views      the highest was ${highestView}`,
  ];
}

const endings: { readonly [end in LocalEnd]: string | null } = {
  served: null,
  interrupted: "Interrupted before every request was served.",
  "out-of-time": "The limit of time was reached before every request was served.",
  lost: "More replicas have ended by themselves than the protocol bears.",
};

function endLines({ end, lost }: LocalResult): string[] {
  const told = lost.map(({ node, said }) => `${node} has ended by itself: ${said || "it said nothing"}`);
  return [...told, endings[end] ?? []].flat();
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function byType(all: readonly CountersSnapshot[]): string {
  const types = new Map<string, number>();
  for (const { byType } of all)
    for (const [type, count] of Object.entries(byType)) types.set(type, (types.get(type) ?? 0) + count);
  return [...types].map(([type, count]) => `${type} ${grouped(count)}`).join(", ") || "none";
}

function dropped(all: readonly CountersSnapshot[]): string {
  const reasons = new Map<string, number>();
  for (const one of all)
    for (const [reason, count] of Object.entries(one.dropped))
      if (count > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return [...reasons].map(([reason, count]) => `${reason} ${grouped(count)}`).join(", ") || "nothing";
}

/** What went wrong on purpose; `faults`: how many Byzantine replicas the protocol bears. */
export function nemesisSummary(
  plan: NemesisPlan | null,
  { faults: happened }: LocalResult,
  faults: number,
): string[] {
  if (plan === null) return [];
  const byzantine = Object.entries(plan.byzantine).map(([node, kind]) => `${node} is ${kind}`);
  const kinds = [...new Set(plan.faults.map(({ fault }) => fault))];
  const times = kinds.map((fault) => `${fault} ${happened[fault] ?? 0} times`);
  const never = kinds.filter((fault) => happened[fault] === undefined);
  return [
    `  nemesis    ${[...byzantine, ...times].join(", ")}`,
    ...(never.length > 0
      ? [`Not tested: every request was served before ${never.join(" and ")} happened. Use more --requests.`]
      : []),
    ...(byzantine.length > faults
      ? [
          `Outside the contract: ${byzantine.length} replicas are Byzantine, and the protocol bears ${faults}. Nothing is promised then.`,
        ]
      : []),
  ];
}

/** Whether an audit has found nothing wrong. */
export function isSound({ twice, disagreements, missing, invented }: Audit): boolean {
  return [twice, disagreements, missing, invented].every(({ length }) => length === 0);
}

/** What an audit has found. */
export function auditLine(found: Audit): string {
  const { executed, accepted, twice, disagreements, missing, invented } = found;
  if (isSound(found))
    return `  audit      ${grouped(executed)} requests executed, one at each place and none twice${accepted > 0 ? `; all ${grouped(accepted)} that were answered are there` : ""}`;
  const problems = [
    ["executed twice", twice],
    ["executed differently", disagreements],
    ["answered and not executed", missing],
    ["executed and never made", invented],
  ] as const;
  const told = problems
    .filter(([, all]) => all.length > 0)
    .map(([what, all]) => `${grouped(all.length)} ${what} (${all.slice(0, 3).join(", ")})`);
  return `  audit      WRONG: ${told.join("; ")}`;
}
