// The page's program: the modules in page/, bundled into one script and one style sheet. `npm run build` makes it; while somebody
// works on Turncoat itself, a page that is older than its sources is bundled again when it is needed.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomically } from "../files/atomic.js";

/** The texts that a page is made of. */
export interface PageAsset {
  readonly script: string;
  readonly style: string;
}

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "page.json");
/** The sources: `build/src/viewer` lies two levels below the package. */
const sources = join(here, "../../../src/viewer");

let loaded: PageAsset | null = null;

/** The page's program, made anew if it is missing or older than its sources. */
export function pageAsset(): PageAsset {
  loaded ??= isUpToDate() ? (JSON.parse(readFileSync(built, "utf8")) as PageAsset) : bundlePage();
  return loaded;
}

function isUpToDate(): boolean {
  if (!existsSync(built)) return false;
  // In a package that was installed the times of files say nothing, and the bundler's other packages are not there.
  if (!existsSync(join(sources, "../../tsconfig.json"))) return true;
  const made = statSync(built).mtimeMs;
  return [sources, join(sources, "page")].every((directory) =>
    readdirSync(directory).every((name) => statSync(join(directory, name)).mtimeMs <= made),
  );
}

/** Bundles the page and keeps the result beside this file. */
export function bundlePage(): PageAsset {
  // Loaded here only: whoever has the built page needs no bundler.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const common = {
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    charset: "utf8",
  } as const;
  const script = buildSync({
    ...common,
    entryPoints: [join(sources, "page/main.tsx")],
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const style = buildSync({ ...common, entryPoints: [join(sources, "page/style.css")] });
  const asset = { script: script.outputFiles[0]!.text, style: style.outputFiles[0]!.text };
  writeAtomically(built, JSON.stringify(asset));
  return asset;
}
