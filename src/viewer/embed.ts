// The viewer as a part of HTML pages: its program, and the stories as data that nothing executes.

import type { EmbeddedScript } from "../render/html.js";
import { pageAsset } from "./asset.js";
import type { Story } from "./story.js";

/** The place of a story in a page; `fallback` (HTML) is what is there without scripts. */
export function viewerPlace(index: number, fallback: string, isWhole = false): string {
  return `<div data-story="${index}"${isWhole ? " data-whole" : ""}>\n${fallback}\n</div>`;
}

/** What a page with {@link viewerPlace}s needs. */
export function viewerScript(data: {
  readonly stories: readonly Story[];
  readonly live?: boolean;
}): EmbeddedScript {
  const { script, style } = pageAsset();
  return { script, style, dataId: "turncoat-data", data };
}
