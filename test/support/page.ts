// HTML pages in tests: what their policy admits, and the page without our own script.

import { createHash } from "node:crypto";
import { pageAsset } from "../../src/viewer/asset.js";

/** The hashes (of a kind, such as `script-src`) that the policy of a page names. */
export function admitted(page: string, kind: string): string[] {
  const [, policy = ""] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page) ?? [];
  const directive = policy.split("; ").find((part) => part.startsWith(`${kind} `)) ?? "";
  return [...directive.matchAll(/'sha256-([^']+)'/g)].map(([, hash]) => hash!);
}

/** The hashes of what stands in elements with this opening tag. */
export function hashesOf(page: string, tag: RegExp, end: string): string[] {
  return [...page.matchAll(tag)].map(({ 0: opening, index }) => {
    const begin = index + opening.length;
    return createHash("sha256")
      .update(page.slice(begin, page.indexOf(end, begin)))
      .digest("base64");
  });
}

/** The page without the viewer's program and style, and without its data. */
export function withoutViewer(page: string): string {
  const { script, style } = pageAsset();
  return page
    .replace(`<script>${script}</script>`, () => "")
    .replace(`<style id="turncoat-style">${style}</style>`, () => "")
    .replace(/<script type="application\/json" id="turncoat-data">[^<]*<\/script>/, "");
}
