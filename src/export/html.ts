// A page with the trace as a picture: for a review, a ticket, a talk. It needs no network.

import { diagramOf } from "../render/diagram.js";
import { escaped, htmlPage } from "../render/html.js";
import { sequenceStyle } from "../render/sequence-svg.js";
import { traceHtml } from "../render/trace-html.js";
import { version } from "../version.js";
import type { Exporter } from "./exporter.js";

export const html: Exporter = {
  name: "html",
  summary: "a page with a sequence diagram",
  ending: ".html",
  write: ({ trace, result, file }) => {
    const { protocol } = trace.setting;
    const body = `${traceHtml(diagramOf(result))}
<p>Written by Turncoat ${escaped(version)}; the same in a terminal: <code>turncoat replay ${escaped(file)}</code></p>`;
    return htmlPage(`${protocol}: ${trace.violates.property}`, body, sequenceStyle);
  },
};
