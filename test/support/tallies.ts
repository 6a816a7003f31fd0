// What searches by tallies and whole ones have in common.

import { search } from "../../src/explore/search.js";
import type { SearchOptions } from "../../src/explore/search-options.js";
import type { Setting } from "../../src/model/setting.js";

/** What a search finds. */
export async function observed(setting: Setting, options: SearchOptions) {
  const observations: string[] = [];
  const { states, verdict, witnesses, tallies } = await search(setting, {
    ...options,
    onObservation: (monitors) => observations.push(JSON.stringify(monitors)),
  });
  return { states, verdict, messages: witnesses.messages, observations: observations.sort(), tallies };
}

/** What two searches must have in common, whatever states they store. */
export function uncounted({ verdict, messages, observations }: Awaited<ReturnType<typeof observed>>) {
  return { verdict, messages, observations };
}
