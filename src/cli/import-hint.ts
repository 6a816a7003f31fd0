// A hint for a missing import: most names are not in the root of the package but in one of its subpaths.

/** The subpaths of the package. */
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

/** The error messages of a missing import of `turncoat`: Node's, and that of compiled TypeScript. */
const missing = [
  /The requested module 'turncoat' does not provide an export named '(\w+)'/,
  /\(0 ?, _turncoat\.(\w+)\) is not a function/,
];

/** A sentence that says what to import instead, or null if the error is about something else. */
export async function importHint(message: string): Promise<string | null> {
  const name = missing.map((form) => form.exec(message)?.[1]).find((found) => found !== undefined);
  if (name === undefined) return null;
  for (const [subpath, load] of Object.entries(subpaths))
    if (name in (await load()))
      return `${name} is exported by turncoat/${subpath}: import { ${name} } from "turncoat/${subpath}".`;
  return null;
}
