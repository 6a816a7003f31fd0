// Which messages are counted as votes are, so that a search inside a node can go by tallies; and why others are not.

import type { NodeTable } from "../../model/node-table.js";
import type { Outcome } from "../../model/outcomes.js";
import { inputOf } from "../../model/starts.js";
import type { TransitionSystem } from "../../model/system.js";
import { typeOf } from "../../model/terms.js";
import { Additions } from "../tallies/additions.js";

/** How the messages of one type are taken that change a node's state and nothing else. */
export interface CountingShare {
  readonly type: string;
  /** How often one has changed a state without anything that others notice. */
  readonly silent: number;
  /** How often it did so by adding one element to one list. */
  readonly counted: number;
  /** What it did otherwise, most often: the fields that it changed, or what else stood against it. Empty: nothing. */
  readonly otherwise: string;
}

/** So many steps are looked at. */
const most = 20_000;

/** By type of message, the one that is counted least often first. */
export function countingOf(system: TransitionSystem): readonly CountingShare[] {
  const shares = new Map<string, { silent: number; counted: number; reasons: Map<string, number> }>();
  const { nodes, correctCount } = system;
  const names = nodes.map(({ spec }) => spec.id);
  for (const table of nodes.slice(0, correctCount)) {
    const additions = new Additions(table, names);
    let looked = 0;
    for (const [local, id, outcomes] of table.steps()) {
      const { kind, what } = inputOf(id);
      if (kind !== "packet" || !outcomes.every(isSilent)) continue;
      if (outcomes.every((outcome) => outcome.local === local)) continue;
      if (++looked > most) break;
      const type = typeOf(system.packet(what).message);
      const share = shares.get(type) ?? { silent: 0, counted: 0, reasons: new Map() };
      shares.set(type, share);
      share.silent++;
      const reason = against(table, additions, local, outcomes);
      if (reason === null) share.counted++;
      else share.reasons.set(reason, (share.reasons.get(reason) ?? 0) + 1);
    }
  }
  return [...shares]
    .map(([type, { silent, counted, reasons }]) => ({
      ...{ type, silent, counted },
      otherwise: [...reasons].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "",
    }))
    .sort((a, b) => a.counted / a.silent - b.counted / b.silent || b.silent - a.silent);
}

/** Whether nobody else notices anything; timers may change. */
function isSilent({ kept, events, sends, defers }: Outcome): boolean {
  return kept.length === 0 && events === 0 && sends === 0 && defers === null;
}

/** Why this is not counting; null: it is. */
function against(
  table: NodeTable,
  additions: Additions,
  local: number,
  outcomes: readonly Outcome[],
): string | null {
  if (outcomes.length > 1) return "has several outcomes";
  const [{ local: after, timersOn, timersOff }] = outcomes as readonly [Outcome];
  if ((timersOn | timersOff) !== 0) return "sets or cancels a timer";
  const added = additions.between(local, after);
  if (added?.length === 1) return null;
  if (added !== null) return `adds ${added.length} elements`;
  const [one, other] = [table.localIdentity(local), table.localIdentity(after)] as readonly Record<
    string,
    unknown
  >[];
  const changed = Object.keys({ ...one, ...other }).filter(
    (name) => JSON.stringify(one?.[name]) !== JSON.stringify(other?.[name]),
  );
  return `changes ${changed.map((name) => `\`${name}\``).join(" and ") || "the state"} otherwise than by one more element`;
}
