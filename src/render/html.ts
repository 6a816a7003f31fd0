// The common parts of all HTML pages. A page is self-contained: no script, font or image comes from elsewhere.

import { createHash } from "node:crypto";
import { visibleText } from "../model/visible-text.js";

const css = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
th { border-bottom: 2px solid #888; } th.label, td.label { text-align: left; }
.holds { color: #0a6b2b; } .violated { color: #b00020; } .other { color: #8a5a00; }
code { background: #f3f3f3; padding: 0.1rem 0.3rem; } figure { margin: 1rem 0; overflow-x: auto; } .scroll { overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } code { background: #2a2a2a; } th, td { border-color: #444; }
.holds { color: #5fd38a; } .violated { color: #ff6b81; } .other { color: #e0b050; } }
`;

/** A script of ours in a page, with its style sheet and its data. */
export interface EmbeddedScript {
  readonly script: string;
  readonly style: string;
  /** The id of the element in which the data stand, as JSON. */
  readonly dataId: string;
  readonly data: unknown;
}

/**
 * A whole page. `title` is plain text; `body` and `style` (rules beyond those that all pages have) are what they say. The page's
 * policy lets nothing in from elsewhere, and runs no script but `embedded`; `connect`: what that may talk to.
 */
export function htmlPage(
  title: string,
  body: string,
  style = "",
  embedded: EmbeddedScript | null = null,
  connect = "'none'",
): string {
  const sheets = [`${css}${style}`, ...(embedded ? [embedded.style] : [])];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(sheets, embedded ? [embedded.script] : [], connect)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
${sheets.map((sheet, index) => `<style${index === 0 ? "" : ' id="turncoat-style"'}>${sheet}</style>`).join("\n")}
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
${embedded ? scripts(embedded) : ""}</body>
</html>
`;
}

/** The Content-Security-Policy of a page with these style sheets and scripts; `connect`: what its script may talk to. */
function policy(styles: readonly string[], scripts: readonly string[], connect = "'none'"): string {
  const hashes = (texts: readonly string[]) =>
    texts.length === 0 ? "'none'" : texts.map((text) => `'sha256-${sha256(text)}'`).join(" ");
  return [
    "default-src 'none'",
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}`,
    `connect-src ${connect}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** What stands escaped in the JSON of pages: what could end its element, and what an editor would show as something else. */
const escapedInJson = /[<\p{Cc}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]/gu;

/** JSON in an element that nothing executes. */
function scripts({ script, dataId, data }: EmbeddedScript): string {
  const json = JSON.stringify(data).replaceAll(
    escapedInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `<script type="application/json" id="${dataId}">${json}</script>
<script>${script}</script>
`;
}

/** The class in which a verdict is shown. */
export function verdictClass(verdict: string): string {
  if (verdict === "no violation") return "holds"; // of random runs: the colour is the same, the word is not
  return verdict === "holds" || verdict === "violated" ? verdict : "other";
}

/** Text as HTML, and as XML. */
export function escaped(text: string): string {
  return visibleText(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
