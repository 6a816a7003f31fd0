// Maps positions of the bundled script, as in stacks and syntax trees, to files and lines of the user's.

import { SourceMap } from "node:module";
import { join, relative } from "node:path";
import type { Bundle } from "./bundle.js";

const ours = /turncoat-node:|\/real\/(inside\/|definition\.)|<stdin>/;

/** See the file comment. */
export class Places {
  readonly #bundle: Bundle;
  readonly #map: SourceMap;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    this.#map = new SourceMap(JSON.parse(bundle.map));
  }

  /** The source of a position (from 1) as `file:line`; null if it is ours, or made by esbuild. */
  of(line: number, column: number): string | null {
    const { originalSource, originalLine } = this.#entry(line, column);
    if (originalSource === undefined || originalLine === undefined || ours.test(originalSource)) return null;
    const file = relative(process.cwd(), join(this.#bundle.directory, originalSource));
    return `${file}:${originalLine + 1}`;
  }

  /** Whether what stands there is part of the realm itself. */
  isOurs(line: number, column: number): boolean {
    return ours.test(this.#entry(line, column).originalSource ?? "");
  }

  #entry(line: number, column: number) {
    let before = column - 1;
    for (const { at, length } of this.#bundle.added?.get(line) ?? [])
      if (at + length <= column - 1) before -= length;
    return this.#map.findEntry(line - 1, before) as { originalSource?: string; originalLine?: number };
  }
}
