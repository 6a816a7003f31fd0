// Checks the nodes, requests and digests of a protocol, on which everything else is built. Each function is
// called twice, since one that counts its calls returns something else the second time.

import type { Config, Json } from "../protocol/index.js";
import { nestingProblem, textOf } from "./json-problem.js";
import { isPlainJson } from "./plain-json.js";

/** What is wrong with what nodes() gave, or null. */
export function nodesProblem(nodes: unknown, again: unknown): string | null {
  if (!Array.isArray(nodes)) return `must return a list; it gave ${textOf(nodes)}`;
  const ids = new Set<string>();
  for (const [index, node] of (nodes as readonly Record<string, unknown>[]).entries()) {
    const { id, role, behaviour } = node ?? {};
    if (typeof id !== "string" || id === "")
      return `gave a node whose id is not a string, at [${index}]: ${textOf(id)}`;
    if (ids.has(id)) return `gave two nodes with the id ${JSON.stringify(id)}: every node needs its own`;
    ids.add(id);
    if (role !== "replica" && role !== "client")
      return `gave the node ${id} a role that is neither "replica" nor "client": ${textOf(role)}`;
    const functions = ["init", "step", "stable"] as const;
    for (const name of functions)
      if (typeof (behaviour as Record<string, unknown> | undefined)?.[name] !== "function")
        return `gave the node ${id} a behaviour without the function ${name}`;
  }
  const shape = (list: unknown) =>
    textOf((list as readonly Record<string, unknown>[]).map(({ id, role }) => [id, role]));
  if (!Array.isArray(again) || shape(nodes) !== shape(again))
    return "gave other nodes when it was called again: it must depend on the configuration alone";
  return null;
}

/**
 * What is wrong with what requests() gave, or null. That they are too few is another matter: see {@link
 * tooFewRequests}.
 */
export function requestsProblem(requests: unknown, again: unknown): string | null {
  if (!Array.isArray(requests)) return `must return a list; it gave ${textOf(requests)}`;
  for (const [index, request] of requests.entries()) {
    const nested = nestingProblem(request);
    if (nested !== null) return `gave a request that ${nested}, at [${index}]`;
    if (!isPlainJson(request))
      return `gave a request that is not plain JSON, at [${index}]: ${textOf(request)}`;
  }
  const texts = requests.map((request) => JSON.stringify(request));
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice !== undefined) return `gave the request ${twice} twice: they must be distinct`;
  if (!Array.isArray(again) || textOf(requests) !== textOf(again))
    return "gave other requests when it was called again: it must depend on the configuration alone";
  return null;
}

/**
 * Why a run with so many requests cannot be made of those that there are, or null. A protocol that gives
 * none at all has no notion of requests (two-phase commit decides on its own), so how many are asked for
 * means nothing to it.
 */
export function tooFewRequests(name: string, config: Config, requests: readonly Json[]): string | null {
  const count = requests.length;
  if (count >= config.requests || count === 0) return null;
  const there = count === 1 ? "is only 1 request" : `are only ${count} requests`;
  return `${config.requests} requests are asked for, but there ${there} of ${name}: use --requests ${count}, or let requests() give more.`;
}

/** What is wrong with what digest() gave for a request, or null. */
export function digestProblem(request: Json, digest: unknown, again: unknown): string | null {
  if (typeof digest !== "string")
    return `must give a string; it gave ${textOf(digest)} for ${textOf(request)}`;
  if (digest !== again)
    return `gave ${JSON.stringify(digest)} and then ${textOf(again)} for ${textOf(request)}: it must depend on the request alone`;
  return null;
}
