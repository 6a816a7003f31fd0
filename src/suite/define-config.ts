// `defineConfig`: a configuration with its types, for whoever writes turncoat.config.ts.

import type { Suite } from "./request.js";

/** What `turncoat.config.{ts,js,json}` says. */
export interface TurncoatConfig {
  readonly suites: readonly Suite[];
}

/**
 * Returns its argument, so that an editor knows what can stand in it.
 *
 * ```ts
 * export default defineConfig({ suites: [{ name: "mine", requests: [{ protocol: "./vote.ts", expect: "holds" }] }] });
 * ```
 */
export function defineConfig(config: TurncoatConfig): TurncoatConfig {
  return config;
}
