#!/usr/bin/env node
// The entry point of the command line. It loads the bundle (see src/packaging/bundle.ts), which starts three
// times as fast as the compiled files. It loads the compiled files if there is no bundle, if something was
// compiled after it, or for coverage.

import { statSync } from "node:fs";

function writtenAtMs(file: string): number {
  return statSync(new URL(file, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The compiler writes it whenever it writes anything; it is not part of the package. */
const compiledAtMs = writtenAtMs("../../tsconfig.tsbuildinfo");
const bundledAtMs = writtenAtMs("../../bundle/start.js");
const isBundled = bundledAtMs > compiledAtMs && process.env.NODE_V8_COVERAGE === undefined;

await import(new URL(isBundled ? "../../bundle/start.js" : "./start.js", import.meta.url).href);
