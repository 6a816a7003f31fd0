// Null agreement (safety): if a correct replica has executed a request at a slot, the null request commits
// there at none.

import { hearing, monitor, type Property } from "../src/protocol/index.js";

/**
 * For each slot: the first replica that executed a request there, and the first at which the null request
 * committed.
 */
type Slots = { readonly [slot: string]: { readonly executed?: string; readonly skipped?: string } };

/**
 * No slot has a request executed by one correct replica and the null request committed at another, or later
 * at the same one. A null request executes nothing, so `agreement` sees it only where a later slot shifts the
 * log: in runs of one slot, not at all. Replicas have to tell (`Config.showsSkipped`), which makes visible
 * steps of what is silent otherwise; so it is checked in a run of its own.
 */
export const nullAgreement: Property = {
  name: "null-agreement",
  summary: "a slot at which a correct replica has executed a request is never filled with the null request",
  kind: "always",
  observes: "replicas",
  configures: { showsSkipped: true },
  exercise: "a correct replica must have executed a request, or seen the null request committed",
  hears: hearing("executed", "skipped"),
  monitor: ({ config }) =>
    monitor<Slots>({
      init: {},
      on: (slots, by, event) => {
        if (event.kind === "executed") return withFirst(slots, event.slot, "executed", by);
        if (event.kind !== "custom" || event.name !== "skipped") return slots;
        return withFirst(slots, Number(event.data), "skipped", by);
      },
      verdict: (slots) => (conflict(slots) === null ? "holds" : "violated"),
      exercised: (slots) => (config.showsSkipped ? Object.keys(slots).length : 0),
      explain: (slots) => conflict(slots) ?? "no slot has both a request and the null request",
    }),
};

function withFirst(slots: Slots, slot: number, what: "executed" | "skipped", by: string): Slots {
  if (slots[slot]?.[what] !== undefined) return slots;
  return { ...slots, [slot]: { ...slots[slot], [what]: by } };
}

function conflict(slots: Slots): string | null {
  for (const [slot, { executed, skipped }] of Object.entries(slots))
    if (executed !== undefined && skipped !== undefined)
      return `${executed} executed a request at slot ${slot}, but at ${skipped} the null request has committed there`;
  return null;
}
