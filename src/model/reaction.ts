// A reaction: what an input does to one node's component, interned.

import { noSettings, type TimerSetting } from "./outcomes.js";

/** A possible reaction of a node, interned. */
export interface Reaction {
  readonly label: string | undefined;
  /**
   * Whether chance decides: see `Step.random`. Never for a puppet: a Byzantine node throws its coins as it
   * likes.
   */
  readonly random: boolean;
  readonly component: number;
  /** Id of the list of events; 0 is the empty list. */
  readonly events: number;
  /** What goes into the inboxes of others: an index into `NodeTable.sendings`. Always 0 on `async`. */
  readonly sends: number;
  /**
   * The key under which the message just received is to be kept for later, or null. Always null on `async`.
   */
  readonly defers: string | null;
  /**
   * The timers that it sets. Only timed runs look at it: elsewhere a timer that is set is one that may
   * fire.
   */
  readonly sets: readonly TimerSetting[];
}

/** A reaction that only leads to a component: it sends nothing and shows nothing. */
export function silentlyTo(
  component: number,
  {
    label,
    sets = noSettings,
  }: { readonly label?: string | undefined; readonly sets?: Reaction["sets"] } = {},
): Reaction {
  return { label, random: false, component, events: 0, sends: 0, defers: null, sets };
}

/** Whether a reaction of this component changes nothing (a message that is deferred is ignored, too). */
export function isIgnored({ component: next, events, sends }: Reaction, component: number): boolean {
  return next === component && events === 0 && sends === 0;
}
