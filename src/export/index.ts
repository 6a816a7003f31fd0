// The formats that a trace can be written in.

import { pick } from "../catalogue/index.js";
import { ava } from "./ava.js";
import type { Exporter } from "./exporter.js";
import { html } from "./html.js";
import { itf } from "./itf.js";
import { mermaid } from "./mermaid.js";
import { shiviz } from "./shiviz.js";
import { svg } from "./svg.js";
import { vitest } from "./vitest.js";

export type { Exporter, ReplayedTrace } from "./exporter.js";

/** All of them. */
export const exporters: readonly Exporter[] = [ava, vitest, mermaid, itf, shiviz, html, svg];

/**
 * The exporter with this name.
 *
 * ```ts
 * exporterNamed("mermaid").ending // => ".mmd"
 * ```
 * @throws {UserError} that lists what there is.
 */
export function exporterNamed(name: string): Exporter {
  return pick("format", name, exporters);
}
