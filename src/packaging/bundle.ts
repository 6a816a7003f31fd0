// Bundles the compiled files into build/bundle: the command line, its threads, and what modules of users import. One file is read
// instead of hundreds, so a process starts three times as fast (npm run bench:startup). Compiled files stay as they are, for
// libraries and tests; src/cli/main.ts takes the bundle if it is not older than they are.
//
// All of Turncoat is one build with code splitting, so each of its modules exists once: the command line and a user's module get the same
// classes.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { listing } from "../catalogue/listing.js";
import { buildDigest } from "../identity/build-digest.js";
import { ownPackages } from "../identity/packages.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const compiled = join(root, "build");

/** Files of an older bundle stay for so long: a command that runs while another is built still loads parts of it. */
const keptMs = 24 * 60 * 60 * 1000;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly exports: { readonly [subpath: string]: string | { readonly default: string } };
}

const { exports } = readPackage(root);

/** Modules that a user's module may import, and the name of their file. */
const modules = Object.fromEntries(
  Object.entries(exports)
    .filter(([subpath]) => subpath !== "./package.json")
    .map(([subpath, target]) => [
      `turncoat${subpath.slice(1)}`,
      resolve(root, typeof target === "string" ? target : target.default),
    ]),
) as { readonly [specifier: string]: string };

/**
 * What a user's module in TypeScript gets for it. It is bundled for itself, so that our own code has only the quarter of it that it uses. Two
 * copies understand each other: a schema is known by its fields and not by its class, as that of a module in JavaScript, which brings its own.
 */
const schemas = "effect/Schema";

/** Modules that are started in a thread: `new URL("./thread.js", import.meta.url)` in the files beside them. */
const threads = [
  "src/cli/program.js",
  ...readdirSync(join(compiled, "src"), { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.split(sep).join("/")}`)
    .filter((name) => /[/-]thread\.js$/.test(name)),
].map((name) => join(compiled, name));

/** In the bundle it is the data that it computes here. */
const listed = join(compiled, "src/catalogue/listing.js");

/** Makes the bundle in this directory. */
export async function makeBundle(directory: string): Promise<void> {
  const [{ metafile }, ofSchemas] = await Promise.all([
    build({ ...options, entryPoints, outdir: directory, ...placesFor(directory) }),
    build({ ...options, entryPoints: [{ in: schemas, out: entryName(schemas) }], outdir: directory }),
  ]);
  writeFileSync(join(directory, "LICENSES.txt"), licensesIn(metafile));
  removeOld(directory, { ...metafile.outputs, ...ofSchemas.metafile.outputs });
}

/** Says in each file where it lies, and where its thread lies in the bundle. */
function placesFor(directory: string) {
  const fromBundle = (path: string) => relative(directory, path).split(sep).join("/");
  const places: Plugin = {
    name: "places",
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (!path.startsWith(compiled)) return undefined;
        if (path === listed)
          return { contents: `export const listing = ${JSON.stringify(listing)};`, loader: "js" };
        const contents = readFileSync(path, "utf8")
          .replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n") // the map leads to the compiled file
          .replaceAll(/new URL\("(\.\/[\w-]+\.js)", import\.meta\.url\)/g, (text, target: string) => {
            const thread = resolve(path, "..", target);
            return threads.includes(thread) ? `new URL("./${nameOf(thread)}.js", here.url)` : text;
          })
          .replaceAll("import.meta.url", `new URL(${JSON.stringify(fromBundle(path))}, import.meta.url).href`)
          .replaceAll("here.url", "import.meta.url");
        return { contents, loader: "js" };
      });
    },
  };
  const described = {
    directory: relative(join(compiled, "src/bundle"), directory).split(sep).join("/"),
    digest: buildDigest(),
    packages: ownPackages(),
    modules: Object.fromEntries(
      [...Object.keys(modules), schemas].map((name) => [name, `${entryName(name)}.js`]),
    ),
  };
  return { plugins: [places], define: { turncoatBundle: JSON.stringify(described) } }; // see src/bundle/own-code.ts
}

/** The name of the file of the bundle for a compiled file. */
function nameOf(path: string): string {
  return relative(compiled, path).replace(/\.js$/, "").replaceAll(/[/\\]/g, "-");
}

function entryName(specifier: string): string {
  return specifier.replaceAll("/", "-");
}

const entryPoints = [
  { in: join(compiled, "src/cli/start.js"), out: "start" },
  ...threads.map((path) => ({ in: path, out: nameOf(path) })),
  ...Object.entries(modules).map(([specifier, path]) => ({ in: path, out: entryName(specifier) })),
];

const options: BuildOptions & { readonly metafile: true } = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  absWorkingDir: root,
  // Loaded only where they are needed, and large, or with files of their own.
  external: ["esbuild", "jiti", "vega", "vega-lite", "bullmq", "ioredis"],
  // Packages in CommonJS ask for modules of Node.
  banner: {
    js: 'import { createRequire as turncoatRequire } from "node:module"; const require = (name) => turncoatRequire(import.meta.url)(name);',
  },
  sourcemap: true,
  sourcesContent: false,
  legalComments: "none", // all licenses stand in one file
  metafile: true,
  logLevel: "warning",
};

/** The licenses of the packages that are in the bundle. */
function licensesIn({ inputs }: Metafile): string {
  const packages = new Set(
    Object.keys(inputs).flatMap((input) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []),
  );
  return [...packages]
    .sort()
    .map((name) => {
      const directory = join(root, name);
      const { name: title, version } = readPackage(directory);
      const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
      const texts = files.map((file) => readFileSync(join(directory, file), "utf8").trim());
      return [`${title} ${version}`, ...texts].join("\n\n");
    })
    .join(`\n\n${"-".repeat(80)}\n\n`);
}

/** Removes what an older bundle left, when nobody can be running it any more. */
function removeOld(directory: string, outputs: Metafile["outputs"]): void {
  const current = new Set(["LICENSES.txt", ...Object.keys(outputs).map((file) => basename(file))]);
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    if (!current.has(name) && Date.now() - statSync(file).mtimeMs > keptMs) rmSync(file);
  }
}

function readPackage(directory: string): Package {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}
