// Rewrites a bundle so that snapshots see more of its state, by the level of sight. `graph` leaves the bundle
// as it is. `closures` adds the variables that functions capture. `everything` also turns async functions
// into generators, whose variables can be seen, and makes promises inspectable.

import { createRequire } from "node:module";
import type { Bundle } from "../bundle.js";
import { Places } from "../place.js";
import type { Sight } from "./levels.js";
import { insertionsFor } from "./rewrite.js";
import { capturesIn } from "./scopes.js";
import { parsed } from "./syntax.js";

/** `withPlaces`: captured variables are called `n (counter.ts:3)` instead of `(n)`. */
export function seeing(bundle: Bundle, sight: Sight, withPlaces = false): Bundle {
  if (sight === "graph") return bundle;
  return { ...instrumented(sight === "everything" ? withoutAsync(bundle) : bundle, withPlaces), sight };
}

/** Async functions as generators. esbuild does this as it does it for old engines; promises are awaited as many turns as before. */
function withoutAsync(bundle: Bundle): Bundle {
  const { transformSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const inlined = Buffer.from(bundle.map).toString("base64");
  const { code, map } = transformSync(
    `${bundle.code}\n//# sourceMappingURL=data:application/json;base64,${inlined}`,
    {
      ...{ target: "es2021", sourcemap: "external", sourcesContent: false, logLevel: "silent" },
      ...{ sourcefile: "realm.js" },
      supported: { "async-await": false, "async-generator": false, "for-await": false },
    },
  );
  return { ...bundle, code, map };
}

/** The bundle with calls that tell what is captured. */
function instrumented(bundle: Bundle, withPlaces: boolean): Bundle {
  const { code } = bundle;
  const program = parsed(code);
  const lines = startsOfLines(code);
  const places = new Places(bundle);
  /** Line and column, from 1. */
  const positionOf = (at: number) => {
    const line = lineAt(lines, at);
    return [line + 1, at - lines[line]! + 1] as const;
  };
  const insertions = insertionsFor(program, {
    captures: capturesIn(program),
    isTheirs: (at) => !places.isOurs(...positionOf(at)),
    nameOf: (variable, at) => {
      const place = withPlaces ? places.of(...positionOf(at)) : null;
      return place === null ? `(${variable})` : `${variable} (${place})`;
    },
  });
  const added = new Map<number, { at: number; length: number }[]>();
  const parts: string[] = [];
  let [done, line, addedToLine] = [0, -1, 0];
  for (const { at, text } of insertions) {
    parts.push(code.slice(done, at), text);
    done = at;
    const here = lineAt(lines, at);
    if (here !== line) [line, addedToLine] = [here, 0];
    const list = added.get(line + 1) ?? [];
    added.set(line + 1, list);
    list.push({ at: at - lines[line]! + addedToLine, length: text.length });
    addedToLine += text.length;
  }
  return { ...bundle, code: parts.join("") + code.slice(done), added };
}

function startsOfLines(code: string): number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line (from 0) of a position. */
function lineAt(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
