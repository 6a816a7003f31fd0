// Where a name stands that a module has looked for in the root of the package: most names are in one of its subpaths.

/** The subpaths, with the names of values that they export. */
const subpaths = {
  vocabulary: () => import("../api/vocabulary.js"),
  properties: () => import("../../properties/index.js"),
  adversaries: () => import("../../adversaries/index.js"),
  search: () => import("../api/search.js"),
  suites: () => import("../api/suites.js"),
  traces: () => import("../api/traces.js"),
  strategies: () => import("../api/strategies.js"),
  simulate: () => import("../api/simulate.js"),
  protocols: () => import("../api/protocols.js"),
  assert: () => import("../api/assert.js"),
};

/** How a missing import of `turncoat` is told: by Node, and by what TypeScript is compiled to. */
const missing = [
  /The requested module 'turncoat' does not provide an export named '(\w+)'/,
  /\(0 ?, _turncoat\.(\w+)\) is not a function/,
];

/** What to import instead, in words, if an error is about such a name; otherwise null. */
export async function importHint(message: string): Promise<string | null> {
  const name = missing.map((form) => form.exec(message)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return null;
  for (const [subpath, load] of Object.entries(subpaths))
    if (name in (await load()))
      return `${name} is exported by turncoat/${subpath}: import { ${name} } from "turncoat/${subpath}".`;
  return null;
}
