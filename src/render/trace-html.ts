// A replayed trace as a part of a page.

import type { Diagram } from "./diagram.js";
import { escaped } from "./html.js";
import { sequenceSvg } from "./sequence-svg.js";

/** The setting, the picture and how it ends. */
export function traceHtml(diagram: Diagram): string {
  const { title, subtitle, starts, end, isViolated } = diagram;
  return `<p>${[title, subtitle, ...starts].map(escaped).join("<br>")}</p>
<figure>
${sequenceSvg(diagram)}
</figure>
<p class="${isViolated ? "violated" : "other"}">${escaped(end)}</p>`;
}
