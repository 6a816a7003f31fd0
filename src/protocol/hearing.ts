// Which events a property hears, by kind and by name: the others are not visible to a search that checks it alone.

import type { Event } from "./behaviour.js";

/**
 * Hears events of these kinds, and custom events of these names.
 *
 * ```ts
 * hearing("executed", "state-installed")({ kind: "custom", name: "stable", data: null }) // => false
 * ```
 */
export function hearing(...names: readonly string[]): (event: Event) => boolean {
  return (event) => names.includes(event.kind === "custom" ? event.name : event.kind);
}
