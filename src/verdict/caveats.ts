// Caveats: what `holds` rests on, or does not cover, in a setting, and what a counterexample need not be. Nothing is wrong, but whoever reads the
// verdict should know.

import { losesForGood, networkNamed } from "../model/network.js";
import type { Setting } from "../model/setting.js";
import type { Protocol } from "../protocol/index.js";
import type { PropertyResult } from "./verdict.js";

/** What a verdict rests on besides what was explored. */
export interface Caveat {
  /** One sentence. */
  readonly text: string;
  /**
   * The property that covers what is left open, if there is one: where it is checked beside, nothing need
   * be said.
   */
  readonly coveredBy?: string;
  /** Whether it is likely to be a mistake, so that assertions in tests print it, too. Default: no. */
  readonly isLikelyMistake?: boolean;
}

/** The caveats of the properties that hold, and of liveness that is violated because messages were lost. */
export function caveatsOf(
  { protocol, config, network, bounds }: Setting,
  properties: readonly PropertyResult[],
): readonly Caveat[] {
  const held = properties.filter(({ verdict }) => verdict === "holds");
  const caveats: Caveat[] = [];
  if (networkNamed(network) === null && held.some(({ kind }) => kind === "eventually"))
    caveats.push({
      text: "on the async network liveness assumes that messages are sent again for ever; where yours are not, check with --network once, too",
    });
  if (
    losesForGood(network) &&
    properties.some(({ verdict, kind }) => verdict === "violated" && kind === "eventually")
  )
    caveats.push({
      text: "this network loses messages for good, so whoever leaves sending again to the transport is not live on it: for such a protocol check liveness with --network once or fifo, and safety alone here",
    });
  const seesAgreement = held.some(({ name }) => name === "agreement");
  const isUnseen = nullRequestsAreUnseen(protocol, { slots: config.slots, views: bounds.views });
  if (seesAgreement && isUnseen && !config.showsSkipped)
    caveats.push({
      text: "a committed request that is overwritten by the null request shows only with --slots 2 or --property null-agreement",
      coveredBy: "null-agreement",
    });
  return caveats;
}

/**
 * A property that holds, says that it was put to the test, and yet knows everywhere what it knew at the start: perhaps no event that it
 * waits for is ever said, as where one of the two is misspelt. If it waits for what must not happen, that is as it should be.
 * `hasObserved`: whether the property with this index ever knew anything else.
 */
export function deafCaveatsOf(
  properties: readonly PropertyResult[],
  hasObserved: (index: number) => boolean,
): readonly Caveat[] {
  return properties
    .filter(({ verdict, kind }, index) => verdict === "holds" && kind !== "sometimes" && !hasObserved(index))
    .map(({ name }) => deafCaveat(name));
}

/** See {@link deafCaveatsOf}. */
export function deafCaveat(property: string): Caveat {
  return {
    text: `${property} has not observed anything: in every state it knows what it knew at the start. If it does not wait for what must not happen, see which events it hears, and which are said`,
    isLikelyMistake: true,
  };
}

/**
 * Whether `agreement` is blind to null requests: one takes the place of a committed request, and no later
 * slot is there to be shifted by it. In view 0 nobody proposes one.
 */
export function nullRequestsAreUnseen(
  { nullRequests = false }: Pick<Protocol, "nullRequests">,
  { slots, views }: { readonly slots: number; readonly views: number },
): boolean {
  return nullRequests && slots === 1 && views > 0;
}
