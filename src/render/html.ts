// The common parts of all HTML pages. A page is self-contained: no script, font or image from elsewhere.

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

/**
 * A whole page. `title` is plain text; `body` and `style` (rules beyond those that all pages have) are what
 * they say.
 */
export function htmlPage(title: string, body: string, style = ""): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${css}${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;
}

/** The class in which a verdict is shown. */
export function verdictClass(verdict: string): string {
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
