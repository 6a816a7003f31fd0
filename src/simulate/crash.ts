// Crashes of a simulated run: who is down, and from when to when. A replica that comes back has what its behaviour calls stable. Messages for
// it wait until then, since links retransmit what was not acknowledged; one that stays down is faulty, and nothing is owed to it.

import * as Schema from "effect/Schema";
import { UserError } from "../model/errors.js";
import type { Micros } from "../model/timed/timing.js";
import { milliseconds, ParseError } from "../parameters/readers.js";
import type { NodeId } from "../protocol/index.js";
import { amount } from "./value-kinds.js";

/** A time in which a replica is down; without an end it never comes back. */
export interface Crash {
  readonly node: NodeId;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** The crashes that a program may give. */
export const CrashSchema: Schema.Codec<Crash> = Schema.Struct({
  ...{ node: Schema.String, fromMs: amount, toMs: Schema.NullOr(amount) },
}).check(
  Schema.makeFilter(
    ({ fromMs, toMs }) => toMs === null || toMs > fromMs || "a restart comes after the crash",
  ),
);

/**
 * As in `r1:300..800`, or `r1:300` for good.
 *
 * ```ts
 * crashFrom("r1:300..2s") // => { node: "r1", fromMs: 300, toMs: 2000 }
 * ```
 * @throws {ParseError}
 */
export function crashFrom(text: string): Crash {
  const match = /^([^:]+):([^:.]+(?:\.\d[^:.]*)?)(?:\.\.([^:]+))?$/.exec(text);
  if (!match) throw new ParseError("use node:from..to, as in r1:300..800, or node:from if it stays down.");
  const [node, fromMs] = [match[1]!, milliseconds(match[2]!)];
  const toMs = match[3] === undefined ? null : milliseconds(match[3]);
  if (toMs !== null && toMs <= fromMs) throw new ParseError("a restart comes after the crash.");
  return { node, fromMs, toMs };
}

/**
 * Refuses crashes of whoever is no correct replica, and crashes of one that is down already.
 *
 * @throws {UserError} `bad-option`
 */
export function checkCrashes(
  crashes: readonly Crash[],
  replicas: readonly NodeId[],
  byzantine: readonly NodeId[],
): void {
  for (const [index, { node, fromMs, toMs }] of crashes.entries()) {
    if (!replicas.includes(node))
      throw new UserError(
        "bad-option",
        `There is no replica ${node} that could crash; there are ${replicas.join(", ")}.`,
      );
    if (byzantine.includes(node))
      throw new UserError(
        "bad-option",
        `${node} is Byzantine, so it does not crash: name another one, or leave the crash out.`,
      );
    const overlaps = crashes
      .slice(0, index)
      .some(
        (other) =>
          other.node === node &&
          fromMs <= (other.toMs ?? Number.POSITIVE_INFINITY) &&
          other.fromMs <= (toMs ?? Number.POSITIVE_INFINITY),
      );
    if (overlaps)
      throw new UserError(
        "bad-option",
        `Two crashes of ${node} overlap: the second one begins before it is back.`,
      );
  }
}

/** Who crashes and stays down. */
export function goneIn(crashes: readonly Crash[]): readonly NodeId[] {
  return crashes.filter(({ toMs }) => toMs === null).map(({ node }) => node);
}

/** When nodes are down. Nodes are numbered among all nodes. */
export class DownTimes {
  /** By node, in their order; undefined: it never crashes. */
  readonly #times: readonly (readonly { readonly from: Micros; readonly to: Micros }[] | undefined)[];

  constructor(crashes: readonly Crash[], ids: readonly NodeId[]) {
    this.#times = ids.map((id) => {
      const mine = crashes.filter(({ node }) => node === id).sort((a, b) => a.fromMs - b.fromMs);
      if (mine.length === 0) return undefined;
      return mine.map(({ fromMs, toMs }) => ({
        from: Math.round(fromMs * 1000),
        to: toMs === null ? Number.POSITIVE_INFINITY : Math.round(toMs * 1000),
      }));
    });
  }

  /** The crashes of a node: from when to when; infinite: for good. */
  of(node: number): readonly { readonly from: Micros; readonly to: Micros }[] {
    return this.#times[node] ?? [];
  }

  /** When something that would reach a node at `at` does: at once, or when the node is back; infinite if it never is. */
  reaches(node: number, at: Micros): Micros {
    return this.of(node).find(({ from, to }) => at >= from && at < to)?.to ?? at;
  }

  /** When a node crashes next, from `at` on; infinite: never again. */
  nextCrash(node: number, at: Micros): Micros {
    return this.of(node).find(({ from }) => from >= at)?.from ?? Number.POSITIVE_INFINITY;
  }
}
