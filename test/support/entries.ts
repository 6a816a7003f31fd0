// The entries of the package, as package.json and their barrels have them: which names each exports, and from which file.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../cli/support.js";

interface Target {
  readonly types: string;
  readonly default: string;
}

const { exports: targets } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly exports: { readonly [subpath: string]: string | Target };
};

/** The barrel of each entry, by the name under which it is imported. */
export const barrels: ReadonlyMap<string, string> = new Map(
  Object.entries(targets).flatMap(([subpath, target]) =>
    typeof target === "string"
      ? []
      : [[`turncoat${subpath.slice(1)}`, target.default.replace("./build/", "").replace(/\.js$/, ".ts")]],
  ),
);

/** A name that a barrel exports, types included. */
export interface Exported {
  readonly name: string;
  /** Its name in the file that it comes from. */
  readonly original: string;
  readonly file: string;
}

/** What a barrel exports. Barrels are lists of `export ... from`, and nothing else. */
export function exportedBy(barrel: string): readonly Exported[] {
  const code = readFileSync(join(root, barrel), "utf8").replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const rest = code.replaceAll(/export (type )?(\{[^}]*\}|\*) from "[^"]+";/g, "").trim();
  if (rest !== "") throw new Error(`${barrel} does more than to export: ${rest}`);
  return [...code.matchAll(/export (?:type )?(?:\{([^}]*)\}|\*) from "([^"]+)"/g)].flatMap(
    ([, list, from]) => {
      const file = join(barrel, "..", from!.replace(/\.js$/, ".ts"));
      return list === undefined
        ? exportedBy(file)
        : namesIn(list).map((names) => sourceOf({ ...names, file }));
    },
  );
}

function namesIn(list: string): readonly Pick<Exported, "name" | "original">[] {
  return list.split(",").flatMap((item) => {
    const words = item
      .trim()
      .replace(/^type /, "")
      .split(/\s+/);
    return words[0] === "" ? [] : [{ name: words.at(-1)!, original: words[0]! }];
  });
}

/** Where the name is declared, if the file itself has it from another one. */
function sourceOf(exported: Exported): Exported {
  const { original, file } = exported;
  const code = readFileSync(join(root, file), "utf8");
  for (const [, list, from] of code.matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)";/gm)) {
    const found = namesIn(list!).find(({ name }) => name === original);
    if (!found) continue;
    const source = join(file, "..", from!.replace(/\.js$/, ".ts"));
    return sourceOf({ ...exported, original: found.original, file: source });
  }
  return exported;
}
