// The contract of a protocol: the settings for which it promises anything. It follows from the protocol's resilience.

import type { Protocol } from "../protocol/index.js";
import { resilienceKinds } from "../protocol/resilience.js";
import { calling, UserError } from "./errors.js";
import { textOf } from "./json-problem.js";

type Declaring = Pick<Protocol, "name" | "resilience">;

/** What a protocol without more being said promises. */
const usual = "byzantine";

/** How many nodes it needs to bear so many faults. @throws {UserError} where its author's function gives no such number. */
export function nodesNeeded(protocol: Declaring, faults: number): number {
  const { resilience = usual, name } = protocol;
  if (typeof resilience === "string") return kindOf(protocol, resilience).nodes(faults);
  const called = `resilience.nodes() of ${name}`;
  const nodes: unknown = calling("protocol-threw", called, () => resilience.nodes(faults));
  if (Number.isSafeInteger(nodes) && (nodes as number) >= 0) return nodes as number;
  throw new UserError(
    "protocol-malformed",
    `${called} must give a number of nodes; for ${faults} it gave ${textOf(nodes)}.`,
  );
}

/** Whether it bears crashes alone, so that it promises nothing where somebody lies. */
export function bearsOnlyCrashes(protocol: Declaring): boolean {
  const { resilience = usual } = protocol;
  const said = typeof resilience === "string" ? kindOf(protocol, resilience) : resilience;
  return said.against === "crash";
}

/** The most faults that so many replicas can bear: the f that a run has where nobody says otherwise. */
export function mostFaults(protocol: Declaring, replicas: number): number {
  let faults = 0;
  nodesNeeded(protocol, faults); // or it says what is wrong
  while (faults + 1 < replicas && nodesNeeded(protocol, faults + 1) <= replicas) faults++;
  return faults;
}

/** More replicas than these a run has only if somebody says so. */
const mostUnasked = 16;

/** How many replicas a run has where nobody says otherwise: four, or as many as bear one fault, if that takes more. */
export function usualReplicas(protocol: Declaring): number {
  const needed = nodesNeeded(protocol, 1);
  return needed > 4 && needed <= mostUnasked ? needed : 4;
}

/** As in `n >= 3f+1`. What is no multiple of f is said for the f of the run: `n >= 7 for f=2`. */
export function nodesText(protocol: Declaring, faults: number): string {
  const [none, one] = [nodesNeeded(protocol, 0), nodesNeeded(protocol, 1)];
  const each = one - none;
  const isLinear = [2, 3, 4].every((f) => nodesNeeded(protocol, f) === none + each * f);
  if (!isLinear || each < 1) return `n >= ${nodesNeeded(protocol, faults)} for f=${faults}`;
  return `n >= ${each === 1 ? "" : each}f${none === 0 ? "" : `+${none}`}`;
}

/** What is said of a run outside the protocol's contract. */
export function outsideContractText(protocol: Declaring, faults: number): string {
  const who = bearsOnlyCrashes(protocol) ? "that crash, and nobody lies" : "that are Byzantine or crash";
  return `outside the contract of the protocol (it needs ${nodesText(protocol, faults)} and at most f replicas ${who})`;
}

function kindOf({ name }: Declaring, kind: string) {
  if (Object.hasOwn(resilienceKinds, kind)) return resilienceKinds[kind as keyof typeof resilienceKinds];
  throw new UserError(
    "protocol-malformed",
    `resilience of ${name} is ${JSON.stringify(kind)}: use one of ${Object.keys(resilienceKinds).join(", ")}, or { nodes: (f) => ... }.`,
  );
}
