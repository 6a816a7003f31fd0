// Numbers with the noun that they count: `1 slot`, `2 slots`.

import type { Noun } from "./vocabulary.js";

/** As in `1 slot` and `2 slots`. A word whose plural is not its singular with an s comes as both. */
export function counted(number: number, what: string | Noun): string {
  const { one, many } = typeof what === "string" ? { one: what, many: `${what}s` } : what;
  return `${number} ${number === 1 ? one : many}`;
}
