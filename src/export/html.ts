// HTML export: a page with the viewer, for a review, a ticket, a talk. It needs no network and no server; without scripts it is a picture.

import { diagramOf } from "../render/diagram.js";
import { escaped, htmlPage } from "../render/html.js";
import { sequenceStyle } from "../render/sequence-svg.js";
import { traceHtml } from "../render/trace-html.js";
import { version } from "../version.js";
import { viewerPlace, viewerScript } from "../viewer/embed.js";
import { storyOf } from "../viewer/tell.js";
import { unavoidableIn } from "../viewer/unavoidable-in.js";
import type { Exporter } from "./exporter.js";

export const html: Exporter = {
  name: "html",
  summary: "a page to step through, with the state of every node",
  ending: ".html",
  write: ({ trace, result, file, onOriginal }) => {
    const { protocol } = trace.setting;
    const note = `<p>Written by Turncoat ${escaped(version)}; the same in a terminal: <code>turncoat replay ${escaped(file)}</code></p>`;
    const stories = [
      { ...storyOf(result, protocol), unavoidable: unavoidableIn(result) },
      ...(onOriginal ? [storyOf(onOriginal.result, onOriginal.protocol)] : []),
    ];
    const place = viewerPlace(0, `${traceHtml(diagramOf(result))}\n${note}`, true);
    return htmlPage(
      `${protocol}: ${trace.violates.property}`,
      place,
      sequenceStyle,
      viewerScript({ stories }),
    );
  },
};
