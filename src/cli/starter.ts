// The starter project of `turncoat init`: a protocol, its test, its suite and a CI file. The files are copies
// of examples/starter and examples/ci, which CI runs, so they work unchanged.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));

/** The files, by the example that each is a copy of. */
const files = {
  "protocol.ts": "starter/protocol.ts",
  "protocol.test.js": "starter/protocol.test.js",
  "turncoat.config.ts": "starter/turncoat.config.ts",
} as const;

const ci = {
  github: { ".github/workflows/turncoat.yml": "ci/github.yml" },
  gitlab: { ".gitlab-ci.yml": "ci/gitlab.yml" },
  none: {},
} as const;

/** The CI systems for which there is a file. */
export type CiKind = keyof typeof ci;
export const ciKinds = Object.keys(ci) as readonly CiKind[];

/** An existing file is left unchanged. */
const unlessThere = {
  "package.json": (directory: string) => packageFor(directory),
  ".gitignore": () => "node_modules\ntraces\nreports\n.turncoat\n",
} as const;

/**
 * Writes the files into a directory, and creates it if needed. Returns the text to print.
 *
 * @throws {UserError} `bad-option` if one of the files exists. Then nothing is written.
 */
export function writeStarter(directory: string, kind: CiKind): string[] {
  const copies = Object.entries({ ...files, ...ci[kind] });
  const taken = copies.map(([name]) => name).filter((name) => existsSync(join(directory, name)));
  if (taken.length > 0)
    throw new UserError(
      "bad-option",
      `${taken.join(", ")} ${taken.length === 1 ? "is" : "are"} there already: nothing was written. Use another directory, as in: turncoat init my-protocol`,
    );
  for (const [name, from] of copies) writeAtomically(join(directory, name), read(from));
  const kept: string[] = [];
  for (const [name, text] of Object.entries(unlessThere)) {
    if (existsSync(join(directory, name))) kept.push(name);
    else writeAtomically(join(directory, name), text(directory));
  }
  const there = relative(".", directory);
  const written = [...copies.map(([name]) => name), ...Object.keys(unlessThere)].filter(
    (name) => !kept.includes(name),
  );
  return [
    `Written${there === "" ? "" : ` to ${there}`}: ${written.join(", ")}.`,
    ...(kept.includes("package.json")
      ? [`package.json is left as it is: it needs "type": "module", and effect and turncoat as dependencies.`]
      : []),
    "Next:",
    ...(there === "" ? [] : [`  cd ${there}`]),
    "  npm install",
    "  npm test                     the protocol's test",
    "  npx turncoat check           its suite",
    "  npx turncoat check --watch   again, whenever something has changed",
  ];
}

/** The starter's `package.json`, with Turncoat from where the project around the working directory has it. */
function packageFor(directory: string): string {
  const starter = JSON.parse(read("starter/package.json"));
  const source = sourceAround(resolve("."), resolve(directory));
  if (source !== null) starter.dependencies.turncoat = source;
  return `${JSON.stringify(starter, null, 2)}\n`;
}

/** What `package.json` of `from`, or of a folder around it, says of where Turncoat comes from, as seen from `directory`; or null. */
function sourceAround(from: string, directory: string): string | null {
  const file = join(from, "package.json");
  const said = existsSync(file) ? parsed(readFileSync(file, "utf8")) : null;
  const path = (target: string) => `file:${relative(directory, target).split(sep).join("/") || "."}`;
  if (said?.name === "turncoat") return path(from);
  const source = said?.dependencies?.turncoat ?? said?.devDependencies?.turncoat;
  if (typeof source === "string")
    return /^(file|link):/.test(source) ? path(resolve(from, source.slice("file:".length))) : source;
  return dirname(from) === from ? null : sourceAround(dirname(from), directory);
}

interface Package {
  readonly name?: unknown;
  readonly dependencies?: { readonly turncoat?: unknown };
  readonly devDependencies?: { readonly turncoat?: unknown };
}

/** Null for what is no object: somebody is editing it. */
function parsed(text: string): Package | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function read(example: string): string {
  return readFileSync(join(examples, example), "utf8");
}
